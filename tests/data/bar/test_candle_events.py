from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.data.bar.trades import MINUTE, SECOND, at, minutes

from barter_python.data.bar import TimeBars, candle_events
from barter_python.data.event import Candle, DataKind, MarketEvent, MarketReconnecting, OrderBookL1, PublicTrade
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.file import open_market_data, write_market_data
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

SPOT = ExchangeId.BINANCE_SPOT
DELAY = timedelta(milliseconds=5)


def event(seconds: float, kind: DataKind, instrument: int = 0) -> MarketEvent:
    return MarketEvent(at(seconds), at(seconds) + DELAY, SPOT, InstrumentIndex(instrument), kind)


def trade(seconds: float, price: float, instrument: int = 0) -> MarketEvent:
    return event(seconds, PublicTrade("", price, 1.0, Side.BUY), instrument)


def candle(seconds: float, price: float, interval: timedelta | None = MINUTE) -> MarketEvent:
    return event(seconds, Candle(at(seconds), price, price, price, price, 1.0, 1, interval))


def bar(closed: float, told: float, price: float, interval: timedelta, instrument: int = 0, trades: int = 1) -> MarketEvent:
    kind = Candle(at(closed), price, price, price, price, float(trades), trades, interval)
    return MarketEvent(at(closed), at(told) + DELAY, SPOT, InstrumentIndex(instrument), kind)


def test_instruments_have_bars_of_their_own_told_with_the_event_that_closes_them() -> None:
    lost = MarketReconnecting(SPOT)
    chunks = [[trade(0, 10), trade(1, 20, 1)], [trade(59, 10), lost, trade(65, 11)], [trade(70, 21, 1), trade(125, 12)]]

    assert [
        [lost, bar(60, 65, 10, MINUTE, trades=2)],
        [bar(60, 70, 20, MINUTE, 1), bar(120, 125, 11, MINUTE)],
    ] == [*candle_events(chunks, [minutes()])]


def test_books_are_left_out_and_do_not_close_a_bar() -> None:
    assert [] == [*candle_events([[trade(0, 10), event(61, OrderBookL1())]], [minutes()])]


def test_longer_bars_are_built_from_candles_of_one_length() -> None:
    chunk = [candle(60, 10), candle(120, 10, None), candle(120, 99, 2 * MINUTE), trade(121, 99), candle(180, 10)]

    assert [[bar(180, 180, 10, 3 * MINUTE, trades=3)]] == [*candle_events([chunk], [minutes(3)], candles=MINUTE)]


def test_bars_of_a_file_are_written_to_a_file(tmp_path: Path) -> None:
    name = InstrumentNameExchange("BTCUSDT")
    kinds = [(seconds, PublicTrade(str(seconds), 10.0, 1.0, Side.BUY)) for seconds in range(200)]
    named = [NamedMarketEvent(at(seconds), at(seconds), SPOT, name, kind) for seconds, kind in kinds]
    events = (event for chunk in candle_events([named], [TimeBars(50 * SECOND)]) for event in chunk)
    write_market_data(tmp_path / "bars.jsonl", events)

    read = [
        read.kind
        for chunk in open_market_data(tmp_path / "bars.jsonl").events({(SPOT, name): InstrumentIndex(0)})
        for read in chunk
    ]  # type: ignore[union-attr]

    assert [(50, 50 * SECOND)] * 3 == [(kind.trade_count, kind.interval) for kind in read if isinstance(kind, Candle)]
