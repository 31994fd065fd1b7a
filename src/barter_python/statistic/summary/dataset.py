"""Count, sum, mean and dispersion of a series. Rust origin: barter::statistic::summary::dataset."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from barter_python.numeric import ONE, ZERO, in_money_context, sqrt
from barter_python.statistic.algorithm import (
    calculate_mean,
    calculate_population_variance,
    calculate_recurrence_relation_m,
)

__all__ = ["DataSetSummary", "Dispersion", "Range"]


@dataclass(slots=True)
class Range:
    """Highest and lowest value; `activated` says whether there was one."""

    activated: bool = False
    high: Decimal = ZERO
    low: Decimal = ZERO

    @classmethod
    def init(cls, first_value: Decimal) -> Range:
        """Start with a first value."""
        return cls(True, first_value, first_value)

    def update(self, new_value: Decimal) -> None:
        """Take the next value."""
        if not self.activated or new_value > self.high:
            self.high = new_value
        if not self.activated or new_value < self.low:
            self.low = new_value
        self.activated = True

    @in_money_context
    def range(self) -> Decimal:
        """Distance between highest and lowest."""
        return self.high - self.low


@dataclass(slots=True)
class Dispersion:
    """How far values lie apart.

    Attributes:
        range: Highest and lowest.
        recurrence_relation_m: Sum of squared deviations from the mean.
        variance: Population variance.
        std_dev: Its square root.
    """

    range: Range = field(default_factory=Range)
    recurrence_relation_m: Decimal = ZERO
    variance: Decimal = ZERO
    std_dev: Decimal = ZERO

    def update(self, prev_mean: Decimal, new_mean: Decimal, new_value: Decimal, value_count: Decimal) -> None:
        """Take the next value, with the mean before and after it and the number of values up to it."""
        self.range.update(new_value)
        self.recurrence_relation_m = calculate_recurrence_relation_m(self.recurrence_relation_m, prev_mean, new_value, new_mean)
        self.variance = calculate_population_variance(self.recurrence_relation_m, value_count)
        std_dev = sqrt(self.variance.copy_abs())
        assert std_dev is not None, "an absolute value has a root"
        self.std_dev = std_dev


@dataclass(slots=True)
class DataSetSummary:
    """Online summary of a series; the count is a Decimal, as on the wire."""

    count: Decimal = ZERO
    sum: Decimal = ZERO
    mean: Decimal = ZERO
    dispersion: Dispersion = field(default_factory=Dispersion)

    @in_money_context
    def update(self, next_value: Decimal) -> None:
        """Take the next value."""
        self.count += ONE
        self.sum += next_value
        prev_mean = self.mean
        self.mean = calculate_mean(prev_mean, next_value, self.count)
        self.dispersion.update(prev_mean, self.mean, next_value, self.count)
