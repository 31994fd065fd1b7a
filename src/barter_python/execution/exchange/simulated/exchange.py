"""The simulated exchange: requests and market data in, account events out.

A pure state machine without a clock, used unchanged by backtest and paper trading. What it assumes is written down in
docs/design/simulated-exchange.md.

Rust origin: none; Rust's mock exchange knows nothing of the market.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from barter_python.data.book import OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, Liquidation, MarketEvent, OrderBookL1, PublicTrade
from barter_python.execution.account import AccountEvent, AccountSnapshot, Funding, InstrumentAccountSnapshot
from barter_python.execution.error import InstrumentInvalid, OrderError, OrderRejected
from barter_python.execution.exchange.simulated.account import Account
from barter_python.execution.exchange.simulated.arrival import submit
from barter_python.execution.exchange.simulated.candle_matching import on_candle
from barter_python.execution.exchange.simulated.checks import check_shape, check_spec, check_tradable
from barter_python.execution.exchange.simulated.clearing import Clearing
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.execution.exchange.simulated.derivative import DerivativeSettlement
from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.exchange.simulated.margin_account import MarginAccount
from barter_python.execution.exchange.simulated.market import InstrumentMarket
from barter_python.execution.exchange.simulated.reaction import on_quotes, on_trade
from barter_python.execution.exchange.simulated.setup import Expiry, adopt_orders, new_account, new_markets, schedule
from barter_python.execution.order.order import Order, OrderKey, TimeInForce
from barter_python.execution.order.request import (
    OrderRequest,
    OrderRequestCancel,
    OrderRequestOpen,
    OrderResponseCancel,
    RequestOpen,
)
from barter_python.execution.order.state import OpenFailed
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.numeric import in_money_context

__all__ = ["SimulatedExchange"]

_NOTHING: Final[tuple[AccountEvent, ...]] = ()
_DAY: Final = timedelta(days=1)


class SimulatedExchange:
    """An account at a venue, and a market made of recorded or live data.

    Nothing that is requested makes it raise. Times must not decrease from call to call; market data that is stamped earlier than
    what was seen already counts as happening now.

    Args:
        config: Venue, account and models.
        instruments: Of the run; those of other venues are ignored.

    Attributes:
        exchange: The venue.
        time_next: When `on_time` has something to do next, aware UTC; None where it has nothing to do.

    Raises:
        ConfigError: An instrument cannot be simulated, the account cannot have been in its initial state, or a margin is
            impossible.
    """

    def __init__(self, config: SimulatedExchangeConfig, instruments: IndexedInstruments) -> None:
        traded = [keyed.value for keyed in instruments.definitions(config.exchange)]
        config.validate_instruments(traded, config.exchange.value)
        self.is_passive: Final = False
        self.exchange = config.exchange
        self.time_next: datetime | None = None
        self._clearing = Clearing(config.exchange, new_account(config, instruments))
        self._markets = new_markets(config, instruments, self._clearing)
        self._by_name = {str(market.instrument.name_exchange): market for market in self._markets.values()}
        self._scheduled = schedule(config, self._by_name)
        self._margins = MarginAccount(
            self._clearing,
            [
                (market, market.settlement)
                for market in self._markets.values()
                if isinstance(market.settlement, DerivativeSettlement)
            ],
        )
        self._until_end_of_day: dict[str, tuple[datetime, LiveOrder]] = {}
        for order in adopt_orders(config, self._by_name, self._clearing):
            self._set_expiry(order)
        self._set_time_next()

    @property
    def account(self) -> Account:
        """What the account holds."""
        return self._clearing.account

    def position(self, instrument: InstrumentNameExchange) -> Decimal | None:
        """Contracts held of an instrument, positive for long, negative for short; None for spot, and where it is unknown."""
        market = self._by_name.get(instrument)
        settlement = None if market is None else market.settlement
        return settlement.position if isinstance(settlement, DerivativeSettlement) else None

    @in_money_context
    def account_snapshot(self, time: datetime) -> AccountSnapshot:
        """Balances and open orders, under the venue's names."""
        orders: dict[str, list[Order]] = {name: [] for name in sorted(self._by_name)}
        for order in self._clearing.orders.live():
            orders[str(order.request.key.instrument)].append(order.snapshot(order.open_state(order.time)))
        return AccountSnapshot(
            self.exchange,
            self._clearing.account.report(time),
            [InstrumentAccountSnapshot(InstrumentNameExchange(name), found) for name, found in orders.items()],
        )

    def on_market(self, event: MarketEvent) -> Sequence[AccountEvent]:
        """Take in market data of any venue; returns what it did to the account, in order, or the shared empty tuple."""
        market = self._markets.get(event.instrument)
        if market is None:
            return _NOTHING
        time = event.time_exchange
        if time > self._clearing.time:
            if self.time_next is not None and time >= self.time_next:
                return [*self.on_time(time), *self.on_market(event)]
            self._clearing.time = time
        kind = event.kind
        if type(kind) is PublicTrade:
            if market.quiet_above < kind.price < market.quiet_below:
                market.last_price, market.last_side = kind.price, kind.side
                return _NOTHING
            if market.absorb_trade(kind):
                return _NOTHING
        elif type(kind) is OrderBookL1:
            if not market.absorb_l1(kind):
                return _NOTHING
        elif (type(kind) is OrderBookUpdate or type(kind) is OrderBookSnapshot) and not market.absorb_book(kind):
            return _NOTHING
        return self._react(market, kind)

    @in_money_context
    def _react(self, market: InstrumentMarket, kind: Any) -> Sequence[AccountEvent]:
        if type(kind) is PublicTrade:
            on_trade(market, kind)
        elif type(kind) is Candle:
            on_candle(market, kind, self._margins)
        elif type(kind) is not Liquidation:
            on_quotes(market)
        self._margins.enforce()
        self._clearing.tell_balances()
        market.refresh()
        events = self._clearing.take_events()
        if not events:
            return _NOTHING
        self._set_time_next()
        return events

    def on_time(self, time: datetime) -> list[AccountEvent]:
        """Let everything happen that is due up to a time: expiries of orders first, then funding and settlements."""
        self._advance(time)
        return self._clearing.take_events()

    @in_money_context
    def _advance(self, time: datetime) -> None:
        while self.time_next is not None and self.time_next <= time:
            now = self.time_next
            self._clearing.time = now
            for expiry, order in list(self._until_end_of_day.values()):
                if expiry <= now and not order.is_done:
                    market = self._by_name[order.instrument]
                    market.withdraw(order)
                    self._clearing.expire(order)
                    market.refresh()
            while self._scheduled and self._scheduled[-1].time <= now:
                due = self._scheduled.pop()
                if isinstance(due, Expiry):
                    self._margins.settle(due.market, due.settlement)
                elif amount := due.settlement.pay_funding(due.rate, due.market.mark_price()):
                    self._clearing.tell(Funding(due.market.instrument.name_exchange, now, amount))
            self._margins.enforce()
            self._clearing.tell_balances()
            self._set_time_next()
        self._clearing.time = max(self._clearing.time, time)

    def _set_expiry(self, order: LiveOrder) -> None:
        if order.time_in_force is TimeInForce.GOOD_UNTIL_END_OF_DAY and not order.is_done:
            midnight = order.time.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
            self._until_end_of_day[order.id] = (midnight, order)

    def _set_time_next(self) -> None:
        """Orders expire in the order in which they arrived, so the first live one tells the time."""
        for key, (expiry, order) in list(self._until_end_of_day.items()):
            if not order.is_done:
                self.time_next = expiry
                break
            del self._until_end_of_day[key]
        else:
            self.time_next = None
        if self._scheduled and (self.time_next is None or self._scheduled[-1].time < self.time_next):
            self.time_next = self._scheduled[-1].time

    @in_money_context
    def on_request(self, request: OrderRequest, time: datetime) -> list[AccountEvent]:
        """Take a request that arrives at the venue, under the venue's names; returns the answers, in order.

        What is no request at all, or has no key to answer to, is not answered.
        """
        if self.time_next is not None and time >= self.time_next:
            self._advance(time)
        self._clearing.time = max(self._clearing.time, time)
        if isinstance(request, OrderRequestOpen) and isinstance(request.key, OrderKey):
            self._open(request)
        elif isinstance(request, OrderRequestCancel) and isinstance(request.key, OrderKey):
            self._cancel(request)
        self._set_time_next()
        return self._clearing.take_events()

    def _open(self, request: OrderRequestOpen) -> None:
        error = check_shape(request)
        market = self._by_name.get(request.key.instrument) if isinstance(request.key.instrument, str) else None
        if error is None and market is None:
            name = InstrumentNameExchange(str(request.key.instrument))
            error = InstrumentInvalid(name, f"not traded on {self.exchange.value}")
        if error is None and market is not None:
            error = self._submit(request, market)
        if error is not None and isinstance(request.state, RequestOpen):
            self._clearing.tell(request.to_order().with_state(OpenFailed(error)))

    def _submit(self, request: OrderRequestOpen, market: InstrumentMarket) -> OrderError | None:
        error = check_tradable(market.instrument, self._clearing.time) or check_spec(market.instrument, request.state)
        if error is not None:
            return error
        if self._clearing.orders.is_known((str(request.key.instrument), request.key.cid)):
            return OrderRejected(f"duplicate client order id {request.key.cid!r}: it was used before, expected a new one")
        order = LiveOrder(self._clearing.orders.next_id(), request, self._clearing.time)
        error = submit(market, order)
        if error is None:
            self._set_expiry(order)
        self._margins.enforce()
        self._clearing.tell_balances()
        market.refresh()
        return error

    def _cancel(self, request: OrderRequestCancel) -> None:
        key, order_id = request.key, getattr(request.state, "id", None)
        shown = key.cid if order_id is None else order_id
        found: LiveOrder | OrderError | None = None
        if isinstance(key.instrument, str) and isinstance(shown, str):
            found = self._clearing.orders.find((key.instrument, key.cid if isinstance(key.cid, str) else ""), order_id)
        if isinstance(found, LiveOrder):
            market = self._by_name[found.instrument]
            market.withdraw(found)
            self._clearing.cancel_on_request(found)
            market.refresh()
        else:
            self._clearing.tell(OrderResponseCancel(key, found or OrderRejected(f"unknown order {shown!r}")))
