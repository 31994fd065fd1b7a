"""The table of the order lifecycle: complete, drawn as it is, and what the compiled Rust engine was seen to do."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from docs.generate_order_lifecycle import PAGE, render

from barter_python.codec.execution import INDEXED
from barter_python.engine.state.order.lifecycle import (
    TRANSITIONS,
    OrderInput,
    OrderPhase,
    cancel_input,
    known_open,
    next_phase,
    phase,
    snapshot_input,
)
from barter_python.execution.order.order import Order

TRACES = Path(os.environ.get("BARTER_TRACES", Path(__file__).parents[4] / "shared" / "conformance")) / "units" / "orders.jsonl.gz"
REPAIRED = {OrderInput.SNAPSHOT_FILLED, OrderInput.CANCEL_TOO_LATE}
"""What Rust gets wrong (divergences 5 and 20)."""
NEVER = {
    (OrderPhase.UNTRACKED, OrderInput.SNAPSHOT_OUTDATED),
    (OrderPhase.OPEN_IN_FLIGHT, OrderInput.SNAPSHOT_OUTDATED),
    (OrderPhase.CANCEL_IN_FLIGHT_UNSEEN, OrderInput.SNAPSHOT_OUTDATED),
}
"""Where nothing is known of the order at the venue, nothing can be older."""


def test_each_phase_has_an_answer_to_each_input() -> None:
    assert {current: set(OrderInput) for current in OrderPhase} == {current: set(row) for current, row in TRANSITIONS.items()}


def test_what_is_ignored_has_a_reason() -> None:
    assert all(TRANSITIONS[current].values() for current in OrderPhase)


def test_page_shows_the_table() -> None:
    assert render() == PAGE.read_text(encoding="utf-8"), "run `python docs/generate_order_lifecycle.py`"


def input_of(operation: dict[str, Any], before: Order | None) -> OrderInput:
    """What a line of the traces means for the order as Rust had it."""
    match operation["op"]:
        case "open_request":
            return OrderInput.REQUEST_OPEN
        case "cancel_request":
            return OrderInput.REQUEST_CANCEL
        case "cancel_response":
            return cancel_input(INDEXED.order_response_cancel.read(operation["value"]))
        case _:
            snapshot = INDEXED.order.read(operation["value"])
            return snapshot_input(before, snapshot, None if before is None else known_open(before))


@pytest.mark.skipif(not TRACES.is_file(), reason=f"there is no {TRACES}: set BARTER_TRACES to the folder of the traces")
def test_rust_goes_the_same_ways() -> None:
    seen: set[tuple[OrderPhase, OrderInput]] = set()
    with gzip.open(TRACES, "rt", encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            before: dict[str, Any] = {}
            for number, (operation, after) in enumerate(zip(case["input"], case["expected"], strict=True)):
                if number >= case.get("diverges_from", number + 1):
                    break
                cid = operation["value"]["key"]["cid"]
                known = INDEXED.order_active.read(before[cid]) if cid in before else None
                left = INDEXED.order_active.read(after[cid]) if cid in after else None
                event = input_of(operation, known)
                if event not in REPAIRED:
                    assert (next_phase(phase(known), event) or phase(known)) is phase(left), (case["case"], number, event)
                    seen.add((phase(known), event))
                before = after
    assert {(current, event) for current in OrderPhase for event in OrderInput if event not in REPAIRED} - NEVER == seen
