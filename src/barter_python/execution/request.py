"""What the engine sends to an execution link. Rust origin: barter::execution::request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen

__all__ = ["ExecutionRequest", "ExecutionShutdown"]


@dataclass(slots=True)
class ExecutionShutdown:
    """The engine is shutting down: finish what is in flight and stop. Rust: `ExecutionRequest::Shutdown`."""


ExecutionRequest: TypeAlias = ExecutionShutdown | OrderRequestCancel | OrderRequestOpen
