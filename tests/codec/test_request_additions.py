"""What a request to open may say beyond Rust's: read where it is present, and never written where it says nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from barter_python.codec.execution import request_open
from barter_python.errors import DecodeError
from barter_python.execution.order.order import OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.request import RequestOpen
from barter_python.instrument.side import Side

RUST: dict[str, Any] = {"side": "Sell", "price": "99", "quantity": "2", "kind": "Market", "time_in_force": "ImmediateOrCancel"}
STOP = {"price": "98.5", "kind": "Stop"}


def order(**additions: Any) -> RequestOpen:
    return RequestOpen(Side.SELL, Decimal(99), Decimal(2), OrderKind.MARKET, TimeInForce.IMMEDIATE_OR_CANCEL, **additions)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(RUST, order(), id="rust's"),
        pytest.param({**RUST, "reduce_only": True}, order(reduce_only=True), id="reduce-only"),
        pytest.param({**RUST, "trigger": STOP}, order(trigger=Trigger(Decimal("98.5"), TriggerKind.STOP)), id="stop"),
        pytest.param(
            {**RUST, "reduce_only": True, "trigger": {**STOP, "kind": "TakeProfit"}},
            order(reduce_only=True, trigger=Trigger(Decimal("98.5"), TriggerKind.TAKE_PROFIT)),
            id="both",
        ),
    ],
)
def test_only_what_says_something_is_written(document: dict[str, Any], expected: RequestOpen) -> None:
    assert expected == request_open.read(document)
    assert document == request_open.write(expected)


def test_what_says_nothing_is_read_as_well() -> None:
    assert order() == request_open.read({**RUST, "reduce_only": False, "trigger": None})


def test_an_array_holds_rusts_members() -> None:
    assert order() == request_open.read(list(RUST.values()))


def test_an_unknown_trigger_is_refused_by_name() -> None:
    with pytest.raises(DecodeError, match=r"\$\.trigger\.kind: found 'Trailing', expected one of: Stop, TakeProfit"):
        request_open.read({**RUST, "trigger": {**STOP, "kind": "Trailing"}})
