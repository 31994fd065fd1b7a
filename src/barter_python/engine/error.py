"""Failures inside the engine, as values that travel in audits. Rust origin: barter::engine::error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, TypeGuard

from barter_python.errors import IndexLookupError

__all__ = [
    "ClientOrderIdReused",
    "Custom",
    "EngineError",
    "ExecutionChannelTerminated",
    "ExecutionChannelUnhealthy",
    "RecoverableEngineError",
    "UnrecoverableEngineError",
    "is_unrecoverable",
]


@dataclass(slots=True, frozen=True)
class ExecutionChannelUnhealthy:
    """A request could not be sent now; the next one may be. The engine goes on."""

    message: str


@dataclass(slots=True, frozen=True)
class ClientOrderIdReused:
    """An order was not sent, as there was one of its client order id before. The engine goes on. Rust sends it."""

    message: str


@dataclass(slots=True, frozen=True)
class ExecutionChannelTerminated:
    """The link to an exchange is gone for good. The engine stops."""

    message: str


@dataclass(slots=True, frozen=True)
class Custom:
    """A failure of your own after which the engine must stop."""

    message: str


RecoverableEngineError: TypeAlias = ExecutionChannelUnhealthy | ClientOrderIdReused
UnrecoverableEngineError: TypeAlias = IndexLookupError | ExecutionChannelTerminated | Custom
EngineError: TypeAlias = RecoverableEngineError | UnrecoverableEngineError


def is_unrecoverable(error: EngineError) -> TypeGuard[UnrecoverableEngineError]:
    """Whether the engine has to stop."""
    return not isinstance(error, ExecutionChannelUnhealthy | ClientOrderIdReused)
