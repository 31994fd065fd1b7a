"""`barter data import`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_demo_and_data_commands import run
from tests.data.file.importer.market import FORMS, csv_text, rows_of_candles

HEADER = ("when", "open", "high", "low", "close", "Vol.", "n", "who")
TOLD = ("--exchange", "binance_spot", "--instrument", "BTCUSDT", "--stamp", "open")


def test_a_file_is_imported_and_what_was_found_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = rows_of_candles()
    source, target = tmp_path / "candles.csv", tmp_path / "btc.parquet"
    later = (rows[-1][0] + 600_000, *rows[-1][1:])
    source.write_text(csv_text([(*row, "x") for row in (*rows, rows[-1], later)], HEADER))

    assert run("data", "import", str(source), str(target), *TOLD, "--column", "time=when", "--column", "trade_count=n") == 0
    out = " ".join(capsys.readouterr().out.split())
    for line in (
        "btc.parquet: 5 rows, 4 events, table of candles",
        "binance_spot BTCUSDT  2024-10-04 00:01:00 to 2024-10-04 00:13:00",
        "open_time: 'when'",
        "not used    'who'",
        "stamps      Unix time in ms, found by magnitude",
        "stamped     with the open",
        "interval    1m",
        "left out    1 rows: the same candle again",
        "gaps        1, 9 missing",
        "2024-10-04 00:03:00 to 2024-10-04 00:12:00, 9 missing",
        "note        candles of 1m: the most frequent distance of stamps",
    ):
        assert " ".join(line.split()) in out
    assert run("data", "inspect", str(target)) == 0
    assert "Candle" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "mentions"),
    [
        pytest.param((), 4, "nothing tells the exchange", id="nothing-told"),
        pytest.param(
            (*TOLD, "--interval", "1y"), 3, "interval: found '1y', expected a number and one of s, m, h, d, w", id="interval"
        ),
        pytest.param(
            (*TOLD, "--unit", "s"),
            4,
            "candles.csv, row 1, column 'time': found '1728000000000', expected Unix time in s",
            id="unit",
        ),
        pytest.param((*TOLD, "--column", "time"), 2, "'time': expected ROLE=NAME", id="column"),
    ],
)
def test_what_cannot_be_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, mentions: str
) -> None:
    source = FORMS["csv"](tmp_path)
    if not arguments:
        arguments = ("--stamp", "open")

    assert code == run("data", "import", str(source), str(tmp_path / "btc.parquet"), *arguments)
    assert mentions in " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert [source] == list(tmp_path.iterdir())


def test_funding_rates_become_a_member_of_the_configuration(tmp_path: Path) -> None:
    source, target = tmp_path / "BTCUSDT-fundingRate-2025-01.csv", tmp_path / "funding.json"
    source.write_text(
        "calc_time,funding_interval_hours,last_funding_rate\n1735689600000,8,0.00010000\n1735718400001,8,-0.000036\n"
    )

    assert run("data", "import", str(source), str(target)) == 0
    assert [
        {"time": "2025-01-01T00:00:00Z", "rate": "0.00010000"},
        {"time": "2025-01-01T08:00:00.001000Z", "rate": "-0.000036"},
    ] == json.loads(target.read_text())
