"""Simulated exchanges as a driver sees them, and the way to them and back.

The exchange decides what happens, in its own time; how long messages travel is the matter of its `ExchangeLink`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from barter_python.execution.exchange.model.latency import ConstantLatency, LatencyModel
from barter_python.execution.exchange.venue import SimulatedVenue
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.order.request import OrderRequest

__all__ = ["ExchangeLink"]

_NO_TIME: Final = timedelta()


class ExchangeLink:
    """An exchange, and when messages to it and from it arrive.

    Messages of one direction never overtake each other, whatever the latency model says.

    Args:
        exchange: The exchange.
        indexer: Translates between its names and the engine's indexes.
        latency: Of this exchange; a model belongs to one run.

    Attributes:
        delays_market_data: Whether market data takes time to reach the engine.
    """

    __slots__ = (
        "_market_data_last",
        "_request_last",
        "_response_last",
        "delays_market_data",
        "exchange",
        "indexer",
        "latency",
    )

    def __init__(
        self,
        exchange: SimulatedVenue,
        indexer: AccountEventIndexer,
        latency: LatencyModel,
    ) -> None:
        self.exchange = exchange
        self.indexer = indexer
        self.latency = latency
        self.delays_market_data = not (isinstance(latency, ConstantLatency) and latency.market_data_time == _NO_TIME)
        self._request_last: datetime | None = None
        self._response_last: datetime | None = None
        self._market_data_last: datetime | None = None

    def request_arrives(self, time: datetime, request: OrderRequest) -> datetime:
        """When a request that is sent at `time` reaches the venue."""
        self._request_last = _arrival(time, self.latency.request(), self._request_last)
        return self._request_last

    def responses_arrive(self, time: datetime, count: int) -> Sequence[datetime]:
        """When the engine learns of so many things that happened to the account at `time`: they travel together."""
        self._response_last = _arrival(time, self.latency.response(), self._response_last)
        return (self._response_last,) * count

    def market_data_arrives(self, time: datetime) -> datetime:
        """When the engine learns of what happened on the market at `time`."""
        self._market_data_last = _arrival(time, self.latency.market_data(), self._market_data_last)
        return self._market_data_last


def _arrival(sent: datetime, latency: timedelta, last: datetime | None) -> datetime:
    due = sent + latency if latency > _NO_TIME else sent
    return due if last is None or last <= due else last
