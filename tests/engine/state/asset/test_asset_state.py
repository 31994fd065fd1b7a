"""Balances of assets. Rust origin: barter::engine::state::asset (tests)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.support.builders import TIME_MAX, TIME_MIN, D, asset_state, plus_days, spot

from barter_python.codec import state as codec
from barter_python.codec.json import decode, encode
from barter_python.engine.state.asset.filter import AssetExchangesFilter
from barter_python.engine.state.asset.state import AssetState, AssetStates, generate_empty_indexed_asset_states
from barter_python.errors import AssetIndexError
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.instrument.asset import Asset, AssetNameInternal, ExchangeAsset
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.timed import Timed

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
BTC = ExchangeAsset(ExchangeId.BINANCE_SPOT, AssetNameInternal("btc"))
USDT = ExchangeAsset(ExchangeId.BINANCE_SPOT, AssetNameInternal("usdt"))


def snapshot(total: str, free: str, time: datetime, name: str = "xbt") -> AssetBalance:
    return AssetBalance(name, Balance(D(total), D(free)), time)


def test_first_balance_starts_the_statistics() -> None:
    state = AssetState(Asset.new_from_exchange("btc"))
    state.update_from_balance(snapshot("1100", "1100", TIME_MIN))
    assert asset_state("btc", "1100", "1100", TIME_MIN) == state


def test_more_recent_balance_is_taken() -> None:
    state = asset_state("btc", "1000", "1000", TIME_MIN)
    state.update_from_balance(snapshot("1100", "1100", TIME_MAX))
    assert asset_state("btc", "1100", "1100", TIME_MAX) == state


def test_names_of_an_asset_do_not_change_with_its_balance() -> None:
    state = asset_state("btc", "1000", "1000", TIME_MIN)
    state.update_from_balance(snapshot("1100", "1100", TIME_MAX, "xbt"))
    assert Asset.new("btc", "btc") == state.asset


def test_balance_of_equal_time_is_taken() -> None:
    state = asset_state("btc", "1000", "900", NOON)
    state.update_from_balance(snapshot("1000", "800", NOON))
    assert Timed(Balance(D(1000), D(800)), NOON) == state.balance


def test_older_balance_changes_nothing() -> None:
    state = asset_state("btc", "1000", "900", TIME_MAX)
    state.update_from_balance(snapshot("1000", "800", TIME_MIN))
    assert asset_state("btc", "1000", "900", TIME_MAX) == state


def test_older_balance_does_not_reach_the_statistics() -> None:
    state = asset_state("btc", "1000", "1000", TIME_MAX)
    state.update_from_balance(snapshot("1", "1", TIME_MIN))
    assert state.statistics.generate().drawdown is None


def states() -> AssetStates:
    return AssetStates([(BTC, asset_state("btc", "1", "0.5", TIME_MIN)), (USDT, asset_state("usdt", "1000", "1000", TIME_MIN))])


@pytest.mark.parametrize(
    ("index", "key", "expected"),
    [
        pytest.param(0, BTC, asset_state("btc", "1", "0.5", TIME_MIN), id="btc"),
        pytest.param(1, USDT, asset_state("usdt", "1000", "1000", TIME_MIN), id="usdt"),
    ],
)
def test_asset_is_found_by_index_and_by_name(index: int, key: ExchangeAsset[AssetNameInternal], expected: AssetState) -> None:
    assert expected == states().asset_index(index)
    assert expected == states().asset(key)


@pytest.mark.parametrize(
    "index", [pytest.param(2, id="too-large"), pytest.param(-1, id="negative"), pytest.param("btc", id="name")]
)
def test_unknown_index_is_an_error(index: int) -> None:
    with pytest.raises(AssetIndexError):
        states().asset_index(index)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(ExchangeAsset(ExchangeId.KRAKEN, AssetNameInternal("btc")), id="other-exchange"),
        pytest.param(ExchangeAsset(ExchangeId.BINANCE_SPOT, AssetNameInternal("eth")), id="other-asset"),
    ],
)
def test_unknown_name_is_an_error(key: ExchangeAsset[AssetNameInternal]) -> None:
    with pytest.raises(AssetIndexError):
        states().asset(key)


def test_generated_states_follow_the_index() -> None:
    instruments = IndexedInstruments.new([spot(ExchangeId.KRAKEN, "btc", "usd"), spot(ExchangeId.BINANCE_SPOT, "eth", "btc")])
    generated = generate_empty_indexed_asset_states(instruments)
    assert [keyed.value.asset for keyed in instruments.assets()] == [state.asset for state in generated]
    assert all(state.balance is None for state in generated)


@pytest.mark.parametrize(
    ("exchanges", "expected"),
    [
        pytest.param(None, ["btc", "eth", "btc", "usd"], id="every-asset"),
        pytest.param((ExchangeId.KRAKEN,), ["btc", "usd"], id="one-exchange"),
        pytest.param((ExchangeId.KRAKEN, ExchangeId.BINANCE_SPOT), ["btc", "eth", "btc", "usd"], id="both-in-index-order"),
        pytest.param((), [], id="no-exchange"),
        pytest.param((ExchangeId.HTX,), [], id="exchange-without-assets"),
    ],
)
def test_filter_by_exchange(exchanges: tuple[ExchangeId, ...] | None, expected: list[str]) -> None:
    instruments = IndexedInstruments.new([spot(ExchangeId.KRAKEN, "btc", "usd"), spot(ExchangeId.BINANCE_SPOT, "eth", "btc")])
    selected = generate_empty_indexed_asset_states(instruments).filtered(
        None if exchanges is None else AssetExchangesFilter(exchanges)
    )
    assert expected == [str(state.asset.name_internal) for state in selected]


def test_balance_is_exported_under_the_name_of_the_exchange() -> None:
    state = AssetState(Asset.new("btc", "XBT"), balance=Timed(Balance(D(2), D(1)), plus_days(1)))
    assert AssetBalance("XBT", Balance(D(2), D(1)), plus_days(1)) == state.to_asset_balance(TIME_MIN)


def test_unknown_balance_is_exported_as_zero() -> None:
    assert AssetBalance("XBT", Balance(), TIME_MAX) == AssetState(Asset.new("btc", "XBT")).to_asset_balance(TIME_MAX)


def test_states_survive_json_with_their_indexes_and_names() -> None:
    restored = decode(encode(states(), codec.asset_states), codec.asset_states)
    assert states() == restored
    for index, key in enumerate((BTC, USDT)):
        assert states().asset_index(index) == restored.asset_index(index) == restored.asset(key)
