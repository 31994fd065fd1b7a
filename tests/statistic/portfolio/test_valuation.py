"""Ways from assets to the valuation asset."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.statistic.portfolio.account_feed import EXCHANGE, pair

from barter_python.instrument.asset import AssetNameInternal
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.statistic.portfolio.valuation import Valuation, default_valuation

OTHER = ExchangeId.KRAKEN


@pytest.mark.parametrize(
    ("pairs", "asset", "prices", "rate"),
    [
        pytest.param([pair("BTC", "USDT")], "usdt", {}, "1", id="itself"),
        pytest.param([pair("BTC", "USDT")], "btc", {"BTCUSDT": "100"}, "100", id="a price"),
        pytest.param([pair("USDT", "TRY"), pair("BTC", "USDT")], "try", {"USDTTRY": "40"}, "0.025", id="an inverse price"),
        pytest.param(
            [pair("ETH", "BTC"), pair("BTC", "USDT")], "eth", {"ETHBTC": "0.05", "BTCUSDT": "100"}, "5.00", id="two steps"
        ),
        pytest.param(
            [pair("ETH", "BTC"), pair("BTC", "USDT"), pair("ETH", "USDT")],
            "eth",
            {"ETHBTC": "0.05", "BTCUSDT": "100", "ETHUSDT": "7"},
            "7",
            id="the shorter way",
        ),
        pytest.param(
            [pair("BTC", "EUR"), pair("BTC", "USDT")],
            "eur",
            {"BTCEUR": "80", "BTCUSDT": "100"},
            "1.25",
            id="a price, then an inverse",
        ),
        pytest.param([pair("BTC", "USDT"), pair("LUNA", "TRY")], "luna", {"LUNATRY": "3"}, None, id="no way"),
        pytest.param([pair("BTC", "USDT")], "btc", {}, None, id="no price yet"),
        pytest.param([pair("BTC", "USDT", "0.1")], "btc", {"BTCUSDT": "100"}, "100", id="a contract where there is no spot"),
    ],
)
def test_rate(pairs: list[InstrumentDefinition], asset: str, prices: dict[str, str], rate: str | None) -> None:
    instruments = IndexedInstruments.new(pairs)
    valuation = Valuation(instruments, AssetNameInternal("usdt"))
    by_index = {
        keyed.key: Decimal(prices[keyed.value.name_exchange]) if keyed.value.name_exchange in prices else None
        for keyed in instruments.instruments()
    }

    found = valuation.rate(instruments.find_asset_index(EXCHANGE, asset), by_index.__getitem__)

    assert (None if rate is None else Decimal(rate)) == found


def test_an_asset_is_at_home_where_its_exchange_trades_it() -> None:
    instruments = IndexedInstruments.new([pair("BTC", "USDT", exchange=OTHER), pair("BTC", "USDT"), pair("ETH", "USDT", "1")])
    valuation = Valuation(instruments, AssetNameInternal("usdt"))
    homes = {
        (keyed.value.exchange, str(keyed.value.asset.name_internal)): valuation.homes[keyed.key] for keyed in instruments.assets()
    }

    assert {
        (EXCHANGE, "btc"): instruments.find_instrument_index(EXCHANGE, "binance_spot-btcusdt"),
        (OTHER, "btc"): instruments.find_instrument_index(OTHER, "kraken-btcusdt"),
        (EXCHANGE, "eth"): None,
        (EXCHANGE, "usdt"): None,
        (OTHER, "usdt"): None,
    } == homes


@pytest.mark.parametrize(
    ("pairs", "asset"),
    [
        ([pair("ETH", "BTC"), pair("BTC", "USDT"), pair("ETH", "USDT")], "usdt"),
        ([pair("BTC", "EUR"), pair("BTC", "USDT")], "eur"),
    ],
)
def test_the_quote_asset_that_most_instruments_share(pairs: list[InstrumentDefinition], asset: str) -> None:
    assert asset == default_valuation(IndexedInstruments.new(pairs))
