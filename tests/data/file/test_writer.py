"""A file is complete or not there at all, and holds only values that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import inf, nan
from pathlib import Path

import pytest
from tests.data.file.events import L1, SPOT, START, SUFFIXES, TRADE, event, indexed, level, read

from barter_python.data.book import OrderBook, OrderBookUpdate
from barter_python.data.event import Candle, DataKind, Liquidation, MarketReconnecting, OrderBookL1, PublicTrade
from barter_python.data.exchange.named import NamedMarketStreamEvent
from barter_python.data.file import MarketDataWriter, write_market_data
from barter_python.errors import MarketDataError
from barter_python.instrument.side import Side

BAD: dict[str, tuple[DataKind, str]] = {
    "price NaN": (PublicTrade("1", nan, 1.0, Side.BUY), "price is nan, expected a positive number"),
    "price zero": (PublicTrade("1", 0.0, 1.0, Side.BUY), "price is 0.0, expected a positive number"),
    "amount negative": (PublicTrade("1", 1.0, -1.0, Side.BUY), "amount is -1.0, expected zero or a positive number"),
    "amount infinite": (PublicTrade("1", 1.0, inf, Side.BUY), "amount is inf, expected zero or a positive number"),
    "bid NaN": (OrderBookL1(START, level("NaN", "1")), "price is NaN, expected a positive number"),
    "ask amount infinite": (OrderBookL1(START, None, level("1", "Infinity")), "amount is Infinity, expected zero or"),
    "level negative": (OrderBookUpdate(OrderBook(1, None, [level("-1", "1")])), "price is -1, expected a positive number"),
    "sequence negative": (OrderBookUpdate(OrderBook(-1)), "sequence is -1, expected zero or a positive number"),
    "candle": (Candle(START, 1.0, 1.0, 1.0, nan, 1.0, 1), "close is nan, expected a positive number"),
    "liquidation": (Liquidation(Side.BUY, -1.0, 1.0, START), "price is -1.0, expected a positive number"),
    "no kind of event": ("trade", "kind is str, expected one of: PublicTrade"),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(("kind", "problem"), BAD.values(), ids=BAD)
def test_an_impossible_value_is_refused(tmp_path: Path, suffix: str, kind: DataKind, problem: str) -> None:
    path = tmp_path / f"market{suffix}"
    with pytest.raises(MarketDataError) as raised:
        write_market_data(path, [event(), event(kind, 1)])

    assert f"{path}, event 2: {problem}" in str(raised.value)
    assert list(tmp_path.iterdir()) == []


STREAMS: dict[str, tuple[list[NamedMarketStreamEvent], str]] = {
    "out of order": (
        [event(seconds=2), MarketReconnecting(SPOT), event(seconds=1)],
        "event 3: time_received is 2024-10-04 00:00:01+00:00, out of order: expected 2024-10-04 00:00:02+00:00 or later",
    ),
    "nothing": ([], "there is no event to write"),
    "only lost connections": ([MarketReconnecting(SPOT)], "there is no event to write"),
}


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(("stream", "problem"), STREAMS.values(), ids=STREAMS)
def test_an_impossible_stream_is_refused(tmp_path: Path, suffix: str, stream: list[NamedMarketStreamEvent], problem: str) -> None:
    path = tmp_path / f"market{suffix}"
    write_market_data(path, [event(L1)])
    with pytest.raises(MarketDataError) as raised:
        write_market_data(path, stream)

    assert str(path) in str(raised.value)
    assert problem in str(raised.value)
    assert indexed([event(L1)]) == read(path), "the old file is kept"
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_appears_when_it_is_complete(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"market{suffix}"
    with MarketDataWriter(path) as writer:
        writer.write([event()] * 20_000)
        assert not path.exists()
    assert [path] == list(tmp_path.iterdir())

    with pytest.raises(KeyboardInterrupt), MarketDataWriter(path) as writer:
        writer.write(interrupted())
    assert len(read(path)) == 20_000
    assert [path] == list(tmp_path.iterdir())


def interrupted() -> Iterator[NamedMarketStreamEvent]:
    yield event(TRADE, 1)
    raise KeyboardInterrupt


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(MarketDataError, match=r"the folder .* does not exist"):
        MarketDataWriter(tmp_path / "nowhere" / "market.parquet")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_tiny_decimals_are_plain_text(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"market{suffix}"
    tiny = event(OrderBookL1(START, level("1E-8", "1E-18"), level("0.00000002", "0")))
    write_market_data(path, [tiny])

    assert indexed([tiny]) == read(path)
    assert Decimal("1E-8") == Decimal("0.00000001")
