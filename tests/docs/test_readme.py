"""The strategy in the README runs as printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from barter_python.cli.main import main

README = Path(__file__).parents[2] / "README.md"


def test_the_strategy_in_the_readme_runs_as_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = README.read_text()
    (code,) = re.findall(r"```python title=\"momentum.py\"\n(.*?)```", text, re.DOTALL)
    (command,) = re.findall(r"^\s*barter (demo --strategy momentum.py:\S+)$", text, re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "momentum.py").write_text(code)

    with pytest.raises(SystemExit) as exited:
        main([*command.split(), "--trades", "60000"])

    out = capsys.readouterr().out
    assert exited.value.code == 0
    assert int(re.findall(r"([\d,]+) fills", out)[0].replace(",", "")) > 5
    assert len(code.splitlines()) <= 35
