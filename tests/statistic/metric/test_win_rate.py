"""How often and how much is won. Rust origin: barter::statistic::metric::{win_rate, profit_factor} (tests)."""

from __future__ import annotations

import pytest
from tests.support.builders import D

from barter_python.numeric import DECIMAL_MAX, DECIMAL_MIN
from barter_python.statistic.metric.win_rate import ProfitFactor, WinRate

HALF_MAX = "39614081257132168796771975167.5"


@pytest.mark.parametrize(
    ("wins", "total", "expected"),
    [
        pytest.param("0", "0", None, id="no-positions"),
        pytest.param("10", "10", "1", id="only-wins"),
        pytest.param("0", "10", "0", id="only-losses"),
        pytest.param("6", "10", "0.6", id="both"),
    ],
)
def test_win_rate(wins: str, total: str, expected: str | None) -> None:
    assert (None if expected is None else WinRate(D(expected))) == WinRate.calculate(D(wins), D(total))


@pytest.mark.parametrize(
    ("profit", "loss", "expected"),
    [
        pytest.param("0.00000000000000000001", "0.00000000000000000001", "1", id="both-tiny"),
        pytest.param(HALF_MAX, HALF_MAX, "1", id="both-huge"),
        pytest.param("0", "0", None, id="neither"),
        pytest.param("0", "1", str(DECIMAL_MIN), id="no-profit"),
        pytest.param("1", "0", str(DECIMAL_MAX), id="no-loss"),
        pytest.param("10", "5", "2", id="both"),
        pytest.param("10", "-5", "2", id="loss-with-its-sign"),
        pytest.param("10.5555", "5.2345", "2.016524978507975928933040405", id="long-fraction"),
    ],
)
def test_profit_factor(profit: str, loss: str, expected: str | None) -> None:
    assert (None if expected is None else ProfitFactor(D(expected))) == ProfitFactor.calculate(D(profit), D(loss))
