"""Sums that do not depend on the order and the grouping of what is added.

A sum is the exact one of the floats, rounded once to 15 digits. So it is the sum of the decimal numbers that a venue has sent and
that were read as these floats, where that has no more digits: each float differs from its number by less than one part in 10^15.
A sum of amounts is exact while it is less than 10^15 times the smallest of them.
"""

from __future__ import annotations

from math import fsum
from typing import Final

__all__ = ["TERMS_MAX", "folded", "rest", "total"]

TERMS_MAX: Final = 512
"""Terms that are kept before they are folded."""


def total(terms: list[float]) -> float:
    """The sum, to 15 digits."""
    return float(f"{fsum(terms):.15g}")


def rest(terms: list[float]) -> float:
    """What the exact sum has beyond the total: both are the terms of the same sum."""
    return fsum([*terms, -total(terms)])


def folded(terms: list[float]) -> list[float]:
    """Two terms of the same sum."""
    rounded = fsum(terms)
    return [rounded, fsum([*terms, -rounded])]
