"""Account events. Rust origin: barter_execution (lib.rs), barter::execution.

Rust wraps each payload in `AccountEventKind`; here the payload itself is the kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from barter_python.execution.balance import AssetBalance
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderResponseCancel
from barter_python.execution.order.state import time_exchange
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetKey
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.instrument import InstrumentKey

__all__ = [
    "AccountEvent",
    "AccountEventKind",
    "AccountReconnecting",
    "AccountSnapshot",
    "AccountStreamEvent",
    "Funding",
    "InstrumentAccountSnapshot",
]


@dataclass(slots=True)
class InstrumentAccountSnapshot:
    """The orders of an instrument.

    Attributes:
        instrument: The instrument.
        orders: Orders in any state.
    """

    instrument: InstrumentKey
    orders: list[Order] = field(default_factory=list)


@dataclass(slots=True)
class AccountSnapshot:
    """Balances and orders of an account.

    Attributes:
        exchange: The venue.
        balances: One entry per asset.
        instruments: One entry per instrument.
    """

    exchange: ExchangeIndex | ExchangeId
    balances: list[AssetBalance]
    instruments: list[InstrumentAccountSnapshot]

    def time_most_recent(self) -> datetime | None:
        """The latest stamp of any balance or order, None where nothing has one."""
        return max(self._times(), default=None)

    def assets(self) -> Iterator[AssetKey]:
        """Every asset that has a balance, in order."""
        return (balance.asset for balance in self.balances)

    def instrument_keys(self) -> Iterator[InstrumentKey]:
        """Every instrument that has an entry, in order. Rust: `AccountSnapshot::instruments`, here the name of the member."""
        return (snapshot.instrument for snapshot in self.instruments)

    def _times(self) -> Iterator[datetime]:
        for balance in self.balances:
            yield balance.time_exchange
        for instrument in self.instruments:
            for order in instrument.orders:
                time = time_exchange(order.state)
                if time is not None:
                    yield time


@dataclass(slots=True)
class Funding:
    """A funding payment for a position of a perpetual. Rust has none.

    Attributes:
        instrument: The instrument.
        time_exchange: The venue's stamp, aware UTC.
        amount: In the settlement asset of the instrument: positive where it was received, negative where it was paid.
    """

    instrument: InstrumentKey
    time_exchange: datetime
    amount: Decimal


AccountEventKind: TypeAlias = AccountSnapshot | AssetBalance | Order | OrderResponseCancel | Trade | Funding
"""A full snapshot, a balance, an order, the answer to a cancel request, a fill, or a funding payment."""


@dataclass(slots=True)
class AccountEvent:
    """Something that happened to our account.

    Attributes:
        exchange: The venue; an index inside the engine.
        kind: What happened.
    """

    exchange: ExchangeIndex | ExchangeId
    kind: AccountEventKind

    def snapshot(self) -> AccountSnapshot | None:
        """The snapshot where that is what happened, else None."""
        return self.kind if isinstance(self.kind, AccountSnapshot) else None


@dataclass(slots=True)
class AccountReconnecting:
    """The account connection to a venue was lost and is being rebuilt."""

    exchange: ExchangeId


AccountStreamEvent: TypeAlias = AccountEvent | AccountReconnecting
