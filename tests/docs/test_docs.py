"""What the documentation shows is there: pages, names, options, and code that runs as printed."""

from __future__ import annotations

import ast
import importlib
import os
import re
import shlex
import sys
from datetime import UTC, datetime, timedelta
from math import sin
from pathlib import Path
from textwrap import dedent
from typing import Any

import click
import pytest

from barter_python import ExchangeId, PublicTrade, Side
from barter_python.cli.main import cli, main
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.file.writer import write_market_data
from barter_python.instrument.name import InstrumentNameExchange

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [
    README,
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "SECURITY.md",
    ROOT / "examples/README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
CODE = re.compile(r"^```\w*[^\n]*\n(?P<fenced>.*?)^```|(?P<indented>(?:^    [^\n]*\n|^\n(?=    ))+)", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")
START = datetime(2025, 1, 1, tzinfo=UTC)


def blocks(page: Path) -> list[str]:
    """The code in a page."""
    return [dedent(found["fenced"] or found["indented"]).strip() for found in CODE.finditer(page.read_text())]


def titled(page: Path, title: str) -> str:
    (code,) = re.findall(rf"```\w+ title=\"{re.escape(title)}\"\n(.*?)```", page.read_text(), re.DOTALL)
    return str(code)


def links(page: Path) -> list[Path]:
    return [Path(os.path.normpath(page.parent / target)) for target in LINK.findall(page.read_text())]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


IMPORTS = [
    pytest.param(line, id=f"{named(page)}-{line}")
    for page in PAGES
    for block in blocks(page)
    for line in re.findall(r"^from barter_python\S* import [^(\n]+$", block, re.MULTILINE)
]
COMMANDS = [
    pytest.param(line, id=f"{named(page)}-{line}")
    for page in PAGES
    for block in blocks(page)
    for line in re.findall(r"^barter .*$", block, re.MULTILINE)
]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    assert [] == [target for target in links(page) if not target.exists()]


def test_every_page_is_two_clicks_from_the_readme() -> None:
    reached = {README, *links(README)}
    for page in [*reached]:
        if page.suffix == ".md":
            reached |= {*links(page)}
    assert [] == [named(page) for page in PAGES if page not in reached]


@pytest.mark.parametrize("line", IMPORTS)
def test_an_import_finds_its_names(line: str) -> None:
    (statement,) = ast.parse(line).body
    assert isinstance(statement, ast.ImportFrom)
    assert statement.module is not None
    module = importlib.import_module(statement.module)
    assert [] == [alias.name for alias in statement.names if not hasattr(module, alias.name)]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_has_its_options(line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    command: click.Command = cli
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    known = {name for parameter in command.params for name in parameter.opts}
    assert set() == {word for word in words if word.startswith("-")} - known


def test_the_backtest_in_python_runs_as_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "momentum.py").write_text(titled(README, "momentum.py"))
    (tmp_path / "config.json").write_text(titled(ROOT / "docs/tutorial.md", "config.json"))
    rising = (
        NamedMarketEvent(
            START + timedelta(seconds=second),
            START + timedelta(seconds=second),
            ExchangeId.BINANCE_SPOT,
            InstrumentNameExchange("BTCUSDT"),
            PublicTrade(str(second), 100 + second / 1_000, 1.0, Side.BUY),
        )
        for second in range(2_100)
    )
    write_market_data(tmp_path / "btcusdt.parquet", rising)

    exec(compile(titled(ROOT / "docs/how-to/write-a-strategy.md", "run.py"), "run.py", "exec"), {})
    del sys.modules["momentum"]
    assert "1 fills" == capsys.readouterr().out.splitlines()[-1]


def test_the_strategy_on_bars_runs_as_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ROOT / "docs/how-to/write-a-strategy.md"
    (command,) = re.findall(r"^    barter (demo --strategy sma_cross.py:\S+)$", page.read_text(), re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sma_cross.py").write_text(titled(page, "sma_cross.py"))

    with pytest.raises(SystemExit) as exited:
        main(command.split())

    assert exited.value.code == 0
    assert int(re.findall(r"([\d,]+) fills", capsys.readouterr().out)[0].replace(",", "")) > 5


def test_the_five_lines_run_as_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(ROOT / "examples")
    closes = [100 + 5 * sin(minute / 60) for minute in range(1_500)]
    rows = [f"{START + timedelta(minutes=minute)},{close},{close},{close},{close},1" for minute, close in enumerate(closes)]
    (tmp_path / "btcusdt-1m.csv").write_text("\n".join(["time,open,high,low,close,volume", *rows]))
    names: dict[str, Any] = {}

    exec(compile(titled(README, "five_lines.py"), "five_lines.py", "exec"), names)

    del sys.modules["sma_cross"]
    assert "backtest: SmaCross on BTCUSDT from 2025-01-01 00:01 UTC" == capsys.readouterr().out.splitlines()[0]
    assert len(names["summary"].record.trades) > 5
