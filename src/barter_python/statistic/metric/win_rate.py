"""How often, and how much, is won. Rust origin: barter::statistic::metric::{win_rate, profit_factor}."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from barter_python.numeric import DECIMAL_MAX, DECIMAL_MIN, checked_div

__all__ = ["ProfitFactor", "WinRate"]


@dataclass(slots=True)
class WinRate:
    """Share of winning positions, from 0 to 1."""

    value: Decimal

    @classmethod
    def calculate(cls, wins: Decimal, total: Decimal) -> WinRate | None:
        """`wins` out of `total`; None where there were none at all."""
        value = checked_div(wins.copy_abs(), total.copy_abs())
        return None if value is None else cls(value)


@dataclass(slots=True)
class ProfitFactor:
    """Gross profit divided by gross loss, positive; an infinity where one side is empty."""

    value: Decimal

    @classmethod
    def calculate(cls, profits_gross_abs: Decimal, losses_gross_abs: Decimal) -> ProfitFactor | None:
        """Plus infinity without losses, minus infinity without profits, None without both."""
        if not losses_gross_abs:
            return cls(DECIMAL_MAX) if profits_gross_abs else None
        if not profits_gross_abs:
            return cls(DECIMAL_MIN)
        value = checked_div(profits_gross_abs.copy_abs(), losses_gross_abs.copy_abs())
        return None if value is None else cls(value)
