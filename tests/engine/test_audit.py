"""Audits, and the errors they carry. Rust origin: barter::engine::{audit, error}."""

from __future__ import annotations

import pytest

from barter_python.engine.action.output import Commanded, OnTradingDisabled, SendCancelsAndOpensOutput
from barter_python.engine.audit.audit import ProcessAudit
from barter_python.engine.error import (
    Custom,
    EngineError,
    ExecutionChannelTerminated,
    ExecutionChannelUnhealthy,
    is_unrecoverable,
)
from barter_python.engine.event import Shutdown, TradingStateUpdate
from barter_python.engine.state.trading import TradingState
from barter_python.errors import ExchangeIndexError

EVENT = TradingStateUpdate(TradingState.DISABLED)
DISABLED = OnTradingDisabled("done")
COMMANDED = Commanded(SendCancelsAndOpensOutput())


def test_audit_of_an_event_and_what_it_led_to() -> None:
    assert ProcessAudit(EVENT, (DISABLED,)) == ProcessAudit.with_output(EVENT, DISABLED)
    assert ProcessAudit(EVENT) == ProcessAudit.with_output(EVENT, None)


def test_outputs_and_errors_are_added_behind_the_others() -> None:
    audit = ProcessAudit(EVENT, (DISABLED,), (Custom("first"),), (SendCancelsAndOpensOutput(),))
    expected = ProcessAudit(EVENT, (DISABLED, COMMANDED), (Custom("first"), Custom("second")), (SendCancelsAndOpensOutput(),))
    assert expected == audit.add_output(COMMANDED).add_errors([Custom("second")])
    assert audit.outputs == (DISABLED,), "the audit itself is left alone"


@pytest.mark.parametrize(
    ("audit", "terminal"),
    [
        pytest.param(ProcessAudit(EVENT), False, id="goes-on"),
        pytest.param(ProcessAudit(Shutdown()), True, id="told-to-stop"),
        pytest.param(ProcessAudit(EVENT).add_errors([Custom("stop")]), True, id="has-to-stop"),
    ],
)
def test_audit_is_terminal(audit: ProcessAudit, terminal: bool) -> None:
    assert terminal is audit.is_terminal()


@pytest.mark.parametrize(
    ("error", "unrecoverable"),
    [
        pytest.param(ExecutionChannelUnhealthy("busy"), False, id="unhealthy-channel"),
        pytest.param(ExecutionChannelTerminated("gone"), True, id="terminated-channel"),
        pytest.param(ExchangeIndexError("unknown"), True, id="unknown-index"),
        pytest.param(Custom("stop"), True, id="custom"),
    ],
)
def test_error_is_unrecoverable(error: EngineError, unrecoverable: bool) -> None:
    assert unrecoverable is is_unrecoverable(error)
