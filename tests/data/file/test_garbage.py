"""Garbage collection is paused for a while, and afterwards as it was before."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from barter_python.data.file.garbage import paused_garbage_collection


@pytest.fixture(params=[True, False], ids=["on", "off"])
def was_on(request: pytest.FixtureRequest) -> Iterator[bool]:
    (gc.enable if request.param else gc.disable)()
    yield request.param
    gc.enable()


def test_garbage_collection_pauses(was_on: bool) -> None:
    with paused_garbage_collection():
        assert not gc.isenabled()
    assert was_on == gc.isenabled()


def test_garbage_collection_goes_on_after_an_error(was_on: bool) -> None:
    with pytest.raises(ZeroDivisionError), paused_garbage_collection():
        raise ZeroDivisionError
    assert was_on == gc.isenabled()
