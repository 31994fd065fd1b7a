"""What can go wrong with a stream of market data. Rust origin: barter_data::error::DataError.

`Index` is `errors.IndexLookupError`, `Socket` is `integration.error.SocketError`, `Unsupported` is
`data.subscription.UnsupportedSubscriptionError`, `InvalidSequence` is `data.exchange.sequence.InvalidSequenceError`.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from barter_python.data.subscription import SubKind, Subscription, SubscriptionId
from barter_python.errors import BarterError, ConfigError, MarketDataError, Retry

__all__ = [
    "CrossedBookError",
    "InitialSnapshotError",
    "InitialSnapshotInvalidError",
    "InitialSnapshotMissingError",
    "SilentSubscriptionError",
    "SubscriptionsEmptyError",
    "UnsupportedSubKindError",
    "is_terminal",
]


class CrossedBookError(MarketDataError):
    """The best bid of a book is not below its best ask.

    Attributes:
        bid: Best bid price.
        ask: Best ask price.
    """

    retry = Retry.ANEW

    def __init__(self, instrument: str, bid: Decimal, ask: Decimal) -> None:
        super().__init__(f"best bid of {instrument} is {bid}, expected less than the best ask of {ask}")
        self.bid = bid
        self.ask = ask


class SubscriptionsEmptyError(ConfigError):
    """There is nothing to stream."""

    def __init__(self) -> None:
        super().__init__("subscriptions are empty, expected at least one")


class UnsupportedSubKindError(ConfigError):
    """There are no streams of this kind of data.

    Attributes:
        sub_kind: What was asked for.
    """

    def __init__(self, sub_kind: SubKind) -> None:
        super().__init__(f"kind is {sub_kind}, expected PublicTrades, OrderBooksL1, OrderBooksL2 or Liquidations")
        self.sub_kind = sub_kind


class InitialSnapshotError(MarketDataError):
    """An order book could not be started from its snapshot.

    Attributes:
        subscription_id: Whose book it is.
    """

    retry = Retry.ANEW

    def __init__(self, subscription_id: SubscriptionId, problem: str) -> None:
        super().__init__(f"snapshot of {subscription_id}: {problem}")
        self.subscription_id = subscription_id


class InitialSnapshotMissingError(InitialSnapshotError):
    """The venue did not send it."""


class InitialSnapshotInvalidError(InitialSnapshotError):
    """What the venue sent cannot be used, or the updates do not follow it."""


class SilentSubscriptionError(MarketDataError):
    """A subscription was acknowledged, and has brought nothing for longer than its kind allows.

    Attributes:
        subscription: Which one.
        silent: For how long.
    """

    retry = Retry.LATER

    def __init__(self, subscription: Subscription[Any], silent: timedelta) -> None:
        seconds = silent.total_seconds()
        super().__init__(f"subscription {subscription} has brought nothing for {seconds:g} s, expected something in that time")
        self.subscription = subscription
        self.silent = silent


def is_terminal(error: BarterError) -> bool:
    """Whether the stream goes on only with another connection."""
    return error.is_terminal
