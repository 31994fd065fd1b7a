"""What holds on every market and for every sequence of requests.

The seeded long run sends 20,000 requests by default; set BARTER_SIMULATED_REQUESTS for more.
"""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.execution.exchange.simulated.random_market import KINDS, RandomMarket
from tests.execution.exchange.simulated.venue import EXCHANGE, START, D, Venue, bnb_usdt, btc_usdt, contract, key, spec
from tests.support.properties import PROPERTY

from barter_python.execution.account import AccountEvent
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.exchange.model.fee import FeeModel, Fees, FeeTier, PercentFees, ThirdAsset, TieredFees
from barter_python.execution.exchange.model.slippage import TickSlippage
from barter_python.execution.exchange.simulated.config import FundingRate, InstrumentMargin
from barter_python.execution.exchange.simulated.queue import OptimisticQueue, PessimisticQueue, ProportionalQueue, QueueModel
from barter_python.execution.order.order import Order, OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.request import (
    OrderRequest,
    OrderRequestCancel,
    OrderRequestOpen,
    OrderResponseCancel,
    RequestCancel,
    RequestOpen,
)
from barter_python.execution.order.state import Cancelled, Expired, FullyFilled, Open
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, in_money_context

NAME = InstrumentNameExchange("BTCUSDT")
BNB = ThirdAsset(AssetNameExchange("BNB"), D("500"))
REQUESTS = int(os.environ.get("BARTER_SIMULATED_REQUESTS", "20000"))

FEES: dict[str, Any] = {
    "none": lambda: PercentFees(D(0), D(0)),
    "quote": lambda: PercentFees(D("-0.0001"), D("0.0004")),
    "base": lambda: PercentFees(D("0.001"), D("0.002"), "base"),
    "received": lambda: PercentFees(D("-0.0001"), D("0.002"), "received"),
    "third": lambda: PercentFees(D("0.001"), D("0.002"), BNB),
    "tiers": lambda: TieredFees((FeeTier(D(0), D("0.001"), D("0.002")), FeeTier(D(500), D("0.0005"), D("0.001")))),
}
QUEUES: dict[str, QueueModel] = {
    "optimistic": OptimisticQueue(),
    "proportional": ProportionalQueue(),
    "pessimistic": PessimisticQueue(),
}
SOURCES: list[tuple[str, ...]] = [
    ("book", "trade"),
    ("book", "l1", "trade"),
    ("l1", "trade"),
    ("l1",),
    ("trade",),
    ("candle",),
    KINDS,
]


class LoggedFees:
    """A fee model that remembers what it charged."""

    def __init__(self, model: FeeModel) -> None:
        self._model = model
        self.charged: list[Fees] = []

    def fees(self, instrument: InstrumentDefinition, side: Side, price: Decimal, quantity: Decimal, is_maker: bool, /) -> Fees:
        self.charged.append(self._model.fees(instrument, side, price, quantity, is_maker))
        return self.charged[-1]

    def estimate(
        self, instrument: InstrumentDefinition, side: Side, price: Decimal, quantity: Decimal, is_maker: bool, /
    ) -> Fees:
        return getattr(self._model, "estimate", self._model.fees)(instrument, side, price, quantity, is_maker)  # type: ignore[no-any-return]


@dataclass
class Ledger:
    """An account kept by what the events say, independently of the exchange's own."""

    is_spot: bool
    totals: dict[str, Decimal]
    position: Decimal = ZERO
    cost: Decimal = ZERO
    told: dict[str, Balance] = field(default_factory=dict)
    filled: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    open: dict[str, Order] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)

    @in_money_context
    def take(self, events: list[AccountEvent], fees: LoggedFees) -> None:
        for event in events:
            kind = event.kind
            if isinstance(kind, Trade):
                by_venue = kind.order_id.startswith("liquidation")
                charged = kind.fees_charged
                assert charged is not None
                paid = Fees(AssetNameExchange(str(charged.asset)), charged.fees) if by_venue else fees.charged.pop(0)
                self._trade(kind, paid)
            elif isinstance(kind, Order):
                self._order(kind)
            elif isinstance(kind, AssetBalance):
                self.told[str(kind.asset)] = kind.balance
            elif isinstance(kind, OrderResponseCancel) and isinstance(kind.state, Cancelled):
                self._order(self.open[kind.key.cid].with_state(kind.state))

    def _trade(self, trade: Trade, fees: Fees) -> None:
        sign = 1 if trade.side is Side.BUY else -1
        self.totals[fees.asset] -= fees.amount
        if self.is_spot:
            self.totals["BTC"] += sign * trade.quantity
            self.totals["USDT"] -= sign * trade.price * trade.quantity
        else:
            # Cash in and out of a position that is marked at what it cost.
            self.position += sign * trade.quantity
            self.cost += sign * trade.price * trade.quantity
        self.filled[trade.order_id] += trade.quantity

    def _order(self, order: Order) -> None:
        cid, state = order.key.cid, order.state
        if isinstance(state, Open):
            assert cid not in self.finished, "a finished order opens again"
            assert self.filled[state.id] == state.filled_quantity < order.quantity
            self.open[cid] = order
        elif isinstance(state, FullyFilled | Cancelled | Expired):
            before = self.open.pop(cid)
            assert isinstance(before.state, Open)
            self.finished.add(cid)
            if isinstance(state, FullyFilled):
                assert self.filled[before.state.id] == order.quantity
            else:
                assert self.filled[before.state.id] < order.quantity


