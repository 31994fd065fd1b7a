"""Position, orders, statistics and data, by instrument. Rust origin: barter::engine::state::instrument."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from datetime import datetime
from decimal import Decimal, Overflow
from typing import Any, ClassVar, Final, Generic, TypeVar

from barter_python.data.event import Candle, DataKind, MarketEvent, OrderBookL1, PublicTrade
from barter_python.engine.state.instrument.data import InstrumentDataState
from barter_python.engine.state.instrument.filter import ExchangesFilter, InstrumentFilter, InstrumentsFilter
from barter_python.engine.state.order.manager import Orders
from barter_python.errors import InstrumentDefinitionError, InstrumentIndexError
from barter_python.execution.account import Funding, InstrumentAccountSnapshot
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderResponseCancel
from barter_python.execution.order.state import Open
from barter_python.execution.position import Position, PositionExited, PositionManager
from barter_python.execution.trade import Trade
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import IndexedInstrument, InstrumentIndex, InstrumentKey, StateInstrument
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.kind import Spot, contract_size
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.numeric import decimal_from_float
from barter_python.statistic.portfolio.trip import PriceRange
from barter_python.statistic.summary.instrument import TearSheetGenerator

__all__ = [
    "InstrumentState",
    "InstrumentStates",
    "generate_indexed_instrument_states",
    "generate_unindexed_instrument_account_snapshot",
]

_PNL_SAFE: Final = Decimal("1e12")
_RETURN_SAFE: Final = Decimal("1e6")
"""Sums of so many positions as there can be, and of their squares, stay within the decimal context."""
_PRICE_SAFE: Final = 1e12
"""Any position that a market could bear has a value at such a price."""

DataT = TypeVar("DataT", bound=InstrumentDataState)


class InstrumentState(Generic[DataT]):
    """Everything known of an instrument.

    Attributes:
        key: Its index.
        instrument: Its definition.
        tear_sheet: Statistics of its closed positions.
        position: Its position.
        orders: Its orders that may still be filled.
        data: Your data of it.
        price_range: Extremes of the price while a position is open; set and read by the portfolio, and no part of the state.
    """

    __slots__ = ("data", "instrument", "key", "orders", "position", "price_range", "tear_sheet")

    def __init__(
        self,
        key: InstrumentIndex,
        instrument: StateInstrument,
        tear_sheet: TearSheetGenerator,
        position: PositionManager,
        orders: Orders,
        data: DataT,
    ) -> None:
        self.key: InstrumentIndex = key
        self.instrument: StateInstrument = instrument
        self.tear_sheet: TearSheetGenerator = tear_sheet
        self.position: PositionManager = position
        self.orders: Orders = orders
        self.data: DataT = data
        self.price_range: PriceRange | None = None
        position.set_contract_size(contract_size(instrument.kind))

    def update_from_account_snapshot(self, snapshot: InstrumentAccountSnapshot) -> None:
        """Take in every order of a snapshot."""
        self.orders.update_from_order_snapshots(snapshot.orders)

    def update_from_order_snapshot(self, order: Order) -> None:
        """Take in what the venue says about an order."""
        self.orders.update_from_order_snapshot(order)

    def update_from_cancel_response(self, response: OrderResponseCancel) -> None:
        """Take in the answer to a request to cancel."""
        self.orders.update_from_cancel_response(response)

    def update_from_trade(self, trade: Trade) -> PositionExited | None:
        """Apply a fill to the position; returns what it closed, which also enters the statistics.

        A fee in the base asset of a spot instrument changes what is held (divergence 22).
        """
        before = self.position.current
        kept = None if before is None else before.copy()
        try:
            exited = self.position.update_from_trade(trade.net_of_base_fees() if self.pays_in_base(trade) else trade)
            if exited is not None:
                self._update_tear_sheet(exited)
        except Overflow:
            self.position.current = kept
            raise
        return exited

    def _update_tear_sheet(self, exited: PositionExited) -> None:
        """Take in a closed position; one whose numbers may be beyond what statistics can hold, on a copy first."""
        if exited.pnl_realised.copy_abs() < _PNL_SAFE and exited.pnl_return().copy_abs() < _RETURN_SAFE:
            self.tear_sheet.update_from_position(exited)
            return
        sheet = deepcopy(self.tear_sheet)
        sheet.update_from_position(exited)
        self.tear_sheet = sheet

    def pays_in_base(self, trade: Trade) -> bool:
        """Whether the fee of a fill was taken from what is bought or sold."""
        charged, instrument = trade.fees_charged, self.instrument
        return charged is not None and charged.asset == instrument.underlying.base and isinstance(instrument.kind, Spot)

    def update_from_funding(self, funding: Funding) -> None:
        """Add a funding payment to the position."""
        self.position.update_from_funding(funding.amount)

    def update_from_market(self, event: MarketEvent) -> None:
        """Take in a market event and revalue the open position at the price it leads to.

        Raises:
            Overflow: The position at that price would be beyond all numbers.
        """
        position = self.position.current
        if position is None:
            self.data.process(event)
            return
        kind = event.kind
        if type(kind) is not PublicTrade or kind.price >= _PRICE_SAFE:
            _try_immense_price(position, kind)
        self.data.process(event)
        price = self.data.price()
        if price is not None:
            position.update_pnl_unrealised(price)
            extremes = self.price_range
            if extremes is not None and (price < extremes.low or price > extremes.high or type(event.kind) is Candle):
                extremes.update(price, event.kind)

    def _members(self) -> tuple[object, ...]:
        return (self.key, self.instrument, self.tear_sheet, self.position, self.orders, self.data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InstrumentState) and self._members() == other._members()

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"InstrumentState{self._members()!r}"


def _try_immense_price(position: Position, kind: DataKind) -> None:
    """Value a position at a price so high that this may fail, before anything has taken it in."""
    if type(kind) is PublicTrade:
        price = kind.price
    elif type(kind) is OrderBookL1:
        if kind.best_ask is None or kind.best_ask.price < _PRICE_SAFE:
            return
        price = float(kind.best_ask.price)
    elif type(kind) is Candle:
        price = kind.close
    else:
        return
    if price >= _PRICE_SAFE:
        value = decimal_from_float(price)
        if value is not None:
            position.copy().update_pnl_unrealised(value)


class InstrumentStates(Generic[DataT]):
    """The state of every instrument, in index order.

    Args:
        states: In index order.
        names: By which name each is found; by default its internal name.
    """

    __slots__ = ("_indexes", "states")

    def __init__(self, states: Iterable[InstrumentState[DataT]], names: Iterable[InstrumentNameInternal] | None = None) -> None:
        self.states: list[InstrumentState[DataT]] = list(states)
        known = [state.instrument.name_internal for state in self.states] if names is None else names
        self._indexes = {name: index for index, name in enumerate(known)}

    def instrument_index(self, key: InstrumentKey) -> InstrumentState[DataT]:
        """The state of an instrument, by index.

        Raises:
            InstrumentIndexError: The index is out of range.
        """
        if isinstance(key, int) and 0 <= key < len(self.states):
            return self.states[key]
        raise InstrumentIndexError(f"InstrumentIndex({key}) is not tracked, expected less than {len(self.states)}")

    def instrument(self, key: str) -> InstrumentState[DataT]:
        """The state of an instrument, by internal name.

        Raises:
            InstrumentIndexError: The instrument is not part of the run.
        """
        index = self._indexes.get(InstrumentNameInternal(key))
        if index is None:
            known = ", ".join(self._indexes) or "none"
            raise InstrumentIndexError(f"instrument {key!r} is not tracked, expected one of: {known}")
        return self.states[index]

    def instruments(self, filter: InstrumentFilter = None) -> Iterator[InstrumentState[DataT]]:  # noqa: A002
        """The states that `filter` selects, in index order; all of them without one."""
        if filter is None:
            return iter(self.states)
        if isinstance(filter, ExchangesFilter):
            return (state for state in self.states if state.instrument.exchange in filter.exchanges)
        if isinstance(filter, InstrumentsFilter):
            return (state for state in self.states if state.key in filter.instruments)
        return (state for state in self.states if state.instrument.underlying in filter.underlyings)

    def tear_sheets(self, filter: InstrumentFilter = None) -> Iterator[TearSheetGenerator]:  # noqa: A002
        """Statistics of the selected instruments."""
        return (state.tear_sheet for state in self.instruments(filter))

    def positions(self, filter: InstrumentFilter = None) -> Iterator[PositionManager]:  # noqa: A002
        """Positions of the selected instruments."""
        return (state.position for state in self.instruments(filter))

    def orders(self, filter: InstrumentFilter = None) -> Iterator[Orders]:  # noqa: A002
        """Orders of the selected instruments."""
        return (state.orders for state in self.instruments(filter))

    def instrument_datas(self, filter: InstrumentFilter = None) -> Iterator[DataT]:  # noqa: A002
        """Your data of the selected instruments."""
        return (state.data for state in self.instruments(filter))

    def names(self) -> list[InstrumentNameInternal]:
        """Internal names, in index order."""
        return list(self._indexes)

    def __iter__(self) -> Iterator[InstrumentState[DataT]]:
        return iter(self.states)

    def __len__(self) -> int:
        return len(self.states)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InstrumentStates) and self.states == other.states

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"InstrumentStates({self.states!r})"


def generate_unindexed_instrument_account_snapshot(
    exchange: ExchangeId, state: InstrumentState[Any]
) -> InstrumentAccountSnapshot:
    """The open orders of an instrument under the venue's names; requests still in flight are left out."""
    name = state.instrument.name_exchange
    orders = []
    for order in state.orders:
        if isinstance(order.state, Open):
            key = OrderKey(exchange, name, order.key.strategy, order.key.cid)
            orders.append(Order(key, order.side, order.price, order.quantity, order.kind, order.time_in_force, order.state))
    return InstrumentAccountSnapshot(name, orders)


