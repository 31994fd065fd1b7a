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

from barter_python.data.exchange.binance.message import (
    BinanceMessage,
    BinanceOrderBookL2Snapshot,
    infer_exchange,
    parse,
)
from barter_python.data.file.binance_conversion import BinanceConversion
from barter_python.data.file.capture_lines import CaptureLine, read_capture_lines
from barter_python.data.file.garbage import paused_garbage_collection
from barter_python.data.file.info import MarketDataInfo
from barter_python.data.file.writer import MarketDataWriter
from barter_python.errors import ConfigError, MarketDataError
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
    start: datetime | None = None,
    end: datetime | None = None,
) -> MarketDataInfo:
    """Convert a capture of one instrument; the suffix of `target` decides the format.

    Order book updates count from a snapshot on. Those that arrive before it are held back and follow it, with the snapshot's
    time of reception; those that continue no snapshot, as in a capture without any, are left out and counted in
    `MarketDataInfo.dropped`. Where updates are missing the book is emptied until the next snapshot: `MarketDataInfo.gaps`.
    A last line that is cut off, as by a recorder that was killed, is left out: `MarketDataInfo.cut_lines`.

    Args:
        source: The capture, or the files of a capture that continue each other.
        target: The file to write.
        exchange: BINANCE_SPOT or BINANCE_FUTURES_USD, told from the shape of the messages unless given.
        name_exchange: The venue's name of the instrument. Messages of others are left out. By default the capture's only one.
        on_progress: Called now and then with the bytes read and the bytes to read.
        l2: Whether to convert order books.
        start: Leave out what was received before, aware; the order book of that moment comes first. None: from the beginning.
        end: Leave out what was received then or later, aware. None: to the end.

    Raises:
        MarketDataError: The capture or one of its lines is unusable; the message names the file and the line. It is of COIN-M. Or
            nothing was received in the period.
        ConfigError: The period is none.
    """
    _check_period(start, end)
    sources = [source] if isinstance(source, Path) else list(source)
    shown = ", ".join(map(str, sources))
    venue, name = _identify(sources, exchange, name_exchange)
    try:
        conversion = BinanceConversion(venue, name, l2=l2, only=name_exchange is None, start=start)
    except MarketDataError as error:
        raise MarketDataError(f"{shown}: {error}") from None
    cut_lines: list[tuple[Path, int]] = []
    with paused_garbage_collection(), MarketDataWriter(target, source=", ".join(path.name for path in sources)) as writer:
        for line, message in _messages(sources, on_progress, cut_lines):
            if end is not None and line.time_received >= end:
                break
            try:
                writer.write(conversion.on_message(message, line.time_received))
            except MarketDataError as error:
                raise line.error(error) from error
        writer.dropped, writer.gaps, writer.cut_lines = conversion.dropped, conversion.gaps, len(cut_lines)
    return writer.info


def _check_period(start: datetime | None, end: datetime | None) -> None:
    for name, time in (("start", start), ("end", end)):
        if time is not None and time.tzinfo is None:
            raise ConfigError(f"{name} is {time}, expected a time with its time zone")
    if start is not None and end is not None and start >= end:
        raise ConfigError(f"end is {end}, expected a time after the start, {start}")


def _identify(
    sources: Sequence[Path], exchange: ExchangeId | None, name_exchange: str | None
) -> tuple[ExchangeId, InstrumentNameExchange]:
    """Venue and instrument, from the first messages where they are not given."""
    shown = ", ".join(map(str, sources))
    if exchange is not None and exchange not in _EXCHANGES:
        expected = " or ".join(repr(known.value) for known in _EXCHANGES)
        raise MarketDataError(f"{shown}: exchange is {exchange.value!r}, expected {expected}")
    for _, message in islice(_messages(sources, None, []), _SEARCH_MESSAGES_MAX):
        if exchange is None:
            exchange = infer_exchange(message)
        if name_exchange is None and not isinstance(message, BinanceOrderBookL2Snapshot):
            name_exchange = message.symbol
        if exchange is not None and name_exchange is not None:
            return exchange, InstrumentNameExchange(name_exchange)
    missing = "exchange" if exchange is None else "name_exchange"
    raise MarketDataError(f"{shown}: no message tells the {missing}, expected a capture of Binance's streams")


def _messages(
    sources: Sequence[Path], on_progress: Callable[[int, int], None] | None, cut_lines: list[tuple[Path, int]]
) -> Iterator[tuple[CaptureLine, BinanceMessage]]:
    """The lines that have a known message; those that are cut off are added to `cut_lines`."""
    for line in read_capture_lines(sources, on_progress, lambda source, number: cut_lines.append((source, number))):
        try:
            message = parse(line.message)
        except MarketDataError as error:
            raise line.error(error) from error
        if message is not None:
            yield line, message
