"""Account data that names something which is not part of the run.

Rust origin: none. Rust drops such an item, or the whole snapshot with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from logging import getLogger
from typing import Final, TypeAlias, TypeVar

from barter_python.errors import IndexLookupError
from barter_python.execution.account import AccountEvent, AccountSnapshot, Funding, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderResponseCancel
from barter_python.execution.trade import Trade
from barter_python.instrument.exchange import ExchangeId

__all__ = ["Quarantine", "Quarantined", "QuarantinedItem"]

_LOG: Final = getLogger(__name__)
_KEPT_MAX: Final = 1_000

QuarantinedItem: TypeAlias = AssetBalance | Order | OrderResponseCancel | Trade | Funding | InstrumentAccountSnapshot
SourceT = TypeVar("SourceT", bound=QuarantinedItem)
IndexedT = TypeVar("IndexedT")


@dataclass(slots=True)
class Quarantined:
    """An item that the engine cannot take in.

    Attributes:
        exchange: Where it comes from.
        item: As the venue named it.
        error: Why.
    """

    exchange: ExchangeId
    item: QuarantinedItem
    error: IndexLookupError


class Quarantine:
    """Indexes account data item by item, keeps aside what cannot be indexed, and lets everything else go on.

    A fill or an order is always reported as an error: it is about our money. A balance is reported once for each asset, because
    an account may hold any number of assets that the run has nothing to do with.

    Args:
        indexer: Translates the venue's names.

    Attributes:
        items: What was kept aside, the latest thousand.
    """

    __slots__ = ("_assets", "_exchange", "_indexer", "items")

    def __init__(self, indexer: AccountEventIndexer) -> None:
        self._indexer = indexer
        self._exchange = indexer.map.exchange.value
        self._assets: set[object] = set()
        self.items: deque[Quarantined] = deque(maxlen=_KEPT_MAX)

    def account_event(self, event: AccountEvent) -> AccountEvent | None:
        """The event with indexes; None where it was kept aside."""
        if isinstance(event.kind, AccountSnapshot):
            return AccountEvent(self._indexer.map.exchange.key, self.snapshot(event.kind))
        try:
            return self._indexer.account_event(event)
        except IndexLookupError as error:
            self._keep(event.kind, error)
            return None

    def snapshot(self, snapshot: AccountSnapshot) -> AccountSnapshot:
        """The snapshot with indexes, without the items that were kept aside."""
        indexer, instruments = self._indexer, []
        for found in snapshot.instruments:
            instrument = self._try(lambda item: indexer.map.find_instrument_index(item.instrument), found)  # type: ignore[arg-type]
            if instrument is not None:
                instruments.append(InstrumentAccountSnapshot(instrument, self._each(indexer.order_snapshot, found.orders)))
        return AccountSnapshot(indexer.map.exchange.key, self._each(indexer.asset_balance, snapshot.balances), instruments)

    def _each(self, index: Callable[[SourceT], IndexedT], items: Iterable[SourceT]) -> list[IndexedT]:
        return [indexed for item in items if (indexed := self._try(index, item)) is not None]

    def _try(self, index: Callable[[SourceT], IndexedT], item: SourceT) -> IndexedT | None:
        try:
            return index(item)
        except IndexLookupError as error:
            self._keep(item, error)
            return None

    def _keep(self, item: QuarantinedItem, error: IndexLookupError) -> None:
        if isinstance(item, AssetBalance):
            if item.asset in self._assets:
                return
            self._assets.add(item.asset)
            _LOG.warning("a balance is left out: %s", error)
        elif isinstance(item, InstrumentAccountSnapshot) and not item.orders:
            return
        else:
            _LOG.error("kept aside, the engine does not know of it: %s: %s", error, item)
        self.items.append(Quarantined(self._exchange, item, error))
