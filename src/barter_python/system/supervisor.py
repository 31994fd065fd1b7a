"""Tasks of which none dies unnoticed. Rust origin: none; Rust awaits its tasks only when it shuts down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from logging import getLogger
from typing import Any, Final

__all__ = ["Supervisor", "TaskFailure"]

_LOG: Final = getLogger(__name__)


@dataclass(slots=True)
class TaskFailure:
    """A task that died.

    Attributes:
        task: Its name.
        error: What it died of.
    """

    task: str
    error: Exception


class Supervisor:
    """Starts tasks in a group, and keeps the group from falling apart when one fails: that is for the system to decide.

    Args:
        group: Owns the tasks.
        on_failure: Called for each task that fails.

    Attributes:
        failures: The tasks that failed, in order.
    """

    __slots__ = ("_group", "_on_failure", "_tasks", "failures")

    def __init__(self, group: asyncio.TaskGroup, on_failure: Callable[[], None]) -> None:
        self._group = group
        self._on_failure = on_failure
        self._tasks: list[asyncio.Task[None]] = []
        self.failures: list[TaskFailure] = []

    def create_task(self, coro: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """Start a task."""
        task = self._group.create_task(self._guard(coro, name), name=name)
        self._tasks.append(task)
        return task

    def cancel(self) -> None:
        """Cancel every task."""
        for task in self._tasks:
            task.cancel()

    async def _guard(self, coro: Coroutine[Any, Any, None], name: str) -> None:
        try:
            await coro
        except Exception as error:
            cause = _innermost(error)
            _LOG.error("%s failed: %s: %s", name, type(cause).__name__, cause)
            self.failures.append(TaskFailure(name, cause))
            self._on_failure()


def _innermost(error: Exception) -> Exception:
    """The error in a group that holds just one."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
