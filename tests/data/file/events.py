"""Market events for files, one of each kind and any number of arbitrary ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st
from tests.support.builders import D

from barter_python.data.book import Level, OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import (
    Candle,
    DataKind,
    Liquidation,
    MarketEvent,
    MarketReconnecting,
    MarketStreamEvent,
    OrderBookL1,
    PublicTrade,
)
from barter_python.data.exchange.named import NamedMarketEvent, NamedMarketStreamEvent
from barter_python.data.file.market_data_file import open_market_data
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.timed import EPOCH

SPOT, FUTURES = ExchangeId.BINANCE_SPOT, ExchangeId.BINANCE_FUTURES_USD
START = EPOCH + timedelta(days=20_000)
INDEXES = {
    (exchange, name): InstrumentIndex(index)
    for index, (exchange, name) in enumerate((exchange, name) for exchange in (SPOT, FUTURES) for name in ("BTCUSDT", "ETHUSDT"))
}
SUFFIXES = (".parquet", ".jsonl", ".jsonl.gz")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def level(price: str, amount: str) -> Level:
    return Level(D(price), D(amount))


TRADE = PublicTrade("17", 61837.63, 0.02, Side.BUY)
L1 = OrderBookL1(START, level("61837.63000000", "3.78826000"), level("61837.64000000", "0.00000001"))
BOOK = OrderBook(7, at(0.5), [level("99", "1"), level("98.5", "0.0")], [level("101", "0.00000001")])
KINDS: tuple[DataKind, ...] = (
    TRADE,
    L1,
    OrderBookL1(START, None, level("100", "1")),
    OrderBookL1(START, level("100", "1"), None),
    OrderBookL1(START, None, None),
    OrderBookSnapshot(BOOK),
    OrderBookUpdate(OrderBook(8, None, [], [level("101", "0")])),
    Candle(at(-60), 1.0, 2.0, 0.5, 1.5, 0.0, 0),
    Candle(at(-60), 1.0, 2.0, 0.5, 1.5, 0.0, 0, timedelta(minutes=1)),
    Liquidation(Side.SELL, 1e-05, 2.0, at(1)),
)


def event(
    kind: DataKind = TRADE, seconds: float = 0, exchange: ExchangeId = SPOT, name: str = "BTCUSDT", *, venue: float | None = None
) -> NamedMarketEvent:
    """An event received after so many seconds, stamped by the venue at the same time unless `venue` says otherwise."""
    time = at(seconds)
    return NamedMarketEvent(time if venue is None else at(venue), time, exchange, InstrumentNameExchange(name), kind)


def indexed(
    events: Iterable[NamedMarketStreamEvent], indexes: Mapping[tuple[ExchangeId, str], InstrumentIndex] = INDEXES
) -> list[MarketStreamEvent]:
    """What a reader makes of the events."""
    return [
        MarketEvent(item.time_exchange, item.time_received, item.exchange, indexes[item.exchange, item.instrument], item.kind)
        if isinstance(item, NamedMarketEvent)
        else item
        for item in events
    ]


def read(path: Path, indexes: Mapping[tuple[ExchangeId, str], InstrumentIndex] = INDEXES) -> list[MarketStreamEvent]:
    return [item for chunk in open_market_data(path).events(indexes) for item in chunk]


_times = st.datetimes(datetime(1960, 1, 1), datetime(2600, 1, 1)).map(lambda time: time.replace(tzinfo=EPOCH.tzinfo))  # noqa: DTZ001
_prices = st.floats(min_value=0, exclude_min=True, allow_infinity=False)
_amounts = st.floats(min_value=0, allow_infinity=False).map(abs)
_counts = st.integers(0, 2**63 - 1)
_sides = st.sampled_from(Side)
_intervals = st.none() | st.integers(1, 10**12).map(lambda count: timedelta(milliseconds=count))
_levels = st.builds(Level, st.decimals("1e-20", "7e18", places=9).filter(bool), st.decimals(0, "7e18", places=9))
_books = st.builds(OrderBook, _counts, st.none() | _times, st.lists(_levels, max_size=3), st.lists(_levels, max_size=3))


def _candle(time: datetime, prices: tuple[float, ...], volume: float, count: int, interval: timedelta | None) -> Candle:
    return Candle(time, prices[0], max(prices), min(prices), prices[-1], volume, count, interval)


_kinds = st.one_of(
    st.builds(PublicTrade, st.text(st.characters(codec="utf-8")), _prices, _amounts, _sides),
    st.builds(OrderBookL1, _times, st.none() | _levels, st.none() | _levels),
    st.builds(OrderBookSnapshot, _books),
    st.builds(OrderBookUpdate, _books),
    st.builds(_candle, _times, st.tuples(_prices, _prices, _prices, _prices), _amounts, _counts, _intervals),
    st.builds(Liquidation, _sides, _prices, _amounts, _times),
)
_markets = st.sampled_from(sorted(INDEXES, key=lambda market: (market[0], market[1])))


def _event(market: tuple[ExchangeId, str], time_exchange: datetime, time_received: datetime, kind: DataKind) -> NamedMarketEvent:
    if isinstance(kind, Candle):
        time_exchange = max(time_exchange, kind.close_time)
    return NamedMarketEvent(time_exchange, time_received, market[0], InstrumentNameExchange(market[1]), kind)


@st.composite
def streams(draw: st.DrawFn) -> list[NamedMarketStreamEvent]:
    """At least one event in order of arrival, with lost connections in between."""
    events: list[NamedMarketStreamEvent] = []
    made = draw(st.lists(st.builds(_event, _markets, _times, _times, _kinds), min_size=1, max_size=12))
    for item in sorted(made, key=lambda item: item.time_received):
        if draw(st.integers(0, 4)) == 0:
            events.append(MarketReconnecting(draw(st.sampled_from([SPOT, FUTURES]))))
        events.append(item)
    return events
