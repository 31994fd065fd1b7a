"""The result document: its schema, its file, its tables."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.backtest.market import Scripted, arguments, tick
from tests.result.json_schema import problems
from tests.result.portfolio_runs import RUNS, play

from barter_python import NO_ORDERS, BacktestSummary, run_backtest
from barter_python.errors import ConfigError, DecodeError
from barter_python.result.document import read_result, report_document, write_report
from barter_python.result.frames import ResultFrames

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/result.schema.json").read_text())
BY_NAME = {run.name: run for run in RUNS}


@pytest.fixture(scope="module")
def summary() -> BacktestSummary:
    return play(BY_NAME["two_strategies"])


@pytest.mark.parametrize(
    "name", ["funding", "fees_in_a_third_asset", "a_currency_without_a_value", "none", "wiped_out", "an_open_loser"]
)
def test_a_document_has_the_shape_of_its_schema(name: str) -> None:
    assert [] == list(problems(json.loads(json.dumps(report_document(play(BY_NAME[name])))), SCHEMA, SCHEMA))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), 1),
        (("portfolio", "explanation", "fees"), 1.5),
        (("portfolio", "statistics", "sharpe_ratio", "reason"), 3),
        (("surprise",), None),
    ],
)
def test_a_departure_from_the_schema_is_seen(summary: BacktestSummary, path: tuple[str, ...], value: object) -> None:
    document = json.loads(json.dumps(report_document(summary)))
    place: Any = document
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value

    assert 1 == len(list(problems(document, SCHEMA, SCHEMA)))


def test_a_file_gives_back_the_document(summary: BacktestSummary, tmp_path: Path) -> None:
    path = write_report(tmp_path / "result.json", summary)

    assert report_document(summary) == read_result(path)


@pytest.mark.parametrize("text", ["", "[]", '{"version": 1}', '{"trading_summary": {}}', "\xff"])
def test_another_file_is_refused_by_name(text: str, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="latin-1")

    with pytest.raises(DecodeError, match=r"other\.json"):
        read_result(path)


def test_tables_of_a_file_are_those_of_the_run(summary: BacktestSummary, tmp_path: Path) -> None:
    read = ResultFrames(read_result(write_report(tmp_path / "result.json", summary)))

    for name in ("equity", "returns", "trips", "trades", "orders", "positions"):
        assert getattr(summary, name).equals(getattr(read, name)), name


def test_tables_have_what_the_run_had(summary: BacktestSummary) -> None:
    assert summary.portfolio is not None

    assert len(summary.record.trades) == summary.trades.num_rows
    assert [Decimal(str(point.equity)) for point in summary.portfolio.curve] == summary.equity["equity"].to_pylist()
    assert len(summary.portfolio.trips) + len(summary.portfolio.trips_open) == summary.trips.num_rows
    assert {"FullyFilled", "Open"} >= set(summary.orders["state"].to_pylist())
    assert ["btcusdt", "ethusdt"] == sorted(summary.positions["instrument"].to_pylist())
    assert [str(point.equity) for point in summary.portfolio.curve[-1:]] == summary.frames("text").equity["equity"].to_pylist()[
        -1:
    ]


def test_a_run_without_accounts_says_so() -> None:
    constant, dynamic = arguments([tick(0), tick(10)], Scripted(lambda *_: NO_ORDERS))
    constant.is_accounted = False
    result = run_backtest(constant, dynamic)

    assert result.portfolio is None
    assert report_document(result)["portfolio"] is None
    with pytest.raises(ConfigError, match="not accounted for"):
        _ = result.equity
