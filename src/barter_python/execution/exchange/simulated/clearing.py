"""What a venue does with an order besides matching it: reserve, book, report to the account's owner. Rust origin: none."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from barter_python.execution.account import AccountEvent, AccountEventKind
from barter_python.execution.error import (
    BalanceInsufficient,
    OrderAlreadyCancelled,
    OrderAlreadyFullyFilled,
    OrderError,
    OrderRejected,
)
from barter_python.execution.exchange.model.fee import Fees
from barter_python.execution.exchange.simulated.account import Account
from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.exchange.simulated.registry import OrderRegistry
from barter_python.execution.exchange.simulated.settlement import Parts, Settlement
from barter_python.execution.order.id import STRATEGY_UNKNOWN, OrderId
from barter_python.execution.order.request import OrderResponseCancel
from barter_python.execution.order.state import EXPIRED, FULLY_FILLED, Cancelled
from barter_python.execution.trade import AssetFees, Liquidity, Trade, TradeId
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO
from barter_python.timed import EPOCH

__all__ = ["Clearing"]


class Clearing:
    """Changes the account and the orders, and collects what their owner is to be told.

    Attributes:
        exchange: The venue.
        time: Of what happens now, aware UTC.
        orders: Of the exchange.
        account: At the exchange.
        time_of_path: Of what fills within a candle, whose own time is that of its close; None outside of candles.
    """

    def __init__(self, exchange: ExchangeId, account: Account) -> None:
        self.time = EPOCH
        self.time_of_path: datetime | None = None
        self.orders = OrderRegistry()
        self.account = account
        self.exchange = exchange
        self._trades = 0
        self._events: list[AccountEvent] = []

    def take_events(self) -> list[AccountEvent]:
        """What was told since the last time, in order."""
        events, self._events = self._events, []
        return events

    def tell(self, kind: AccountEventKind) -> None:
        """Tell the owner something."""
        self._events.append(AccountEvent(self.exchange, kind))

    def tell_balances(self) -> None:
        """Tell the owner which balances have changed."""
        for balance in self.account.changes(self.time):
            self.tell(balance)

    def secure(self, settlement: Settlement, order: LiveOrder, parts: Parts) -> OrderError | None:
        """Reserve what the order needs to fill as in `parts`, in place of what it has reserved; else say what is missing."""
        needed = settlement.needed(order, parts)
        asset = self.account.shortage(needed, order.reserved)
        if asset is None:
            for name in [*needed, *order.reserved]:
                self.account.hold(order.reserved, name, needed.get(name, ZERO))
            return None
        if asset not in self.account:
            return OrderRejected(f"fees of {needed[asset]} {asset}, which no instrument of the exchange uses")
        free = self.account.free(asset) + order.reserved.get(asset, ZERO)
        return BalanceInsufficient(AssetNameExchange(asset), f"free {free}, required including fees {needed[asset]}")

    def acknowledge(self, order: LiveOrder) -> None:
        """The order is accepted."""
        self.orders.add(order)
        self.tell(order.snapshot(order.open_state(self.time)))

    def fill(self, settlement: Settlement, order: LiveOrder, price: Decimal, quantity: Decimal, *, is_maker: bool) -> Decimal:
        """Fill some of an order: balances first, then the trade, then the order.

        The order comes last because a strategy must never see neither an order nor a position.

        Returns:
            The quantity. It is less than asked where that is more than is left, or more than a reduce-only order may reduce;
            zero where the order was cancelled instead, because there is nothing to reduce or a margin is not covered.
        """
        quantity = min(quantity, order.remaining)
        if order.request.state.reduce_only:
            quantity = min(quantity, settlement.closable(order) or ZERO)
        fees = settlement.fill(order, price, quantity, is_maker=is_maker) if quantity else None
        if fees is None:
            self.cancel(order)
            return ZERO
        order.filled += quantity
        order.remaining -= quantity
        if not order.remaining:
            self.account.release(order.reserved)
            self.orders.finish(order, OrderAlreadyFullyFilled())
        self.tell_balances()
        trade_id = TradeId(str(self._trades))
        self._trades += 1
        key = order.request.key
        time = self.time if self.time_of_path is None else max(self.time_of_path, order.time)
        self.tell(
            Trade(
                trade_id,
                order.id,
                key.instrument,
                key.strategy,
                time,
                order.side,
                price,
                quantity,
                settlement.fees.in_quote(fees, price),
                Liquidity.MAKER if is_maker else Liquidity.TAKER,
                AssetFees(fees.asset, fees.amount),
            )
        )
        self.tell(order.snapshot(FULLY_FILLED if order.is_done else order.open_state(self.time)))
        return quantity

    def close_out(
        self, instrument: InstrumentNameExchange, side: Side, price: Decimal, quantity: Decimal, fees: Fees, reason: str
    ) -> None:
        """The venue has closed a position; the order is its own, named by the reason."""
        self.tell_balances()
        trade_id = TradeId(str(self._trades))
        self._trades += 1
        self.tell(
            Trade(
                trade_id,
                OrderId(f"{reason}-{trade_id}"),
                instrument,
                STRATEGY_UNKNOWN,
                self.time if self.time_of_path is None else self.time_of_path,
                side,
                price,
                quantity,
                AssetFees.quote_fees(fees.amount),
                Liquidity.TAKER,
                AssetFees(fees.asset, fees.amount),
            )
        )

    def cancel(self, order: LiveOrder) -> None:
        """Cancel what is left, without a request."""
        self._end(order, OrderAlreadyCancelled())
        self.tell_balances()
        self.tell(order.snapshot(Cancelled(order.id, self.time)))

    def cancel_on_request(self, order: LiveOrder) -> None:
        """Cancel what is left, and answer the request."""
        self._end(order, OrderAlreadyCancelled())
        self.tell(OrderResponseCancel(order.request.key, Cancelled(order.id, self.time)))
        self.tell_balances()

    def expire(self, order: LiveOrder) -> None:
        """The time in force is over."""
        self._end(order, OrderRejected(f"order {order.id!r} has expired"))
        self.tell_balances()
        self.tell(order.snapshot(EXPIRED))

    def _end(self, order: LiveOrder, reason: OrderError) -> None:
        self.account.release(order.reserved)
        self.orders.finish(order, reason)
