"""The project as a user gets it: one wheel, in an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import barter_python

ROOT = Path(__file__).parents[2]
SOURCES = ("src", "pyproject.toml", "README.md", "LICENSE", "NOTICE")


def run(*command: str | Path, folder: Path) -> str:
    """What a command prints; it sees nothing of this environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "COV"))}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_the_demo_runs_from_the_wheel_alone(tmp_path: Path) -> None:
    source, fresh = tmp_path / "source", tmp_path / "fresh"
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        source.mkdir(exist_ok=True)
        copy(ROOT / name, source / name)
    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check")
    run(sys.executable, *pip, "wheel", "--no-deps", "--wheel-dir", tmp_path, source, folder=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    run(sys.executable, "-m", "venv", fresh, folder=tmp_path)
    python = fresh / "bin" / "python"
    run(python, *pip, "install", "--constraint", ROOT / "constraints.txt", f"{wheel}[report]", folder=tmp_path)

    printed = run(fresh / "bin" / "barter", "demo", folder=tmp_path)
    told = run(python, "-c", "import barter_python as b; print(b.__version__, b.__file__)", folder=tmp_path)

    assert "Trading summary" in printed
    assert "<title>demo - report</title>" in (tmp_path / "demo-output" / "report.html").read_text()
    assert [barter_python.__version__, str(fresh)] == [told.split()[0], told.split()[1][: len(str(fresh))]]
