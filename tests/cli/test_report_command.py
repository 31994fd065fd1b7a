"""`barter report`."""

from __future__ import annotations

import csv
import json
from math import sqrt
from pathlib import Path

import empyrical
import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.report.documents import document

from barter_python.cli.main import run
from barter_python.report.comparison import comparison_rows
from barter_python.report.series import daily_returns
from barter_python.result.document import write_document


@pytest.fixture
def results(tmp_path: Path) -> list[Path]:
    return [write_document(tmp_path / f"{name}.json", document(name)) for name in ("two_strategies", "spot")]


def test_a_result_is_summed_up_and_written_as_a_page(results: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == run(["report", str(results[0])])

    out = capsys.readouterr().out
    page = results[0].with_suffix(".html")
    assert "Trading summary  two_strategies" in out
    assert f"Report: {page}" in out.replace("\n", "")
    assert "<title>two_strategies - report</title>" in page.read_text()


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_tables_have_all_that_the_result_has(results: list[Path], tmp_path: Path, form: str) -> None:
    assert 0 == run(["report", str(results[0]), "--format", form, "--output", str(tmp_path / "tables")])

    found = document("two_strategies")
    path = tmp_path / "tables" / f"trades.{form}"
    if form == "csv":
        prices = [row["price"] for row in csv.DictReader(path.read_text().splitlines())]
    elif form == "json":
        prices = [row["price"] for row in json.loads(path.read_bytes())]
    else:
        prices = [f"{price.normalize():f}" for price in pq.read_table(path).column("price").to_pylist()]
    assert [trade["price"] for trade in found["trades"]] == prices
    names = {"equity", "returns", "trips", "trades", "orders", "positions"}
    assert names == {file.stem for file in (tmp_path / "tables").iterdir()}


def test_results_are_put_side_by_side(results: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == run(["report", *map(str, results)])

    heading = capsys.readouterr().out.splitlines()[0].split()
    assert ["two_strategies", "spot"] == heading
    assert results[0].with_name("comparison.html").is_file()


def test_significance_is_that_of_the_daily_returns() -> None:
    runs = {name: document(name) for name in ("two_strategies", "spot")}
    rows = {row[0]: row[1:] for row in comparison_rows(runs)}

    for place, found in enumerate(runs.values()):
        values = daily_returns(found["portfolio"]).values
        sharpe = empyrical.sharpe_ratio(np.array(values), 1.03 ** (1 / 365) - 1, annualization=365)
        low, high = (float(edge) for edge in rows["Sharpe, 5 % to 95 %"][place].split(" to "))
        probability = float(rows["P(Sharpe > 0)"][place].rstrip("%")) / 100
        assert f"{sharpe:.2f}" == rows["Sharpe ratio"][place]
        assert low < sharpe < high
        assert (probability > 0.5) == (sharpe > 0)
        assert (high - low) / 3.29 == pytest.approx(sqrt(365 / len(values)), rel=0.5)
        assert float(rows["The same, best of 2"][place].rstrip("%")) / 100 <= probability


@pytest.mark.parametrize(
    ("code", "told", "content", "options"),
    [
        pytest.param(3, "cannot be read", None, [], id="no-file"),
        pytest.param(3, "expected the JSON document of a result", "{", [], id="no-json"),
        pytest.param(3, "expected a result of version", "{}", [], id="no-result"),
        pytest.param(2, "is not one of", None, ["--format", "xlsx"], id="unknown-format"),
    ],
)
def test_what_is_no_result_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: int, told: str, content: str | None, options: list[str]
) -> None:
    path = tmp_path / "result.json"
    if content is not None:
        path.write_text(content)

    assert code == run(["report", str(path), *options])
    assert told in capsys.readouterr().err.replace("\n", " ")


def test_without_plotly_a_line_says_what_to_install(
    results: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("barter_python.cli.report.has_plotly", lambda: False)

    assert 0 == run(["report", str(results[0])])

    assert "pip install 'barter-python[report]'" in capsys.readouterr().err
    assert not results[0].with_suffix(".html").exists()
