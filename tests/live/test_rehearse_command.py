"""`barter rehearse` serves a venue that `barter paper` trades on."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_backtest_command import config

from barter_python.cli.main import run

STRATEGIES = Path(__file__).with_name("strategies.py")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(config()))
    return tmp_path


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    """Whatever goes wrong, the process ends too."""
    try:
        yield
    except BaseException:
        process.kill()
        raise


def test_a_rehearsal(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "barter_python.cli.main", "rehearse", "config.json", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder) as venue, ended(venue):
        assert venue.stdout is not None
        for _ in range(2):
            for part in venue.stdout.readline().split()[1:]:
                monkeypatch.setenv(*part.split("=", 1))
        arguments = ("--strategy", f"{STRATEGIES}:PressesCtrlC", "--trade", "--real-orders", "--account", "1")
        code = run(["live", "config.json", *arguments, "--result", "result.json"])
        venue.send_signal(signal.SIGINT)
        printed = venue.stdout.read()
    result: dict[str, Any] = json.loads((folder / "result.json").read_text())

    assert (130, 0) == (code, venue.returncode)
    assert " REHEARSAL binance_spot account 1 " in capsys.readouterr().out
    assert len(result["trades"]) >= 1
    assert f"2 orders, {len(result['trades'])} fills, 0 orders open still\n" in printed


def test_a_port_that_is_taken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert 3 == run(["rehearse", "config.json", "--port", str(port)])
    assert f"error: --port {port}: " in capsys.readouterr().err


def test_a_capture_that_is_not_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 4 == run(["rehearse", "config.json", "--port", "0", "--capture", "none.gz"])
    assert "error: none.gz" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--price", "--speed", "--trades-per-second"])
def test_a_market_that_cannot_be(option: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == run(["rehearse", "config.json", "--port", "0", option, "0"])
    assert f"Invalid value for '{option}'" in capsys.readouterr().err
