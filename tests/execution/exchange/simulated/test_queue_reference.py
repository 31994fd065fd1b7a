"""A resting bid fills when the inputs of the queue model say so, and only then: compared with a second, plain implementation."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from tests.execution.exchange.simulated.random_market import RandomMarket
from tests.execution.exchange.simulated.reference import ReferenceBid
from tests.execution.exchange.simulated.venue import EXCHANGE, START, D, Venue, key
from tests.support.properties import PROPERTY

from barter_python.execution.exchange.simulated.queue import OptimisticQueue, PessimisticQueue, ProportionalQueue
from barter_python.execution.order.order import OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequestOpen, RequestOpen
from barter_python.execution.trade import Trade
from barter_python.instrument.side import Side

MODELS = {"optimistic": OptimisticQueue(), "proportional": ProportionalQueue(), "pessimistic": PessimisticQueue()}


@PROPERTY
@given(
    st.sampled_from(list(MODELS)),
    st.integers(0, 10**6),
    st.booleans(),
    st.integers(0, 4),
    st.integers(1, 400),
)
def test_a_resting_bid(model: str, seed: int, has_l1: bool, below: int, eighths: int) -> None:
    venue = Venue("USDT 1000000", queue=MODELS[model])
    market = RandomMarket(Random(seed), ("book", "book", "trade", *(["l1"] if has_l1 else [])), START, EXCHANGE)
    events = list(market.events(80))
    first = next(place for place, event in enumerate(events) if hasattr(event.kind, "book")) + 1
    best = events[first - 1].kind.book.bids.levels[0].price  # type: ignore[union-attr]
    price, quantity = best - D(below) / 10, D(eighths) / 8
    reference = ReferenceBid(model, price, quantity)
    for event in events[:first]:
        venue.exchange.on_market(event)
        reference.on_market(event)
    wanted = RequestOpen(Side.BUY, price, quantity, OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_CANCELLED)
    venue.exchange.on_request(OrderRequestOpen(key("a"), wanted), events[first - 1].time_exchange)
    reference.arrive()

    filled = D(0)
    for event in events[first:]:
        told = venue.exchange.on_market(event)
        filled += sum((answer.kind.quantity for answer in told if isinstance(answer.kind, Trade)), D(0))
        reference.on_market(event)

        # The exchange keeps amounts ahead as multiples of 1e-8, rounded up.
        assert abs(filled - D(float(reference.filled))) < D("0.00001")
