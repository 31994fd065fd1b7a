"""Orders by intent: buy, sell, close, stop, hold so much. Rust origin: none."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from barter_python.engine.state.instrument.state import InstrumentState
from barter_python.engine.state.state import EngineState
from barter_python.errors import InstrumentIndexError, StrategyError, shown
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, RequestOpen, to_request_cancel
from barter_python.execution.trade import Trade
from barter_python.instrument.kind import Spot, contract_size
from barter_python.instrument.side import Side
from barter_python.numeric import ONE, ZERO, in_money_context
from barter_python.strategy import sizing
from barter_python.strategy.sizing import Number, exact, rounded_price, rounded_quantity
from barter_python.strategy.strategy import NO_ORDERS, AlgoOrders, DefaultStrategy

__all__ = ["Trader"]

_BUY: Final = Side.BUY
_GOOD_UNTIL_CANCELLED: Final = TimeInForce.GOOD_UNTIL_CANCELLED
_FEES_RESERVE: Final = Decimal("0.005")


class Trader:
    """Collects the orders of one decision of a strategy.

        trader = Trader(self, state)
        trader.buy(instrument, trader.quantity_for_cash(instrument, 100))
        return trader.requests()

    Quantities are in base units or contracts and are rounded down to lots, prices are in quote currency and are rounded to ticks:
    limits so that nobody pays more or is paid less than was asked for, triggers to the nearest tick. What is below a minimum of
    the venue, or has no price yet, is no order: methods return the request, or None where there is none.

    Args:
        strategy: Owner of the orders.
        state: Of the engine.

    Attributes:
        state: Of the engine.
        opens: Orders to open so far.
        cancels: Orders to cancel so far.
    """

    __slots__ = ("_strategy", "cancels", "opens", "state")

    def __init__(self, strategy: DefaultStrategy, state: EngineState[Any, Any]) -> None:
        self._strategy = strategy
        self.state: EngineState[Any, Any] = state
        self.opens: list[OrderRequestOpen] = []
        self.cancels: list[OrderRequestCancel] = []

    def requests(self) -> AlgoOrders:
        """Everything that was asked for, as a strategy answers it."""
        return (self.cancels, self.opens) if self.cancels or self.opens else NO_ORDERS

    @property
    def now(self) -> datetime:
        """The greatest stamp of the market data so far; of a `BarStrategy`."""
        time: datetime = self.state.global_data.now
        return time

    def instrument(self, name: str) -> InstrumentState[Any]:
        """An instrument by the venue's name, the first of several.

        Raises:
            InstrumentIndexError: There is none.
        """
        for state in self.state.instruments.states:
            if state.instrument.name_exchange == name:
                return state
        known = ", ".join(state.instrument.name_exchange for state in self.state.instruments.states)
        raise InstrumentIndexError(f"instrument {shown(name)} is not part of the run, expected one of: {known}")

    def free(self, asset: str) -> Decimal:
        """What can be used for new orders of an asset, of all exchanges together.

        Raises:
            AssetIndexError: No instrument uses it.
        """
        return sizing.balance_of_name(self.state, asset).free

    def equity(self, instrument: InstrumentState[Any]) -> Decimal:
        """What the account at the exchange of an instrument is worth, in its quote currency; see `sizing.equity`."""
        return sizing.equity(self.state, instrument)

    def position(self, instrument: InstrumentState[Any]) -> Decimal:
        """What is held in lots, negative while short, zero while flat or where less than a lot is left."""
        return sizing.quantity_net(instrument)

    def quantity_held(self, instrument: InstrumentState[Any], fill: Trade) -> Decimal:
        """By how much a fill has changed what is held, without a sign: on spot, its fee may be taken from what is bought."""
        return (fill.net_of_base_fees() if instrument.pays_in_base(fill) else fill).quantity.copy_abs()

    def quantity_for_cash(self, instrument: InstrumentState[Any], cash: Number) -> Decimal:
        """What an amount of quote currency buys at the current price; zero where that is below a minimum."""
        return sizing.quantity_for_cash(instrument, cash)

    @in_money_context
    def quantity_for_equity(self, instrument: InstrumentState[Any], fraction: Number) -> Decimal:
        """What a fraction of the equity buys at the current price: 0.5 is half; zero where that is below a minimum."""
        return sizing.quantity_for_cash(instrument, self.equity(instrument) * exact("fraction", fraction))

    def quantity_for_risk(self, instrument: InstrumentState[Any], risk: Number, stop: Number) -> Decimal:
        """What loses an amount of quote currency between the current price and a stop; zero where that is below a minimum."""
        return sizing.quantity_for_risk(instrument, risk, stop)

    def buy(self, instrument: InstrumentState[Any], quantity: Number, *, reduce_only: bool = False) -> OrderRequestOpen | None:
        """Buy at the market."""
        return self._market(instrument, _BUY, quantity, reduce_only)

    def sell(self, instrument: InstrumentState[Any], quantity: Number, *, reduce_only: bool = False) -> OrderRequestOpen | None:
        """Sell at the market."""
        return self._market(instrument, Side.SELL, quantity, reduce_only)

    def close(self, instrument: InstrumentState[Any]) -> OrderRequestOpen | None:
        """Close the position at the market; None while flat, and while a market order is on its way."""
        return self.order_to(instrument, ZERO)

    def limit(
        self,
        instrument: InstrumentState[Any],
        side: Side,
        quantity: Number,
        price: Number,
        time_in_force: TimeInForce = _GOOD_UNTIL_CANCELLED,
        *,
        reduce_only: bool = False,
    ) -> OrderRequestOpen | None:
        """Buy or sell at a price or better."""
        limit = rounded_price(instrument.instrument, exact("price", price), sizing.limit_rounding(side))
        return self._open(instrument, side, quantity, OrderKind.LIMIT, limit, time_in_force, reduce_only, None)

    def stop(
        self,
        instrument: InstrumentState[Any],
        side: Side,
        quantity: Number,
        price: Number,
        *,
        limit: Number | None = None,
        time_in_force: TimeInForce = _GOOD_UNTIL_CANCELLED,
        reduce_only: bool | None = None,
    ) -> OrderRequestOpen | None:
        """Buy or sell once the market has become as bad as a price.

        Args:
            instrument: Of which instrument.
            side: A seller's stop lies below the market, a buyer's above.
            quantity: How much.
            price: That fires it.
            limit: The worst price that is taken then; None takes any.
            time_in_force: How long the order lives.
            reduce_only: Whether it may only reduce a position; None for contracts, as spot venues have no such orders.
        """
        return self._triggered(TriggerKind.STOP, instrument, side, quantity, price, limit, time_in_force, reduce_only)

    def take_profit(
        self,
        instrument: InstrumentState[Any],
        side: Side,
        quantity: Number,
        price: Number,
        *,
        limit: Number | None = None,
        time_in_force: TimeInForce = _GOOD_UNTIL_CANCELLED,
        reduce_only: bool | None = None,
    ) -> OrderRequestOpen | None:
        """Buy or sell once the market has become as good as a price; arguments as of `stop`, on the other side of the market."""
        return self._triggered(TriggerKind.TAKE_PROFIT, instrument, side, quantity, price, limit, time_in_force, reduce_only)

    @in_money_context
    def order_to(self, instrument: InstrumentState[Any], position: Number) -> OrderRequestOpen | None:
        """Buy or sell at the market until so much is held; None where it is, and while a market order is on its way.

        Of spot no more is sold than is free.

        Args:
            instrument: Of which instrument.
            position: In base units or contracts, negative for short.
        """
        if self._is_market_order_underway(instrument):
            return None
        held, wanted = self.position(instrument), exact("position", position)
        difference = wanted - held
        side = _BUY if difference > ZERO else Side.SELL
        if not isinstance(instrument.instrument.kind, Spot):
            reduces = held * wanted >= ZERO and abs(wanted) < abs(held)
            return self._market(instrument, side, abs(difference), reduces)
        if side is Side.SELL:
            difference = min(-difference, sizing.balance_of(self.state, instrument.instrument.underlying.base).free)
        return self._market(instrument, side, difference, reduce_only=False)

    @in_money_context
    def order_to_weight(
        self, instrument: InstrumentState[Any], weight: Number, *, reserve: Number = _FEES_RESERVE
    ) -> OrderRequestOpen | None:
        """Buy or sell at the market until the position is worth a fraction of the equity.

        Args:
            instrument: Of which instrument.
            weight: 0.5 is half of the equity, -1 is short by all of it.
            reserve: Fraction of the free balance that a purchase of spot leaves for fees and for a price that moves away.
        """
        price = instrument.data.price()
        if not price:
            return None
        size = price * contract_size(instrument.instrument.kind)
        wanted = self.equity(instrument) * exact("weight", weight) / size
        if isinstance(instrument.instrument.kind, Spot):
            free = sizing.balance_of(self.state, instrument.instrument.underlying.quote).free
            wanted = min(wanted, self.position(instrument) + free * (ONE - exact("reserve", reserve)) / size)
        return self.order_to(instrument, wanted)

    def cancel(self, order: Order) -> OrderRequestCancel | None:
        """Cancel an order; None where it is being cancelled already."""
        request = to_request_cancel(order)
        if request is not None:
            self.cancels.append(request)
        return request

    def cancel_all(self, instrument: InstrumentState[Any], side: Side | None = None) -> list[OrderRequestCancel]:
        """Cancel the orders of an instrument, those of one side or all."""
        orders = [order for order in instrument.orders if side in (None, order.side)]
        return [request for request in map(self.cancel, orders) if request is not None]

    def _is_market_order_underway(self, instrument: InstrumentState[Any]) -> bool:
        """Whether the position may be about to change: its fill and the end of the order are told one after the other."""
        asked = [request.state for request in self.opens if request.key.instrument == instrument.key]
        return any(order.kind is OrderKind.MARKET and order.trigger is None for order in [*asked, *instrument.orders])

    def _market(
        self, instrument: InstrumentState[Any], side: Side, quantity: Number, reduce_only: bool
    ) -> OrderRequestOpen | None:
        price, immediate = instrument.data.price(), TimeInForce.IMMEDIATE_OR_CANCEL
        if not price:
            return None
        return self._open(instrument, side, quantity, OrderKind.MARKET, price, immediate, reduce_only, None)

    def _triggered(
        self,
        kind: TriggerKind,
        instrument: InstrumentState[Any],
        side: Side,
        quantity: Number,
        price: Number,
        limit: Number | None,
        time_in_force: TimeInForce,
        reduce_only: bool | None,
    ) -> OrderRequestOpen | None:
        trigger = rounded_price(instrument.instrument, exact("price", price))
        worst, order_kind = trigger, OrderKind.MARKET
        if limit is not None:
            order_kind = OrderKind.LIMIT
            worst = rounded_price(instrument.instrument, exact("limit", limit), sizing.limit_rounding(side))
        reduces = not isinstance(instrument.instrument.kind, Spot) if reduce_only is None else reduce_only
        return self._open(instrument, side, quantity, order_kind, worst, time_in_force, reduces, Trigger(trigger, kind))

    def _open(
        self,
        instrument: InstrumentState[Any],
        side: Side,
        quantity: Number,
        kind: OrderKind,
        price: Decimal,
        time_in_force: TimeInForce,
        reduce_only: bool,
        trigger: Trigger | None,
    ) -> OrderRequestOpen | None:
        wanted, strategy = exact("quantity", quantity), self._strategy
        if wanted < ZERO or price <= ZERO:
            raise StrategyError(f"quantity is {wanted} and price is {price}, expected positive numbers")
        # venues have no smallest notional for what reduces a position
        lots = rounded_quantity(instrument.instrument, wanted, None if reduce_only else price)
        if not lots:
            return None
        key = OrderKey(instrument.instrument.exchange, instrument.key, strategy.id, strategy.cids.next())
        request = OrderRequestOpen(key, RequestOpen(side, price, lots, kind, time_in_force, reduce_only, trigger))
        self.opens.append(request)
        return request
