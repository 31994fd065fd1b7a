"""Which order book updates continue a snapshot. The rules of spot and of USD-M futures differ in every step.

Rust origin: barter_data::exchange::binance::{spot::l2, futures::l2}.

Source: "How to manage a local order book correctly" of each venue's stream documentation.
"""

from __future__ import annotations

from typing import Protocol

from barter_python.data.exchange.binance.message import BinanceOrderBookL2Update
from barter_python.data.exchange.sequence import InvalidSequenceError
from barter_python.instrument.exchange import ExchangeId

__all__ = [
    "BinanceFuturesUsdOrderBookL2Sequencer",
    "BinanceOrderBookL2Sequencer",
    "BinanceSpotOrderBookL2Sequencer",
    "InvalidSequenceError",
    "new_sequencer",
]


class BinanceOrderBookL2Sequencer(Protocol):
    """Follows the updates of one book.

    Attributes:
        updates_processed: Accepted since the snapshot.
        last_update_id: Of the snapshot, then of the last accepted update.
    """

    updates_processed: int
    last_update_id: int

    def validate_sequence(self, update: BinanceOrderBookL2Update) -> bool:
        """Whether to apply the update; False for one that the snapshot contains already.

        Raises:
            InvalidSequenceError: Updates are missing before this one.
        """
        ...


class BinanceSpotOrderBookL2Sequencer:
    """Spot: drop `u <= last`; the first has `U <= last + 1 <= u`; each next one has `U == last + 1`.

    Attributes:
        last_update_id: Of the snapshot, then of the last accepted update.
        updates_processed: Accepted since the snapshot.
        prev_last_update_id: What `last_update_id` was before.
    """

    __slots__ = ("last_update_id", "prev_last_update_id", "updates_processed")

    def __init__(self, last_update_id: int, updates_processed: int = 0) -> None:
        self.last_update_id = last_update_id
        self.updates_processed = updates_processed
        self.prev_last_update_id = last_update_id

    def is_first_update(self) -> bool:
        """Whether no update was accepted since the snapshot."""
        return self.updates_processed == 0

    def validate_sequence(self, update: BinanceOrderBookL2Update) -> bool:
        """Whether to apply the update; see `BinanceOrderBookL2Sequencer`."""
        if update.last_update_id <= self.last_update_id:
            return False
        if self.is_first_update():
            self.validate_first_update(update)
        else:
            self.validate_next_update(update)
        self.updates_processed += 1
        self.prev_last_update_id = self.last_update_id
        self.last_update_id = update.last_update_id
        return True

    def validate_first_update(self, update: BinanceOrderBookL2Update) -> None:
        """Raise InvalidSequenceError unless the update bridges the snapshot."""
        expected = self.last_update_id + 1
        if not update.first_update_id <= expected <= update.last_update_id:
            raise InvalidSequenceError(self.last_update_id, update.first_update_id)

    def validate_next_update(self, update: BinanceOrderBookL2Update) -> None:
        """Raise InvalidSequenceError unless the update follows the last one."""
        if update.first_update_id != self.last_update_id + 1:
            raise InvalidSequenceError(self.last_update_id, update.first_update_id)


class BinanceFuturesUsdOrderBookL2Sequencer:
    """USD-M futures: drop `u < last`; the first has `U <= last <= u` or `pu == last`; each next one has `pu == last`.

    Numbers are given out over all symbols: the first update of a quiet book begins far above the snapshot that it follows.

    Attributes:
        last_update_id: Of the snapshot, then of the last accepted update.
        updates_processed: Accepted since the snapshot.
    """

    __slots__ = ("last_update_id", "updates_processed")

    def __init__(self, last_update_id: int, updates_processed: int = 0) -> None:
        self.last_update_id = last_update_id
        self.updates_processed = updates_processed

    def is_first_update(self) -> bool:
        """Whether no update was accepted since the snapshot."""
        return self.updates_processed == 0

    def validate_sequence(self, update: BinanceOrderBookL2Update) -> bool:
        """Whether to apply the update; see `BinanceOrderBookL2Sequencer`."""
        if update.last_update_id < self.last_update_id:
            return False
        if self.is_first_update():
            self.validate_first_update(update)
        else:
            self.validate_next_update(update)
        self.updates_processed += 1
        self.last_update_id = update.last_update_id
        return True

    def validate_first_update(self, update: BinanceOrderBookL2Update) -> None:
        """Raise InvalidSequenceError unless the update bridges the snapshot."""
        bridges = update.first_update_id <= self.last_update_id <= update.last_update_id
        if not bridges and update.prev_last_update_id != self.last_update_id:
            raise InvalidSequenceError(self.last_update_id, update.first_update_id)

    def validate_next_update(self, update: BinanceOrderBookL2Update) -> None:
        """Raise InvalidSequenceError unless the update follows the last one."""
        if update.prev_last_update_id != self.last_update_id:
            raise InvalidSequenceError(self.last_update_id, update.first_update_id)


def new_sequencer(exchange: ExchangeId, last_update_id: int) -> BinanceOrderBookL2Sequencer:
    """The sequencer of a venue, starting from a snapshot with this `lastUpdateId`."""
    if exchange is ExchangeId.BINANCE_FUTURES_USD:
        return BinanceFuturesUsdOrderBookL2Sequencer(last_update_id)
    return BinanceSpotOrderBookL2Sequencer(last_update_id)
