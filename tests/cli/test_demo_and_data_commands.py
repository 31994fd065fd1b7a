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


def test_what_a_conversion_left_out_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = '{"lastUpdateId":100,"bids":[["99","1"]],"asks":[["101","1"]]}'
    update = '{"stream":"x","data":{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":105,"u":106,"b":[],"a":[]}}'
    lines = CAPTURE.splitlines()
    stamp = lines[-1].partition(" ")[0]
    (tmp_path / "capture.txt").write_text("\n".join([*lines, f"{stamp} {book}", f"{stamp} {update}", lines[-1][:40]]))
    target = tmp_path / "btc.parquet"

    assert run("data", "convert", str(tmp_path / "capture.txt"), str(target)) == 0
    converted = capsys.readouterr().out
    assert run("data", "inspect", str(target)) == 0

    for out in (converted, capsys.readouterr().out):
        assert "gaps in the order book: 1;" in out
        assert "last lines that are cut off, left out: 1" in out


@pytest.mark.parametrize(
    ("period", "code", "told"),
    [
        pytest.param(("--from", "2024-08-08", "--to", "2100-01-01T00:00+01:00"), 0, "2 events", id="all-of-it"),
        pytest.param(("--from", "2100-01-01"), 4, "there is no event to write", id="after-its-end"),
        pytest.param(("--from", "yesterday"), 2, "found 'yesterday', expected a date or a time such as", id="no-time"),
    ],
)
def test_a_period_is_converted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], period: tuple[str, ...], code: int, told: str
) -> None:
    (tmp_path / "capture.txt").write_text(CAPTURE)

    assert run("data", "convert", *period, str(tmp_path / "capture.txt"), str(tmp_path / "btc.jsonl")) == code
    assert told in "".join(capsys.readouterr())


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


def demo(folder: Path, hash_seed: str) -> tuple[bytes, bytes, bytes]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-m", "barter_python.cli.main", "demo", "--trades", "8000", "-p", "fast=50", "-p", "slow=200"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    output = folder / "demo-output"
    return done.stdout, (output / "backtest.json").read_bytes(), (output / "report.html").read_bytes()


def test_the_demo_gives_the_same_bytes_for_any_hash_seed(tmp_path: Path) -> None:
    first, second = demo(tmp_path, "0"), demo(tmp_path, "4242")

    assert first == second
    assert b" fills\n0 orders refused by the venue" in first[0]