class Run:
    """A venue, a market and requests, all from one seed."""

    def __init__(self, seed: int, fees: str, queue: str, source: tuple[str, ...], *, is_spot: bool, is_limited: bool) -> None:
        self.random = Random(seed)
        self.is_spot = is_spot
        self.fees = LoggedFees(FEES[fees]())
        limits = spec(tick="0.1", price_min="0.1", lot="0.125", quantity_min="0.125", notional_min="0") if is_limited else None
        instrument = btc_usdt(limits) if is_spot else contract("0.5")
        times = [START + timedelta(seconds=seconds) for seconds in range(0, 10_000, 7)]
        self.has_funding = seed % 2 == 1
        funding = tuple(FundingRate(time, D("0.0001") * (-1) ** index) for index, time in enumerate(times) if self.has_funding)
        margins = () if is_spot else (InstrumentMargin(NAME, D("0.2"), funding),)
        self.venue = Venue(
            "USDT 2000, BTC 20, BNB 5" if is_spot else "USDT 2000, BNB 5",
            instruments=[bnb_usdt(), instrument],
            fee=self.fees,
            queue=QUEUES[queue],
            slippage=TickSlippage(1),
            margins=margins,
        )
        self.ledger = Ledger(is_spot, {asset: held.total for asset, held in self.venue.exchange.account.balances().items()})
        self.ledger.told = self.venue.exchange.account.balances()
        index = self.venue.event(None).instrument  # type: ignore[arg-type]
        self.market = RandomMarket(self.random, source, START, EXCHANGE, index)
        self.sent = 0
        self.log: list[AccountEvent] = []

    def step(self) -> None:
        """Some market data, then a request."""
        for event in self.market.events(self.random.randint(1, 3)):
            self._check(list(self.venue.exchange.on_market(event)))
        self._check(self.venue.exchange.on_request(self._request(), self.market.time))

    def _request(self) -> OrderRequest:
        random = self.random
        if self.sent and random.random() < 0.3:
            return OrderRequestCancel(key(f"c{random.randint(max(0, self.sent - 20), self.sent)}"), RequestCancel())
        self.sent += 1
        is_market = random.random() < 0.3
        trigger = None
        if random.random() < 0.15:
            trigger = Trigger(self._price(), random.choice(tuple(TriggerKind)))
        wanted = RequestOpen(
            random.choice(tuple(Side)),
            D(0) if is_market else self._price(),
            Decimal(random.choice((1, 1, 2, 4, 20, 90))) / 8,
            OrderKind.MARKET if is_market else OrderKind.LIMIT,
            random.choice(tuple(TimeInForce)),
            not self.is_spot and random.random() < 0.2,
            trigger,
        )
        return OrderRequestOpen(key(f"c{self.sent}"), wanted)

    def _price(self) -> Decimal:
        return Decimal(self.market.mid_ticks + self.random.randint(-12, 12)) / 10

    @in_money_context
    def _check(self, events: list[AccountEvent]) -> None:
        self.log += events
        self.ledger.take(events, self.fees)
        account = self.venue.exchange.account
        balances = account.balances()
        assert balances == self.ledger.told, "the owner was told everything"
        for asset, held in balances.items():
            assert D(0) <= held.free <= held.total
            if self.is_spot:
                assert self.ledger.totals[asset] == held.total, asset
        if not self.is_spot and not self.has_funding and not self.ledger.position:
            # Flat: what the position has earned is the cash it has returned, less fees.
            assert self.ledger.totals["USDT"] - self.ledger.cost * D("0.5") == balances["USDT"].total
        orders = {order.key.cid for order in self.ledger.open.values()}
        live = self.venue.exchange._clearing.orders.live()
        assert orders == {order.request.key.cid for order in live}
        self._check_locked(live)

    def _check_locked(self, live: list[Any]) -> None:
        """What is locked is what orders and positions have reserved, to the last digit."""
        locked: dict[str, Decimal] = defaultdict(Decimal)
        for order in live:
            for asset, amount in order.reserved.items():
                assert amount > 0
                locked[asset] += amount
        if not self.is_spot:
            settlement = self.venue.exchange._by_name[str(NAME)].settlement
            assert settlement.position == self.ledger.position  # type: ignore[union-attr]
            for asset, amount in settlement.margin.items():  # type: ignore[union-attr]
                locked[asset] += amount
        for asset, held in self.venue.exchange.account.balances().items():
            assert locked[asset] == held.used()


