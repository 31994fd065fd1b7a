"""Longer bars are the same whether they are built from trades or from shorter bars."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data.bar.trades import HOUR, MINUTE, START, Trade, at, built, minutes, shown
from tests.support.properties import PROPERTY

from barter_python.data.bar import Bar, BarBuilder, EmptyInterval, TickBars, TimeBars, ValueBars, VolumeBars, bar_from_candle
from barter_python.data.event import Candle
from barter_python.errors import MarketDataError

AMOUNTS = st.one_of(st.floats(1e-6, 1e6), st.integers(1, 100_000).map(lambda count: count / 1_000), st.just(0.0))
TRADES = st.lists(st.tuples(st.floats(0, 1_200), st.floats(50.0, 150.0), AMOUNTS), min_size=1, max_size=60).map(sorted)


def longer(builder: BarBuilder, bars: Iterable[Bar]) -> list[Bar]:
    return [longer for bar in bars for longer in builder.update_from_bar(bar)]


def ended(builder: BarBuilder, bars: list[Bar]) -> list[Bar]:
    """The bars, and those that the end of the hour closes."""
    return [*bars, *builder.advance(at(3_600))]


@PROPERTY
@given(TRADES, st.sampled_from(EmptyInterval), st.sampled_from(EmptyInterval))
def test_longer_bars_from_shorter_ones_equal_those_from_trades(
    trades: list[Trade], empty_minute: EmptyInterval, empty: EmptyInterval
) -> None:
    five, ten = TimeBars(5 * MINUTE, empty), TimeBars(10 * MINUTE, empty)
    direct, by_minutes, by_fives = BarBuilder([five, ten]), BarBuilder([five, ten]), BarBuilder([ten])
    minute = BarBuilder([TimeBars(MINUTE, empty_minute)])

    expected = ended(direct, built(direct, trades))
    from_minutes = ended(by_minutes, longer(by_minutes, ended(minute, built(minute, trades))))
    from_fives = ended(by_fives, longer(by_fives, [bar for bar in from_minutes if bar.spec == five]))

    assert expected == from_minutes
    assert [bar for bar in expected if bar.spec == ten] == from_fives


@PROPERTY
@given(TRADES, st.sampled_from(EmptyInterval))
def test_no_bar_is_told_before_it_has_closed(trades: list[Trade], empty: EmptyInterval) -> None:
    builder, clock = BarBuilder([TimeBars(MINUTE, empty), TickBars(3), VolumeBars(1e5), ValueBars(1e7)]), START
    for seconds, price, amount in reversed(trades):
        clock = max(clock, at(seconds))
        assert all(bar.close_time <= clock for bar in builder.update_from_trade(at(seconds), price, amount))
    for seconds, price, amount in trades:
        clock = max(clock, at(seconds + 1_200))
        assert all(bar.close_time <= clock for bar in builder.update_from_trade(clock, price, amount))


def test_sums_of_many_trades_are_those_of_the_decimals_that_the_venue_sent() -> None:
    random = Random(1)
    trades = [(number / 6, 61_837.63, round(random.expovariate(1.0), 5)) for number in range(20_000)]
    direct, minute, by_minutes = BarBuilder([TimeBars(HOUR)]), BarBuilder([minutes()]), BarBuilder([TimeBars(HOUR)])
    volume = sum(Decimal(repr(amount)) for _, _, amount in trades)

    (bar,) = ended(direct, built(direct, trades))

    assert (float(volume), float(f"{volume * Decimal('61837.63'):.15g}")) == (bar.volume, bar.turnover)
    assert [bar] == ended(by_minutes, longer(by_minutes, ended(minute, built(minute, trades))))


def test_a_longer_bar_closes_with_the_last_of_its_bars() -> None:
    bars = built(BarBuilder([minutes()]), [(0, 10, 1), (70, 12, 1), (130, 9, 1), (190, 11, 1)])
    builder = BarBuilder([minutes(3)])

    assert [[], [], [(180, 10, 12, 9, 9, 3, 3)]] == [shown(builder.update_from_bar(bar)) for bar in bars]


def test_an_interval_without_trades_has_no_part_in_the_first_price() -> None:
    flat = built(BarBuilder([TimeBars(MINUTE, EmptyInterval.FLAT)]), [(0, 10, 1), (310, 12, 1), (360, 1, 1), (600, 1, 1)])

    (_, second) = longer(BarBuilder([minutes(5)]), flat)

    assert (12, 12, 1, 1) == (second.open, second.high, second.low, second.close)


def test_sizes_of_finer_bars_are_counted() -> None:
    bars = built(BarBuilder([TickBars(2)]), [(second, 10, 1) for second in range(9)])

    built_from_bars = longer(BarBuilder([TickBars(4), VolumeBars(6), ValueBars(80)]), bars)

    assert [(3, TickBars(4), 4), (5, VolumeBars(6), 6), (7, TickBars(4), 4), (7, ValueBars(80), 8)] == [
        ((bar.close_time - START).total_seconds(), bar.spec, bar.trade_count) for bar in built_from_bars
    ]


def test_a_bar_of_trades_belongs_where_its_last_trade_does() -> None:
    bars = built(BarBuilder([TickBars(1)]), [(59, 10, 1), (60, 11, 1), (120, 12, 1)])

    assert [(60, 10, 10, 10, 10, 1, 1), (120, 11, 11, 11, 11, 1, 1)] == shown(longer(BarBuilder([minutes()]), bars))


def test_a_bar_that_is_part_of_two_is_refused_and_changes_nothing() -> None:
    builder = BarBuilder([TickBars(1), minutes(5)])
    (seven,) = built(BarBuilder([minutes(7)]), [(180, 10, 1), (3_600, 10, 1)])

    with pytest.raises(MarketDataError, match="is part of two bars of 0:05:00, expected one whose interval divides that"):
        builder.update_from_bar(seven)

    assert BarBuilder([TickBars(1), minutes(5)]) == builder


def candle(seconds: float, price: float = 10.0, volume: float = 1.5) -> Candle:
    return Candle(at(seconds), price, price + 1, price - 1, price, volume, 3)


IMPOSSIBLE: dict[str, tuple[dict[str, float], str]] = {
    "high below low": (
        {"high": 8.0},
        "open is 10.0, high is 8.0, low is 9.0, close is 10.0, expected positive numbers, none above",
    ),
    "close above high": ({"close": 12.0}, "close is 12.0, expected positive numbers, none above high or below low"),
    "a price that is no number": ({"open": math.nan}, "open is nan, high is 11.0"),
    "a price of zero": ({"low": 0.0}, "low is 0.0"),
    "endless": ({"high": math.inf}, "high is inf"),
    "a negative volume": ({"volume": -1.0}, "volume is -1.0, expected zero or a positive number"),
}


@pytest.mark.parametrize(("change", "message"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_impossible_bar_is_refused_and_changes_nothing(change: dict[str, float], message: str) -> None:
    builder = BarBuilder([minutes(5), TickBars(3)])

    with pytest.raises(MarketDataError, match=message):
        builder.update_from_bar(replace(bar_from_candle(candle(60), MINUTE), **change))  # type: ignore[arg-type]

    assert BarBuilder([minutes(5), TickBars(3)]) == builder


def test_a_finer_bar_of_a_closed_interval_is_late() -> None:
    builder = BarBuilder([minutes(5)])
    builder.advance(at(300))

    assert [] == [*builder.update_from_bar(bar_from_candle(candle(300), MINUTE))]
    assert 1 == builder.late


@pytest.mark.parametrize("closes", [300.0, 299.999, 299.999999])
def test_candles_stamped_in_the_last_millisecond_close_with_the_second(closes: float) -> None:
    (bar,) = BarBuilder([minutes(5)]).update_from_bar(bar_from_candle(candle(closes), MINUTE))

    assert (at(0), at(300)) == (bar.open_time, bar.close_time)


def test_the_value_of_candles_is_not_known() -> None:
    (bar,) = BarBuilder([minutes(5)]).update_from_bar(bar_from_candle(candle(300), MINUTE))

    assert (None, None, 1.5) == (bar.turnover, bar.vwap, bar.volume)
    with pytest.raises(MarketDataError, match="turnover of a bar is not known, expected bars that were built from trades"):
        BarBuilder([ValueBars(10)]).update_from_bar(bar)


def test_a_builder_is_copied_pickled_and_compared() -> None:
    trades: list[Trade] = [(seconds, 10 + seconds % 7, 0.1) for seconds in range(200)]
    builder = BarBuilder([minutes(), TickBars(7), VolumeBars(3), ValueBars(99)])
    built(builder, trades)
    copies = [copy.deepcopy(builder), pickle.loads(pickle.dumps(builder))]

    assert [builder, builder] == copies
    expected = built(builder, [(250, 10, 1), (3_700, 11, 1)])
    assert [expected, expected] == [built(copied, [(250, 10, 1), (3_700, 11, 1)]) for copied in copies]
    assert BarBuilder([minutes()]) != builder


def test_bars_are_values() -> None:
    (bar,) = built(BarBuilder([TimeBars(HOUR)]), [(0, 10, 1), (3_600, 10, 1)])

    assert copy.deepcopy(bar) == bar
    assert replace(bar, close=11.0) != bar
