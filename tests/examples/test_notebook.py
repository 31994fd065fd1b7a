"""The notebook runs, and prints what is stored in it."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "examples/backtest.ipynb"


def printed(notebook: Any) -> list[str]:
    return [
        output["text"]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output["output_type"] == "stream" and output["name"] == "stdout"
    ]


def test_the_notebook_prints_what_is_stored_in_it() -> None:
    stored = nbformat.read(NOTEBOOK, as_version=4)
    executed = deepcopy(stored)

    NotebookClient(executed, timeout=300, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()

    assert len(printed(stored)) >= 2
    assert printed(stored) == printed(executed)
