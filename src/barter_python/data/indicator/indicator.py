"""What indicators have in common: they are fed value by value, and tell their own as soon as they have seen enough.

Indicators are incremental, of floats, and constant in memory. Two that were fed the same are equal, and they can be copied and
pickled, so that they may be part of the state that an engine keeps and a replica follows. What feeds them must be finite, as
market data is where it enters. The values agree with TA-Lib where it has the indicator, from the first one on if not said
otherwise.
"""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

__all__ = ["Chain", "Indicator", "Ohlcv", "Ready"]

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
    def open(self) -> float:
        """First price."""
        ...

    @property
    def high(self) -> float:
        """Highest price."""
        ...

    @property
    def low(self) -> float:
        """Lowest price."""
        ...

    @property
    def close(self) -> float:
        """Last price."""
        ...

    @property
    def volume(self) -> float:
        """Traded amount."""
        ...


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
        return self.second.value if link is None else self.second.update(link)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Chain) and self.first == other.first and self.second == other.second

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Chain({self.first!r}, {self.second!r})"