def generate_indexed_instrument_states(
    instruments: IndexedInstruments,
    time_engine_start: datetime,
    instrument_data_init: Callable[[Keyed[InstrumentIndex, IndexedInstrument]], DataT],
) -> InstrumentStates[DataT]:
    """Every instrument of the run, flat and without orders, with data from `instrument_data_init`.

    Raises:
        InstrumentDefinitionError: Two instruments share one internal name.
    """
    _refuse_shared_names(instruments)
    return InstrumentStates(
        InstrumentState(
            keyed.key,
            keyed.value.map_exchange_key(keyed.value.exchange.key),
            TearSheetGenerator.init(time_engine_start),
            PositionManager(),
            Orders(),
            instrument_data_init(keyed),
        )
        for keyed in instruments.instruments()
    )


def _refuse_shared_names(instruments: IndexedInstruments) -> None:
    """States are named on the wire; of two with one name Rust drops one and shifts every later index (divergence 7)."""
    known: dict[str, IndexedInstrument] = {}
    for keyed in instruments.instruments():
        instrument = keyed.value
        other = known.setdefault(instrument.name_internal, instrument)
        if other is not instrument:
            raise InstrumentDefinitionError(
                f"name_internal {str(instrument.name_internal)!r} is used by {other.name_exchange!r} of "
                f"{other.exchange.value.value!r} and by {instrument.name_exchange!r} of {instrument.exchange.value.value!r}, "
                "expected a unique name for each instrument"
            )
