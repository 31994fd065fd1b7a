"""A market replayed from a capture of Binance spot; see `data.file.capture_lines` for its form. Rust origin: none.

The streams send the texts of the capture byte for byte. The venue's time is the local time of the capture, shifted by a constant
so that it agrees with the venue's own stamps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from barter_python.data.book import OrderBook, OrderBookEvent, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.exchange.binance.decode import decode_message, decode_snapshot
from barter_python.data.exchange.binance.message import (
    BinanceLiquidation,
    BinanceMessage,
    BinanceOrderBookL1,
    BinanceOrderBookL2Snapshot,
    BinanceOrderBookL2Update,
    BinanceTrade,
    parse,
)
from barter_python.data.exchange.binance.transformer import BinanceTransformer
from barter_python.data.file.capture_lines import CaptureLine, read_capture_lines
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.rehearsal.binance_spot.market_feed import BOOK_TICKER, DEPTH, TRADE, FeedMessage, index_events, indexes_by_name
from barter_python.timed import EPOCH

__all__ = ["CaptureFeed"]

_SPOT: Final = ExchangeId.BINANCE_SPOT
_SEARCH_LINES_MAX: Final = 10_000
"""A snapshot of the order book that comes later than that is not the book at the start."""

_STREAMS: Final[Mapping[type[BinanceMessage], str]] = {
    BinanceTrade: TRADE,
    BinanceOrderBookL1: BOOK_TICKER,
    BinanceOrderBookL2Update: DEPTH,
}


class _Wrapped(msgspec.Struct):
    data: msgspec.Raw = msgspec.Raw()


class _Stamped(msgspec.Struct):
    time: int | None = msgspec.field(name="E", default=None)


_wrapped: Final = msgspec.json.Decoder(_Wrapped).decode
_stamped: Final = msgspec.json.Decoder(_Stamped).decode


class CaptureFeed:
    """The market of one instrument.

    The first snapshot of the capture is the order book that clients get until the stream has passed it: until then all updates
    are older, and clients drop them as the venue documents. A capture without a snapshot shows a book that is made of its
    updates only, and orders are matched on trades and best prices.

    Args:
        source: The capture, or the files of a capture that continue each other.
        symbol: The venue's name of the instrument.
        lines: How many lines to replay, None for all.
    """

    def __init__(self, source: Path | Sequence[Path], symbol: str, *, lines: int | None = None) -> None:
        self._sources = [source] if isinstance(source, Path) else list(source)
        self._symbol = symbol
        self._lines = lines

    def open_books(self, instruments: IndexedInstruments) -> Mapping[str, OrderBook]:
        """The first snapshot; see `MarketFeed`."""
        for line in islice(self._read(), _SEARCH_LINES_MAX):
            message = _parse(line)
            if isinstance(message, BinanceOrderBookL2Snapshot):
                return {self._symbol: _book(message, line, self._symbol)}
        return {}

    def messages(self, instruments: IndexedInstruments) -> Iterator[FeedMessage]:
        """All messages; see `MarketFeed`."""
        indexes = indexes_by_name(instruments, _SPOT)
        offset = self._offset()
        transformer = BinanceTransformer(_SPOT)
        time = EPOCH
        for line in self._read():
            message = _parse(line)
            if message is None:
                continue
            time = max(time, line.time_received + offset, _stamp(line.message) or EPOCH)
            try:
                yield self._message(message, line, time, transformer, indexes)
            except MarketDataError as error:
                raise line.error(error) from error

    def _message(
        self,
        message: BinanceMessage,
        line: CaptureLine,
        time: datetime,
        transformer: BinanceTransformer,
        indexes: Mapping[str, InstrumentIndex],
    ) -> FeedMessage:
        if isinstance(message, BinanceOrderBookL2Snapshot):
            named = transformer.on_snapshot(line.message, time, self._symbol)
            return FeedMessage(time, self._symbol, "", "", index_events(named, indexes))
        if isinstance(message, BinanceLiquidation) or message.symbol != self._symbol:
            raise MarketDataError(f"symbol is {message.symbol!r}, expected only spot messages of {self._symbol!r}")
        data = _data(line.message)
        events = index_events(transformer.transform(data, time), indexes)
        return FeedMessage(time, self._symbol, _STREAMS[type(message)], data.decode(), events, _shown(message, time))

    def _read(self) -> Iterator[CaptureLine]:
        return islice(read_capture_lines(self._sources), self._lines)

    def _offset(self) -> timedelta:
        """From the local time of the capture to the venue's."""
        for line in islice(self._read(), _SEARCH_LINES_MAX):
            stamp = _stamp(line.message)
            if stamp is not None:
                return stamp - line.time_received
        return timedelta()


def _parse(line: CaptureLine) -> BinanceMessage | None:
    try:
        return parse(line.message)
    except MarketDataError as error:
        raise line.error(error) from error


def _data(message: bytes) -> bytes:
    """What a combined stream has wrapped."""
    data = bytes(_wrapped(message).data)
    return data or message.strip()


def _stamp(message: bytes) -> datetime | None:
    """The venue's stamp, None for a message without one."""
    try:
        stamp = _stamped(_data(message)).time
    except msgspec.MsgspecError:
        return None
    return None if stamp is None else EPOCH + timedelta(milliseconds=stamp)


def _shown(message: BinanceMessage, time: datetime) -> OrderBookEvent | None:
    if not isinstance(message, BinanceOrderBookL2Update):
        return None
    (event,) = decode_message(message, time, _SPOT)
    return event.kind if isinstance(event.kind, OrderBookUpdate) else None


def _book(message: BinanceOrderBookL2Snapshot, line: CaptureLine, symbol: str) -> OrderBook:
    event = decode_snapshot(message, line.time_received, _SPOT, InstrumentNameExchange(symbol))
    book = OrderBook()
    if isinstance(event.kind, OrderBookSnapshot):
        book.update(event.kind)
    return book
