"""Puts the updates of an order book behind its snapshot, in an unbroken sequence.

A stream is subscribed before the snapshot is requested, so the first updates arrive before the snapshot. They are held back,
and follow it as far as they continue it. (Rust emits them before the snapshot, which then overwrites them.)
"""

from __future__ import annotations

from collections import deque
from typing import Final

from barter_python.data.exchange.binance.message import BinanceOrderBookL2Snapshot, BinanceOrderBookL2Update
from barter_python.data.exchange.binance.sequencer import BinanceOrderBookL2Sequencer, new_sequencer
from barter_python.instrument.exchange import ExchangeId

__all__ = ["BinanceOrderBookSync"]

_WAITING_MAX: Final = 1 << 14
"""Updates held back for a snapshot: about 13 minutes of the fastest stream, against the seconds a snapshot takes."""


class BinanceOrderBookSync:
    """The order book stream of one instrument.

    Attributes:
        dropped: Updates held back so long that they can follow no snapshot any more.
    """

    __slots__ = ("_exchange", "_sequencer", "_waiting", "dropped")

    def __init__(self, exchange: ExchangeId) -> None:
        self.dropped = 0
        self._exchange = exchange
        self._sequencer: BinanceOrderBookL2Sequencer | None = None
        self._waiting: deque[BinanceOrderBookL2Update] = deque()

    def restart(self, update: BinanceOrderBookL2Update) -> None:
        """Forget the book, because updates are missing before this one, which waits for the next snapshot."""
        self._sequencer = None
        self._waiting.append(update)

    @property
    def waiting(self) -> int:
        """Updates that wait for a snapshot."""
        return len(self._waiting)

    def on_update(self, update: BinanceOrderBookL2Update) -> bool:
        """Whether to apply the update now; False where it is too old or has to wait for a snapshot.

        Raises:
            InvalidSequenceError: Updates are missing before this one.
        """
        if self._sequencer is not None:
            return self._sequencer.validate_sequence(update)
        if len(self._waiting) >= _WAITING_MAX:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(update)
        return False

    def on_snapshot(self, snapshot: BinanceOrderBookL2Snapshot) -> list[BinanceOrderBookL2Update] | None:
        """Start the book from a snapshot.

        Returns:
            The updates that waited and follow the snapshot, in order. None where the snapshot is no newer than the book, which
            makes it useless: the updates after it have been applied already.

        Raises:
            InvalidSequenceError: Updates are missing between the snapshot and those that waited, which go on waiting for another.
        """
        if self._sequencer is not None and snapshot.last_update_id <= self._sequencer.last_update_id:
            return None
        sequencer = new_sequencer(self._exchange, snapshot.last_update_id)
        following = [update for update in self._waiting if sequencer.validate_sequence(update)]
        self._sequencer = sequencer
        self._waiting.clear()
        return following
