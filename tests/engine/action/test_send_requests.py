"""What becomes of requests. Rust origin: barter::engine::action::send_requests (tests)."""

from __future__ import annotations

import pytest
from tests.support.builders import request_cancel, request_open
from tests.support.engine import FailingTx, RecordingTx, ScriptedStrategy, account_balance, build_engine, market_trade

from barter_python.engine.action.output import (
    GenerateAlgoOrdersOutput,
    SendCancelsAndOpensOutput,
    SendRequestsOutput,
)
from barter_python.engine.error import (
    Custom,
    EngineError,
    ExecutionChannelTerminated,
    ExecutionChannelUnhealthy,
)
from barter_python.engine.event import EngineEvent
from barter_python.engine.state.trading import TradingState
from barter_python.errors import ExchangeIndexError, InstrumentIndexError
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen
from barter_python.risk.manager import RiskRefused


def cancels_failing(*reasons: str) -> SendRequestsOutput[OrderRequestCancel]:
    return SendRequestsOutput((), tuple((request_cancel(), Custom(reason)) for reason in reasons))


def opens_failing(*reasons: str) -> SendRequestsOutput[OrderRequestOpen]:
    return SendRequestsOutput((), tuple((request_open(), Custom(reason)) for reason in reasons))


def test_unrecoverable_errors_of_cancels_come_before_those_of_opens() -> None:
    output = SendCancelsAndOpensOutput(cancels_failing("cancel"), opens_failing("open 1", "open 2"))
    assert (Custom("cancel"), Custom("open 1"), Custom("open 2")) == output.unrecoverable_errors()


@pytest.mark.parametrize(
    ("error", "unrecoverable"),
    [
        pytest.param(ExecutionChannelUnhealthy("busy"), False, id="unhealthy-channel"),
        pytest.param(ExecutionChannelTerminated("gone"), True, id="terminated-channel"),
        pytest.param(ExchangeIndexError("unknown"), True, id="unknown-exchange"),
        pytest.param(Custom("mine"), True, id="custom"),
    ],
)
def test_unrecoverable_errors_leave_out_the_recoverable(error: EngineError, unrecoverable: bool) -> None:
    output = SendRequestsOutput[OrderRequestOpen]((), ((request_open(), error),))
    assert ((error,) if unrecoverable else ()) == output.unrecoverable_errors()


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        pytest.param(SendRequestsOutput(), True, id="requests-none"),
        pytest.param(SendRequestsOutput((request_open(),)), False, id="requests-sent"),
        pytest.param(opens_failing("no"), False, id="requests-failed"),
        pytest.param(SendCancelsAndOpensOutput(), True, id="both-none"),
        pytest.param(SendCancelsAndOpensOutput(cancels=cancels_failing("no")), False, id="both-cancels"),
        pytest.param(SendCancelsAndOpensOutput(opens=opens_failing("no")), False, id="both-opens"),
        pytest.param(GenerateAlgoOrdersOutput(), True, id="algo-none"),
        pytest.param(GenerateAlgoOrdersOutput(SendCancelsAndOpensOutput(opens=opens_failing("no"))), False, id="algo-opens"),
        pytest.param(
            GenerateAlgoOrdersOutput(cancels_refused=(RiskRefused(request_cancel(), "no"),)), False, id="algo-cancel-refused"
        ),
        pytest.param(GenerateAlgoOrdersOutput(opens_refused=(RiskRefused(request_open(), "no"),)), False, id="algo-open-refused"),
    ],
)
def test_output_is_empty_where_nothing_was_wanted(
    output: SendRequestsOutput[OrderRequestOpen] | SendCancelsAndOpensOutput | GenerateAlgoOrdersOutput, expected: bool
) -> None:
    assert expected is output.is_empty()


def test_requests_are_sent_one_by_one() -> None:
    tx = RecordingTx()
    output = build_engine(txs=[tx]).send_requests([request_open("a"), request_open("b")])
    assert SendRequestsOutput((request_open("a"), request_open("b"))) == output
    assert [request_open("a"), request_open("b")] == tx.requests


