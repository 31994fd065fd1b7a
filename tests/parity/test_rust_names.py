"""The page of Rust names is what its generator writes."""

from __future__ import annotations

from docs.generate_rust_names import PAGE, render


def test_page_is_up_to_date() -> None:
    assert render() == PAGE.read_text(encoding="utf-8"), "run `python docs/generate_rust_names.py`"
