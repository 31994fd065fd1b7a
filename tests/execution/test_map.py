"""Names of a venue and indexes of the engine. Rust origin: barter_execution::map (tests)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.support.builders import spot

from barter_python.errors import (
    AssetIndexError,
    AssetKeyError,
    BarterError,
    ExchangeIndexError,
    ExchangeKeyError,
    InstrumentIndexError,
    InstrumentKeyError,
)
from barter_python.execution.map import ExecutionInstrumentMap, generate_execution_instrument_map
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments

INSTRUMENTS = IndexedInstruments.new(
    [
        spot(ExchangeId.BINANCE_SPOT, "BTC", "ETH"),
        spot(ExchangeId.COINBASE, "BTC", "ETH"),
        spot(ExchangeId.KRAKEN, "USDC", "USDT"),
    ]
)
KRAKEN = generate_execution_instrument_map(INSTRUMENTS, ExchangeId.KRAKEN)
"""Exchange 2 with the assets 4 (USDC) and 5 (USDT) and the instrument 2."""


def test_map_knows_its_venue() -> None:
    assert (KRAKEN.exchange.key, KRAKEN.exchange.value) == (2, ExchangeId.KRAKEN)


def test_find_exchange_id() -> None:
    assert ExchangeId.KRAKEN is KRAKEN.find_exchange_id(2)


def test_find_exchange_index() -> None:
    assert INSTRUMENTS.find_exchange_index(ExchangeId.KRAKEN) == KRAKEN.find_exchange_index(ExchangeId.KRAKEN)


def test_find_asset_name_exchange() -> None:
    index = INSTRUMENTS.find_asset_index(ExchangeId.KRAKEN, "usdt")
    assert KRAKEN.find_asset_name_exchange(index) == "USDT"


def test_find_asset_name_exchange_of_another_venue_as_in_rust() -> None:
    index = INSTRUMENTS.find_asset_index(ExchangeId.BINANCE_SPOT, "btc")
    assert KRAKEN.find_asset_name_exchange(index) == "BTC"


def test_find_asset_index() -> None:
    assert INSTRUMENTS.find_asset_index(ExchangeId.KRAKEN, "usdc") == KRAKEN.find_asset_index("USDC")


def test_find_instrument_name_exchange() -> None:
    index = INSTRUMENTS.find_instrument_index(ExchangeId.KRAKEN, "kraken-usdc_usdt")
    assert KRAKEN.find_instrument_name_exchange(index) == "USDC_USDT"


def test_find_instrument_name_exchange_of_another_venue_as_in_rust() -> None:
    assert KRAKEN.find_instrument_name_exchange(0) == "BTC_ETH"


def test_find_instrument_index() -> None:
    expected = INSTRUMENTS.find_instrument_index(ExchangeId.KRAKEN, "kraken-usdc_usdt")
    assert expected == KRAKEN.find_instrument_index("USDC_USDT")


def test_one_name_on_two_venues_has_two_indexes() -> None:
    maps = [generate_execution_instrument_map(INSTRUMENTS, venue) for venue in (ExchangeId.BINANCE_SPOT, ExchangeId.COINBASE)]
    expected = [(0, 0, 1), (1, 2, 3)]
    assert expected == [
        (item.find_instrument_index("BTC_ETH"), item.find_asset_index("BTC"), item.find_asset_index("ETH")) for item in maps
    ]


@pytest.mark.parametrize(
    ("find", "error"),
    [
        pytest.param(lambda: KRAKEN.find_exchange_id(0), ExchangeKeyError, id="exchange-index-of-another-venue"),
        pytest.param(lambda: KRAKEN.find_exchange_id(-1), ExchangeKeyError, id="exchange-index-negative"),
        pytest.param(
            lambda: KRAKEN.find_exchange_index(ExchangeId.BINANCE_SPOT), ExchangeIndexError, id="exchange-of-another-venue"
        ),
        pytest.param(lambda: KRAKEN.find_asset_index("BTC"), AssetIndexError, id="asset-of-other-venues"),
        pytest.param(lambda: KRAKEN.find_asset_index("usdc"), AssetIndexError, id="asset-in-lower-case"),
        pytest.param(lambda: KRAKEN.find_asset_name_exchange(999), AssetKeyError, id="asset-index-too-large"),
        pytest.param(lambda: KRAKEN.find_asset_name_exchange(-1), AssetKeyError, id="asset-index-negative"),
        pytest.param(lambda: KRAKEN.find_instrument_index("BTC_ETH"), InstrumentIndexError, id="instrument-of-other-venues"),
        pytest.param(lambda: KRAKEN.find_instrument_name_exchange(999), InstrumentKeyError, id="instrument-index-too-large"),
        pytest.param(lambda: KRAKEN.find_instrument_name_exchange(-1), InstrumentKeyError, id="instrument-index-negative"),
        pytest.param(
            lambda: generate_execution_instrument_map(INSTRUMENTS, ExchangeId.BITSTAMP),
            ExchangeIndexError,
            id="map-of-a-venue-without-instruments",
        ),
    ],
)
def test_what_the_venue_does_not_have_is_an_error(find: Callable[[], object], error: type[BarterError]) -> None:
    with pytest.raises(error):
        find()


def test_exchange_assets_are_those_of_the_venue_only() -> None:
    expected = ["USDC", "USDT"]
    assert expected == list(KRAKEN.exchange_assets())


def test_exchange_instruments_are_those_of_the_venue_only() -> None:
    expected = ["USDC_USDT"]
    assert expected == list(KRAKEN.exchange_instruments())


def test_maps_of_one_venue_are_equal() -> None:
    other = generate_execution_instrument_map(INSTRUMENTS, ExchangeId.COINBASE)
    again: ExecutionInstrumentMap = generate_execution_instrument_map(INSTRUMENTS, ExchangeId.KRAKEN)
    assert (again == KRAKEN, other == KRAKEN) == (True, False)
