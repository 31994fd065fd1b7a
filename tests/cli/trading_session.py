"""A trading session in a folder, on a venue that follows a script, in virtual time."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_backtest_command import config
from tests.data.streams.venue import ACK, START, FakeVenue, Script
from tests.support.virtual_time import VirtualTimeLoop

from barter_python.cli.main import run
from barter_python.cli.trading.context import TradingContext
from barter_python.session.account import Venues

STRATEGY = "barter_python.strategy.moving_average:MovingAverageCross"
TRADES = ("--data-kind", "trades")


def trade(number: int, price: float | str) -> bytes:
    """The trade of that number, which reaches us 20 ms after it happened."""
    stamp = round(START.timestamp() * 1000) + (number + 1) * 100 - 20
    members = {
        "e": "trade",
        "E": stamp,
        "s": "BTCUSDT",
        "t": number,
        "p": str(price),
        "q": "1",
        "T": stamp,
        "m": False,
        "M": True,
    }
    return json.dumps(members).encode()


def market(count: int, seconds: float = 0.1) -> Script:
    """Trades whose price goes up and down, one every tenth of a second."""
    script: list[Any] = [ACK]
    for number in range(count):
        script += [seconds, trade(number, 100 + (number // 7 * 5) % 17)]
    return script


class VenueClock:
    def time(self) -> datetime:
        return START + timedelta(seconds=asyncio.get_running_loop().time())

    def process(self, event: object, /) -> None:
        return


@dataclass
class Session:
    folder: Path
    capsys: pytest.CaptureFixture[str]
    venue: FakeVenue = field(default_factory=lambda: FakeVenue([market(600)]))
    document: dict[str, Any] = field(default_factory=config)
    loops: list[VirtualTimeLoop] = field(default_factory=list)
    venues: Venues | None = None
    signals: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def after(self, seconds: float, number: signal.Signals = signal.SIGINT) -> None:
        """Send a signal to the process at a virtual time."""
        self.signals.append((seconds, lambda: os.kill(os.getpid(), number)))

    def run(
        self, *extra: str, command: str = "paper", strategy: str = STRATEGY, kinds: Sequence[str] = TRADES
    ) -> tuple[int, str, str]:
        path = self.folder / "config.json"
        path.write_text(json.dumps(self.document))
        parameters = ("-p", "fast=2", "-p", "slow=5") if strategy == STRATEGY else ()
        surroundings = TradingContext(self.venue.environment, VenueClock, self._loop, self.venues)
        code = run([command, str(path), "--strategy", strategy, *parameters, *kinds, *extra], surroundings)
        out, err = self.capsys.readouterr()
        return code, out, err

    def _loop(self) -> VirtualTimeLoop:
        loop = VirtualTimeLoop()
        self.loops.append(loop)
        for seconds, action in self.signals:
            loop.call_at(seconds, action)
        return loop


def tasks_left(session: Session) -> set[asyncio.Task[Any]]:
    return {task for loop in session.loops for task in asyncio.all_tasks(loop)}
