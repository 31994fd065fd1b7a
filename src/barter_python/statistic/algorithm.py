"""Online algorithms. Rust origin: barter::statistic::algorithm::welford_online.

Source: B. P. Welford, Note on a method for calculating corrected sums of squares and products, 1962.
"""

from __future__ import annotations

from decimal import Decimal

from barter_python.numeric import ONE, TWO, ZERO, in_money_context

__all__ = [
    "calculate_mean",
    "calculate_mean_integer",
    "calculate_population_variance",
    "calculate_recurrence_relation_m",
    "calculate_sample_variance",
]


@in_money_context
def calculate_mean(prev_mean: Decimal, next_value: Decimal, count: Decimal) -> Decimal:
    """Mean after `next_value`, the `count`-th value (counted from 1)."""
    return prev_mean + (next_value - prev_mean) / count


def calculate_mean_integer(prev_mean: int, next_value: int, count: int) -> int:
    """Integer mean after `next_value`; each step is truncated towards zero, as Rust's integer division."""
    difference = next_value - prev_mean
    step = abs(difference) // count
    return prev_mean + (step if difference >= 0 else -step)


@in_money_context
def calculate_recurrence_relation_m(prev_m: Decimal, prev_mean: Decimal, new_value: Decimal, new_mean: Decimal) -> Decimal:
    """Sum of squared deviations from the mean after `new_value`."""
    return prev_m + (new_value - prev_mean) * (new_value - new_mean)


@in_money_context
def calculate_sample_variance(recurrence_relation_m: Decimal, count: Decimal) -> Decimal:
    """Unbiased variance, zero below two values."""
    return ZERO if count < TWO else recurrence_relation_m / (count - ONE)


@in_money_context
def calculate_population_variance(recurrence_relation_m: Decimal, count: Decimal) -> Decimal:
    """Biased variance, zero below one value."""
    return ZERO if count < ONE else recurrence_relation_m / count
