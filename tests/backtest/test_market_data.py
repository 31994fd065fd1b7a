"""Market data in memory is checked as files are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from barter_python.backtest.market_data import MarketDataInMemory
from barter_python.data.book import Level
from barter_python.data.event import Candle, DataKind, MarketEvent, OrderBookL1, PublicTrade
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.side import Side

CLOSE = datetime(2025, 1, 1, tzinfo=UTC)


def event(kind: DataKind, time: datetime = CLOSE) -> MarketEvent:
    return MarketEvent(time, time, ExchangeId.OKX, InstrumentIndex(0), kind)


@pytest.mark.parametrize(
    ("expected", "bad"),
    [
        pytest.param("high is 99.0, expected at least", event(Candle(CLOSE, 100.0, 99.0, 90.0, 95.0, 1.0, 1)), id="high"),
        pytest.param("high is 104.0, expected at least", event(Candle(CLOSE, 100.0, 104.0, 90.0, 105.0, 1.0, 1)), id="close"),
        pytest.param("low is 96.0, expected at most", event(Candle(CLOSE, 100.0, 110.0, 96.0, 95.0, 1.0, 1)), id="low"),
        pytest.param(
            "time_exchange is 2024-12-31 23:59:59.*, expected close_time or later",
            event(Candle(CLOSE, 100.0, 110.0, 90.0, 95.0, 1.0, 1), CLOSE - timedelta(seconds=1)),
            id="stamped before its close",
        ),
        pytest.param(
            "kind.price is '1.5' of type str, expected float or int",
            event(PublicTrade("1", "1.5", 1.0, Side.BUY)),  # type: ignore[arg-type]
            id="text",
        ),
        pytest.param(
            "kind.amount is None of type NoneType, expected float or int",
            event(PublicTrade("1", 1.5, None, Side.BUY)),  # type: ignore[arg-type]
            id="nothing",
        ),
        pytest.param(
            "kind.best_bid.price is 1.5 of type float, expected Decimal",
            event(OrderBookL1(CLOSE, Level(1.5, Decimal(1)))),  # type: ignore[arg-type]
            id="a float in a book",
        ),
        pytest.param(
            "time_exchange is 2025-01-01 00:00:00, a time without a time zone, expected one in UTC",
            event(PublicTrade("1", 1.5, 1.0, Side.BUY), CLOSE.replace(tzinfo=None)),
            id="a naive time",
        ),
        pytest.param("found 7 of type int, expected a MarketEvent or MarketReconnecting", 7, id="no event"),
        pytest.param("price is nan", event(PublicTrade("1", float("nan"), 1.0, Side.BUY)), id="no number"),
    ],
)
def test_what_cannot_be_is_refused_by_its_place(expected: str, bad: MarketEvent) -> None:
    good = event(Candle(CLOSE, 100.0, 110.0, 90.0, 95.0, 1.0, 1))

    with pytest.raises(MarketDataError, match=f"market data, event 2: {expected}"):
        MarketDataInMemory([good, bad])
