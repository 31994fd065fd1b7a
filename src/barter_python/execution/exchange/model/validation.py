"""Checks of models before a run. Rust origin: none."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from barter_python.errors import ConfigError
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.numeric import ONE

__all__ = ["check_fraction", "validate_model"]


def validate_model(model: object, instruments: Sequence[InstrumentDefinition], path: str) -> None:
    """Let a model check itself against the instruments of its exchange.

    A model does so by a method `validate` with the arguments `instruments` and `path`; one of a user's own need not have it.

    Args:
        model: Any model of a simulated exchange.
        instruments: Of the exchange, under the venue's names.
        path: Where the model stands in the configuration, for messages.

    Raises:
        ConfigError: The model cannot be run; the message names the member.
    """
    validate = getattr(model, "validate", None)
    if validate is not None:
        validate(instruments, path)


def check_fraction(path: str, value: Decimal, *, above: int | None = None, example: str) -> None:
    """Check that a fraction is below 1, and from 0 or above a bound.

    Args:
        path: Of the member, for messages.
        value: The fraction.
        above: What it must be above; None where it must be at least 0.
        example: A fraction and what it stands for.

    Raises:
        ConfigError: It is not.
    """
    if value.is_finite() and (value >= 0 if above is None else value > above) and value < ONE:
        return
    allowed = "from 0 to below 1" if above is None else f"above {above} and below 1"
    raise ConfigError(f"{path}: found {value:f}, expected a fraction {allowed} ({example})")
