"""The subscriptions of a connection: which one an event belongs to, and which of them bring nothing.

A venue may acknowledge a subscription and never send anything for it, while the others keep the connection busy, so silence is
measured for each. A silence that data ended was the market's: the next one may last longer, as for a `watchdog.Watchdog`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from barter_python.data.book import OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, DataKind, Liquidation, OrderBookL1, PublicTrade
from barter_python.data.exchange.connector import Connector
from barter_python.data.subscription import SubKind, Subscription, instrument_key

__all__ = ["LiveSubscription", "LiveSubscriptions"]

_SUB_KINDS: Final[Mapping[type[DataKind], SubKind]] = {
    PublicTrade: SubKind.PUBLIC_TRADES,
    OrderBookL1: SubKind.ORDER_BOOKS_L1,
    OrderBookSnapshot: SubKind.ORDER_BOOKS_L2,
    OrderBookUpdate: SubKind.ORDER_BOOKS_L2,
    Liquidation: SubKind.LIQUIDATIONS,
    Candle: SubKind.CANDLES,
}


_PATIENCE: Final = 2.0
"""A silence this many times the longest known one is too long."""


class LiveSubscription:
    """A subscription, over one connection after the other.

    Attributes:
        subscription: What was asked for.
        key: What its events carry; see `instrument_key`.
        rival: The same subscription at another address of the venue, while nothing has come from either of them. The first that
            brings something drops the other.
        is_dropped: Whether its rival brings the data, so that what it brings is not wanted.
        is_silent: Whether it has brought nothing for longer than its kind allows.
        seconds: How long it has brought nothing, on live connections, as of the last look.
        needs_look: Whether `heard` must be told of the next event: nothing has come since the last look, or it was dropped.
    """

    __slots__ = ("_longest", "is_dropped", "is_silent", "key", "needs_look", "rival", "seconds", "subscription")

    def __init__(self, subscription: Subscription[Any]) -> None:
        self.subscription: Subscription[Any] = subscription
        self.key: Any = instrument_key(subscription.instrument)
        self.rival: LiveSubscription | None = None
        self.is_dropped = self.is_silent = False
        self.needs_look = True
        self.seconds = self._longest = 0.0

    def compete_with(self, rival: LiveSubscription) -> None:
        """The same was asked for at another address: whichever brings something first stays."""
        if self.is_silent:
            self.rival, rival.rival = rival, self
        else:
            rival.is_dropped = True  # something came while it was asked for

    def heard(self) -> None:
        """It has brought something that the venue sent because of it."""
        self.needs_look = self.is_silent = False
        rival, self.rival = self.rival, None
        if rival is not None:
            rival.rival = None
            rival.is_dropped = rival.needs_look = True

    def look(self, seconds: float, allowed: float) -> bool:
        """Whether it has become silent, after so many more seconds on a live connection.

        Args:
            seconds: Since the last look.
            allowed: Seconds of silence in a row, in a market that is not known to be quieter.
        """
        if self.is_dropped:
            return False
        if self.needs_look:
            self.seconds += seconds
        else:
            self._longest, self.seconds = max(self._longest, self.seconds), 0.0
        self.needs_look = True
        if self.is_silent or self.seconds < max(allowed, _PATIENCE * self._longest):
            return False
        self.is_silent = True
        return True

    def ask_again(self) -> None:
        """Measure its silence from the beginning."""
        self.is_silent, self.seconds = False, 0.0


class LiveSubscriptions:
    """The subscriptions of one connection after the other, found by what their events say.

    Args:
        connector: The venue.
        subscriptions: Each once.

    Raises:
        UnsupportedSubscriptionError: The venue cannot stream one of them.

    Attributes:
        all: In their order.
        by_kind: By the class of the event's kind and the market that it names.
    """

    __slots__ = ("all", "by_kind")

    def __init__(self, connector: Connector, subscriptions: Iterable[LiveSubscription]) -> None:
        self.all: tuple[LiveSubscription, ...] = tuple(subscriptions)
        by_sub_kind: dict[SubKind, dict[str, LiveSubscription]] = {kind: {} for kind in SubKind}
        for live in self.all:
            market = connector.exchange_sub(live.subscription).market
            by_sub_kind[live.subscription.kind][market] = live
        self.by_kind: Mapping[type[DataKind], Mapping[str, LiveSubscription]] = {
            kind: by_sub_kind[sub_kind] for kind, sub_kind in _SUB_KINDS.items()
        }

    @property
    def wanted(self) -> tuple[Subscription[Any], ...]:
        """What to ask for. All of it where everything was dropped, as a connection without subscriptions cannot be made."""
        wanted = tuple(live.subscription for live in self.all if not live.is_dropped)
        return wanted or tuple(live.subscription for live in self.all)

    @property
    def silent(self) -> tuple[Subscription[Any], ...]:
        """Those that have brought nothing for longer than their kind allows."""
        return tuple(live.subscription for live in self.all if live.is_silent and not live.is_dropped)

    def look(self, seconds: float, allowed: Mapping[SubKind, timedelta]) -> list[LiveSubscription]:
        """Those that have become silent; see `LiveSubscription.look`. Kinds without a limit never do."""
        return [
            live
            for live in self.all
            if (limit := allowed.get(live.subscription.kind)) is not None and live.look(seconds, limit.total_seconds())
        ]
