"""Progress of long work: a bar on a terminal and in a notebook, nothing elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

__all__ = ["bytes_progress", "events_progress", "files_progress"]


def _progress(*extra: TextColumn) -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        *extra,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not (console.is_terminal or console.is_jupyter),
    )


@contextmanager
def events_progress(description: str, total: int | None) -> Iterator[Callable[[int, datetime], None]]:
    """A bar over events; yields what takes the number of events so far and the virtual time."""
    with _progress(TextColumn("{task.fields[time]}")) as progress:
        task = progress.add_task(description, total=total, time="")

        def update(events: int, time: datetime) -> None:
            progress.update(task, completed=events, time=f"{time:%Y-%m-%d %H:%M}")

        yield update


@contextmanager
def bytes_progress(description: str) -> Iterator[Callable[[int, int], None]]:
    """A bar over bytes; yields what takes the bytes done and their total."""
    with _progress() as progress:
        task = progress.add_task(description, total=None)

        def update(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield update


@contextmanager
def files_progress(description: str) -> Iterator[Callable[[str], None]]:
    """A count of files; yields what takes the name of each file that is done."""
    with _progress(TextColumn("{task.completed} files, {task.fields[name]}")) as progress:
        task = progress.add_task(description, total=None, name="")

        def update(name: str) -> None:
            progress.update(task, advance=1, name=name)

        yield update