SPOT = st.builds(
    Run,
    st.integers(0, 10**6),
    st.sampled_from(list(FEES)),
    st.sampled_from(list(QUEUES)),
    st.sampled_from(SOURCES),
    is_spot=st.just(True),
    is_limited=st.booleans(),
)
CONTRACTS = st.builds(
    Run,
    st.integers(0, 10**6),
    st.sampled_from(["none", "quote", "received", "third", "tiers"]),
    st.sampled_from(list(QUEUES)),
    st.sampled_from(SOURCES),
    is_spot=st.just(False),
    is_limited=st.just(False),
)


@PROPERTY
@given(SPOT)
def test_spot_conserves_every_asset_and_overdraws_none(run: Run) -> None:
    for _ in range(25):
        run.step()


@PROPERTY
@given(CONTRACTS)
def test_contracts_lock_what_orders_and_positions_reserve(run: Run) -> None:
    for _ in range(25):
        run.step()


@pytest.mark.parametrize("is_spot", [True, False], ids=["spot", "contract"])
@pytest.mark.parametrize("source", [("book", "l1", "trade"), ("candle",)], ids=["book", "candles"])
def test_a_long_run(source: tuple[str, ...], is_spot: bool) -> None:
    run = Run(7, "quote", "proportional", source, is_spot=is_spot, is_limited=is_spot)
    for _ in range(REQUESTS // 4):
        run.step()

    assert any(isinstance(event.kind, Trade) for event in run.log)


@PROPERTY
@given(st.integers(0, 10**6), st.sampled_from(SOURCES), st.booleans())
def test_two_runs_are_identical(seed: int, source: tuple[str, ...], is_spot: bool) -> None:
    runs = [Run(seed, "quote", "proportional", source, is_spot=is_spot, is_limited=False) for _ in range(2)]
    for run in runs:
        for _ in range(15):
            run.step()

    assert runs[0].log == runs[1].log


@PROPERTY
@given(
    st.integers(0, 10**6),
    st.sampled_from(SOURCES),
    st.sampled_from(Side),
    st.integers(-8, 8),
    st.integers(1, 80),
    st.integers(0, 6),
)
def test_optimist_default_and_pessimist_bracket_each_other(
    seed: int, source: tuple[str, ...], side: Side, offset: int, eighths: int, warm_up: int
) -> None:
    """One resting order on the same market: at every step the optimist has filled most, the pessimist least."""
    wanted = RequestOpen(
        side, D("100") + D(offset) / 10, D(eighths) / 8, OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY
    )
    venues = [Venue("USDT 100000, BTC 1000", queue=QUEUES[name]) for name in ("optimistic", "proportional", "pessimistic")]
    filled = [D(0), D(0), D(0)]
    for number, event in enumerate(RandomMarket(Random(seed), source, START, EXCHANGE).events(60)):
        for place, venue in enumerate(venues):
            answers = list(venue.exchange.on_market(event))
            if number == warm_up:
                answers += venue.exchange.on_request(OrderRequestOpen(key("a"), wanted), event.time_exchange)
            filled[place] += sum((answer.kind.quantity for answer in answers if isinstance(answer.kind, Trade)), D(0))

        assert filled[0] >= filled[1] >= filled[2], number
