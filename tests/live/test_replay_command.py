"""`barter paper` and `barter live` record a session on real sockets, and `barter replay` repeats it as a backtest."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_backtest_command import config
from tests.support.running_venue import UID, RunningVenue

from barter_python.cli.main import run
from barter_python.rehearsal.binance_spot import AtMessage, DropConnections, VenueChannel

STRATEGIES = Path(__file__).with_name("strategies.py")
LOSSES = (DropConnections(AtMessage(150)), DropConnections(AtMessage(8), VenueChannel.USER, is_abrupt=True))


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def recorded(entry: str) -> int:
    """How often something stands in the recording of the running session so far."""
    path = Path(".session.jsonl.partial")
    return path.read_bytes().count(f'"{entry}"'.encode()) if path.exists() else 0


@pytest.fixture
def barter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs a command in a folder of its own; returns its exit code and all that it printed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(config()))

    def command(*arguments: str) -> tuple[int, str]:
        code = run([*arguments])
        return code, "".join(capsys.readouterr())

    return command


def summary(path: str) -> Any:
    """A result but for its name, and which command made it of which recording."""
    document = json.loads(Path(path).read_text())
    del document["id"], document["origin"]["command"]
    document["origin"].pop("recording", None)
    return document


def test_a_paper_session(barter: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    with RunningVenue(*LOSSES) as venue:
        monkeypatch.setenv("BARTER_REHEARSAL_URL", venue.url)
        venue.once(lambda _: recorded("Answered") > 11 and recorded("Reconnecting") > 0, interrupt)
        session = barter(
            *("paper", "config.json", "--strategy", f"{STRATEGIES}:InAndOut", "--trade", "--on-exit", "close"),
            *("--record", "session.jsonl", "--result", "session.json"),
        )
    code, printed = barter("replay", "session.jsonl", "--result", "replay.json")

    assert (130, 0) == (session[0], code)
    assert "The same as the session: " in printed
    assert summary("session.json") == summary("replay.json")
    assert len(summary("replay.json")["trades"]) > 10


def test_a_live_session(barter: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    with RunningVenue(*LOSSES) as venue:
        for name, value in venue.environment.items():
            monkeypatch.setenv(name, value)
        venue.once(lambda books: len(books.trades) > 10 and recorded("Reconnecting") > 1, interrupt)
        session = barter(
            *("live", "config.json", "--strategy", f"{STRATEGIES}:InAndOut", "--trade", "--on-exit", "close"),
            *("--real-orders", "--account", UID, "--record", "session.jsonl", "--result", "session.json"),
        )
    code, printed = barter("replay", "session.jsonl", "--result", "replay.json")

    assert (130, 0) == (session[0], code)
    assert "The same as the session: " in printed
    assert summary("session.json") == summary("replay.json")


def test_a_strategy_that_decides_otherwise(barter: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    with RunningVenue() as venue:
        monkeypatch.setenv("BARTER_REHEARSAL_URL", venue.url)
        venue.once(lambda _: recorded("Answered") > 2, interrupt)
        barter("paper", "config.json", "--strategy", f"{STRATEGIES}:InAndOut", "--trade", "--record", "session.jsonl")
    code, printed = barter("replay", "session.jsonl", "--strategy", f"{STRATEGIES}:HoldsAndRests")

    assert 8 == code
    assert "error: the replay differs from the session:\n  request 2: " in printed
