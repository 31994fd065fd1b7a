"""Configuration of simulated executions. Rust origin: barter_execution::client::mock::MockExecutionConfig."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from barter_python.execution.account import AccountSnapshot
from barter_python.execution.exchange.model.latency import ConstantLatency, LatencyModel
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.instrument.exchange import ExchangeId

__all__ = ["MockExecutionConfig", "SimulatedExecutionConfig"]

_NO_LATENCY: Final = ConstantLatency()


@dataclass(slots=True, frozen=True)
class MockExecutionConfig:
    """Which venue is mocked, and with what account: every market order is filled at its own price.

    Attributes:
        mocked_exchange: The venue.
        initial_state: Balances and orders to start with, under the venue's names.
        latency_ms: Time from the engine to the venue and back, in milliseconds.
        fees_percent: Fee of a trade as a fraction of its value: 0.05 charges five percent.
    """

    mocked_exchange: ExchangeId
    initial_state: AccountSnapshot
    latency_ms: int
    fees_percent: Decimal


@dataclass(slots=True, frozen=True)
class SimulatedExecutionConfig:
    """Which venue is simulated, with what account and by which models, and how far away it is.

    Each run works on copies of the models, so that a model may have a state of its own. Your own models go in as they are.

    Attributes:
        exchange: The exchange.
        latency: How long messages travel.
    """

    exchange: SimulatedExchangeConfig
    latency: LatencyModel = _NO_LATENCY

    @property
    def mocked_exchange(self) -> ExchangeId:
        """The venue; named as in `MockExecutionConfig`, so that both are read alike."""
        return self.exchange.exchange

    @property
    def initial_state(self) -> AccountSnapshot:
        """Balances and orders to start with, under the venue's names."""
        return self.exchange.initial_state
