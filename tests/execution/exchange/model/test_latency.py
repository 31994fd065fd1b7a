"""Latency: constants, and jitter that a seed decides."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from barter_python.execution.exchange.model.latency import ConstantLatency, JitteredLatency

MS = timedelta(milliseconds=1)


def model(seed: int = 7, jitter_ms: int = 4) -> JitteredLatency:
    return JitteredLatency(
        ConstantLatency(10 * MS, 20 * MS, 3 * MS), ConstantLatency(jitter_ms * MS, jitter_ms * MS, jitter_ms * MS), seed
    )


def test_half_of_a_round_trip_is_rounded_down_on_the_way_there() -> None:
    latency = ConstantLatency.round_trip(101)

    assert (latency.request(), latency.response(), latency.market_data()) == (50 * MS, 51 * MS, timedelta())


def test_the_same_seed_gives_the_same_latencies_and_another_seed_others() -> None:
    def draws(seed: int) -> list[timedelta]:
        latency = model(seed)
        return [draw for _ in range(20) for draw in (latency.request(), latency.response(), latency.market_data())]

    assert draws(7) == draws(7)
    assert draws(7) != draws(8)


def test_the_first_draws_of_a_seed_are_the_same_everywhere() -> None:
    latency = model(7)

    assert [latency.request() // timedelta(microseconds=1) for _ in range(3)] == [13374, 8530, 9877]


def test_market_data_is_delayed_alike_whatever_is_sent() -> None:
    silent, busy = model(), model()
    for _ in range(5):
        busy.request()
        busy.response()

    assert [silent.market_data() for _ in range(5)] == [busy.market_data() for _ in range(5)]


def test_a_copy_goes_on_where_the_original_is() -> None:
    latency = model()
    latency.request()
    copy = deepcopy(latency)

    assert [latency.request() for _ in range(5)] == [copy.request() for _ in range(5)]


@given(st.integers(0, 10_000), st.integers(0, 50))
def test_jitter_stays_within_its_bounds_and_is_never_negative(seed: int, jitter_ms: int) -> None:
    latency = model(seed, jitter_ms)
    for base, draw in ((10 * MS, latency.request), (20 * MS, latency.response), (3 * MS, latency.market_data)):
        for _ in range(20):
            assert max(timedelta(), base - jitter_ms * MS) <= draw() <= base + jitter_ms * MS
