"""What a request to open may say beyond Rust's: read where it is present, and never written where it says nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.support.builders import open_state, order_key

from barter_python.codec.execution import INDEXED, request_open
from barter_python.errors import DecodeError
from barter_python.execution.order.order import OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.request import OrderRequestOpen, RequestOpen
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


def test_an_order_keeps_what_its_request_says_beyond_rusts() -> None:
    stop = Trigger(Decimal("98.5"), TriggerKind.STOP)
    request = OrderRequestOpen(order_key(), order(reduce_only=True, trigger=stop))
    tracked = request.to_order().with_state(open_state())
    assert (True, stop) == (tracked.reduce_only, tracked.trigger)
    document = INDEXED.order_active.write(tracked)
    assert isinstance(document, dict)
    assert (True, STOP, tracked) == (document["reduce_only"], document["trigger"], INDEXED.order_active.read(document))


def test_an_order_without_them_is_written_as_by_rust() -> None:
    document = INDEXED.order_active.write(OrderRequestOpen(order_key(), order()).to_order())
    assert {"key", "side", "price", "quantity", "kind", "time_in_force", "state"} == set(document)  # type: ignore[call-overload]
