"""From what the simulated exchange tells to the venue's orders, trades, and events of the account. Rust origin: none."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import datetime

from barter_python.execution.account import AccountEvent
from barter_python.execution.balance import AssetBalance
from barter_python.execution.error import OrderError
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.execution.exchange.simulated.exchange import SimulatedExchange
from barter_python.execution.order.id import STRATEGY_UNKNOWN, ClientOrderId, OrderId
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import (
    OrderRequestCancel,
    OrderRequestOpen,
    OrderResponseCancel,
    RequestCancel,
    RequestOpen,
)
from barter_python.execution.order.state import Cancelled, Expired, Open, OpenFailed
from barter_python.execution.trade import Liquidity, Trade
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.numeric import ZERO, in_money_context
from barter_python.rehearsal.binance_spot.account_events import account_position, execution_report
from barter_python.rehearsal.binance_spot.books import Books, VenueOrder, VenueTrade
from barter_python.rehearsal.binance_spot.delivery import Outgoing
from barter_python.rehearsal.binance_spot.refusal import CANCEL_UNKNOWN, DUPLICATE_ORDER, Refusal, expires_at_once, refusal_of

__all__ = ["Ledger", "instruments_by_name"]


def instruments_by_name(config: SimulatedExchangeConfig, instruments: IndexedInstruments) -> dict[str, InstrumentDefinition]:
    """The instruments of the venue, by its names."""
    return {str(keyed.value.name_exchange): keyed.value for keyed in instruments.definitions(config.exchange)}


class Ledger:
    """The account as the venue shows it; the simulated exchange matches.

    The simulated exchange knows orders by the venue's ids, so that a client order id may come again once its order is done.

    Args:
        config: Of the simulated exchange.
        instruments: That trade.

    Attributes:
        exchange: The simulated exchange.
        instruments: By the venue's name.
        orders: By id, oldest first.
        trades: Oldest first.
    """

    def __init__(self, config: SimulatedExchangeConfig, instruments: IndexedInstruments) -> None:
        self.exchange = SimulatedExchange(config, instruments)
        self.instruments = instruments_by_name(config, instruments)
        self.orders: dict[int, VenueOrder] = {}
        self.trades: list[VenueTrade] = []
        self._by_client_id: dict[tuple[str, str], VenueOrder] = {}
        self._by_exchange_id: dict[OrderId, VenueOrder] = {}
        self._reports = 0

    def books(self, time: datetime) -> Books:
        """A copy of everything."""
        orders = tuple(_copy(order) for order in self.orders.values())
        return Books(time, self.exchange.account.balances(), orders, tuple(self.trades))

    def find(self, symbol: str, order_id: int | None, client_id: str | None) -> VenueOrder | None:
        """An order by its id, whose client order id must fit where it is given too; else the latest of that client order id."""
        if order_id is None:
            return None if client_id is None else self._by_client_id.get((symbol, client_id))
        order = self.orders.get(order_id)
        if order is None or order.symbol != symbol or client_id not in (None, order.client_id):
            return None
        return order

    def open(
        self, symbol: str, client_id: str | None, order_type: str, wanted: RequestOpen, time: datetime
    ) -> tuple[VenueOrder, list[Outgoing]]:
        """Take an order; returns it, and the events of the account that this leads to.

        Raises:
            Refusal: The venue refuses it.
        """
        number = len(self.orders) + 1
        name = f"rehearsal-{number}" if client_id is None else client_id
        before = self._by_client_id.get((symbol, name))
        if before is not None and before.is_open:
            raise Refusal(*DUPLICATE_ORDER)
        limit = wanted.price if wanted.kind is OrderKind.LIMIT else ZERO
        order = VenueOrder(
            number, symbol, name, wanted.side, order_type, wanted.kind, wanted.time_in_force, limit, wanted.quantity,
            wanted.trigger, time,
        )  # fmt: skip
        self.orders[number] = order
        events = self.exchange.on_request(OrderRequestOpen(self._key(order), wanted), time)
        refused = _refused(events)
        reason = None if refused is None else expires_at_once(refused)
        if refused is not None and reason is None:
            del self.orders[number]
            raise refusal_of(refused)
        self._by_client_id[symbol, name] = order
        reports = self.take(events, time)
        if reason is not None:
            reports += [self._report(order, "NEW", time), self._expire(order, reason, time)]
        return order, reports

    def cancel(self, order: VenueOrder, cancel_id: str, time: datetime) -> list[Outgoing]:
        """Cancel an open order; returns the events of the account that this leads to.

        Args:
            order: Of this account.
            cancel_id: How the client names the cancellation.
            time: The venue's, aware UTC.

        Raises:
            Refusal: It is not open.
        """
        events = self.exchange.on_request(OrderRequestCancel(self._key(order), RequestCancel()), time)
        reports = self.take(events, time, cancel_id)
        if order.status != "CANCELED" or not any(isinstance(event.kind, OrderResponseCancel) for event in events):
            raise Refusal(*CANCEL_UNKNOWN)
        return reports

    @in_money_context
    def take(self, events: Iterable[AccountEvent], time: datetime, cancel_id: str = "") -> list[Outgoing]:
        """Take in what the simulated exchange told; returns the events of the account, balances last."""
        reports: list[Outgoing] = []
        balances: dict[str, AssetBalance] = {}
        for event in events:
            match event.kind:
                case AssetBalance() as balance:
                    balances[str(balance.asset)] = balance
                case Trade() as trade:
                    reports.append(self._on_trade(trade))
                case OrderResponseCancel(key=key, state=Cancelled()):
                    order = self._of(key)
                    order.status, order.update_time = "CANCELED", time
                    reports.append(self._report(order, "CANCELED", time, cancel_id=cancel_id))
                case Order() as told:
                    reports += self._on_order(told, time)
                case _:
                    pass
        if balances:
            reports.append(account_position(balances, time))
        return reports

    def _on_order(self, told: Order, time: datetime) -> list[Outgoing]:
        order = self._of(told.key)
        match told.state:
            case Open() if not order.is_acknowledged:
                order.is_acknowledged = True
                self._by_exchange_id[told.state.id] = order
                return [self._report(order, "NEW", time)]
            case Cancelled():
                return [self._expire(order, _expiry_reason(order), time)]
            case Expired():
                return [self._expire(order, "EXCHANGE_CANCELED", time)]
            case _:
                return []

    def _on_trade(self, trade: Trade) -> Outgoing:
        order = self._by_exchange_id[trade.order_id]
        charged = trade.fees_charged
        assert charged is not None, "the simulated exchange tells what it charges"
        fill = VenueTrade(
            len(self.trades) + 1, order.id, order.symbol, order.side, trade.price, trade.quantity, charged.fees,
            str(charged.asset), trade.time_exchange, trade.liquidity is Liquidity.MAKER,
        )  # fmt: skip
        self.trades.append(fill)
        order.trades.append(fill)
        order.executed += fill.quantity
        order.quote_executed += fill.quote_quantity
        order.status = "FILLED" if order.executed == order.quantity else "PARTIALLY_FILLED"
        order.update_time = fill.time
        return self._report(order, "TRADE", fill.time, fill)

    def _expire(self, order: VenueOrder, reason: str, time: datetime) -> Outgoing:
        order.status, order.update_time, order.expiry_reason = "EXPIRED", time, reason
        return self._report(order, "EXPIRED", time)

    def _report(
        self, order: VenueOrder, execution: str, time: datetime, fill: VenueTrade | None = None, *, cancel_id: str = ""
    ) -> Outgoing:
        self._reports += 1
        return execution_report(order, execution, time, self._reports, fill, cancel_id)

    def _of(self, key: OrderKey) -> VenueOrder:
        return self.orders[int(key.cid)]

    def _key(self, order: VenueOrder) -> OrderKey:
        name = InstrumentNameExchange(order.symbol)
        return OrderKey(self.exchange.exchange, name, STRATEGY_UNKNOWN, ClientOrderId(str(order.id)))


def _refused(events: Iterable[AccountEvent]) -> OrderError | None:
    for event in events:
        if isinstance(event.kind, Order) and isinstance(event.kind.state, OpenFailed):
            return event.kind.state.error
    return None


def _expiry_reason(order: VenueOrder) -> str:
    if order.trigger is not None and order.time_in_force is TimeInForce.GOOD_UNTIL_CANCELLED:
        return "REJECTED"
    if order.kind is OrderKind.MARKET:
        return "INSUFFICIENT_LIQUIDITY"
    fill_or_kill = order.time_in_force is TimeInForce.FILL_OR_KILL
    return "UNFILLED_FOK_ORDER_EXPIRED" if fill_or_kill else "UNFILLED_IOC_QUANTITY_EXPIRED"


def _copy(order: VenueOrder) -> VenueOrder:
    copied = copy(order)
    copied.trades = list(order.trades)
    return copied
