"""`barter data import`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cli.test_backtest_command import config
from tests.cli.test_demo_and_data_commands import run
from tests.data.file.importer.market import CANDLES, COLUMNS, FORMS, MINUTE, csv_text, kline_rows, rows_of_candles, zipped

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


STRATEGY = """
from decimal import Decimal

from barter_python import Candle
from barter_python.strategy.moving_average import MovingAverageCross, MovingAverageData


class Closes(MovingAverageData):
    def process(self, event):
        super().process(event)
        if type(event.kind) is Candle:
            self.observe(event.kind.close)

    def price(self):
        return Decimal(str(self._fast[-1])) if self._fast else None


class CrossOfCloses(MovingAverageCross):
    def instrument_data(self, instrument):
        return Closes(self.fast, self.slow)
"""


def test_candles_give_the_same_result_bytes_whatever_file_they_come_from(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(config()))
    (tmp_path / "strategy.py").write_text(STRATEGY)
    candles = [
        replace(
            CANDLES[0], close_time=CANDLES[0].close_time + number * MINUTE, open=price, high=price + 2, low=price - 2, close=price
        )
        for number in range(120)
        if (price := 100.0 + number % 17)
    ]
    made = []
    (tmp_path / "candles.csv").write_text(csv_text(rows_of_candles(candles)))
    (tmp_path / "BTCUSDT-1m-2024-10.zip").write_bytes(zipped("klines.csv", csv_text(kline_rows(1, candles), None)))
    pq.write_table(
        pa.table(dict(zip(COLUMNS, zip(*rows_of_candles(candles), strict=True), strict=True))), tmp_path / "candles.parquet"
    )
    for name in ("candles.csv", "BTCUSDT-1m-2024-10.zip", "candles.parquet"):
        data, result = tmp_path / f"{name}.data.parquet", tmp_path / f"{name}.result.json"
        assert 0 == run("data", "import", str(tmp_path / name), str(data), *TOLD)
        options = (
            "--strategy",
            f"{tmp_path / 'strategy.py'}:CrossOfCloses",
            "-p",
            "fast=2",
            "-p",
            "slow=5",
            "--output",
            str(result),
        )
        assert 0 == run("backtest", str(tmp_path / "config.json"), "--data", str(data), *options)
        made.append([line for line in result.read_bytes().splitlines() if not line.startswith(b'"origin"')])

    assert made[0] == made[1] == made[2]
    (requests,) = (line for line in made[0] if line.startswith(b'"requests"'))
    assert requests.count(b'"time"') > 10
