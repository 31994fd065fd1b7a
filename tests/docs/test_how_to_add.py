"""What CONTRIBUTING says under "How to add" is all that there is to do: in a copy of the tree, a toy of each kind works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.docs.additions import ADDITIONS

ROOT = Path(__file__).parents[2]
LIST = re.compile(r"^\*\*([^*]+)\.\*\*\s(.*?)(?=^\*\*|\Z)", re.DOTALL | re.MULTILINE)
LISTS = dict(LIST.findall((ROOT / "CONTRIBUTING.md").read_text()))


def copy_of_the_tree(folder: Path) -> Path:
    """What is installed from may be another tree; the copy stands before it on the path."""
    package = folder / "barter_python"
    shutil.copytree(ROOT / "src" / "barter_python", package, ignore=shutil.ignore_patterns("__pycache__"))
    return package


@pytest.mark.parametrize("kind", ADDITIONS)
def test_a_toy_works_once_it_is_added_where_the_list_says(kind: str, tmp_path: Path) -> None:
    addition, package = ADDITIONS[kind], copy_of_the_tree(tmp_path)
    for name, edits in addition.edits.items():
        text = (package / name).read_text()
        for before, after in edits:
            assert 1 == text.count(before), (name, before)
            text = text.replace(before, after)
        (package / name).write_text(text)
    for name, content in addition.files.items():
        path = package / name
        path.parent.mkdir(exist_ok=True)
        with path.open("a") as file:
            file.write(content)

    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", addition.program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )

    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("kind", ADDITIONS)
def test_the_list_names_every_place(kind: str) -> None:
    named = {name.replace("<venue>", "toy") for name in re.findall(r"`([\w<>/]+\.py|[\w<>/]+/)`", LISTS[kind])}
    touched = {*ADDITIONS[kind].edits, *ADDITIONS[kind].files}

    assert [] == [path for path in sorted(touched) if path not in named and f"{Path(path).parent}/" not in named]
