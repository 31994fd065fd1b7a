"""Updates of an order book that do not follow each other. Rust origin: barter_data::error::DataError::InvalidSequence."""

from __future__ import annotations

from barter_python.errors import MarketDataError, Retry

__all__ = ["InvalidSequenceError"]


class InvalidSequenceError(MarketDataError):
    """Updates were lost: the book is unknown until the next snapshot. Rust: `DataError::InvalidSequence`.

    Attributes:
        prev_last_update_id: Number of the last update applied.
        first_update_id: Number of the first update in the message that does not continue it.
    """

    retry = Retry.ANEW

    def __init__(self, prev_last_update_id: int, first_update_id: int) -> None:
        super().__init__(
            f"order book updates were lost: first update id is {first_update_id}, "
            f"expected the one that follows {prev_last_update_id}"
        )
        self.prev_last_update_id = prev_last_update_id
        self.first_update_id = first_update_id
