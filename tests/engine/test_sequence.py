"""Numbers of audits. Rust origin: barter::Sequence."""

from __future__ import annotations

from barter_python.engine.sequence import Sequence


def test_numbers_are_given_out_from_zero_without_a_gap() -> None:
    sequence = Sequence()

    assert [0, 1, 2] == [sequence.fetch_add() for _ in range(3)]
    assert Sequence(3) == sequence
