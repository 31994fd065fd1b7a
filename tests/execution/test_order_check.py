"""What a strategy may ask for, and what it is told about everything else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.support.builders import request_cancel, request_open

from barter_python import StrategyError, Trigger, TriggerKind
from barter_python.execution.order.check import check_pair, check_requests

OPEN, CANCEL = request_open("a"), request_cancel("b")


def wanted(**members: Any) -> Any:
    return replace(OPEN, state=replace(OPEN.state, **members))


def test_what_can_be_asked_for_passes_unchanged() -> None:
    trigger = Trigger(Decimal(90), TriggerKind.STOP)

    assert ((CANCEL,), (OPEN, wanted(trigger=trigger, quantity=Decimal("1e-28")))) == check_requests(
        iter([CANCEL]), (OPEN, wanted(trigger=trigger, quantity=Decimal("1e-28")))
    )


@pytest.mark.parametrize(
    ("message", "cancels", "opens"),
    [
        pytest.param("opens: found None, expected a list or a tuple of requests", (), None, id="nothing"),
        pytest.param("opens: found 'buy', expected a list or a tuple of requests", (), "buy", id="text"),
        pytest.param("cancels: found {}, expected a list or a tuple of requests", {}, (), id="a-dict"),
        pytest.param("opens[1]: found 7 of type int, expected OrderRequestOpen", (), [OPEN, 7], id="no-request"),
        pytest.param("cancels[0]: found OrderRequestOpen(", [OPEN], (), id="an-open-among-cancels"),
        pytest.param("opens[0].key: found 'me' of type str, expected OrderKey", (), [replace(OPEN, key="me")], id="key"),
        pytest.param(
            "opens[0].state.quantity: found 0.1 of type float, expected Decimal: Decimal(str(0.1))",
            (),
            [wanted(quantity=0.1)],
            id="a-float",
        ),
        pytest.param("state.quantity: found None of type NoneType, expected Decimal", (), [wanted(quantity=None)], id="none"),
        pytest.param("state.quantity: found '1' of type str, expected Decimal", (), [wanted(quantity="1")], id="text-quantity"),
        pytest.param("state.quantity: found Decimal('NaN'), expected a finite", (), [wanted(quantity=Decimal("nan"))], id="nan"),
        pytest.param("state.price: found Decimal('Infinity'), expected", (), [wanted(price=Decimal("inf"))], id="infinity"),
        pytest.param(
            "state.quantity: found Decimal('1E-30'), expected a finite number of at most 28 decimals",
            (),
            [wanted(quantity=Decimal("1e-30"))],
            id="too-small",
        ),
        pytest.param("state.quantity: found 0, expected a positive number", (), [wanted(quantity=Decimal(0))], id="zero"),
        pytest.param("state.quantity: found -1, expected a positive number", (), [wanted(quantity=Decimal(-1))], id="negative"),
        pytest.param("state.side: found 'Buy' of type str, expected Side", (), [wanted(side="Buy")], id="side"),
        pytest.param("state.trigger: found 90 of type int, expected a Trigger", (), [wanted(trigger=90)], id="trigger"),
    ],
)
def test_what_no_order_can_mean_is_named(message: str, cancels: Any, opens: Any) -> None:
    with pytest.raises(StrategyError) as caught:
        check_requests(cancels, opens)
    assert message in str(caught.value)


@pytest.mark.parametrize("answer", [None, 7, (), ((), (), ()), "ab"])
def test_an_answer_that_is_no_pair_is_shown(answer: Any) -> None:
    with pytest.raises(StrategyError, match=r"the strategy's answer: found .*, expected \(cancels, opens\)"):
        check_pair(answer)


def test_a_value_is_shown_cut() -> None:
    with pytest.raises(StrategyError) as caught:
        check_requests((), [wanted(quantity="9" * 10_000)])
    assert len(str(caught.value)) < 400
