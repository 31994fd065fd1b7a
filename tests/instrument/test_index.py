"""Indexes of exchanges, assets and instruments. Rust origin: barter_instrument::index (tests of mod and builder)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.builders import D, exchange_asset, indexed_spot, spot

from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.instrument.state import generate_indexed_instrument_states
from barter_python.errors import (
    AssetIndexError,
    BarterError,
    ExchangeIndexError,
    InstrumentDefinitionError,
    InstrumentIndexError,
)
from barter_python.instrument.asset import Asset, ExchangeAsset
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument, InstrumentDefinition, InstrumentQuoteAsset, Underlying
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.kind import FutureContract, InstrumentKind, PerpetualContract, Spot
from barter_python.instrument.spec import (
    ContractUnits,
    InstrumentSpec,
    InstrumentSpecNotional,
    InstrumentSpecPrice,
    InstrumentSpecQuantity,
    OrderQuantityUnits,
    QuoteUnits,
)

BINANCE, COINBASE, KRAKEN = ExchangeId.BINANCE_SPOT, ExchangeId.COINBASE, ExchangeId.KRAKEN
EXPIRY = datetime(2024, 6, 28, 8, tzinfo=UTC)


def indexed(*instruments: InstrumentDefinition) -> IndexedInstruments:
    return IndexedInstruments.new(instruments)


def built(*instruments: InstrumentDefinition) -> IndexedInstruments:
    builder = IndexedInstruments.builder()
    for instrument in instruments:
        builder.add_instrument(instrument)
    return builder.build()


def contract(name: str, kind: InstrumentKind, unit: OrderQuantityUnits | None = None) -> InstrumentDefinition:
    """A btc/usdt instrument of Binance, with a spec where a unit is given."""
    spec = None
    if unit is not None:
        quantity = InstrumentSpecQuantity(unit, D("0.001"), D("0.001"))
        spec = InstrumentSpec(InstrumentSpecPrice(D("0.1"), D("0.1")), quantity, InstrumentSpecNotional(D(10)))
    pair = Underlying(Asset.new_from_exchange("BTC"), Asset.new_from_exchange("USDT"))
    return Instrument(BINANCE, f"binance_spot-{name}", name, pair, InstrumentQuoteAsset.UNDERLYING_QUOTE, kind, spec)


ONE = (
    [Keyed(0, BINANCE)],
    [Keyed(0, exchange_asset(BINANCE, "btc")), Keyed(1, exchange_asset(BINANCE, "usdt"))],
    [Keyed(0, indexed_spot((0, BINANCE), "btc_usdt", 0, 1))],
)
TWO_EXCHANGES = (
    [Keyed(0, BINANCE), Keyed(1, COINBASE)],
    [
        Keyed(0, exchange_asset(BINANCE, "BTC")),
        Keyed(1, exchange_asset(BINANCE, "USDT")),
        Keyed(2, exchange_asset(COINBASE, "ETH")),
        Keyed(3, exchange_asset(COINBASE, "USD")),
    ],
    [
        Keyed(0, indexed_spot((0, BINANCE), "BTC_USDT", 0, 1)),
        Keyed(1, indexed_spot((1, COINBASE), "ETH_USD", 2, 3)),
    ],
)


@pytest.mark.parametrize("build", [pytest.param(indexed, id="new"), pytest.param(built, id="builder")])
@pytest.mark.parametrize(
    ("instruments", "expected"),
    [
        pytest.param([], ([], [], []), id="nothing"),
        pytest.param([spot(BINANCE, "btc", "usdt")], ONE, id="one"),
        pytest.param([spot(BINANCE, "btc", "usdt"), spot(BINANCE, "btc", "usdt")], ONE, id="the-same-twice"),
        pytest.param([spot(BINANCE, "BTC", "USDT"), spot(COINBASE, "ETH", "USD")], TWO_EXCHANGES, id="two-exchanges"),
        pytest.param([spot(COINBASE, "ETH", "USD"), spot(BINANCE, "BTC", "USDT")], TWO_EXCHANGES, id="order-does-not-matter"),
    ],
)
def test_everything_is_numbered_in_sort_order(build, instruments, expected) -> None:  # type: ignore[no-untyped-def]
    actual = build(*instruments)
    assert expected == (list(actual.exchanges()), list(actual.assets()), list(actual.instruments()))


@pytest.mark.parametrize(
    ("instruments", "exchanges", "assets", "count"),
    [
        pytest.param([spot(BINANCE, "BTC", "USDT"), spot(BINANCE, "BTC", "USDT")], 1, 2, 1, id="the-same-twice"),
        pytest.param([spot(BINANCE, "BTC", "USDT"), spot(COINBASE, "BTC", "USD")], 2, 4, 2, id="btc-on-two-exchanges"),
        pytest.param([spot(BINANCE, "btc", "usdt"), spot(COINBASE, "btc", "usdt")], 2, 4, 2, id="one-pair-on-two-exchanges"),
        pytest.param(
            [spot(BINANCE, "BTC", "USDT"), spot(BINANCE, "ETH", "USDT"), spot(COINBASE, "BTC", "USD")], 2, 5, 3, id="three"
        ),
    ],
)
def test_assets_count_once_per_exchange(instruments: list[InstrumentDefinition], exchanges: int, assets: int, count: int) -> None:
    actual = indexed(*instruments)
    assert (exchanges, assets, count) == (len(actual.exchanges()), len(actual.assets()), len(actual.instruments()))


@pytest.mark.parametrize(
    ("instrument", "expected"),
    [
        pytest.param(contract("a", Spot(), Asset.new_from_exchange("BTC")), ["BTC", "USDT"], id="unit-is-the-base"),
        pytest.param(contract("a", Spot(), Asset.new_from_exchange("ETH")), ["BTC", "ETH", "USDT"], id="unit-is-another-asset"),
        pytest.param(contract("a", Spot(), ContractUnits.CONTRACT), ["BTC", "USDT"], id="unit-is-a-contract"),
        pytest.param(contract("a", Spot(), QuoteUnits.QUOTE), ["BTC", "USDT"], id="unit-is-the-quote"),
        pytest.param(
            contract("a", PerpetualContract(D(1), Asset.new_from_exchange("USDC"))),
            ["BTC", "USDC", "USDT"],
            id="settlement-is-another-asset",
        ),
        pytest.param(
            contract("a", PerpetualContract(D(1), Asset.new_from_exchange("USDT"))), ["BTC", "USDT"], id="settlement-is-the-quote"
        ),
    ],
)
def test_every_asset_that_an_instrument_names_is_indexed(instrument: InstrumentDefinition, expected: list[str]) -> None:
    assert expected == [keyed.value.asset.name_exchange for keyed in indexed(instrument).assets()]


def test_assets_of_a_contract_become_indexes() -> None:
    actual = indexed(contract("a", PerpetualContract(D(1), Asset.new_from_exchange("USDC")), Asset.new_from_exchange("ETH")))
    instrument = actual.find_instrument(0)
    assert (Underlying(0, 3), PerpetualContract(D(1), 2)) == (instrument.underlying, instrument.kind)
    assert instrument.spec is not None
    assert instrument.spec.quantity.unit == 1


TWO = indexed(spot(BINANCE, "BTC", "USDT"), spot(COINBASE, "ETH", "USD"))


@pytest.mark.parametrize(("exchange", "expected"), [pytest.param(BINANCE, 0, id="first"), pytest.param(COINBASE, 1, id="second")])
def test_find_exchange(exchange: ExchangeId, expected: int) -> None:
    assert expected == TWO.find_exchange_index(exchange)
    assert exchange is TWO.find_exchange(expected)


@pytest.mark.parametrize(
    ("exchange", "name", "expected"),
    [
        pytest.param(BINANCE, "btc", 0, id="btc"),
        pytest.param(BINANCE, "usdt", 1, id="usdt"),
        pytest.param(COINBASE, "eth", 2, id="eth"),
    ],
)
def test_find_asset(exchange: ExchangeId, name: str, expected: int) -> None:
    assert expected == TWO.find_asset_index(exchange, name)
    assert exchange_asset(exchange, name.upper()) == TWO.find_asset(expected)


@pytest.mark.parametrize(
    ("exchange", "name", "expected"),
    [
        pytest.param(BINANCE, "binance_spot-btc_usdt", 0, id="first"),
        pytest.param(COINBASE, "coinbase-eth_usd", 1, id="second"),
    ],
)
def test_find_instrument(exchange: ExchangeId, name: str, expected: int) -> None:
    assert expected == TWO.find_instrument_index(exchange, name)
    assert name == TWO.find_instrument(expected).name_internal


@pytest.mark.parametrize(
    ("find", "error"),
    [
        pytest.param(lambda: TWO.find_exchange_index(KRAKEN), ExchangeIndexError, id="exchange"),
        pytest.param(lambda: TWO.find_asset_index(KRAKEN, "btc"), AssetIndexError, id="asset-of-another-exchange"),
        pytest.param(lambda: TWO.find_asset_index(COINBASE, "btc"), AssetIndexError, id="asset-of-the-other-exchange"),
        pytest.param(lambda: TWO.find_asset_index(BINANCE, "nonexistent"), AssetIndexError, id="asset"),
        pytest.param(
            lambda: TWO.find_instrument_index(KRAKEN, "binance_spot-btc_usdt"),
            InstrumentIndexError,
            id="instrument-of-another-exchange",
        ),
        pytest.param(lambda: TWO.find_instrument_index(BINANCE, "nonexistent"), InstrumentIndexError, id="instrument"),
        pytest.param(lambda: TWO.find_exchange(2), ExchangeIndexError, id="exchange-index-too-large"),
        pytest.param(lambda: TWO.find_exchange(-1), ExchangeIndexError, id="exchange-index-negative"),
        pytest.param(lambda: TWO.find_asset(4), AssetIndexError, id="asset-index-too-large"),
        pytest.param(lambda: TWO.find_asset(-1), AssetIndexError, id="asset-index-negative"),
        pytest.param(lambda: TWO.find_instrument(2), InstrumentIndexError, id="instrument-index-too-large"),
        pytest.param(lambda: TWO.find_instrument(-1), InstrumentIndexError, id="instrument-index-negative"),
    ],
)
def test_what_is_not_indexed_is_an_error(find, error: type[BarterError]) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error):
        find()


def test_hand_made_tables_are_searched_as_they_are() -> None:
    """Rust tests its private helpers so."""
    actual = IndexedInstruments(
        (Keyed(0, BINANCE), Keyed(1, COINBASE)),
        (
            Keyed(0, ExchangeAsset(BINANCE, Asset.new_from_exchange("BTC"))),
            Keyed(1, ExchangeAsset(BINANCE, Asset.new_from_exchange("USDT"))),
        ),
        (),
    )
    assert (
        actual.find_exchange_index(BINANCE),
        actual.find_exchange_index(COINBASE),
        actual.find_asset_index(BINANCE, "btc"),
        actual.find_asset_index(BINANCE, "usdt"),
    ) == (0, 1, 0, 1)


def test_divergence_7_two_definitions_of_one_name_are_indexed_and_refused_by_the_state() -> None:
    """Rust drops the state of one of them and shifts every later index."""
    both = indexed(contract("a", Spot()), contract("a", PerpetualContract(D(1), Asset.new_from_exchange("USDT"))))

    assert [type(keyed.value.kind) for keyed in both.instruments()] == [Spot, PerpetualContract]
    with pytest.raises(InstrumentDefinitionError, match="'binance_spot-a' is used by 'a' of 'binance_spot' and by 'a'"):
        generate_indexed_instrument_states(both, EXPIRY, lambda _: DefaultInstrumentMarketData())


@pytest.mark.parametrize(
    ("instruments", "expected"),
    [
        pytest.param(
            [contract("b", Spot()), contract("a", PerpetualContract(D(1), Asset.new_from_exchange("USDT")))],
            ["a", "b"],
            id="by-name-before-kind",
        ),
        pytest.param(
            [
                contract(name, FutureContract(D(1), Asset.new_from_exchange("USDT"), EXPIRY + timedelta(days=days)))
                for name, days in [("late", 9), ("early", 1)]
            ],
            ["early", "late"],
            id="divergence-7-two-expiries-of-one-pair",
        ),
    ],
)
def test_instruments_of_one_pair_keep_their_own_index(instruments: list[InstrumentDefinition], expected: list[str]) -> None:
    actual = indexed(*instruments)
    assert expected == [keyed.value.name_exchange for keyed in actual.instruments()]
    assert [actual.find_instrument_index(BINANCE, f"binance_spot-{name}") for name in expected] == [0, 1]
