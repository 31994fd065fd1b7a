"""Showing a session while it runs: tables on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final, Protocol

import click
from rich.console import Console
from rich.live import Live

from barter_python.cli.view.line import status_line
from barter_python.cli.view.screen import render
from barter_python.cli.view.snapshot import Snapshot, Watched

__all__ = ["LineView", "ScreenView", "View", "showing", "view_of"]

_REFRESH_SECONDS: Final = 0.25
_LINE_SECONDS: Final = 10.0
_DRAWING_SECONDS: Final = 1.0
"""For how long the end waits for a terminal that takes nothing, as after Ctrl-S."""


class View(Protocol):
    """Shows a session.

    Attributes:
        is_live: Whether it owns the terminal, so that nothing else may be printed.
    """

    is_live: bool

    async def run(self, watched: Watched) -> None:
        """Show it until cancelled."""
        ...


class LineView:
    """Prints a line every ten seconds."""

    is_live = False

    async def run(self, watched: Watched) -> None:
        """Show it until cancelled."""
        while True:
            click.echo(status_line(watched.snapshot()))
            await asyncio.sleep(_LINE_SECONDS)


class ScreenView:
    """Draws tables four times a second on the terminal's other screen, and leaves the first one as it was.

    It draws in a thread: a slow terminal must not keep orders waiting.
    """

    is_live = True

    async def run(self, watched: Watched) -> None:
        """Show it until cancelled."""
        live = Live(console=Console(highlight=False), screen=True, auto_refresh=False)
        drawing: asyncio.Future[None] | None = None
        try:
            live.start()
            while True:
                drawing = asyncio.get_running_loop().run_in_executor(None, _draw, live, watched.snapshot())
                await asyncio.shield(drawing)
                await asyncio.sleep(_REFRESH_SECONDS)
        finally:
            if drawing is not None and not drawing.done():
                await asyncio.wait((drawing,), timeout=_DRAWING_SECONDS)
            with suppress(OSError):
                live.stop()


def view_of(*, is_plain: bool) -> View:
    """Tables where the standard output is a terminal that can show them, unless lines are wanted."""
    is_capable = sys.stdout.isatty() and not Console().is_dumb_terminal
    return ScreenView() if is_capable and not is_plain else LineView()


@asynccontextmanager
async def showing(view: View, watched: Watched) -> AsyncIterator[asyncio.Task[None]]:
    """Show a session while this lasts; yields the task that does it, which ends by itself only by failing."""
    task = asyncio.create_task(_run(view, watched), name="view")
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def _run(view: View, watched: Watched) -> None:
    try:
        await view.run(watched)
    except OSError:  # nobody sees it any more, which is no reason to stop
        await asyncio.Event().wait()


def _draw(live: Live, snapshot: Snapshot) -> None:
    live.update(render(snapshot, live.console.height), refresh=True)
