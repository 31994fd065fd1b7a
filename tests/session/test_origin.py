"""How a session begins, and what its recording begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from barter_python import DefaultStrategy
from barter_python.cli.main import run
from barter_python.session.origin import begin_session


def test_a_strategy_names_its_orders_by_the_tag() -> None:
    strategy = DefaultStrategy("sma")
    assert "tag" == begin_session(strategy, "tag")
    assert "sma-tag-1" == strategy.cids.next()


def test_a_strategy_that_knows_of_no_sessions_has_no_tag() -> None:
    assert "" == begin_session(object(), "tag")


def test_a_file_that_is_no_recording_is_not_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.json").write_text('{"system": {}}\n')
    assert 4 == run(["replay", str(tmp_path / "config.json")])
    error = capsys.readouterr().err
    assert 1 == error.count("\n")
    assert error.endswith("expected a recording of a session\n")
