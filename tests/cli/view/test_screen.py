"""The view of sessions in virtual time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rich.console import Console
from tests.cli.trading_session import Session, market, trade
from tests.data.streams.venue import ACK, DROP, FakeVenue

from barter_python.cli.view.line import status_line
from barter_python.cli.view.screen import render
from barter_python.cli.view.snapshot import Snapshot, Watched
from barter_python.integration.error import WebSocketError


class Recording:
    """A view that remembers what there was to see, once in a second."""

    is_live = False

    def __init__(self) -> None:
        self.seen: list[Snapshot] = []

    async def run(self, watched: Watched) -> None:
        while True:
            self.seen.append(watched.snapshot())
            await asyncio.sleep(1)


@pytest.fixture
def recording(monkeypatch: pytest.MonkeyPatch) -> Recording:
    view = Recording()
    monkeypatch.setattr("barter_python.cli.trading.run.view_of", lambda *, is_plain: view)
    return view


@pytest.fixture
def session(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(tmp_path)
    return Session(tmp_path, capsys)


def drawn(snapshot: Snapshot, width: int = 120) -> list[str]:
    """The lines, with the colours of a plain terminal."""
    console = Console(width=width, force_terminal=True, color_system="standard", legacy_windows=False)
    with console.capture() as capture:
        console.print(render(snapshot))
    return capture.get().splitlines()


def first(name: str, lines: list[str]) -> str:
    """The first line that begins with a name."""
    return next(line for line in lines if line.startswith(name))


GREEN, YELLOW, RED, BOLD_RED = "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[1;31m"


def test_prices_that_are_old_are_marked(session: Session, recording: Recording) -> None:
    session.venue = FakeVenue([[*market(50), 50.0, trade(50, 100), 5.0]])
    session.after(52)
    session.run()

    fresh, old = drawn(recording.seen[5]), drawn(recording.seen[20])
    assert first("BTCUSDT", fresh).rstrip().endswith(" 0s")
    assert f"{YELLOW}    15s\x1b[0m" in first("BTCUSDT", old)
    assert f"{GREEN}live" in first("binance_spot", old)
    assert f"{YELLOW}  15s\x1b[0m" in first("binance_spot", old)


def test_a_connection_without_data(session: Session, recording: Recording) -> None:
    session.venue = FakeVenue([[ACK, 50.0, trade(0, 100)]])
    session.after(10)
    session.run()

    screen = drawn(recording.seen[5])
    assert f"{YELLOW}no data" in first("binance_spot", screen)
    assert f"{YELLOW}no data" in first("BTCUSDT", screen)
    assert "| BTCUSDT no data |" in status_line(recording.seen[5])


def test_a_lost_connection_and_why(session: Session, recording: Recording) -> None:
    session.venue = FakeVenue([[*market(50), DROP], *[WebSocketError("the [red]venue\x1b[2J is away")] * 20])
    session.after(10)
    session.run()

    screen = drawn(recording.seen[8])
    assert f"{BOLD_RED}reconnecting" in first("binance_spot", screen)
    assert f"{YELLOW}the [red]venue?[2J is away" in first("binance_spot", screen)


@pytest.mark.parametrize(("width", "is_there"), [(120, True), (60, False)])
def test_profit_and_loss_have_colours(session: Session, recording: Recording, width: int, is_there: bool) -> None:
    session.after(30)
    session.run("--trade")

    lines = next(drawn(seen, width) for seen in recording.seen if seen.positions and seen.positions[0].pnl_unrealised < 0)
    assert f"{BOLD_RED}-" in first("PnL", lines)
    assert 1 == sum(f"{GREEN}long" in line and f"{RED}" in line for line in lines)
    assert is_there == any("reconnects" in line for line in lines)


class Broken(Recording):
    """A view that nobody sees any more."""

    async def run(self, watched: Watched) -> None:
        raise BrokenPipeError


def test_a_session_goes_on_where_nobody_sees_it(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("barter_python.cli.trading.run.view_of", lambda *, is_plain: Broken())
    session.after(30)

    code, out, _ = session.run("--trade")

    assert 130 == code
    assert session.loops[0].time() > 29
    assert "Trading summary" in out
