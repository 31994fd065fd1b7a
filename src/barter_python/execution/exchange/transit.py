"""Messages on their way between an engine and a simulated exchange, and when they arrive. Rust origin: none.

The exchange decides what happens, in its own time; how long messages travel is decided here, for backtest and paper alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from barter_python.execution.exchange.model.latency import ConstantLatency, LatencyModel
from barter_python.execution.order.request import OrderRequest

__all__ = ["ModelledTransit", "Transit"]

_NO_TIME: Final = timedelta()


class Transit(Protocol):
    """Tells when messages arrive. Messages of one direction never overtake each other. All times are aware UTC."""

    @property
    def delays_market_data(self) -> bool:
        """Whether market data takes time to reach the engine."""
        ...

    def request_arrives(self, time: datetime, request: OrderRequest, /) -> datetime:
        """When a request that is sent at `time` reaches the venue."""
        ...

    def responses_arrive(self, time: datetime, count: int, /) -> Sequence[datetime]:
        """When the engine learns of so many things that happened to the account at `time`, one by one."""
        ...

    def market_data_arrives(self, time: datetime, /) -> datetime:
        """When the engine learns of what happened on the market at `time`."""
        ...


class ModelledTransit:
    """Takes the times from a latency model. What happened to the account at once travels together.

    Args:
        latency: Belongs to one run.

    Attributes:
        delays_market_data: Whether market data takes time to reach the engine.
    """

    __slots__ = ("_latency", "_market_data_last", "_request_last", "_response_last", "delays_market_data")

    def __init__(self, latency: LatencyModel) -> None:
        self._latency = latency
        self.delays_market_data = not (isinstance(latency, ConstantLatency) and latency.market_data_time == _NO_TIME)
        self._request_last: datetime | None = None
        self._response_last: datetime | None = None
        self._market_data_last: datetime | None = None

    def request_arrives(self, time: datetime, _: OrderRequest | None = None) -> datetime:
        """When a request that is sent at `time` reaches the venue."""
        self._request_last = _arrival(time, self._latency.request(), self._request_last)
        return self._request_last

    def responses_arrive(self, time: datetime, count: int = 1) -> Sequence[datetime]:
        """When the engine learns of so many things that happened to the account at `time`: all at once."""
        self._response_last = _arrival(time, self._latency.response(), self._response_last)
        return (self._response_last,) * count

    def market_data_arrives(self, time: datetime) -> datetime:
        """When the engine learns of what happened on the market at `time`."""
        self._market_data_last = _arrival(time, self._latency.market_data(), self._market_data_last)
        return self._market_data_last


def _arrival(sent: datetime, latency: timedelta, last: datetime | None) -> datetime:
    due = sent + latency if latency > _NO_TIME else sent
    return due if last is None or last <= due else last
