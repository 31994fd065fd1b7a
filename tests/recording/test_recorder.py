"""A disk that is full while a session is recorded: the session ends in order, with one message."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.backtest.test_replay import EXCHANGE, INSTRUMENTS, Trader, market, simulated
from tests.support.virtual_time import LoopClock, in_virtual_time

from barter_python import DefaultGlobalData, DefaultInstrumentMarketData, DefaultRiskManager, TradingState
from barter_python.execution.exchange.model.latency import ConstantLatency
from barter_python.recording.recorder import SessionRecorder
from barter_python.recording.recording import Recording
from barter_python.system.builder import SystemArgs, SystemBuilder
from barter_python.system.parts import SystemFailedError


class Disk:
    """Takes so many lines, then no more."""

    def __init__(self, path: Path, room: int) -> None:
        self._path = path
        self.room = room

    def write(self, line: bytes) -> None:
        if not self.room:
            raise OSError(28, "No space left on device")
        self.room -= 1
        with self._path.open("ab") as file:
            file.write(line)


@pytest.mark.parametrize("room", range(40, 56))  # whatever it is that cannot be written
@in_virtual_time
async def test_a_full_disk_ends_the_session_in_order(room: int, tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    recorder = SessionRecorder(Disk(path, room).write)
    args = SystemArgs(
        INSTRUMENTS,
        [simulated(ConstantLatency(timedelta(milliseconds=4), timedelta(milliseconds=4)))],
        LoopClock(),
        Trader(),
        DefaultRiskManager(),
        market(),
        DefaultGlobalData(),
        lambda _: DefaultInstrumentMarketData(),
    )
    system = await SystemBuilder(args).trading_state(TradingState.ENABLED).recorder(recorder).build().init()

    with pytest.raises(SystemFailedError) as failed:
        await system.wait()
    recorder.close()

    assert ["market stream"] == [failure.task for failure in failed.value.failures]
    assert "market stream failed: OSError: [Errno 28] No space left on device" == failed.value.message
    assert [] == [order for instrument in system.engine.state.instruments for order in instrument.orders]
    assert room - 1 == len(list(Recording(path).entries()))


@pytest.mark.parametrize("room", [3, 4])
@in_virtual_time
async def test_what_was_not_told_before_is_told_at_the_close(room: int, tmp_path: Path) -> None:
    recorder = SessionRecorder(Disk(tmp_path / "session.jsonl", room).write)
    clock = recorder.start(LoopClock(), [])
    for _ in range(3):
        recorder.exchange(EXCHANGE).snapshot_taken(clock.time())

    with pytest.raises(OSError, match="No space left on device"):
        recorder.close()
    recorder.close()
