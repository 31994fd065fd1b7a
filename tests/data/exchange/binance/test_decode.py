"""Messages of Binance become events. Rust origin: barter_data::exchange::binance (tests)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.support.builders import D

from barter_python.data.book import Level, OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import DataKind, Liquidation, OrderBookL1, PublicTrade
from barter_python.data.exchange.binance.decode import decode, decode_snapshot
from barter_python.data.exchange.binance.message import (
    BinanceLiquidation,
    BinanceOrderBookL1,
    BinanceOrderBookL2Snapshot,
    BinanceOrderBookL2Update,
    BinanceTrade,
    infer_exchange,
    parse,
)
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.timed import EPOCH

SPOT, FUTURES = ExchangeId.BINANCE_SPOT, ExchangeId.BINANCE_FUTURES_USD
RECEIVED = EPOCH + timedelta(days=20_000, microseconds=7)

SPOT_TRADE = (
    '{"e":"trade","E":1649324825173,"s":"ETHUSDT","t":1000000000,"p":"10000.19","q":"0.239000",'
    '"b":10108767791,"a":10108764858,"T":1749354825200,"m":false,"M":true}'
)
FUTURES_TRADE = (
    '{"e": "trade","E": 1649839266194,"T": 1749354825200,"s": "ETHUSDT","t": 1000000000,'
    '"p":"10000.19","q":"0.239000","X": "MARKET","m": true}'
)
SPOT_L1 = '{"u":22606535573,"s":"ETHUSDT","b":"1215.27000000","B":"32.49110000","a":"1215.28000000","A":"13.93900000"}'
FUTURES_L1 = (
    '{"e":"bookTicker","u":2286618712950,"s":"BTCUSDT","b":"16858.90","B":"13.692","a":"16859.00","A":"30.219",'
    '"T":1671621244670,"E":1671621244673}'
)
SPOT_UPDATE = (
    '{"e":"depthUpdate","E":1671656397761,"s":"ETHUSDT","U":22611425143,"u":22611425151,'
    '"b":[["1209.66000000","20.68790000"],["1209.67000000","85.48210000"]],"a":[]}'
)
FUTURES_UPDATE = (
    '{"e": "depthUpdate","E": 1571889248277,"T": 1571889248276,"s": "BTCUSDT","U": 157,"u": 160,"pu": 149,'
    '"b": [["0.0024","10"]],"a": [["0.0026","100"]]}'
)
SPOT_SNAPSHOT = '{"lastUpdateId":1027024,"bids":[["4.00000000","431.00000000"]],"asks":[["4.00000200","12.00000000"]]}'
FUTURES_SNAPSHOT = SPOT_SNAPSHOT.replace("{", '{"E":1589436922972,"T":1589436922959,', 1)
LIQUIDATION = (
    '{"e": "forceOrder","E": 1665523974222,"o": {"s": "BTCUSDT","S": "SELL","o": "LIMIT","f": "IOC","q": "0.009",'
    '"p": "18917.15","ap": "18990.00","X": "FILLED","l": "0.009","z": "0.009","T": 1665523974217}}'
)


def milliseconds(unix: int) -> datetime:
    return EPOCH + timedelta(milliseconds=unix)


def level(price: str, amount: str) -> Level:
    return Level(D(price), D(amount))


def event(exchange: ExchangeId, name: str, time: datetime, kind: DataKind) -> NamedMarketEvent:
    return NamedMarketEvent(time, RECEIVED, exchange, InstrumentNameExchange(name), kind)


EVENTS = {
    "spot trade: buyer is taker": (
        SPOT_TRADE,
        event(SPOT, "ETHUSDT", milliseconds(1749354825200), PublicTrade("1000000000", 10000.19, 0.239, Side.BUY)),
    ),
    "futures trade: buyer is maker": (
        FUTURES_TRADE,
        event(FUTURES, "ETHUSDT", milliseconds(1749354825200), PublicTrade("1000000000", 10000.19, 0.239, Side.SELL)),
    ),
    "futures trade of a liquidation order on the book": (
        FUTURES_TRADE.replace("MARKET", "LIQUIDATION"),
        event(FUTURES, "ETHUSDT", milliseconds(1749354825200), PublicTrade("1000000000", 10000.19, 0.239, Side.SELL)),
    ),
    "spot best prices have the time of reception": (
        SPOT_L1,
        event(SPOT, "ETHUSDT", RECEIVED, OrderBookL1(RECEIVED, level("1215.27", "32.4911"), level("1215.28", "13.939"))),
    ),
    "futures best prices have the venue's time": (
        FUTURES_L1,
        event(
            FUTURES,
            "BTCUSDT",
            milliseconds(1671621244670),
            OrderBookL1(milliseconds(1671621244670), level("16858.90", "13.692"), level("16859.00", "30.219")),
        ),
    ),
    "an empty side is sent as zero": (
        SPOT_L1.replace('"1215.27000000","B":"32.49110000"', '"0.00000000","B":"0.00000000"'),
        event(SPOT, "ETHUSDT", RECEIVED, OrderBookL1(RECEIVED, None, level("1215.28", "13.939"))),
    ),
    "spot book update": (
        SPOT_UPDATE,
        event(
            SPOT,
            "ETHUSDT",
            milliseconds(1671656397761),
            OrderBookUpdate(OrderBook(22611425151, None, [level("1209.67", "85.4821"), level("1209.66", "20.6879")], [])),
        ),
    ),
    "futures book update": (
        FUTURES_UPDATE,
        event(
            FUTURES,
            "BTCUSDT",
            milliseconds(1571889248277),
            OrderBookUpdate(OrderBook(160, milliseconds(1571889248276), [level("0.0024", "10")], [level("0.0026", "100")])),
        ),
    ),
    "liquidation": (
        LIQUIDATION,
        event(
            FUTURES,
            "BTCUSDT",
            milliseconds(1665523974217),
            Liquidation(Side.SELL, 18917.15, 0.009, milliseconds(1665523974217)),
        ),
    ),
}


@pytest.mark.parametrize(("message", "expected"), EVENTS.values(), ids=EVENTS)
@pytest.mark.parametrize("form", ["{}", '{{"stream":"any@stream","data":{}}}'], ids=["plain", "combined"])
def test_a_message_is_one_event(form: str, message: str, expected: NamedMarketEvent) -> None:
    assert [expected] == decode(form.format(message).encode(), RECEIVED, expected.exchange)


SNAPSHOTS = {
    "spot": (SPOT_SNAPSHOT, SPOT, RECEIVED, None),
    "futures": (FUTURES_SNAPSHOT, FUTURES, milliseconds(1589436922972), milliseconds(1589436922959)),
}


@pytest.mark.parametrize(("message", "exchange", "time", "time_engine"), SNAPSHOTS.values(), ids=SNAPSHOTS)
def test_a_snapshot_is_given_its_instrument(
    message: str, exchange: ExchangeId, time: datetime, time_engine: datetime | None
) -> None:
    parsed = parse(message.encode())
    book = OrderBook(1027024, time_engine, [level("4", "431")], [level("4.000002", "12")])

    assert isinstance(parsed, BinanceOrderBookL2Snapshot)
    assert event(exchange, "BNBBTC", time, OrderBookSnapshot(book)) == decode_snapshot(
        parsed, RECEIVED, exchange, InstrumentNameExchange("BNBBTC")
    )


NOTHING = {
    "answer to a subscription": '{"result":null,"id":1}',
    "list of subscriptions": '{"result":[],"id":1}',
    "error": '{"error":{"code":2,"msg":"Invalid request"}}',
    "other stream": '{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1,"s":"BTCUSDT","k":{}}}',
    "other stream without a wrapper": '{"e":"24hrTicker","s":"BTCUSDT"}',
    "snapshot without an instrument": SPOT_SNAPSHOT,
    "trade of the insurance fund": FUTURES_TRADE.replace("MARKET", "INSURANCE_FUND"),
    "trade of auto-deleveraging": FUTURES_TRADE.replace("MARKET", "ADL"),
    "trade that is none": FUTURES_TRADE.replace("MARKET", "NA").replace("10000.19", "0").replace("0.239000", "0"),
}


@pytest.mark.parametrize("message", NOTHING.values(), ids=NOTHING)
def test_a_message_is_no_event(message: str) -> None:
    assert decode(message.encode(), RECEIVED, FUTURES) == []


PRICE, AMOUNT = "expected a positive", "expected zero or a positive"
BAD = {
    "trade price NaN": (SPOT_TRADE.replace("10000.19", "NaN"), "price is 'NaN'", PRICE),
    "trade price infinite": (SPOT_TRADE.replace("10000.19", "inf"), "price is 'inf'", PRICE),
    "trade price zero": (SPOT_TRADE.replace("10000.19", "0.00"), "price is '0.00'", PRICE),
    "trade price negative": (SPOT_TRADE.replace("10000.19", "-1"), "price is '-1'", PRICE),
    "trade price no number": (SPOT_TRADE.replace("10000.19", "1,5"), "price is '1,5'", PRICE),
    "trade amount negative": (SPOT_TRADE.replace("0.239000", "-0.1"), "amount is '-0.1'", AMOUNT),
    "trade amount NaN": (SPOT_TRADE.replace("0.239000", "nan"), "amount is 'nan'", AMOUNT),
    "trade maker is text": (SPOT_TRADE.replace('"m":false', '"m":"yes"'), "$.m", "Expected `bool`, got `str`"),
    "trade without a price": (SPOT_TRADE.replace('"p"', '"P"'), "`p`", "missing required field"),
    "trade before 1970": (SPOT_TRADE.replace("1749354825200", "-1"), "$.T", "Expected `int` >= 0"),
    "best bid negative": (SPOT_L1.replace("1215.27000000", "-1215.27"), "price is '-1215.27'", PRICE),
    "best bid with an exponent": (SPOT_L1.replace("1215.27000000", "1e3"), "price is '1e3'", PRICE),
    "best ask amount negative": (SPOT_L1.replace("13.93900000", "-1"), "amount is '-1'", AMOUNT),
    "level price zero": (FUTURES_UPDATE.replace("0.0024", "0.00"), "price is '0.00'", PRICE),
    "level amount NaN": (FUTURES_UPDATE.replace('"100"', '"NaN"'), "amount is 'NaN'", AMOUNT),
    "level of one number": (FUTURES_UPDATE.replace('["0.0026","100"]', '["0.0026"]'), "$.a", "Expected `array` of length 2"),
    "liquidation side": (LIQUIDATION.replace("SELL", "sell"), "side is 'sell'", "expected one of 'BUY', 'SELL'"),
    "cut off": (SPOT_TRADE[:-20], "not a message of Binance", "truncated"),
    "no JSON": ("hello", "not a message of Binance", "malformed"),
    "no object": ("[1,2]", "not a message of Binance", "Expected `object`"),
}


@pytest.mark.parametrize(("message", "found", "expectation"), BAD.values(), ids=BAD)
def test_a_bad_message_says_what_is_wrong(message: str, found: str, expectation: str) -> None:
    with pytest.raises(MarketDataError) as raised:
        decode(message.encode(), RECEIVED, SPOT)
    assert found in str(raised.value)
    assert expectation in str(raised.value)


SHAPES = {
    "spot trade": (SPOT_TRADE, BinanceTrade, SPOT),
    "futures trade": (FUTURES_TRADE, BinanceTrade, FUTURES),
    "trade of either": (SPOT_TRADE.replace(',"M":true', ""), BinanceTrade, None),
    "spot best prices": (SPOT_L1, BinanceOrderBookL1, SPOT),
    "futures best prices": (FUTURES_L1, BinanceOrderBookL1, FUTURES),
    "spot update": (SPOT_UPDATE, BinanceOrderBookL2Update, SPOT),
    "futures update": (FUTURES_UPDATE, BinanceOrderBookL2Update, FUTURES),
    "spot snapshot": (SPOT_SNAPSHOT, BinanceOrderBookL2Snapshot, SPOT),
    "futures snapshot": (FUTURES_SNAPSHOT, BinanceOrderBookL2Snapshot, FUTURES),
    "liquidation": (LIQUIDATION, BinanceLiquidation, FUTURES),
}


@pytest.mark.parametrize(("message", "kind", "exchange"), SHAPES.values(), ids=SHAPES)
def test_the_shape_of_a_message_tells_the_venue(message: str, kind: type[object], exchange: ExchangeId | None) -> None:
    parsed = parse(message.encode())

    assert parsed is not None
    assert kind is type(parsed)
    assert exchange is infer_exchange(parsed)
