"""Which book messages of Bybit follow each other.

| message | before any snapshot | after number `u` |
|---|---|---|
| snapshot | starts the book | replaces the book, whatever its number |
| delta | dropped | applied where its number is `u + 1`, else updates were lost |

A snapshot may come at any time: after a restart of the service (number 1), after a fault at the venue, and again after three
seconds without a change of the best prices. A message with number 1 is read as a snapshot (see `message`).

Rust origin: barter_data::exchange::bybit::book::l2. Source: https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook
"""

from __future__ import annotations

from barter_python.data.exchange.bybit.message import BybitBook
from barter_python.data.exchange.sequence import InvalidSequenceError

__all__ = ["BybitOrderBookSequencer"]


class BybitOrderBookSequencer:
    """Follows the messages of one topic.

    Attributes:
        last_update_id: Of the last message accepted; None before the first snapshot.
    """

    __slots__ = ("last_update_id",)

    def __init__(self, last_update_id: int | None = None) -> None:
        self.last_update_id = last_update_id

    def validate_sequence(self, message: BybitBook) -> bool:
        """Whether to apply the message; False for a change of a book that was never received.

        Raises:
            InvalidSequenceError: Messages are missing before this one.
        """
        if not message.is_snapshot:
            if self.last_update_id is None:
                return False
            if message.update_id != self.last_update_id + 1:
                raise InvalidSequenceError(self.last_update_id, message.update_id)
        self.last_update_id = message.update_id
        return True
