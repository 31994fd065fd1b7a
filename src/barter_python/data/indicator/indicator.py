"""What indicators have in common: they are fed value by value, and tell their own as soon as they have seen enough.

Indicators are incremental, of floats, and constant in memory. Two that were fed the same are equal, and they can be copied and
pickled, so that they may be part of the state that an engine keeps and a replica follows. What feeds them must be finite, as
market data is where it enters. The values agree with TA-Lib where it has the indicator, from the first one on if not said
otherwise.
"""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

from barter_python.errors import ConfigError

__all__ = ["Chain", "Indicator", "Ohlcv", "Ready", "at_least", "median_price", "positive", "typical_price"]

InputT_contra = TypeVar("InputT_contra", contravariant=True)
ValueT_co = TypeVar("ValueT_co", covariant=True)
InputT = TypeVar("InputT")
LinkT = TypeVar("LinkT")
ValueT = TypeVar("ValueT")


class Indicator(Protocol[InputT_contra, ValueT_co]):
    """An indicator that is fed one input at a time: a number or a bar."""

    @property
    def value(self) -> ValueT_co | None:
        """The current value, None before there is one."""
        ...

    def update(self, new: InputT_contra, /) -> ValueT_co | None:
        """Take in the next input, and return the value."""
        ...


class Ohlcv(Protocol):
    """A bar: a `Candle`, a `Bar`, or anything else that has these prices, in quote currency, and the volume, in base units."""

    @property
    def open(self) -> float: ...  # noqa: D102

    @property
    def high(self) -> float: ...  # noqa: D102

    @property
    def low(self) -> float: ...  # noqa: D102

    @property
    def close(self) -> float: ...  # noqa: D102

    @property
    def volume(self) -> float: ...  # noqa: D102


class _HasValue(Protocol):
    @property
    def value(self) -> object: ...


class Ready:
    """The attribute `ready` of an indicator: whether it has a value."""

    __slots__ = ()

    def __get__(self, indicator: _HasValue | None, owner: type[object] | None = None) -> bool:
        return indicator is not None and indicator.value is not None


class Chain(Generic[InputT, LinkT, ValueT]):
    """An indicator of an indicator: the values of the first feed the second.

    Args:
        first: What is fed.
        second: What the values of `first` feed, once it has some.
    """

    __slots__ = ("first", "second")

    ready = Ready()

    def __init__(self, first: Indicator[InputT, LinkT], second: Indicator[LinkT, ValueT]) -> None:
        self.first: Indicator[InputT, LinkT] = first
        self.second: Indicator[LinkT, ValueT] = second

    @property
    def value(self) -> ValueT | None:
        """The value of the second, None before there is one."""
        return self.second.value

    def update(self, new: InputT, /) -> ValueT | None:
        """Feed the first, and the second with its value."""
        link = self.first.update(new)
        return None if link is None else self.second.update(link)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Chain) and self.first == other.first and self.second == other.second

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Chain({self.first!r}, {self.second!r})"


def typical_price(bar: Ohlcv) -> float:
    """Mean of high, low and close."""
    return (bar.high + bar.low + bar.close) / 3.0


def median_price(bar: Ohlcv) -> float:
    """Middle between high and low."""
    return (bar.high + bar.low) / 2.0


def at_least(minimum: int, **lengths: int) -> None:
    """Check parameters that count updates.

    Raises:
        ConfigError: One is no integer, or less than the minimum.
    """
    for name, length in lengths.items():
        if type(length) is not int or length < minimum:
            raise ConfigError(f"{name} is {_shown(length)}, expected an integer of at least {minimum}")


def positive(**factors: float) -> None:
    """Check parameters that are factors.

    Raises:
        ConfigError: One is no positive, finite number.
    """
    for name, factor in factors.items():
        if type(factor) not in (int, float) or not 0.0 < factor < float("inf"):
            raise ConfigError(f"{name} is {_shown(factor)}, expected a positive number")


def _shown(value: object) -> str:
    return repr(value)[:200]
