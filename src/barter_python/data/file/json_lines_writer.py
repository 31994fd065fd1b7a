"""Writes market data as JSON lines, in the shape of Rust's `MarketStreamEvent`, with the venue's name for the instrument.

{"Item":{"time_exchange":"..Z","time_received":"..Z","exchange":"binance_spot","instrument":"BTCUSDT","kind":{"Trade":{..}}}}
{"Reconnecting":"binance_spot"}
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import msgspec

from barter_python.data.book import Level, OrderBook, OrderBookSide, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, Liquidation, MarketReconnecting, OrderBookL1, PublicTrade
from barter_python.data.exchange.decimal_text import text_from_decimal
from barter_python.data.exchange.named import NamedMarketStreamEvent
from barter_python.data.file.info import MarketDataInfo

__all__ = ["JsonLinesSink"]

_MILLISECOND: Final = timedelta(milliseconds=1)


class JsonLinesSink:
    """An open file of JSON lines."""

    def __init__(self, path: Path, *, compressed: bool) -> None:
        self._raw = path.open("wb")
        # Without name and time, the same events make the same bytes.
        zipped = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, mtime=0) if compressed else None
        self._file = self._raw if zipped is None else cast(BinaryIO, zipped)
        self._encoder = msgspec.json.Encoder()

    def write(self, events: list[NamedMarketStreamEvent]) -> None:
        """Append events."""
        self._file.write(self._encoder.encode_lines([_document(event) for event in events]))

    def finish(self, info: MarketDataInfo) -> None:
        """JSON lines have no room for a summary."""

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self._raw.close()


def _document(event: NamedMarketStreamEvent) -> dict[str, object]:
    if isinstance(event, MarketReconnecting):
        return {"Reconnecting": event.exchange.value}
    return {
        "Item": {
            "time_exchange": event.time_exchange,
            "time_received": event.time_received,
            "exchange": event.exchange.value,
            "instrument": event.instrument,
            "kind": _KINDS[type(event.kind)](event.kind),
        }
    }


def _l1(l1: OrderBookL1) -> dict[str, object]:
    return {
        "OrderBookL1": {
            "last_update_time": l1.last_update_time,
            "best_bid": None if l1.best_bid is None else _level(l1.best_bid),
            "best_ask": None if l1.best_ask is None else _level(l1.best_ask),
        }
    }


def _candle(candle: Candle) -> dict[str, object]:
    document = asdict(candle)
    interval = document.pop("interval")
    if interval is not None:  # Rust has none
        document["interval"] = interval // _MILLISECOND
    return {"Candle": document}


def _book(tag: str, book: OrderBook) -> dict[str, object]:
    document = {"sequence": book.sequence, "time_engine": book.time_engine, "bids": _side(book.bids), "asks": _side(book.asks)}
    return {"OrderBook": {tag: document}}


def _side(side: OrderBookSide) -> dict[str, object]:
    return {"side": None, "levels": [_level(level) for level in side.levels]}  # Rust cannot read it without `side`


def _level(level: Level) -> dict[str, str]:
    return {"price": text_from_decimal(level.price), "amount": text_from_decimal(level.amount)}


_KINDS: Final[dict[type[object], Callable[[Any], dict[str, object]]]] = {
    PublicTrade: lambda trade: {"Trade": trade},
    OrderBookL1: _l1,
    OrderBookSnapshot: lambda event: _book("Snapshot", event.book),
    OrderBookUpdate: lambda event: _book("Update", event.book),
    Candle: _candle,
    Liquidation: lambda liquidation: {"Liquidation": liquidation},
}
