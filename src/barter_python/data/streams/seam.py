"""Where a connection is replaced by another one of the same subscriptions while it still works: nothing is lost or doubled.

Trades and liquidations count, so each must come once. Best prices and books are states: a repeated one does no harm.
"""

from __future__ import annotations

from collections.abc import Hashable

from barter_python.data.event import Liquidation, MarketEvent, PublicTrade
from barter_python.data.streams.event_queue import EventQueue
from barter_python.data.streams.market_stream import MarketOutlet, MarketStreamItem

__all__ = ["Seam"]


class Seam:
    """An outlet of two connections, one after the other.

    Call `open` before the new connection is made, `hand_over` when it takes the place of the old one, and `close` once it has
    sent all that it received before.

    Args:
        outlet: Where events go.
    """

    __slots__ = ("_handed_over", "_outlet", "_seen")

    def __init__(self, outlet: MarketOutlet) -> None:
        self._outlet = outlet
        self._seen: set[Hashable] | None = None
        self._handed_over = False

    @property
    def queue(self) -> EventQueue[MarketStreamItem]:
        """What events wait in."""
        return self._outlet.queue

    def open(self) -> None:
        """Remember what the old connection sends from now on, and what an open seam remembers already."""
        self._seen, self._handed_over = self._seen or set(), False

    def hand_over(self) -> None:
        """From now on the new connection sends: leave out what the old one sent."""
        self._handed_over = True

    def close(self) -> None:
        """Let everything through."""
        self._seen = None

    def send(self, item: MarketStreamItem, /) -> None:
        """Add an event, unless the old connection sent it before."""
        if self._seen is None or self._is_new(item, self._seen):
            self._outlet.send(item)

    def _is_new(self, item: MarketStreamItem, seen: set[Hashable]) -> bool:
        identity = _identity(item)
        if identity is None:
            return True
        if self._handed_over:
            return identity not in seen
        seen.add(identity)
        return True


def _identity(item: MarketStreamItem) -> Hashable | None:
    if not isinstance(item, MarketEvent):
        return None
    kind = item.kind
    if isinstance(kind, PublicTrade):
        return (item.instrument, kind.id, kind.price, kind.amount)
    if isinstance(kind, Liquidation):
        return (item.instrument, kind.side, kind.price, kind.quantity, kind.time)
    return None
