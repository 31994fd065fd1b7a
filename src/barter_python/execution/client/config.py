"""Configuration of execution clients. Rust origin: barter_execution::client::mock::MockExecutionConfig."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from barter_python.execution.account import AccountSnapshot
from barter_python.instrument.exchange import ExchangeId

__all__ = ["MockExecutionConfig"]


@dataclass(slots=True, frozen=True)
class MockExecutionConfig:
    """A mock exchange.

    Attributes:
        mocked_exchange: Which exchange it stands for.
        initial_state: What the account holds, under the venue's names; its times are replaced by the start of the run.
        latency_ms: Time from a request to its answer, in milliseconds, not negative.
        fees_percent: Fee as a fraction of the traded value (0.001 is a tenth of a percent), at least 0 and less than 1.
    """

    mocked_exchange: ExchangeId
    initial_state: AccountSnapshot
    latency_ms: int
    fees_percent: Decimal
