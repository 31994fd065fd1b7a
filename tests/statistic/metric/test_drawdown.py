"""Drawdowns. Rust origin: barter::statistic::metric::drawdown (tests of mod, max and mean)."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest
from tests.support.builders import TIME_MIN, D, plus_days, plus_seconds

from barter_python.statistic.metric.drawdown import (
    Drawdown,
    DrawdownGenerator,
    MaxDrawdownGenerator,
    MeanDrawdown,
    MeanDrawdownGenerator,
)
from barter_python.timed import Timed

DAY_MS = 86_400_000
SLIGHT = "0.0000000869565217391304347826"


def generator(peak: str, drawdown_max: str, peak_day: int, day: int) -> DrawdownGenerator:
    return DrawdownGenerator(D(peak), D(drawdown_max), plus_days(peak_day), plus_days(day))


def drawdown(value: str, start_day: int, end_day: int) -> Drawdown:
    return Drawdown(D(value), plus_days(start_day), plus_days(end_day))


VALUES = ["100", "110", "99", "88", "95", "115", "115", "114.99999", "200"]
"""One a day."""


@pytest.mark.parametrize(
    ("day", "expected_state", "expected_output"),
    [
        pytest.param(0, generator("100", "0", 0, 0), None, id="first-value"),
        pytest.param(1, generator("110", "0", 1, 1), None, id="rise-without-a-fall"),
        pytest.param(2, generator("110", "0.1", 1, 2), None, id="fall"),
        pytest.param(3, generator("110", "0.2", 1, 3), None, id="deeper-fall"),
        pytest.param(4, generator("110", "0.2", 1, 4), None, id="partial-recovery"),
        pytest.param(5, generator("115", "0", 5, 5), drawdown("0.2", 1, 5), id="recovery-ends-it"),
        pytest.param(6, generator("115", "0", 5, 6), None, id="equal-to-the-peak"),
        pytest.param(7, generator("115", SLIGHT, 5, 7), None, id="slight-fall"),
        pytest.param(8, generator("200", "0", 8, 8), drawdown(SLIGHT, 5, 8), id="jump-ends-the-slight-fall"),
    ],
)
def test_drawdown_generator_update(day: int, expected_state: DrawdownGenerator, expected_output: Drawdown | None) -> None:
    actual, output = DrawdownGenerator(), None
    for number, value in enumerate(VALUES[: day + 1]):
        output = actual.update(Timed(D(value), plus_days(number)))
    assert (expected_state, expected_output) == (actual, output)


def test_drawdown_generator_init_is_the_first_value() -> None:
    assert generator("100", "0", 3, 3) == DrawdownGenerator.init(Timed(D(100), plus_days(3)))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param(DrawdownGenerator(), None, id="no-values"),
        pytest.param(generator("100", "0", 0, 1), None, id="no-fall"),
        pytest.param(generator("100", "0.3", 1, 4), drawdown("0.3", 1, 4), id="in-progress"),
    ],
)
def test_drawdown_in_progress(state: DrawdownGenerator, expected: Drawdown | None) -> None:
    assert expected == state.generate()


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(generator("100", "0.3", 1, 4), id="divergence-4-drawdown"),
        pytest.param(MaxDrawdownGenerator.init(drawdown("0.3", 1, 4)), id="divergence-4-max"),
        pytest.param(MeanDrawdownGenerator.init(drawdown("0.3", 1, 4)), id="divergence-4-mean"),
    ],
)
def test_generate_changes_nothing(state: DrawdownGenerator | MaxDrawdownGenerator | MeanDrawdownGenerator) -> None:
    before = deepcopy(state)
    assert state.generate() == state.generate()
    assert before == state


def test_drawdown_from_a_peak_of_zero_is_none() -> None:
    actual = DrawdownGenerator.init(Timed(D(0), TIME_MIN))
    assert actual.update(Timed(D(-5), plus_days(1))) is None
    assert generator("0", "0", 0, 1) == actual


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        pytest.param(0, None, id="none-yet"),
        pytest.param(1, drawdown("-0.227272727272727273", 0, 2), id="first"),
        pytest.param(2, drawdown("-0.55", 0, 3), id="deeper"),
        pytest.param(3, drawdown("-0.55", 0, 3), id="shallower-changes-nothing"),
        pytest.param(4, drawdown("-0.99999", 0, 4), id="deepest"),
    ],
)
def test_max_drawdown_generator_update(count: int, expected: Drawdown | None) -> None:
    """Depth counts, whatever the sign."""
    actual = MaxDrawdownGenerator()
    for value, end_day in [("-0.227272727272727273", 2), ("-0.55", 3), ("-0.033333333333333333", 3), ("-0.99999", 4)][:count]:
        actual.update(drawdown(value, 0, end_day))
    assert (MaxDrawdownGenerator(expected), expected) == (actual, actual.generate())


def test_first_of_two_equal_drawdowns_stays_the_deepest() -> None:
    actual = MaxDrawdownGenerator.init(drawdown("0.5", 0, 1))
    actual.update(drawdown("0.5", 2, 3))
    assert drawdown("0.5", 0, 1) == actual.generate()


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        pytest.param(0, None, id="none-yet"),
        pytest.param(1, MeanDrawdown(D("-0.5"), 2 * DAY_MS), id="first"),
        pytest.param(2, MeanDrawdown(D("-0.5"), 2 * DAY_MS), id="equal"),
        pytest.param(3, MeanDrawdown(D("-0.3933333333333333333333333333"), 3 * DAY_MS), id="shallower-and-longer"),
    ],
)
def test_mean_drawdown_generator_update(count: int, expected: MeanDrawdown | None) -> None:
    actual = MeanDrawdownGenerator()
    for value, end_day in [("-0.5", 2), ("-0.5", 2), ("-0.18", 5)][:count]:
        actual.update(drawdown(value, 0, end_day))
    assert (MeanDrawdownGenerator(count, expected), expected) == (actual, actual.generate())


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param(1.0019, 1001, id="truncated"),
        pytest.param(-1.0019, -1001, id="negative-towards-zero"),
    ],
)
def test_duration_counts_whole_milliseconds(seconds: float, expected: int) -> None:
    base = plus_days(1)
    actual = MeanDrawdownGenerator.init(Drawdown(D("0.1"), base, plus_seconds(seconds, base)))
    assert MeanDrawdown(D("0.1"), expected) == actual.generate()


def test_duration_is_from_peak_to_recovery() -> None:
    assert timedelta(days=4) == drawdown("0.2", 1, 5).duration()
