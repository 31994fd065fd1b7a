"""Converts recorded streams of Binance into market data files.

The messages of a capture are those of combined streams, and REST snapshots of the order book, which may come at any line. See
`capture_lines` for the form of a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from barter_python.data.exchange.binance.book_sync import BinanceOrderBookSync
from barter_python.data.exchange.binance.decode import decode_message, decode_snapshot
from barter_python.data.exchange.binance.message import (
    BinanceMessage,
    BinanceOrderBookL2Snapshot,
    BinanceOrderBookL2Update,
    infer_exchange,
    parse,
)
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.file.capture_lines import CaptureLine, read_capture_lines
from barter_python.data.file.garbage import paused_garbage_collection
from barter_python.data.file.info import MarketDataInfo
from barter_python.data.file.writer import MarketDataWriter
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["convert_binance_capture"]

_EXCHANGES: Final = (ExchangeId.BINANCE_SPOT, ExchangeId.BINANCE_FUTURES_USD)
_SEARCH_MESSAGES_MAX: Final = 10_000
"""Every stream sends something within this many messages."""


def convert_binance_capture(
    source: Path | Sequence[Path],
    target: Path,
    *,
    exchange: ExchangeId | None = None,
    name_exchange: str | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    l2: bool = True,
) -> MarketDataInfo:
    """Convert a capture of one instrument; the suffix of `target` decides the format.

    Order book updates count from a snapshot on. Those that arrive before it are held back and follow it, with the snapshot's
    time of reception; those that continue no snapshot, as in a capture without any, are left out and counted in
    `MarketDataInfo.dropped`.

    Args:
        source: The capture, or the files of a capture that continue each other.
        target: The file to write.
        exchange: BINANCE_SPOT or BINANCE_FUTURES_USD, told from the shape of the messages unless given.
        name_exchange: The venue's name of the instrument. Messages of others are left out. By default the capture's only one.
        on_progress: Called now and then with the bytes read and the bytes to read.
        l2: Whether to convert order books.

    Raises:
        MarketDataError: The capture or one of its lines is unusable; the message names the file and the line.
    """
    sources = [source] if isinstance(source, Path) else list(source)
    venue, name = _identify(sources, exchange, name_exchange)
    conversion = _Conversion(venue, name, l2=l2, only=name_exchange is None)
    title = ", ".join(path.name for path in sources)
    with paused_garbage_collection(), MarketDataWriter(target, source=title) as writer:
        for line, message in _messages(sources, on_progress):
            try:
                writer.write(conversion.on_message(message, line.time_received))
            except MarketDataError as error:
                raise line.error(error) from error
        writer.dropped = conversion.dropped
    return writer.info


class _Conversion:
    """Turns the messages of one instrument into events.

    Attributes:
        only: Whether a message of another instrument is an error, because none was chosen.
    """

    def __init__(self, exchange: ExchangeId, name: InstrumentNameExchange, *, l2: bool, only: bool) -> None:
        self.only = only
        self._exchange = exchange
        self._name = name
        self._l2 = l2
        self._sync = BinanceOrderBookSync(exchange)
        self._has_snapshot = False
        self._has_others = False

    @property
    def dropped(self) -> int:
        """Updates that follow no snapshot."""
        return self._sync.dropped + self._sync.waiting

    def on_message(self, message: BinanceMessage, time_received: datetime) -> list[NamedMarketEvent]:
        if isinstance(message, BinanceOrderBookL2Snapshot):
            return self._on_snapshot(message, time_received) if self._l2 else []
        if message.symbol != self._name:
            self._on_other(message.symbol)
            return []
        if isinstance(message, BinanceOrderBookL2Update) and not (self._l2 and self._sync.on_update(message)):
            return []
        return decode_message(message, time_received, self._exchange)

    def _on_snapshot(self, snapshot: BinanceOrderBookL2Snapshot, time_received: datetime) -> list[NamedMarketEvent]:
        self._has_snapshot = True
        self._check_owner()
        following = self._sync.on_snapshot(snapshot)
        if following is None:
            return []
        events = [decode_snapshot(snapshot, time_received, self._exchange, self._name)]
        for update in following:
            events += decode_message(update, time_received, self._exchange)
        return events

    def _on_other(self, symbol: str) -> None:
        if self.only:
            raise MarketDataError(f"symbol is {symbol!r}, expected only {self._name!r}: choose one with name_exchange")
        self._has_others = True
        self._check_owner()

    def _check_owner(self) -> None:
        if self._l2 and self._has_snapshot and self._has_others:
            raise MarketDataError(
                "an order book snapshot does not name its symbol, expected a capture of one symbol: "
                "leave out order books with l2=False"
            )


def _identify(
    sources: Sequence[Path], exchange: ExchangeId | None, name_exchange: str | None
) -> tuple[ExchangeId, InstrumentNameExchange]:
    """Venue and instrument, from the first messages where they are not given."""
    shown = ", ".join(map(str, sources))
    if exchange is not None and exchange not in _EXCHANGES:
        expected = " or ".join(repr(known.value) for known in _EXCHANGES)
        raise MarketDataError(f"{shown}: exchange is {exchange.value!r}, expected {expected}")
    for _, message in islice(_messages(sources, None), _SEARCH_MESSAGES_MAX):
        if exchange is None:
            exchange = infer_exchange(message)
        if name_exchange is None and not isinstance(message, BinanceOrderBookL2Snapshot):
            name_exchange = message.symbol
        if exchange is not None and name_exchange is not None:
            return exchange, InstrumentNameExchange(name_exchange)
    missing = "exchange" if exchange is None else "name_exchange"
    raise MarketDataError(f"{shown}: no message tells the {missing}, expected a capture of Binance's streams")


def _messages(
    sources: Sequence[Path], on_progress: Callable[[int, int], None] | None
) -> Iterator[tuple[CaptureLine, BinanceMessage]]:
    """The lines that have a known message."""
    for line in read_capture_lines(sources, on_progress):
        try:
            message = parse(line.message)
        except MarketDataError as error:
            raise line.error(error) from error
        if message is not None:
            yield line, message
