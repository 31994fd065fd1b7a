"""Tear sheets of instruments. No Rust tests; the rules where Rust is wrong are those of divergence 4."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.support.builders import TIME_MIN, D, decimals, plus_days

from barter_python.execution.position import PositionExited
from barter_python.execution.trade import AssetFees
from barter_python.instrument.side import Side
from barter_python.numeric import DECIMAL_MAX, DECIMAL_MIN
from barter_python.statistic.metric.drawdown import Drawdown, MeanDrawdown
from barter_python.statistic.metric.ratio import CalmarRatio, RateOfReturn, SharpeRatio, SortinoRatio
from barter_python.statistic.metric.win_rate import ProfitFactor, WinRate
from barter_python.statistic.summary.instrument import TearSheet, TearSheetGenerator
from barter_python.statistic.time import ANNUAL_365, DAILY

DAY_MS = 86_400_000


def exited(pnl: Decimal, day: int) -> PositionExited:
    """A position of one unit entered at 100, so that its return is its profit in percent."""
    no_fees = AssetFees.quote_fees(D(0))
    return PositionExited(0, Side.BUY, D(100), D(1), pnl, no_fees, no_fees, TIME_MIN, plus_days(day), ["trade"])


def fed(profits: str) -> TearSheetGenerator:
    """Fed with one closed position a day."""
    generator = TearSheetGenerator.init(TIME_MIN)
    for day, pnl in enumerate(decimals(profits), start=1):
        generator.update_from_position(exited(pnl, day))
    return generator


def sheet(profits: str) -> TearSheet:
    return fed(profits).generate(D(0), DAILY)


@pytest.mark.parametrize(
    ("profits", "win_rate", "profit_factor"),
    [
        pytest.param("", None, None, id="divergence-4-no-positions"),
        pytest.param("5 5 5 5 5 5 5 -1 -1 -1", "0.7", str(D(35) / 3), id="divergence-4-seven-wins-three-losses"),
        pytest.param("1 1 -1 -1 -1 -1 -1 -1 -1 -1", "0.2", "0.25", id="divergence-4-two-wins-eight-losses"),
        pytest.param("-1 -2", "0", str(DECIMAL_MIN), id="divergence-4-only-losses"),
        pytest.param("1 2", "1", str(DECIMAL_MAX), id="divergence-4-only-wins"),
        pytest.param("1 -1", "0.5", "1", id="divergence-4-break-even"),
        pytest.param("1 0", "0.5", str(DECIMAL_MAX), id="divergence-4-flat-is-no-win"),
        pytest.param("0 0", "0", None, id="divergence-4-only-flat"),
    ],
)
def test_win_rate_and_profit_factor(profits: str, win_rate: str | None, profit_factor: str | None) -> None:
    actual = sheet(profits)
    assert (None if win_rate is None else WinRate(D(win_rate))) == actual.win_rate
    if profit_factor is None or actual.profit_factor is None:
        assert profit_factor is actual.profit_factor
    else:
        assert abs(D(profit_factor) - actual.profit_factor.value) < D("1e-24")


def test_divergence_4_profit_factor_weighs_positions_by_money_not_by_return() -> None:
    """A tenth won on 1000 against a tenth lost on 100: the returns are equal, the money is not."""
    generator = TearSheetGenerator.init(TIME_MIN)
    generator.update_from_position(replace(exited(D(100), 1), price_entry_average=D(1000)))
    generator.update_from_position(exited(D(-10), 2))
    assert ProfitFactor(D(10)) == generator.generate(D(0), DAILY).profit_factor


@pytest.mark.parametrize("profits", [pytest.param("10 -4 2", id="divergence-4-generate-is-pure")])
def test_generate_changes_nothing(profits: str) -> None:
    actual = fed(profits)
    before = deepcopy(actual)
    assert actual.generate(D(0), DAILY) == actual.generate(D(0), DAILY)
    assert before == actual


def test_members_of_a_sheet() -> None:
    """Returns of 10 % and -4 % over two days: mean 3 %, standard deviation 7 %, drawdown 40 % of the profit."""
    drawdown = Drawdown(D("0.4"), plus_days(1), plus_days(2))
    expected = TearSheet(
        pnl=D(6),
        pnl_return=RateOfReturn(D("0.015"), DAILY),
        sharpe_ratio=SharpeRatio(D("0.02") / D("0.07"), timedelta(days=2)).scale(DAILY),
        sortino_ratio=SortinoRatio(DECIMAL_MAX, timedelta(days=2)).scale(DAILY),
        calmar_ratio=CalmarRatio(D("0.05"), timedelta(days=2)).scale(DAILY),
        pnl_drawdown=drawdown,
        pnl_drawdown_mean=MeanDrawdown(D("0.4"), DAY_MS),
        pnl_drawdown_max=drawdown,
        win_rate=WinRate(D("0.5")),
        profit_factor=ProfitFactor(D("2.5")),
    )
    actual = fed("10 -4").generate(D("0.01"), DAILY)
    assert abs(expected.sharpe_ratio.value - actual.sharpe_ratio.value) < D("1e-20")
    assert replace(expected, sharpe_ratio=actual.sharpe_ratio) == actual


def test_ended_and_current_drawdowns_count() -> None:
    actual = sheet("10 -5 10 -3")
    assert Drawdown(D("0.2"), plus_days(3), plus_days(4)) == actual.pnl_drawdown
    assert MeanDrawdown(D("0.35"), 3 * DAY_MS // 2) == actual.pnl_drawdown_mean
    assert Drawdown(D("0.5"), plus_days(1), plus_days(3)) == actual.pnl_drawdown_max


def test_return_is_scaled_from_the_time_between_start_and_last_exit() -> None:
    actual = fed("10 10").generate(D(0), ANNUAL_365)
    assert RateOfReturn(D("18.25"), ANNUAL_365) == actual.pnl_return


def test_session_without_length_counts_as_a_second() -> None:
    generator = TearSheetGenerator.init(TIME_MIN)
    generator.update_from_position(exited(D(1), 0))
    assert RateOfReturn(D("0.01"), timedelta(seconds=1)) == generator.generate(D(0), timedelta(seconds=1)).pnl_return


@pytest.mark.parametrize(
    ("profits", "total", "losses"),
    [
        pytest.param("10 -4 2", 3, 1, id="both"),
        pytest.param("0", 1, 0, id="flat-is-no-loss"),
        pytest.param("-1 -1", 2, 2, id="only-losses"),
    ],
)
def test_losses_are_kept_apart(profits: str, total: int, losses: int) -> None:
    returns = fed(profits).pnl_returns
    assert (total, losses) == (returns.total.count, returns.losses.count)


def test_reset_starts_a_new_session() -> None:
    actual = fed("10 -4")
    actual.reset(plus_days(9))
    assert TearSheetGenerator.init(plus_days(9)) == actual
