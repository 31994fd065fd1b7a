"""Switching trading on and off. Rust origin: barter::engine::state::trading (tests)."""

from __future__ import annotations

import pytest

from barter_python.engine.state.trading import TradingState, TradingStateUpdateAudit

ENABLED, DISABLED = TradingState.ENABLED, TradingState.DISABLED

SWITCHES = [
    pytest.param(DISABLED, ENABLED, False, id="enable"),
    pytest.param(ENABLED, DISABLED, True, id="disable"),
    pytest.param(ENABLED, ENABLED, False, id="enable-again"),
    pytest.param(DISABLED, DISABLED, False, id="disable-again"),
]


@pytest.mark.parametrize(("current", "update", "to_disabled"), SWITCHES)
def test_update_reports_the_state_before_and_after(current: TradingState, update: TradingState, to_disabled: bool) -> None:
    assert TradingStateUpdateAudit(prev=current, current=update) == current.update(update)


@pytest.mark.parametrize(("current", "update", "to_disabled"), SWITCHES)
def test_only_a_switch_off_is_a_transition_to_disabled(current: TradingState, update: TradingState, to_disabled: bool) -> None:
    assert to_disabled is current.update(update).transitioned_to_disabled()
