"""Every venue and subscription of Rust can be streamed. Rust origin: the table in barter_data::subscription."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import product

import pytest
from tests.data.exchange.venue import RECEIVED
from tests.support.builders import D

from barter_python.data.exchange.connector import ExchangeSub, StatelessTransformer, subscription_meta
from barter_python.data.exchange.registry import CONNECTORS, connector_of, exchange_supports, supported_sub_kinds, validate
from barter_python.data.subscription import (
    MarketInstrumentData,
    SubKind,
    Subscription,
    UnsupportedSubscriptionError,
)
from barter_python.errors import ConfigError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.kind import OptionExercise, OptionKind, Spot
from barter_python.instrument.market_data import (
    MarketDataFutureContract,
    MarketDataInstrument,
    MarketDataInstrumentKind,
    MarketDataOptionContract,
    MarketDataPerpetual,
)
from barter_python.instrument.name import InstrumentNameExchange

EXPIRY = datetime(2023, 12, 29, 8, tzinfo=UTC)
KINDS: dict[str, MarketDataInstrumentKind] = {
    "spot": Spot(),
    "perpetual": MarketDataPerpetual(),
    "future": MarketDataFutureContract(EXPIRY),
    "option": MarketDataOptionContract(OptionKind.CALL, OptionExercise.EUROPEAN, EXPIRY, D("35000")),
}

# exchange/instrument kind/subscription kind, channel, market of btc and usdt, url: the `combo` rows of the Rust API
COMBINATIONS = """
binance_futures_usd/perpetual/Liquidations @forceOrder BTCUSDT wss://fstream.binance.com/market/ws
binance_futures_usd/perpetual/OrderBooksL1 @bookTicker BTCUSDT wss://fstream.binance.com/public/ws
binance_futures_usd/perpetual/OrderBooksL2 @depth@100ms BTCUSDT wss://fstream.binance.com/public/ws
binance_futures_usd/perpetual/PublicTrades @trade BTCUSDT wss://fstream.binance.com/public/ws
binance_spot/spot/OrderBooksL1 @bookTicker BTCUSDT wss://stream.binance.com:9443/ws
binance_spot/spot/OrderBooksL2 @depth@100ms BTCUSDT wss://stream.binance.com:9443/ws
binance_spot/spot/PublicTrades @trade BTCUSDT wss://stream.binance.com:9443/ws
bitfinex/spot/PublicTrades trades tBTCUST wss://api-pub.bitfinex.com/ws/2
bitmex/perpetual/PublicTrades trade XBTUSDT wss://ws.bitmex.com/realtime
bybit_perpetuals_usd/perpetual/OrderBooksL1 orderbook.1 BTCUSDT wss://stream.bybit.com/v5/public/linear
bybit_perpetuals_usd/perpetual/OrderBooksL2 orderbook.50 BTCUSDT wss://stream.bybit.com/v5/public/linear
bybit_perpetuals_usd/perpetual/PublicTrades publicTrade BTCUSDT wss://stream.bybit.com/v5/public/linear
bybit_spot/spot/OrderBooksL1 orderbook.1 BTCUSDT wss://stream.bybit.com/v5/public/spot
bybit_spot/spot/OrderBooksL2 orderbook.50 BTCUSDT wss://stream.bybit.com/v5/public/spot
bybit_spot/spot/PublicTrades publicTrade BTCUSDT wss://stream.bybit.com/v5/public/spot
coinbase/spot/PublicTrades matches BTC-USDT wss://ws-feed.exchange.coinbase.com
gateio_futures_btc/future/PublicTrades futures.trades BTC_USDT_20231229 wss://fx-ws.gateio.ws/v4/ws/delivery/btc
gateio_futures_usd/future/PublicTrades futures.trades BTC_USDT_20231229 wss://fx-ws.gateio.ws/v4/ws/delivery/usdt
gateio_options/option/PublicTrades options.trades BTC_USDT-20231229-35000-C wss://op-ws.gateio.live/v4/ws
gateio_perpetuals_btc/perpetual/PublicTrades futures.trades BTC_USDT wss://fx-ws.gateio.ws/v4/ws/btc
gateio_perpetuals_usd/perpetual/PublicTrades futures.trades BTC_USDT wss://fx-ws.gateio.ws/v4/ws/usdt
gateio_spot/spot/PublicTrades spot.trades BTC_USDT wss://api.gateio.ws/ws/v4/
kraken/spot/OrderBooksL1 spread XBT/USDT wss://ws.kraken.com/
kraken/spot/PublicTrades trade XBT/USDT wss://ws.kraken.com/
okx/future/PublicTrades trades BTC-USDT-231229 wss://ws.okx.com/ws/v5/public
okx/option/PublicTrades trades BTC-USDT-231229-35000-C wss://ws.okx.com/ws/v5/public
okx/perpetual/PublicTrades trades BTC-USDT-SWAP wss://ws.okx.com/ws/v5/public
okx/spot/PublicTrades trades BTC-USDT wss://ws.okx.com/ws/v5/public
"""
ROWS = [line.split() for line in COMBINATIONS.split("\n") if line]


def subscription(row: str) -> Subscription[MarketDataInstrument]:
    exchange, kind, sub_kind = row.split("/")
    return Subscription.of_pair(ExchangeId(exchange), "btc", "usdt", KINDS[kind], SubKind(sub_kind))


@pytest.mark.parametrize(("row", "channel", "market", "url"), ROWS, ids=[row[0] for row in ROWS])
def test_a_combination_of_rust(row: str, channel: str, market: str, url: str) -> None:
    wanted = subscription(row)
    connector = connector_of(wanted.exchange)
    assert url == connector.addresses(wanted.kind)[0]
    meta = subscription_meta(connector, [wanted, wanted], RECEIVED)
    assert meta.instrument_map == {f"{channel}|{market}": wanted.instrument}
    assert [ExchangeSub(channel, market)] == meta.exchange_subs
    assert meta.expected_responses == 1
    [request] = meta.requests
    assert market.lower() in request.lower()
    assert isinstance(json.loads(request), dict)


def test_there_is_no_other_combination() -> None:
    supported = {
        f"{exchange.value}/{name}/{sub_kind}"
        for exchange, (name, kind), sub_kind in product(ExchangeId, KINDS.items(), SubKind)
        if exchange_supports(exchange, kind, sub_kind)
    }
    assert {row[0] for row in ROWS} == supported


@pytest.mark.parametrize(
    ("exchange", "kind"),
    [
        pytest.param(ExchangeId.COINBASE, Spot(), id="coinbase-spot"),
        pytest.param(ExchangeId.OKX, Spot(), id="okx-spot"),
        pytest.param(ExchangeId.OKX, MarketDataPerpetual(), id="okx-perpetual"),
    ],
)
def test_a_supported_subscription_is_valid(exchange: ExchangeId, kind: MarketDataInstrumentKind) -> None:
    subscription = Subscription.of_pair(exchange, "base", "quote", kind, SubKind.PUBLIC_TRADES)
    assert validate(subscription) is subscription


def test_an_unsupported_subscription_is_not() -> None:
    subscription = Subscription.of_pair(ExchangeId.COINBASE, "base", "quote", MarketDataPerpetual(), SubKind.PUBLIC_TRADES)
    with pytest.raises(UnsupportedSubscriptionError) as error:
        validate(subscription)
    assert str(error.value) == "coinbase cannot stream PublicTrades of perpetual, expected one of: nothing"
    assert (error.value.exchange, error.value.sub_kind) == (ExchangeId.COINBASE, SubKind.PUBLIC_TRADES)
    assert error.value.instrument_kind == MarketDataPerpetual()


@pytest.mark.parametrize(
    ("exchange", "kind", "expected"),
    [
        pytest.param(ExchangeId.KRAKEN, Spot(), True, id="some-kind"),
        pytest.param(ExchangeId.KRAKEN, MarketDataPerpetual(), False, id="no-kind"),
        pytest.param(ExchangeId.GATEIO_FUTURES_USD, Spot(), False, id="a-server-of-futures-has-no-spot"),
        pytest.param(ExchangeId.MOCK, Spot(), False, id="a-venue-without-connector-has-nothing"),
    ],
)
def test_whether_anything_of_an_instrument_can_be_streamed(
    exchange: ExchangeId, kind: MarketDataInstrumentKind, expected: bool
) -> None:
    assert expected is exchange_supports(exchange, kind)
    assert expected is bool(supported_sub_kinds(exchange, kind))


def test_an_unsupported_subscription_says_what_is_possible() -> None:
    with pytest.raises(UnsupportedSubscriptionError, match="kraken cannot stream OrderBooksL2 of spot, expected one of: Public"):
        connector_of(ExchangeId.KRAKEN).exchange_sub(subscription("kraken/spot/OrderBooksL2"))


def test_an_unknown_venue_says_which_are_known() -> None:
    with pytest.raises(ConfigError, match=r"exchange is 'mock', expected one .*: binance_futures_usd, binance_spot, bitfinex"):
        connector_of(ExchangeId.MOCK)


def test_an_instrument_with_the_venue_s_name_is_subscribed_under_it() -> None:
    instrument = MarketInstrumentData(7, InstrumentNameExchange("XBT/USD"), Spot())
    meta = subscription_meta(
        connector_of(ExchangeId.KRAKEN), [Subscription(ExchangeId.KRAKEN, instrument, SubKind.PUBLIC_TRADES)], RECEIVED
    )
    assert meta.instrument_map == {"trade|XBT/USD": 7}


def test_a_keyed_instrument_is_known_by_its_key() -> None:
    instrument = Keyed(7, MarketDataInstrument.new("btc", "usdt", Spot()))
    meta = subscription_meta(
        connector_of(ExchangeId.OKX), [Subscription(ExchangeId.OKX, instrument, SubKind.PUBLIC_TRADES)], RECEIVED
    )
    assert meta.instrument_map == {"trades|BTC-USDT": 7}


def test_two_instruments_of_one_market_are_refused() -> None:
    instrument = MarketDataInstrument.new("btc", "usdt", Spot())
    twice = [Subscription(ExchangeId.OKX, Keyed(key, instrument), SubKind.PUBLIC_TRADES) for key in (1, 2)]
    with pytest.raises(ConfigError, match=r"market of .* is 'BTC-USDT', expected one that no other instrument has"):
        subscription_meta(connector_of(ExchangeId.OKX), twice, RECEIVED)


def test_a_subscription_of_another_venue_is_refused() -> None:
    with pytest.raises(ConfigError, match="is 'okx', expected 'kraken'"):
        subscription_meta(connector_of(ExchangeId.KRAKEN), [subscription("okx/spot/PublicTrades")], RECEIVED)


def test_a_stateless_transformer_has_no_snapshots() -> None:
    assert StatelessTransformer(lambda message, time: []).on_snapshot(b"", RECEIVED, "BTCUSDT") == []
    for connector in CONNECTORS.values():
        if connector.snapshot_url is None:
            assert connector.transformer().on_snapshot(b"", RECEIVED, "BTCUSDT") == []
