"""The steps of the engine that a caller can take one by one. Rust origin: barter::engine::Engine::update_from_*."""

from __future__ import annotations

import pytest
from tests.support.builders import TIME_MIN
from tests.support.engine import VENUE, account_trade, build_engine, market_trade

from barter_python.data.event import MarketReconnecting
from barter_python.engine.action.output import AccountDisconnect, MarketDisconnect, OnTradingDisabled
from barter_python.engine.state.connectivity import Health
from barter_python.engine.state.trading import TradingState
from barter_python.errors import ExchangeIndexError
from barter_python.execution.account import AccountReconnecting
from barter_python.execution.position import PositionExited
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.side import Side

ENABLED, DISABLED = TradingState.ENABLED, TradingState.DISABLED


def test_account_event_that_closes_a_position_returns_it() -> None:
    engine = build_engine()
    assert engine.update_from_account_stream(account_trade(1, 0, Side.BUY, "100")) is None
    exited = engine.update_from_account_stream(account_trade(2, 0, Side.SELL, "110"))
    assert isinstance(exited, PositionExited)
    assert f"{exited.pnl_realised:f}" == "10"


def test_market_event_changes_the_state_alone() -> None:
    engine = build_engine(trading=ENABLED)
    assert engine.update_from_market_stream(market_trade(1, 0, 100.0)) is None
    state = engine.state.instruments.instrument_index(0)
    assert f"{state.data.price():f}" == "100"
    assert state.orders.orders() == [], "the strategy was not asked"
    assert engine.time() == TIME_MIN, "the clock stands still"


@pytest.mark.parametrize("stream", ["account", "market"])
def test_disconnect_calls_the_hook_of_the_strategy(stream: str) -> None:
    engine = build_engine()
    if stream == "account":
        assert AccountDisconnect("disconnected binance_spot") == engine.update_from_account_stream(AccountReconnecting(VENUE))
    else:
        assert MarketDisconnect("disconnected binance_spot") == engine.update_from_market_stream(MarketReconnecting(VENUE))
    assert Health.RECONNECTING is engine.state.connectivity.global_health


def test_disconnect_of_an_unknown_exchange_raises() -> None:
    engine = build_engine()
    with pytest.raises(ExchangeIndexError):
        engine.update_from_account_stream(AccountReconnecting(ExchangeId.KRAKEN))
    with pytest.raises(ExchangeIndexError):
        engine.update_from_market_stream(MarketReconnecting(ExchangeId.KRAKEN))


@pytest.mark.parametrize(
    ("before", "update", "expected"),
    [
        pytest.param(ENABLED, DISABLED, OnTradingDisabled("trading disabled"), id="disables"),
        pytest.param(DISABLED, DISABLED, None, id="disabled-already"),
        pytest.param(DISABLED, ENABLED, None, id="enables"),
        pytest.param(ENABLED, ENABLED, None, id="enabled-already"),
    ],
)
def test_trading_state_update(before: TradingState, update: TradingState, expected: OnTradingDisabled | None) -> None:
    engine = build_engine(trading=before)
    assert expected == engine.update_from_trading_state_update(update)
    assert update is engine.state.trading
