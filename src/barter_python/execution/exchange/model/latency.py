"""Latency of a simulated exchange, in each of three directions: requests, responses, market data.

A model is any object with the three methods of `LatencyModel`. Whatever it answers, messages of one direction never overtake each
other: the driver sees to that.

This is the one module of the core that may draw random numbers: from generators seeded by the configuration, so that a run
stays a function of its data, its configuration and the seed.

Rust origin: none; Rust's mock exchange has one constant latency, half of it in each direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Final, Protocol

from barter_python.errors import ConfigError
from barter_python.instrument.instrument import InstrumentDefinition

__all__ = ["ConstantLatency", "JitteredLatency", "LatencyModel"]

_ZERO: Final = timedelta()
_MICROSECOND: Final = timedelta(microseconds=1)


class LatencyModel(Protocol):
    """Says how long messages travel; asked once for each message, in the order in which they are sent."""

    def request(self) -> timedelta:
        """From the engine to the venue, not negative."""
        ...

    def response(self) -> timedelta:
        """From the venue to the engine, for what happens to our account, not negative."""
        ...

    def market_data(self) -> timedelta:
        """From the venue to the engine, for what happens on the market, not negative."""
        ...


@dataclass(slots=True, frozen=True)
class ConstantLatency:
    """Every message of a direction takes the same time.

    Attributes:
        request_time: From the engine to the venue, not negative.
        response_time: From the venue to the engine, for our account, not negative.
        market_data_time: From the venue to the engine, for the market, not negative.
    """

    request_time: timedelta = _ZERO
    response_time: timedelta = _ZERO
    market_data_time: timedelta = _ZERO

    @classmethod
    def round_trip(cls, latency_ms: int) -> ConstantLatency:
        """Rust's mock exchange: half of the milliseconds to the venue, rounded down, the rest back; market data takes no time."""
        request_ms = latency_ms // 2
        return cls(timedelta(milliseconds=request_ms), timedelta(milliseconds=latency_ms - request_ms))

    def validate(self, _: Sequence[InstrumentDefinition], path: str) -> None:
        """Check that no time is negative; see `validate_model`."""
        for direction, time in (
            ("request", self.request_time), ("response", self.response_time), ("market_data", self.market_data_time),
        ):  # fmt: skip
            if time < _ZERO:
                raise ConfigError(f"{path}.{direction}_ms: found {time}, expected a time that is not negative")

    def request(self) -> timedelta:
        """The constant."""
        return self.request_time

    def response(self) -> timedelta:
        """The constant."""
        return self.response_time

    def market_data(self) -> timedelta:
        """The constant."""
        return self.market_data_time


@dataclass(slots=True)
class JitteredLatency:
    """A base and a uniform deviation of at most the jitter to either side; never negative.

    Each direction has its own generator, so that how market data is delayed does not depend on what a strategy sends.

    Attributes:
        base: The middle of each direction.
        jitter: The largest deviation of each direction.
        seed: Start of the random numbers.
    """

    base: ConstantLatency
    jitter: ConstantLatency
    seed: int
    _request: Random = field(init=False, repr=False, compare=False)
    _response: Random = field(init=False, repr=False, compare=False)
    _market_data: Random = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Python hashes the text of a seed in the same way on every platform and in every process.
        self._request = Random(f"{self.seed} request")
        self._response = Random(f"{self.seed} response")
        self._market_data = Random(f"{self.seed} market_data")

    def validate(self, instruments: Sequence[InstrumentDefinition], path: str) -> None:
        """Check that no time is negative; see `validate_model`."""
        self.base.validate(instruments, path)
        self.jitter.validate(instruments, f"{path}.jitter_ms")

    def request(self) -> timedelta:
        """The next one."""
        return _deviate(self.base.request_time, self.jitter.request_time, self._request)

    def response(self) -> timedelta:
        """The next one."""
        return _deviate(self.base.response_time, self.jitter.response_time, self._response)

    def market_data(self) -> timedelta:
        """The next one."""
        return _deviate(self.base.market_data_time, self.jitter.market_data_time, self._market_data)


def _deviate(base: timedelta, jitter: timedelta, random: Random) -> timedelta:
    if not jitter:
        return base
    deviation = round((2.0 * random.random() - 1.0) * (jitter // _MICROSECOND))
    return max(_ZERO, base + timedelta(microseconds=deviation))
