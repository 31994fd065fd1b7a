"""Health of connections. Rust origin: barter::engine::state::connectivity."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.support.builders import spot

from barter_python.engine.state.connectivity import (
    ConnectivityState,
    ConnectivityStates,
    Health,
    generate_empty_indexed_connectivity_states,
)
from barter_python.errors import ExchangeIndexError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments

BINANCE, KRAKEN = ExchangeId.BINANCE_SPOT, ExchangeId.KRAKEN
UP, DOWN = Health.HEALTHY, Health.RECONNECTING
INSTRUMENTS = IndexedInstruments.new([spot(BINANCE, "btc", "usdt"), spot(KRAKEN, "btc", "usd")])

Event = Callable[[ConnectivityStates], None]


def market(exchange: ExchangeId) -> Event:
    return lambda states: states.update_from_market_event(exchange)


def market_down(exchange: ExchangeId) -> Event:
    return lambda states: states.update_from_market_reconnecting(exchange)


def account(index: int) -> Event:
    return lambda states: states.update_from_account_event(index)


def account_down(exchange: ExchangeId) -> Event:
    return lambda states: states.update_from_account_reconnecting(exchange)


ALL_UP = [market(BINANCE), market(KRAKEN), account(0), account(1)]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([], (DOWN, (DOWN, DOWN), (DOWN, DOWN)), id="start"),
        pytest.param([market(BINANCE)], (DOWN, (UP, DOWN), (DOWN, DOWN)), id="one-market"),
        pytest.param([account(1)], (DOWN, (DOWN, DOWN), (DOWN, UP)), id="one-account"),
        pytest.param([market(BINANCE), account(0)], (DOWN, (UP, UP), (DOWN, DOWN)), id="one-exchange"),
        pytest.param(ALL_UP, (UP, (UP, UP), (UP, UP)), id="all-up-account-last"),
        pytest.param(ALL_UP[::-1], (UP, (UP, UP), (UP, UP)), id="all-up-market-last"),
        pytest.param([*ALL_UP, market_down(KRAKEN)], (DOWN, (UP, UP), (DOWN, UP)), id="market-lost"),
        pytest.param([*ALL_UP, account_down(BINANCE)], (DOWN, (UP, DOWN), (UP, UP)), id="account-lost"),
        pytest.param([*ALL_UP, market_down(KRAKEN), market(KRAKEN)], (UP, (UP, UP), (UP, UP)), id="market-is-back"),
        pytest.param([*ALL_UP, account_down(BINANCE), account(0)], (UP, (UP, UP), (UP, UP)), id="account-is-back"),
        pytest.param([*ALL_UP, market_down(KRAKEN), market(BINANCE)], (DOWN, (UP, UP), (DOWN, UP)), id="another-is-no-help"),
        pytest.param(
            [*ALL_UP, market_down(KRAKEN), account_down(KRAKEN), market(KRAKEN)], (DOWN, (UP, UP), (UP, DOWN)), id="half-back"
        ),
    ],
)
def test_health(events: list[Event], expected: tuple[Health, tuple[Health, Health], tuple[Health, Health]]) -> None:
    actual = generate_empty_indexed_connectivity_states(INSTRUMENTS)
    for event in events:
        event(actual)
    whole, binance, kraken = expected
    assert ConnectivityStates(whole, {BINANCE: ConnectivityState(*binance), KRAKEN: ConnectivityState(*kraken)}) == actual


def test_exchange_is_found_by_index_and_by_id() -> None:
    states = generate_empty_indexed_connectivity_states(INSTRUMENTS)
    market(KRAKEN)(states)
    assert ConnectivityState(UP, DOWN) == states.connectivity_index(1) == states.connectivity(KRAKEN)
    assert states.exchange_ids() == [BINANCE, KRAKEN]
    assert [ConnectivityState(), ConnectivityState(UP, DOWN)] == states.exchange_states()


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(market(ExchangeId.HTX), id="divergence-8-market"),
        pytest.param(market_down(ExchangeId.HTX), id="divergence-8-market-reconnecting"),
        pytest.param(account(2), id="divergence-8-account"),
        pytest.param(account(-1), id="divergence-8-account-negative"),
        pytest.param(account_down(ExchangeId.HTX), id="divergence-8-account-reconnecting"),
    ],
)
def test_unknown_exchange_is_an_error_and_changes_nothing(event: Event) -> None:
    states = generate_empty_indexed_connectivity_states(INSTRUMENTS)
    with pytest.raises(ExchangeIndexError):
        event(states)
    assert generate_empty_indexed_connectivity_states(INSTRUMENTS) == states
