"""One instrument at the simulated exchange: what the market has shown, where our orders wait, and how an order arrives.

How orders react to market data is in `reaction`; everything that changes an order's or the account's state goes through `Desk`.

Rust origin: none.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from math import inf
from typing import Final, NamedTuple, TypeAlias

from barter_python.data.book import OrderBookEvent, OrderBookSnapshot
from barter_python.data.event import OrderBookL1
from barter_python.execution.error import OrderError, OrderRejected
from barter_python.execution.exchange.model.slippage import SlippageModel, slipped_price
from barter_python.execution.exchange.simulated.derivative import DerivativeSettlement
from barter_python.execution.exchange.simulated.desk import Desk
from barter_python.execution.exchange.simulated.liquidity import MarketLiquidity
from barter_python.execution.exchange.simulated.live_order import LiveOrder, Place
from barter_python.execution.exchange.simulated.queue import QueueModel
from barter_python.execution.exchange.simulated.resting import RestingSide
from barter_python.execution.exchange.simulated.spot import SpotSettlement
from barter_python.execution.exchange.simulated.triggers import Triggers, fires
from barter_python.execution.order.order import TimeInForce
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.kind import contract_size
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, decimal_from_float

__all__ = ["InstrumentMarket", "PlannedFill", "Settlement"]

Settlement: TypeAlias = SpotSettlement | DerivativeSettlement

_MARGIN_OF_FLOATS: Final = 1e-9
"""Prices of trades are compared as floats first; within this fraction of a price of ours the decimals decide."""


class PlannedFill(NamedTuple):
    """What an order would take on arrival.

    Attributes:
        offered: The price of the liquidity.
        price: The price paid, after slippage.
        quantity: How much.
    """

    offered: Decimal
    price: Decimal
    quantity: Decimal


class InstrumentMarket:
    """The best source of data seen so far counts: order books and best prices, else trades, else candles.

    Attributes:
        instrument: Under the venue's names.
        queue: How resting orders move to the front.
        settlement: Books fills.
        desk: Of the exchange.
        liquidity: Order book, best bid and ask.
        bids: Our resting orders to buy.
        asks: Our resting orders to sell.
        triggers: Orders that wait for their trigger.
        waiting: Orders that wait for the next market data, by id: with candles, all that arrived since the latest one opened.
        reduce_only: Live reduce-only orders, by id.
        has_trades: Whether a trade was seen.
        last_price: Of the latest trade, as a float; or where a candle's path is.
        last_side: Of the taker of the latest trade, None with candles.
        candle_close: When the latest candle closed, None before the first.
        quiet_above: A trade above this price and below `quiet_below` concerns none of our orders.
        quiet_below: See `quiet_above`.
    """

    __slots__ = (
        "_is_watching",
        "_slippage",
        "asks",
        "bids",
        "candle_close",
        "desk",
        "has_trades",
        "instrument",
        "last_price",
        "last_side",
        "liquidity",
        "queue",
        "quiet_above",
        "quiet_below",
        "reduce_only",
        "settlement",
        "triggers",
        "waiting",
    )

    def __init__(
        self,
        instrument: InstrumentDefinition,
        settlement: Settlement,
        desk: Desk,
        queue: QueueModel,
        slippage: SlippageModel,
    ) -> None:
        self.instrument = instrument
        self.queue = queue
        self.settlement: Settlement = settlement
        self.desk = desk
        self.liquidity = MarketLiquidity()
        lot_size = None if instrument.spec is None else instrument.spec.quantity.increment
        self.bids = RestingSide(queue, is_buy=True, lot_size=lot_size)
        self.asks = RestingSide(queue, is_buy=False, lot_size=lot_size)
        self.triggers = Triggers()
        self.waiting: dict[str, LiveOrder] = {}
        self.reduce_only: dict[str, LiveOrder] = {}
        self.has_trades = False
        self.last_price: float | Decimal | None = None
        self.last_side: Side | None = None
        self.candle_close: datetime | None = None
        self.quiet_above = inf
        self.quiet_below = inf
        self._slippage = slippage
        self._is_watching = True

    @property
    def has_quotes(self) -> bool:
        """Whether an order book, or a best bid and ask, was seen."""
        return self.liquidity.has_book or self.liquidity.has_l1

    @property
    def has_only_candles(self) -> bool:
        """Whether candles are all there is."""
        return self.candle_close is not None and not self.has_trades and not self.has_quotes

    def mark_price(self) -> Decimal | None:
        """The mean of the best bid and ask, or else the last price; None where nothing is known."""
        mid = self.liquidity.mid_price()
        return self._last() if mid is None else mid

    def _last(self) -> Decimal | None:
        last = self.last_price
        return last if last is None or isinstance(last, Decimal) else decimal_from_float(last)

    # Market data, the part that every event pays for.

    def absorb_book(self, event: OrderBookEvent) -> bool:
        """Take in an order book; returns whether an order may have to react."""
        liquidity, bids, asks = self.liquidity, self.bids, self.asks
        liquidity.on_book(event)
        reacts = self._is_watching
        if bids.best is not None:
            (bids.observe_all if type(event) is OrderBookSnapshot else bids.observe)(event.book.bids.levels)
            reacts |= liquidity.ask is not None and liquidity.ask.price <= bids.best
        if asks.best is not None:
            (asks.observe_all if type(event) is OrderBookSnapshot else asks.observe)(event.book.asks.levels)
            reacts |= liquidity.bid is not None and liquidity.bid.price >= asks.best
        return reacts

    def absorb_l1(self, l1: OrderBookL1) -> bool:
        """Take in a best bid and ask; returns whether an order may have to react."""
        liquidity, own_bid, own_ask = self.liquidity, self.bids.best, self.asks.best
        liquidity.on_l1(l1)
        reacts = self._is_watching
        bid, ask = l1.best_bid, l1.best_ask
        if own_bid is not None:
            if bid is not None and bid.price <= own_bid and not liquidity.has_book:
                self.bids.observe_best(bid)
            reacts |= ask is not None and ask.price <= own_bid
        if own_ask is not None:
            if ask is not None and ask.price >= own_ask and not liquidity.has_book:
                self.asks.observe_best(ask)
            reacts |= bid is not None and bid.price >= own_ask
        return reacts

    def refresh(self) -> None:
        """Find out which market data concerns none of our orders. To be called after anything has changed them."""
        self._is_watching = bool(self.waiting) or (bool(self.triggers) and not self.has_trades)
        below = [price for price in (self.bids.best, self.triggers.below) if price is not None]
        above = [price for price in (self.asks.best, self.triggers.above) if price is not None]
        self.quiet_above = float(max(below)) * (1 + _MARGIN_OF_FLOATS) if below else 0.0
        self.quiet_below = float(min(above)) * (1 - _MARGIN_OF_FLOATS) if above else inf
        if self.waiting or not self.has_trades:
            self.quiet_above = inf

    # Orders that arrive.

    def submit(self, order: LiveOrder) -> OrderError | None:
        """Take a new order, or say why not."""
        must_wait = not (self.has_quotes or self.has_trades or self.candle_close is not None)
        if must_wait and order.is_immediate and order.is_triggered:
            return OrderRejected(
                f"there is no market data of {self.instrument.name_exchange} yet, expected some before such an order"
            )
        is_deferred = must_wait or self.has_only_candles or not order.is_triggered
        plan = [] if is_deferred else self.plan(order)
        error = self._refusal(order, plan, is_deferred=is_deferred)
        if error is None:
            error = self.desk.secure(order, self._parts(order, plan, is_deferred=is_deferred))
        if error is not None:
            return error
        self.desk.acknowledge(order)
        if order.request.state.reduce_only:
            self.reduce_only[order.id] = order
        if not is_deferred:
            self._execute(order, plan)
        elif must_wait or self.has_only_candles:
            self.waiting[order.id] = order
            order.place = Place.NEXT_DATA
        else:
            self.wait_for_trigger(order)
        self.desk.tell_balances()
        return None

    def _refusal(self, order: LiveOrder, plan: list[PlannedFill], *, is_deferred: bool) -> OrderError | None:
        wanted = order.request.state
        planned = _total(plan)
        if wanted.reduce_only and not self.settlement.closable(order):
            return OrderRejected("reduce-only: there is no position that the order would reduce")
        last = self.mark_price() if not self.has_trades else self._last()
        if not order.is_triggered and wanted.trigger is not None and last is not None and fires(wanted.trigger, order.side, last):
            return OrderRejected(f"the trigger at {wanted.trigger.price} would fire at once: the price is {last}")
        if order.is_triggered and wanted.time_in_force.post_only and self._would_cross(order):
            return OrderRejected(f"post-only: a limit price of {wanted.price} would cross the market")
        if not is_deferred and wanted.time_in_force is TimeInForce.FILL_OR_KILL and planned < wanted.quantity:
            return OrderRejected(f"fill or kill: {planned} of {wanted.quantity} could be filled")
        if not is_deferred and order.limit is None and not planned:
            return OrderRejected("there is nothing to trade with a market order: that side of the market is empty")
        return self._notional_refusal(order, plan, is_deferred=is_deferred)

    def _notional_refusal(self, order: LiveOrder, plan: list[PlannedFill], *, is_deferred: bool) -> OrderError | None:
        spec = self.instrument.spec
        if spec is None or not spec.notional.min or order.request.state.reduce_only:
            return None
        parts = self._parts(order, plan, is_deferred=is_deferred)
        notional = sum((price * quantity for price, quantity in parts), ZERO) * contract_size(self.instrument.kind)
        if notional >= spec.notional.min:
            return None
        return OrderRejected(f"notional {notional} is below the minimum notional {spec.notional.min}")

    def _parts(self, order: LiveOrder, plan: list[PlannedFill], *, is_deferred: bool) -> list[tuple[Decimal, Decimal]]:
        """At which prices funds are reserved: the limit, else what a market order takes, else the best guess."""
        if order.limit is not None:
            return [(order.limit, order.remaining)]
        if not is_deferred:
            return [(fill.price, fill.quantity) for fill in plan]
        trigger = order.request.state.trigger
        guess = trigger.price if trigger is not None and not order.is_triggered else self.mark_price()
        return [(order.request.state.price if guess is None else guess, order.remaining)]

    def _would_cross(self, order: LiveOrder) -> bool:
        if self.has_quotes:
            best = self.liquidity.ask if order.is_buy else self.liquidity.bid
            return best is not None and order.accepts(best.price)
        last = self._last()
        return last is not None and self._takes_last(order, last)

    def _takes_last(self, order: LiveOrder, last: Decimal) -> bool:
        """Whether someone would have traded with the order at the last price.

        At a limit of exactly the last price the data supports that only where the last taker was on the same side.
        """
        return order.accepts(last) and (order.limit != last or self.last_side is order.side)

    # Taking liquidity.

    def plan(self, order: LiveOrder) -> list[PlannedFill]:
        """What the order would take now, without taking it."""
        if not self.has_quotes:
            last = self._last()
            if last is None or not ((self.has_only_candles and order.accepts(last)) or self._takes_last(order, last)):
                return []
            return [PlannedFill(last, self._slipped(order, last), order.remaining)]
        planned, left = [], order.remaining
        for price, amount in self.liquidity.offers(bids=not order.is_buy):
            if not left or not order.accepts(price):
                break
            quantity = min(left, amount)
            left -= quantity
            planned.append(PlannedFill(price, self._slipped(order, price), quantity))
        return planned

    def _slipped(self, order: LiveOrder, price: Decimal) -> Decimal:
        spec = self.instrument.spec
        tick_size = (spec.price.tick_size or None) if spec is not None else None
        slipped = slipped_price(self._slippage, order.side, price, tick_size)
        if not order.accepts(slipped):
            return price if order.limit is None else order.limit
        return slipped if slipped > ZERO else price

    def _execute(self, order: LiveOrder, plan: list[PlannedFill]) -> None:
        """Take what was planned; then cancel what is left of the order, or let it rest."""
        for planned in plan:
            filled = self.fill(order, planned.price, planned.quantity, is_maker=False)
            if self.has_quotes:
                self.liquidity.take(planned.offered, filled, bids=not order.is_buy)
            if order.is_done:
                return
        if order.is_immediate:
            self.withdraw(order)
            self.desk.cancel(order)
        else:
            order.is_aggressive = self.has_quotes and self._would_cross(order)
            self.rest(order)

    def enter(self, order: LiveOrder) -> None:
        """An acknowledged order arrives at the book, because its trigger has fired or there is market data at last."""
        plan = self.plan(order)
        wanted = order.request.state
        is_refused = wanted.time_in_force.post_only and self._would_cross(order)
        is_refused |= wanted.time_in_force is TimeInForce.FILL_OR_KILL and _total(plan) < order.remaining
        if is_refused or self.desk.secure(order, self._parts(order, plan, is_deferred=False)) is not None:
            self.withdraw(order)
            self.desk.cancel(order)
        else:
            self._execute(order, plan)
            self.desk.tell_balances()

    # Where orders wait.

    def rest(self, order: LiveOrder) -> None:
        """Queue at the limit price."""
        assert order.limit is not None, "a market order never rests"
        if self.has_quotes:
            displayed = self.liquidity.displayed(order.limit, bids=order.is_buy)
        else:
            # Trades tell nothing of the queue: then there is none. Candles tell even less.
            displayed = ZERO if self.has_trades else None
        (self.bids if order.is_buy else self.asks).add(order, order.limit, displayed)
        order.place = Place.RESTING

    def wait_for_trigger(self, order: LiveOrder) -> None:
        """Wait until the market reaches the trigger."""
        self.triggers.add(order)
        order.place = Place.TRIGGER

    def withdraw(self, order: LiveOrder) -> None:
        """Take an order from where it waits."""
        if order.place is Place.RESTING and order.limit is not None:
            (self.bids if order.is_buy else self.asks).remove(order, order.limit)
        elif order.place is Place.TRIGGER:
            self.triggers.remove(order)
        elif order.place is Place.NEXT_DATA:
            del self.waiting[order.id]
        order.place = Place.NOWHERE
        self.reduce_only.pop(order.id, None)

    def fill(self, order: LiveOrder, price: Decimal, quantity: Decimal, *, is_maker: bool) -> Decimal:
        """Fill some of an order; returns how much, see `Desk.fill`."""
        filled = self.desk.fill(order, price, quantity, is_maker=is_maker)
        if order.is_done:
            self.withdraw(order)
        if self.reduce_only:
            for other in list(self.reduce_only.values()):
                if not other.is_done and not self.settlement.closable(other):
                    self.withdraw(other)
                    self.desk.cancel(other)
        return filled


def _total(plan: list[PlannedFill]) -> Decimal:
    return sum((fill.quantity for fill in plan), ZERO)