def test_a_request_that_fails_does_not_stop_the_next() -> None:
    tx = RecordingTx()
    output = build_engine(txs=[tx]).send_requests([request_open("a", exchange=7), request_open("b")])
    assert (request_open("b"),) == output.sent
    assert [request_open("b")] == tx.requests


@pytest.mark.parametrize(
    ("is_unrecoverable", "expected"),
    [
        pytest.param(True, ExecutionChannelTerminated, id="terminated"),
        pytest.param(False, ExecutionChannelUnhealthy, id="unhealthy"),
    ],
)
def test_failure_of_the_channel_is_reported_with_the_request(is_unrecoverable: bool, expected: type[EngineError]) -> None:
    output = build_engine(txs=[FailingTx(is_unrecoverable=is_unrecoverable)]).send_requests([request_open("a")])
    assert output.sent == ()
    assert [(request_open("a"), expected)] == [(request, type(error)) for request, error in output.errors]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(request_open(exchange=1), ExchangeIndexError, id="unknown-exchange"),
        pytest.param(request_open(exchange=-1), ExchangeIndexError, id="negative-exchange"),
        pytest.param(request_open(instrument=9), InstrumentIndexError, id="unknown-instrument"),
        pytest.param(request_open(instrument=-1), InstrumentIndexError, id="negative-instrument"),
        pytest.param(request_cancel(exchange=1), ExchangeIndexError, id="cancel-at-unknown-exchange"),
        pytest.param(request_cancel(instrument=9), InstrumentIndexError, id="cancel-of-unknown-instrument"),
    ],
)
def test_request_that_names_something_unknown_is_not_sent(
    request_: OrderRequestOpen | OrderRequestCancel, expected: type[Exception]
) -> None:
    tx = RecordingTx()
    output = build_engine(txs=[tx]).send_requests([request_])
    assert [(request_, expected)] == [(request, type(error)) for request, error in output.errors]
    assert tx.requests == []


@pytest.mark.parametrize("event", [market_trade(1, 0, 100.0), account_balance(1, 0, "5")], ids=["market", "account"])
@pytest.mark.parametrize(
    ("cancels", "opens"),
    [
        pytest.param([request_cancel("a")], [], id="cancels"),
        pytest.param([], [request_open("b")], id="opens"),
        pytest.param([request_cancel("a")], [request_open("b")], id="both"),
    ],
)
def test_what_the_strategy_wants_is_sent(
    event: EngineEvent, cancels: list[OrderRequestCancel], opens: list[OrderRequestOpen]
) -> None:
    tx = RecordingTx()
    engine = build_engine(trading=TradingState.ENABLED, strategy=ScriptedStrategy(cancels, opens), txs=[tx])
    engine.process(event)

    assert [*cancels, *opens] == tx.requests


def test_exchange_that_is_watched_but_not_traded_on_is_an_error() -> None:
    output = build_engine(txs=[None]).send_requests([request_open()])
    assert [ExchangeIndexError] == [type(error) for _, error in output.errors]


def test_an_output_is_shown_with_both_of_its_members() -> None:
    output = SendRequestsOutput((request_open("a"),), ((request_open("b"), Custom("no")),))

    assert f"SendRequestsOutput(sent={output.sent!r}, errors={output.errors!r})" == repr(output)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(SendRequestsOutput((), ((request_open("b"), Custom("no")),)), id="sent"),
        pytest.param(SendRequestsOutput((request_open("a"),)), id="errors"),
        pytest.param(None, id="type"),
    ],
)
def test_outputs_are_equal_where_all_of_them_is(other: object) -> None:
    output = SendRequestsOutput((request_open("a"),), ((request_open("b"), Custom("no")),))

    assert SendRequestsOutput((request_open("a"),), ((request_open("b"), Custom("no")),)) == output
    assert other != output
