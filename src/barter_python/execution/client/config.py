"""Configuration of the mock client. Rust origin: barter_execution::client::mock::MockExecutionConfig."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from barter_python.execution.account import AccountSnapshot
from barter_python.instrument.exchange import ExchangeId

__all__ = ["MockExecutionConfig"]


@dataclass(slots=True, frozen=True)
class MockExecutionConfig:
    """Which venue is simulated, and with what account.

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
