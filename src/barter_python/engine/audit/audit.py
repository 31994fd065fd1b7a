"""Audits: one per processed event. Rust origin: barter::engine::audit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Generic, TypeAlias, TypeVar

from barter_python.engine.action.output import EngineOutput, SendCancelsAndOpensOutput
from barter_python.engine.error import UnrecoverableEngineError
from barter_python.engine.event import EngineEvent, is_terminal

__all__ = ["AuditTick", "EngineAudit", "EngineContext", "FeedEnded", "ProcessAudit"]

KindT = TypeVar("KindT")


@dataclass(slots=True)
class EngineContext:
    """When an audit was made.

    Attributes:
        sequence: Its number, without gaps.
        time: By the engine's clock, aware UTC.
    """

    sequence: int
    time: datetime


class AuditTick(Generic[KindT]):
    """An audit, or a snapshot of the whole state, and when it was made.

    Attributes:
        event: The audit or snapshot.
        context: When it was made.
    """

    __slots__ = ("context", "event")

    def __init__(self, event: KindT, context: EngineContext) -> None:
        self.event: KindT = event
        self.context: EngineContext = context

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AuditTick) and self.event == other.event and self.context == other.context

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"AuditTick({self.event!r}, {self.context!r})"


@dataclass(slots=True)
class FeedEnded:
    """There are no more events."""

    def is_terminal(self) -> bool:
        """Always."""
        return True


@dataclass(slots=True)
class ProcessAudit:
    """An event was processed.

    Attributes:
        event: The event.
        outputs: What it led to, in order.
        errors: Why the engine has to stop.
        requests_unreported: Requests that the outputs do not show: those of a strategy's hook, and the strategy's orders where
            one of them failed for good. Rust leaves them out of the audit, and so does the wire; a state replica needs them.
    """

    event: EngineEvent
    outputs: tuple[EngineOutput, ...] = ()
    errors: tuple[UnrecoverableEngineError, ...] = ()
    requests_unreported: tuple[SendCancelsAndOpensOutput, ...] = ()

    @classmethod
    def with_output(cls, event: EngineEvent, output: EngineOutput | None) -> ProcessAudit:
        """An event and the one thing that it led to, if it led to something."""
        return cls(event, () if output is None else (output,))

    def add_output(self, output: EngineOutput) -> ProcessAudit:
        """This audit with one more output behind the others."""
        return replace(self, outputs=(*self.outputs, output))

    def add_errors(self, errors: Iterable[UnrecoverableEngineError]) -> ProcessAudit:
        """This audit with more errors behind the others."""
        return replace(self, errors=(*self.errors, *errors))

    def is_terminal(self) -> bool:
        """Whether the engine stops: it was told to, or has to."""
        return bool(self.errors) or is_terminal(self.event)


EngineAudit: TypeAlias = FeedEnded | ProcessAudit
