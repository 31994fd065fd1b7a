"""Return and the risk-adjusted ratios: Sharpe, Sortino, Calmar. Rust origin: barter::statistic::metric.

Each is a number for an interval and can be scaled to another one. A ratio whose risk is zero is plus or minus
"infinity", which is the largest or smallest number of the wire format. An overflow while scaling gives plus infinity,
as in Rust.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from barter_python.numeric import DECIMAL_MAX, DECIMAL_MIN, ZERO, checked_div, checked_mul, in_money_context, sqrt
from barter_python.statistic.time import TimeInterval, interval_seconds

__all__ = ["CalmarRatio", "RateOfReturn", "SharpeRatio", "SortinoRatio"]


@dataclass(slots=True)
class RateOfReturn:
    """Mean return over an interval, as a fraction (0.01 is one percent)."""

    value: Decimal
    interval: TimeInterval

    @classmethod
    def calculate(cls, mean_return: Decimal, returns_period: TimeInterval) -> RateOfReturn:
        """State the mean return of a period."""
        return cls(mean_return, returns_period)

    def scale(self, target: TimeInterval) -> RateOfReturn:
        """Linear in time."""
        factor = _intervals(self.interval, target)
        return RateOfReturn(_saturating_mul(self.value, factor), target)


@dataclass(slots=True)
class SharpeRatio:
    """Excess return per unit of risk.

    Source: (mean return - risk free return) / standard deviation of returns
    """

    value: Decimal
    interval: TimeInterval

    @classmethod
    def calculate(
        cls, risk_free_return: Decimal, mean_return: Decimal, std_dev_returns: Decimal, returns_period: TimeInterval
    ) -> SharpeRatio:
        """Ratio of a period; plus infinity where the returns do not vary."""
        if not std_dev_returns:
            return cls(DECIMAL_MAX, returns_period)
        return cls(_excess_per_risk(mean_return, risk_free_return, std_dev_returns), returns_period)

    def scale(self, target: TimeInterval) -> SharpeRatio:
        """By the square root of time."""
        return SharpeRatio(_scale_by_root(self.value, self.interval, target), target)


@dataclass(slots=True)
class SortinoRatio:
    """Excess return per unit of downside risk.

    Source: (mean return - risk free return) / standard deviation of negative returns
    """

    value: Decimal
    interval: TimeInterval

    @classmethod
    def calculate(
        cls,
        risk_free_return: Decimal,
        mean_return: Decimal,
        std_dev_loss_returns: Decimal,
        returns_period: TimeInterval,
    ) -> SortinoRatio:
        """Ratio of a period; an infinity by the sign of the excess return where losses do not vary."""
        if not std_dev_loss_returns:
            return cls(_infinity_by_excess(mean_return, risk_free_return), returns_period)
        return cls(_excess_per_risk(mean_return, risk_free_return, std_dev_loss_returns), returns_period)

    def scale(self, target: TimeInterval) -> SortinoRatio:
        """By the square root of time."""
        return SortinoRatio(_scale_by_root(self.value, self.interval, target), target)


@dataclass(slots=True)
class CalmarRatio:
    """Excess return per unit of maximum drawdown.

    Source: (mean return - risk free return) / |maximum drawdown|
    """

    value: Decimal
    interval: TimeInterval

    @classmethod
    def calculate(
        cls, risk_free_return: Decimal, mean_return: Decimal, max_drawdown: Decimal, returns_period: TimeInterval
    ) -> CalmarRatio:
        """Ratio of a period; an infinity by the sign of the excess return where there was no drawdown."""
        if not max_drawdown:
            return cls(_infinity_by_excess(mean_return, risk_free_return), returns_period)
        return cls(_excess_per_risk(mean_return, risk_free_return, max_drawdown.copy_abs()), returns_period)

    def scale(self, target: TimeInterval) -> CalmarRatio:
        """By the square root of time."""
        return CalmarRatio(_scale_by_root(self.value, self.interval, target), target)


@in_money_context
def _excess_per_risk(mean_return: Decimal, risk_free_return: Decimal, risk: Decimal) -> Decimal:
    """Excess return over a risk that is not zero, saturating by sign where Rust would panic."""
    excess = mean_return - risk_free_return
    ratio = checked_div(excess, risk)
    if ratio is not None:
        return ratio
    return DECIMAL_MAX if (excess > 0) == (risk > 0) else DECIMAL_MIN


def _infinity_by_excess(mean_return: Decimal, risk_free_return: Decimal) -> Decimal:
    if mean_return > risk_free_return:
        return DECIMAL_MAX
    return DECIMAL_MIN if mean_return < risk_free_return else ZERO


def _intervals(current: TimeInterval, target: TimeInterval) -> Decimal:
    """How many current intervals fit into the target."""
    count = checked_div(Decimal(abs(interval_seconds(target))), Decimal(abs(interval_seconds(current))))
    return DECIMAL_MAX if count is None else count


def _scale_by_root(value: Decimal, current: TimeInterval, target: TimeInterval) -> Decimal:
    root = sqrt(_intervals(current, target))
    assert root is not None, "the number of intervals is never negative"
    return _saturating_mul(value, root)


def _saturating_mul(value: Decimal, factor: Decimal) -> Decimal:
    product = checked_mul(value, factor)
    return DECIMAL_MAX if product is None else product
