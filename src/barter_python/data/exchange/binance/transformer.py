"""Events of one connection to Binance. Rust origin: the Transformers of barter_data::exchange::binance.

Rust emits the updates that arrive while the snapshot is on its way before the snapshot, which then overwrites them.
"""

from __future__ import annotations

from datetime import datetime

from barter_python.data.exchange.binance.book_sync import BinanceOrderBookSync
from barter_python.data.exchange.binance.decode import decode_message, decode_snapshot
from barter_python.data.exchange.binance.message import BinanceOrderBookL2Snapshot, BinanceOrderBookL2Update, parse
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["BinanceTransformer"]


class BinanceTransformer:
    """Holds back the updates of each book until its snapshot, then lets those through that continue it."""

    __slots__ = ("_exchange", "_syncs")

    def __init__(self, exchange: ExchangeId) -> None:
        self._exchange = exchange
        self._syncs: dict[str, BinanceOrderBookSync] = {}

    def transform(self, message: bytes, time_received: datetime) -> list[NamedMarketEvent]:
        """The events of a message; see `Transformer`."""
        parsed = parse(message)
        if parsed is None or isinstance(parsed, BinanceOrderBookL2Snapshot):
            return []
        # Decoded before it counts as received: a malformed update is a lost one.
        events = decode_message(parsed, time_received, self._exchange)
        if isinstance(parsed, BinanceOrderBookL2Update) and not self._sync(parsed.symbol).on_update(parsed):
            return []
        return events

    def on_snapshot(self, message: bytes, time_received: datetime, market: str) -> list[NamedMarketEvent]:
        """The book of `market` and the updates that waited for it, all received now; nothing for an old snapshot.

        Raises:
            MarketDataError: The message is malformed, or an error of the venue.
            InvalidSequenceError: Updates were lost between the snapshot and those that waited: request another one.
        """
        parsed = parse(message)
        if not isinstance(parsed, BinanceOrderBookL2Snapshot):
            raise MarketDataError(f"snapshot of {market} is {message[:200]!r}, expected one with lastUpdateId")
        snapshot = decode_snapshot(parsed, time_received, self._exchange, InstrumentNameExchange(market))
        following = self._sync(market).on_snapshot(parsed)
        if following is None:
            return []
        events = [snapshot]
        for update in following:
            events += decode_message(update, time_received, self._exchange)
        return events

    def _sync(self, market: str) -> BinanceOrderBookSync:
        sync = self._syncs.get(market)
        if sync is None:
            sync = self._syncs[market] = BinanceOrderBookSync(self._exchange)
        return sync
