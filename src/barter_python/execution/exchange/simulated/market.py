"""One instrument at the simulated exchange: what the market has shown, and where our orders wait.

How orders arrive is in `arrival`, how they react to market data in `reaction`; whatever changes the state of an order or of the
account goes through `Clearing`.

Rust origin: none.
"""

from __future__ import annotations

from decimal import Context, Decimal
from math import inf
from typing import Final

from barter_python.data.book import OrderBookEvent, OrderBookSnapshot
from barter_python.data.event import OrderBookL1, PublicTrade
from barter_python.execution.exchange.simulated.candle import CandleSeries
from barter_python.execution.exchange.simulated.clearing import Clearing
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.execution.exchange.simulated.liquidity import MarketLiquidity
from barter_python.execution.exchange.simulated.live_order import LiveOrder, Place
from barter_python.execution.exchange.simulated.resting import RestingSide
from barter_python.execution.exchange.simulated.settlement import Settlement
from barter_python.execution.exchange.simulated.triggers import Triggers
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, decimal_from_float

__all__ = ["InstrumentMarket"]

_EXACT: Final = Context(prec=60)
"""For the remainder of an amount of any size."""

_MARGIN_OF_FLOATS: Final = 1e-9
"""Prices of trades are compared as floats first; within this fraction of a price of ours the decimals decide."""


