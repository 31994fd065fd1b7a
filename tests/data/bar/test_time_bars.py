from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.data.bar.trades import MINUTE, Trade, at, built, minutes, shown

from barter_python.data.bar import BarBuilder, EmptyInterval, TimeBars

FLAT = TimeBars(MINUTE, EmptyInterval.FLAT)
CASES: dict[str, tuple[TimeBars, list[Trade], list[tuple[float, ...]]]] = {
    "nothing before the end": (minutes(), [(0, 10, 1), (59.999999, 12, 1)], []),
    "a trade at the end is the next bar's": (minutes(), [(0, 10, 1), (30, 12, 2), (60, 9, 4)], [(60, 10, 12, 10, 12, 3, 2)]),
    "first, highest, lowest, last": (
        minutes(),
        [(1, 10, 1), (2, 8, 1), (3, 13, 1), (4, 11, 1), (60, 1, 1)],
        [(60, 10, 13, 8, 11, 4, 4)],
    ),
    "the bar of a first trade in the middle ends where all others do": (
        minutes(),
        [(90, 10, 1), (121, 9, 1)],
        [(120, 10, 10, 10, 10, 1, 1)],
    ),
    "empty intervals give nothing": (
        minutes(),
        [(0, 10, 1), (190, 12, 1), (240, 1, 1)],
        [(60, 10, 10, 10, 10, 1, 1), (240, 12, 12, 12, 12, 1, 1)],
    ),
    "empty intervals give flat bars": (
        FLAT,
        [(0, 10, 1), (190, 12, 1), (240, 1, 1)],
        [
            (60, 10, 10, 10, 10, 1, 1),
            (120, 10, 10, 10, 10, 0, 0),
            (180, 10, 10, 10, 10, 0, 0),
            (240, 12, 12, 12, 12, 1, 1),
        ],
    ),
    "nothing is flat before the first trade": (FLAT, [(600, 10, 1), (660, 9, 1)], [(660, 10, 10, 10, 10, 1, 1)]),
    "what comes last is the close, in whichever order it was stamped": (
        minutes(),
        [(20, 10, 1), (10, 12, 1), (60, 1, 1)],
        [(60, 10, 12, 10, 12, 2, 2)],
    ),
    "a late trade is left out": (
        minutes(),
        [(0, 10, 1), (61, 11, 1), (59, 99, 9), (120, 1, 1)],
        [(60, 10, 10, 10, 10, 1, 1), (120, 11, 11, 11, 11, 1, 1)],
    ),
    "amounts are summed as decimals": (minutes(), [(0, 10, 0.1), (1, 10, 0.2), (60, 10, 1)], [(60, 10, 10, 10, 10, 0.3, 2)]),
}


@pytest.mark.parametrize(("spec", "trades", "expected"), CASES.values(), ids=CASES)
def test_trades_give_bars(spec: TimeBars, trades: list[Trade], expected: list[tuple[float, ...]]) -> None:
    assert expected == shown(built(BarBuilder([spec]), trades))


def test_late_trades_are_counted() -> None:
    builder = BarBuilder([minutes(1), minutes(5)])
    built(builder, [(0, 10, 1), (61, 11, 1), (59, 99, 9)])

    assert 1 == builder.late


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (timedelta(minutes=7), datetime(2024, 12, 31, 23, 58, tzinfo=UTC)),
        (timedelta(days=1), datetime(2025, 1, 1, tzinfo=UTC)),
        (timedelta(days=7), datetime(2024, 12, 26, tzinfo=UTC)),
    ],
)
def test_intervals_are_counted_from_1970(interval: timedelta, expected: datetime) -> None:
    (bar,) = built(BarBuilder([TimeBars(interval)]), [(0, 10, 1), (interval.total_seconds(), 11, 1)])

    assert (expected, expected + interval) == (bar.open_time, bar.close_time)


def test_several_lengths_close_in_order_of_time_shorter_as_given() -> None:
    builder = BarBuilder([minutes(5), FLAT])

    bars = built(builder, [(0, 10, 1), (301, 11, 1)])

    assert [(60, FLAT), (120, FLAT), (180, FLAT), (240, FLAT), (300, minutes(5)), (300, FLAT)] == [
        ((bar.close_time - at(0)).total_seconds(), bar.spec) for bar in bars
    ]


def test_a_timer_closes_a_bar() -> None:
    builder = BarBuilder([minutes()])
    built(builder, [(0, 10, 1)])

    assert ([], [(60, 10, 10, 10, 10, 1, 1)], []) == tuple(shown(builder.advance(at(seconds))) for seconds in (59.9, 60, 60))


def test_a_trade_before_the_interval_of_a_timer_is_late() -> None:
    builder = BarBuilder([minutes()])
    builder.advance(at(60))

    assert [(120, 11, 11, 11, 11, 1, 1)] == shown(built(builder, [(59, 10, 1), (60, 11, 1), (120, 12, 1)]))
    assert 1 == builder.late


def test_a_timer_before_the_clock_changes_nothing() -> None:
    builder, same = BarBuilder([FLAT]), BarBuilder([FLAT])
    built(builder, [(0, 10, 1), (100, 11, 1)])
    built(same, [(0, 10, 1), (100, 11, 1)])

    assert [] == [*builder.advance(at(50))]
    assert same == builder


def test_turnover_and_average_price() -> None:
    (bar,) = built(BarBuilder([minutes()]), [(0, 10, 1), (1, 20, 3), (60, 1, 1)])

    assert (70.0, 17.5) == (bar.turnover, bar.vwap)


def test_a_bar_as_market_data() -> None:
    (bar,) = built(BarBuilder([minutes()]), [(0, 10, 1), (1, 20, 3), (60, 1, 1)])
    candle = bar.candle()

    assert (at(60), 10, 20, 10, 20, 4.0, 2, MINUTE) == (
        candle.close_time,
        candle.open,
        candle.high,
        candle.low,
        candle.close,
        candle.volume,
        candle.trade_count,
        candle.interval,
    )
