"""`barter demo` and `barter data`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from barter_python.cli.main import main

BOOK_TICKER = '{"u":5,"s":"BTCUSDT","b":"61837.63","B":"3.78826","a":"61837.64","A":"1.54698"}'
TRADE = '{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":1,"p":"61837.63","q":"0.02","T":1723161255342,"m":true,"M":true}'
CAPTURE = f"""\
1723161254000000000 {{"stream":"btcusdt@bookTicker","data":{BOOK_TICKER}}}
1723161254500000000 {{"stream":"btcusdt@trade","data":{TRADE}}}
"""


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exited:
        main(list(arguments))
    assert isinstance(exited.value.code, int)
    return exited.value.code


@pytest.mark.parametrize("suffix", ["parquet", "jsonl", "jsonl.gz"])
def test_a_capture_is_converted_and_inspected(tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str) -> None:
    (tmp_path / "capture.txt").write_text(CAPTURE)
    target = tmp_path / f"btc.{suffix}"

    assert run("data", "convert", str(tmp_path / "capture.txt"), str(target)) == 0
    capsys.readouterr()
    assert run("data", "inspect", str(target)) == 0

    out = capsys.readouterr().out
    assert "binance_spot BTCUSDT" in out
    assert "2 events" in out
    assert "OrderBookL1" in out


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        pytest.param(("inspect", "nothing.parquet"), ["nothing.parquet", "no such file"], id="inspect-missing-file"),
        pytest.param(("convert", "nothing.gz", "btc.parquet"), ["nothing.gz"], id="convert-missing-file"),
        pytest.param(("convert", "capture.txt", "btc.csv"), ["btc.csv", ".parquet"], id="convert-to-unknown-format"),
    ],
)
def test_bad_files_are_named(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    mentions: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "capture.txt").write_text(CAPTURE)

    assert run("data", *arguments) == 4

    err = capsys.readouterr().err
    for mention in mentions:
        assert mention in err
    assert [path.name for path in tmp_path.iterdir()] == ["capture.txt"]


def demo(folder: Path, hash_seed: str) -> tuple[bytes, bytes]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-m", "barter_python.cli.main", "demo", "--trades", "8000", "-p", "fast=50", "-p", "slow=200"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    return done.stdout, (folder / "demo-output" / "backtest.json").read_bytes()


def test_the_demo_gives_the_same_bytes_for_any_hash_seed(tmp_path: Path) -> None:
    first, second = demo(tmp_path, "0"), demo(tmp_path, "4242")

    assert first == second
    assert b" fills, 0 orders refused" in first[0]