class InstrumentMarket:
    """The best source of data seen so far counts: order books and best prices, else trades, else candles.

    Attributes:
        instrument: Under the venue's names.
        queue: How resting orders move to the front.
        self_trade_prevention: Which of two orders of ours that would meet gives way.
        slippage: How much worse a taker's price is.
        settlement: Books fills.
        clearing: Of the exchange.
        liquidity: Order book, best bid and ask.
        bids: Our resting orders to buy.
        asks: Our resting orders to sell.
        triggers: Orders that wait for their trigger.
        waiting: Orders that wait for the next market data, by id: with candles, all that arrived since the latest one closed.
        reduce_only: Live reduce-only orders, by id.
        has_trades: Whether a trade was seen.
        last_price: Of the latest trade, as a float; or where a candle's path is.
        last_side: Of the taker of the latest trade, None with candles.
        candles: The series that fills orders where there is nothing but candles, None before the first.
        candle_volume_share: Share of the volume of a candle that our orders may have; None where nothing limits them.
        volume_left: What is left of that share within a candle, None outside and without a limit.
        lot_size: Distance between two quantities, None without a specification.
        tick_size: Distance between two prices, None without a specification.
        liquidation_below: A mark at or below this price liquidates our position, None where none does.
        liquidation_above: Likewise, at or above.
        watches_mark: Whether any change of the mark may liquidate a position.
        quiet_above: A trade above this price and below `quiet_below` concerns none of our orders.
        quiet_below: See `quiet_above`.
    """

    __slots__ = (
        "_best_ask",
        "_best_bid",
        "_is_watching",
        "asks",
        "bids",
        "candle_volume_share",
        "candles",
        "clearing",
        "has_trades",
        "instrument",
        "last_price",
        "last_side",
        "liquidation_above",
        "liquidation_below",
        "liquidity",
        "lot_size",
        "queue",
        "quiet_above",
        "quiet_below",
        "reduce_only",
        "self_trade_prevention",
        "settlement",
        "slippage",
        "tick_size",
        "triggers",
        "volume_left",
        "waiting",
        "watches_mark",
    )

    def __init__(
        self,
        instrument: InstrumentDefinition,
        settlement: Settlement,
        clearing: Clearing,
        config: SimulatedExchangeConfig,
    ) -> None:
        self.instrument = instrument
        self.queue = config.queue
        self.settlement = settlement
        self.clearing = clearing
        self.liquidity = MarketLiquidity()
        spec = instrument.spec
        self.lot_size = None if spec is None else spec.quantity.increment or None
        self.tick_size = None if spec is None else spec.price.tick_size or None
        self.bids = RestingSide(config.queue, is_buy=True, lot_size=self.lot_size)
        self.asks = RestingSide(config.queue, is_buy=False, lot_size=self.lot_size)
        self.triggers = Triggers()
        self.waiting: dict[str, LiveOrder] = {}
        self.reduce_only: dict[str, LiveOrder] = {}
        self.has_trades = False
        self.last_price: float | Decimal | None = None
        self.last_side: Side | None = None
        self.candles: CandleSeries | None = None
        self.candle_volume_share = config.candle_volume_share
        self.volume_left: Decimal | None = None
        self.liquidation_below: Decimal | None = None
        self.liquidation_above: Decimal | None = None
        self.watches_mark = False
        self.quiet_above = inf
        self.quiet_below = inf
        self.slippage = config.slippage
        self.self_trade_prevention = config.self_trade_prevention
        self._is_watching = True
        self._best_bid: float | None = None
        self._best_ask: float | None = None

    @property
    def has_quotes(self) -> bool:
        """Whether an order book, or a best bid and ask, was seen."""
        return self.liquidity.has_book or self.liquidity.has_l1

    @property
    def has_data(self) -> bool:
        """Whether anything is known of the market."""
        return self.has_quotes or self.has_trades or self.candles is not None

    @property
    def has_only_candles(self) -> bool:
        """Whether candles are all there is."""
        return self.candles is not None and not self.has_trades and not self.has_quotes

    def mark_price(self) -> Decimal | None:
        """The mean of the best bid and ask, or else the last price; None where nothing is known."""
        mid = self.liquidity.mid_price()
        return self.last() if mid is None else mid

    def last(self) -> Decimal | None:
        """The price of the latest trade, or where a candle's path is; None where neither is known."""
        last = self.last_price
        return last if last is None or isinstance(last, Decimal) else decimal_from_float(last)

    def absorb_book(self, event: OrderBookEvent) -> bool:
        """Take in an order book; returns whether an order may have to react."""
        liquidity, bids, asks = self.liquidity, self.bids, self.asks
        liquidity.on_book(event)
        reacts = self._is_watching or self._is_liquidating()
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
        reacts = self._is_watching or self._is_liquidating()
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

    def _is_liquidating(self) -> bool:
        """Whether the mean of the best bid and ask may be where our position is liquidated."""
        below, above, bid, ask = self.liquidation_below, self.liquidation_above, self.liquidity.bid, self.liquidity.ask
        if below is not None and bid is not None and bid.price <= below:
            return True
        return above is not None and ask is not None and ask.price >= above

    def absorb_trade(self, trade: PublicTrade) -> bool:
        """Take in a trade at the best price of ours, if all of it goes to those ahead of us in the queue."""
        is_ours = trade.price == (self._best_bid if trade.side is Side.SELL else self._best_ask)
        level = (self.bids if trade.side is Side.SELL else self.asks).best_level
        amount = decimal_from_float(trade.amount)
        if not is_ours or level is None or amount is None or amount < ZERO or not level.absorb(amount):
            return False
        self.last_price, self.last_side = trade.price, trade.side
        return True

    def refresh(self) -> None:
        """Find out which market data concerns none of our orders. To be called after anything has changed them."""
        self._is_watching = bool(self.waiting) or (bool(self.triggers) and not self.has_trades) or self.watches_mark
        below = [price for price in (self.bids.best, self.triggers.below, self.liquidation_below) if price is not None]
        above = [price for price in (self.asks.best, self.triggers.above, self.liquidation_above) if price is not None]
        self.quiet_above = float(max(below)) * (1 + _MARGIN_OF_FLOATS) if below else 0.0
        self.quiet_below = float(min(above)) * (1 - _MARGIN_OF_FLOATS) if above else inf
        if self.waiting or not self.has_trades or self.watches_mark:
            self.quiet_above = inf
        self._best_bid, self._best_ask = self._absorbing_prices()

    def _absorbing_prices(self) -> tuple[float | None, float | None]:
        """Our best prices, where a trade there concerns nothing but the queue: no trigger, no order of ours across."""
        bid, ask = self.bids.best, self.asks.best
        crossed = bid is not None and ask is not None and bid >= ask
        if self.waiting or self.triggers or not self.has_trades or crossed or self.watches_mark:
            return None, None
        exact = [None if price is None or decimal_from_float(float(price)) != price else float(price) for price in (bid, ask)]
        return exact[0], exact[1]

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

    def wait_for_data(self, order: LiveOrder) -> None:
        """Wait for the next candle, or for any data at all."""
        self.waiting[order.id] = order
        order.place = Place.NEXT_DATA

    def stop_waiting(self, order: LiveOrder) -> None:
        """What the order waited for is here."""
        del self.waiting[order.id]
        order.place = Place.NOWHERE

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

    def cancel(self, order: LiveOrder) -> None:
        """Cancel what is left of an order, without a request."""
        self.withdraw(order)
        self.clearing.cancel(order)

    def available(self, order: LiveOrder, quantity: Decimal) -> Decimal:
        """The part of a quantity of the market that the order can have: whole lots, and no more than is left of a candle."""
        if self.volume_left is not None:
            quantity = min(quantity, self.volume_left)
        if self.lot_size is not None and quantity < order.remaining:
            quantity -= _EXACT.remainder(quantity, self.lot_size)
        return quantity

    def fill(self, order: LiveOrder, price: Decimal, quantity: Decimal, *, is_maker: bool) -> Decimal:
        """Fill some of an order; returns how much, see `Clearing.fill`. Nothing happens where the market has nothing for it."""
        quantity = self.available(order, quantity)
        if not quantity:
            return ZERO
        filled = self.clearing.fill(self.settlement, order, price, quantity, is_maker=is_maker)
        if self.volume_left is not None:
            self.volume_left -= filled
        if order.is_done:
            self.withdraw(order)
        if self.reduce_only:
            for other in list(self.reduce_only.values()):
                if not self.settlement.closable(other):
                    self.cancel(other)
        return filled
