"""How a session begins, and what its recording begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from barter_python import DefaultStrategy
from barter_python.cli.main import run


def test_a_strategy_names_its_orders_by_the_tag() -> None:
    strategy = DefaultStrategy("sma")
    strategy.begin_session("tag")
    assert "sma-tag-1" == strategy.cids.next()


def test_a_file_that_is_no_recording_is_not_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.json").write_text('{"system": {}}\n')
    assert 4 == run(["replay", str(tmp_path / "config.json")])
    error = capsys.readouterr().err
    assert 1 == error.count("\n")
    assert error.endswith("expected a recording of a session\n")
