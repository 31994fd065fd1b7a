"""A client order id is never sent twice (divergence 25)."""

from __future__ import annotations

import pytest
from tests.support.builders import open_state, order, order_key, request_cancel, request_open
from tests.support.engine import FailingTx, RecordingTx, build_engine

from barter_python.codec.engine import send_open_requests_output
from barter_python.engine.error import ClientOrderIdReused, ExecutionChannelUnhealthy
from barter_python.engine.sent_cids import SENT_MAX, SentCids
from barter_python.execution.account import AccountEvent
from barter_python.execution.order.request import OrderRequestOpen


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        pytest.param(request_open("a"), [request_open("a")], id="same"),
        pytest.param(request_open("b"), [request_open("a"), request_open("b")], id="another"),
        pytest.param(
            request_open("a", instrument=1), [request_open("a"), request_open("a", instrument=1)], id="of-another-instrument"
        ),
    ],
)
def test_an_id_is_sent_once_for_an_instrument(second: OrderRequestOpen, expected: list[OrderRequestOpen]) -> None:
    tx = RecordingTx()
    engine = build_engine(txs=[tx], cids_unique=True)
    engine.send_requests([request_open("a")])
    engine.send_requests([second])
    assert expected == tx.requests


def test_the_id_of_an_order_that_the_venue_has_shown_is_not_sent() -> None:
    tx = RecordingTx()
    engine = build_engine(txs=[tx], cids_unique=True)
    engine.process(AccountEvent(0, order(open_state(), "a")))
    output = engine.send_requests([request_open("a")])
    assert (output.sent, tx.requests) == ((), [])
    assert [ClientOrderIdReused] == [type(error) for _, error in output.errors]
    assert output.unrecoverable_errors() == ()
    assert output == send_open_requests_output.read(send_open_requests_output.write(output))


def test_an_order_can_be_cancelled_under_its_id() -> None:
    tx = RecordingTx()
    engine = build_engine(txs=[tx], cids_unique=True)
    engine.send_requests([request_open("a")])
    engine.send_requests([request_cancel("a")])
    assert [request_open("a"), request_cancel("a")] == tx.requests


def test_an_order_that_could_not_be_handed_over_may_be_sent_again() -> None:
    engine = build_engine(txs=[FailingTx(is_unrecoverable=False)], cids_unique=True)
    errors = [error for _ in range(2) for _, error in engine.send_requests([request_open("a")]).errors]
    assert [ExecutionChannelUnhealthy] * 2 == [type(error) for error in errors]


def test_the_ids_of_the_latest_orders_are_remembered() -> None:
    sent = SentCids()
    for number in range(SENT_MAX + 1):
        sent.add(order_key(str(number)))
    assert (False, True, True) == tuple(order_key(cid) in sent for cid in ("0", "1", str(SENT_MAX)))
