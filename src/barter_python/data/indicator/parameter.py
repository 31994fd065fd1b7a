"""Checks of the parameters of indicators."""

from __future__ import annotations

from barter_python.errors import ConfigError

__all__ = ["at_least", "positive"]


def at_least(minimum: int, **lengths: int) -> None:
    """Check parameters that count updates.

    Raises:
        ConfigError: One is no integer, or less than the minimum.
    """
    for name, length in lengths.items():
        if type(length) is not int or length < minimum:
            raise ConfigError(f"{name} is {length!r:.200}, expected an integer of at least {minimum}")


def positive(**factors: float) -> None:
    """Check parameters that are factors.

    Raises:
        ConfigError: One is no positive, finite number.
    """
    for name, factor in factors.items():
        if type(factor) not in (int, float) or not 0.0 < factor < float("inf"):
            raise ConfigError(f"{name} is {factor!r:.200}, expected a positive number")
