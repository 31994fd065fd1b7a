"""`barter init` writes a folder that runs as it is."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from barter_python.cli.main import cli, run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_backtest_runs_as_written(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["init", "my-idea"], None) == 0
    written = folder / "my-idea"
    monkeypatch.syspath_prepend(written)
    sys.modules.pop("strategy", None)
    capsys.readouterr()

    script = (written / "backtest.py").read_text()
    exec(compile(script, "backtest.py", "exec"), {"__name__": "__main__", "__file__": str(written / "backtest.py")})

    del sys.modules["strategy"]
    (fills, refused) = re.findall(r"([\d,]+) fills?\n(\d+) orders? refused", capsys.readouterr().out)[0]
    assert int(fills) > 5
    assert refused == "0"


def test_the_commands_of_the_readme_have_their_options(folder: Path) -> None:
    run(["init", "idea"], None)

    commands = re.findall(r"^    barter (.*)$", (folder / "idea/README.md").read_text(), re.MULTILINE)

    assert [3, 1, 1] == [_depth(shlex.split(command)) for command in commands]


def _depth(words: list[str]) -> int:
    """How many words name the command, all of whose options are known."""
    command, depth = cli, 0
    while hasattr(command, "commands"):
        command, depth = command.commands[words[depth]], depth + 1
    known = {name for parameter in command.params for name in parameter.opts}
    assert set() == {word for word in words if word.startswith("-")} - known
    return depth


def test_a_folder_with_something_in_it_is_left_as_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "idea").mkdir()
    (folder / "idea/strategy.py").write_text("mine")

    assert run(["init", "idea"], None) == 3
    assert "idea: there is something in it" in capsys.readouterr().err
    assert ["mine"] == [path.read_text() for path in (folder / "idea").iterdir()]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("my idea", "the name is 'my idea', expected letters", id="blank"),
        pytest.param("file", "file: cannot be written", id="a-file"),
    ],
)
def test_a_folder_that_cannot_be_is_told(name: str, expected: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "file").touch()

    assert run(["init", name], None) == 3
    assert expected in capsys.readouterr().err


def test_a_long_name_gives_an_id_that_a_live_session_can_use(folder: Path) -> None:
    run(["init", "a-name-that-is-longer-than-ids"], None)

    assert '__init__("a-name-that-is-long")' in (folder / "a-name-that-is-longer-than-ids/strategy.py").read_text()
