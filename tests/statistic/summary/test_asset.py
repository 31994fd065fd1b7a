"""Tear sheets of assets. Rust origin: barter::statistic::summary::asset (tests)."""

from __future__ import annotations

from copy import deepcopy

import pytest
from tests.support.builders import TIME_MIN, D, plus_days

from barter_python.execution.balance import AssetBalance, Balance
from barter_python.statistic.metric.drawdown import (
    Drawdown,
    DrawdownGenerator,
    MaxDrawdownGenerator,
    MeanDrawdown,
    MeanDrawdownGenerator,
)
from barter_python.statistic.summary.asset import TearSheetAsset, TearSheetAssetGenerator
from barter_python.timed import Timed

DAY_MS = 86_400_000
TOTALS = ["1", "2", "1.5", "1", "2.5", "2.4", "2.4", "2.41", "3"]
"""One a day; the first starts the session."""


def fed(days: int) -> TearSheetAssetGenerator:
    """What is known after that many days."""
    generator = TearSheetAssetGenerator.init(Timed(Balance(D(TOTALS[0]), D(TOTALS[0])), TIME_MIN))
    for day in range(1, days + 1):
        generator.update_from_balance(AssetBalance(0, Balance(D(TOTALS[day]), D(TOTALS[day])), plus_days(day)))
    return generator


def generator(
    total: str, peak: str, drawdown_max: str, peak_day: int, day: int, *, ended: tuple[str, int, int] | None = None
) -> TearSheetAssetGenerator:
    """`ended` is the mean depth of the ended drawdowns, their mean duration in ms, and their number."""
    deepest = Drawdown(D("0.5"), plus_days(1), plus_days(4))
    return TearSheetAssetGenerator(
        Balance(D(total), D(total)),
        DrawdownGenerator(D(peak), D(drawdown_max), plus_days(peak_day), plus_days(day)),
        MeanDrawdownGenerator(0) if ended is None else MeanDrawdownGenerator(ended[2], MeanDrawdown(D(ended[0]), ended[1])),
        MaxDrawdownGenerator(None if ended is None else deepest),
    )


FIRST = ("0.5", 3 * DAY_MS, 1)
BOTH = ("0.27", 7 * DAY_MS // 2, 2)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(0, generator("1", "1", "0", 0, 0), id="start"),
        pytest.param(1, generator("2", "2", "0", 1, 1), id="rise"),
        pytest.param(2, generator("1.5", "2", "0.25", 1, 2), id="fall"),
        pytest.param(3, generator("1", "2", "0.5", 1, 3), id="deeper-fall"),
        pytest.param(4, generator("2.5", "2.5", "0", 4, 4, ended=FIRST), id="recovery-ends-the-first-drawdown"),
        pytest.param(5, generator("2.4", "2.5", "0.04", 4, 5, ended=FIRST), id="second-fall"),
        pytest.param(6, generator("2.4", "2.5", "0.04", 4, 6, ended=FIRST), id="equal"),
        pytest.param(7, generator("2.41", "2.5", "0.04", 4, 7, ended=FIRST), id="partial-recovery"),
        pytest.param(8, generator("3", "3", "0", 8, 8, ended=BOTH), id="recovery-ends-the-second-drawdown"),
    ],
)
def test_update_from_balance(day: int, expected: TearSheetAssetGenerator) -> None:
    assert expected == fed(day)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(1, TearSheetAsset(Balance(D(2), D(2)), None, None, None), id="without-drawdown"),
        pytest.param(
            3,
            TearSheetAsset(
                Balance(D(1), D(1)),
                Drawdown(D("0.5"), plus_days(1), plus_days(3)),
                MeanDrawdown(D("0.5"), 2 * DAY_MS),
                Drawdown(D("0.5"), plus_days(1), plus_days(3)),
            ),
            id="drawdown-in-progress-counts",
        ),
        pytest.param(
            7,
            TearSheetAsset(
                Balance(D("2.41"), D("2.41")),
                Drawdown(D("0.04"), plus_days(4), plus_days(7)),
                MeanDrawdown(D("0.27"), 3 * DAY_MS),
                Drawdown(D("0.5"), plus_days(1), plus_days(4)),
            ),
            id="one-ended-and-one-in-progress",
        ),
    ],
)
def test_generate(day: int, expected: TearSheetAsset) -> None:
    assert expected == fed(day).generate()


@pytest.mark.parametrize("day", [pytest.param(3, id="divergence-4-in-progress"), pytest.param(7, id="divergence-4-both")])
def test_generate_changes_nothing(day: int) -> None:
    actual = fed(day)
    before = deepcopy(actual)
    assert actual.generate() == actual.generate()
    assert before == actual


def test_tear_sheet_of_an_asset_without_balance_is_empty() -> None:
    assert TearSheetAsset(None, None, None, None) == TearSheetAssetGenerator().generate()


def test_reset_starts_a_new_session() -> None:
    actual = fed(7)
    start = Timed(Balance(D(9), D(8)), plus_days(10))
    actual.reset(start)
    assert TearSheetAssetGenerator.init(start) == actual
