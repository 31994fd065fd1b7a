"""Statistics against empyrical, where both define the same thing.

Sortino and Calmar ratios, and the return of a period, are defined differently there and are not compared: empyrical's
Sortino ratio is based on the downside deviation of all returns, its Calmar ratio on the compounded annual return.
"""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.support.properties import PROPERTY

from barter_python.numeric import sqrt
from barter_python.statistic.metric.drawdown import DrawdownGenerator, MaxDrawdownGenerator
from barter_python.statistic.metric.ratio import SharpeRatio
from barter_python.statistic.summary.dataset import DataSetSummary
from barter_python.statistic.time import ANNUAL_252, DAILY
from barter_python.timed import Timed

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import empyrical
    import numpy as np

START = datetime(2025, 1, 1, tzinfo=UTC)
RETURNS = st.lists(st.decimals("-0.5", "0.5", places=4), min_size=2, max_size=60)


@PROPERTY
@given(RETURNS, st.decimals("-0.01", "0.01", places=4))
def test_sharpe_ratio_is_empyricals_but_for_the_sample_variance(returns: list[Decimal], risk_free: Decimal) -> None:
    summary = DataSetSummary()
    for value in returns:
        summary.update(value)
    assume(summary.dispersion.std_dev > Decimal("0.0001"))

    ratio = SharpeRatio.calculate(risk_free, summary.mean, summary.dispersion.std_dev, DAILY).scale(ANNUAL_252)

    # empyrical divides by n - 1 where Rust divides by n.
    correction = sqrt(Decimal(len(returns) - 1) / Decimal(len(returns)))
    assert correction is not None
    expected = empyrical.sharpe_ratio(np.array(returns, dtype=float), float(risk_free), annualization=252)
    assert expected == pytest.approx(float(ratio.value * correction), rel=1e-9, abs=1e-9)


@PROPERTY
@given(RETURNS)
def test_max_drawdown_is_empyricals(returns: list[Decimal]) -> None:
    equity, time = Decimal(100), START
    generator, deepest = DrawdownGenerator.init(Timed(equity, time)), MaxDrawdownGenerator()
    for value in returns:
        equity, time = equity * (1 + value), time + timedelta(days=1)
        ended = generator.update(Timed(equity, time))
        if ended is not None:
            deepest.update(ended)
    current = generator.generate()
    if current is not None:
        deepest.update(current)

    expected = -empyrical.max_drawdown(np.array(returns, dtype=float))
    assert expected == pytest.approx(0.0 if deepest.max is None else float(deepest.max.value), rel=1e-9, abs=1e-12)
