"""Client order ids that were sent. Rust origin: none, Rust sends a second order under the id of the first."""

from __future__ import annotations

from typing import Final

from barter_python.execution.order.id import ClientOrderId
from barter_python.execution.order.order import OrderKey
from barter_python.instrument.instrument import InstrumentKey

__all__ = ["SENT_MAX", "SentCids"]

SENT_MAX: Final = 100_000
"""How many ids are remembered: those of the latest orders."""


class SentCids:
    """Remembers the client order ids of the latest orders, by instrument."""

    __slots__ = ("_sent",)

    def __init__(self) -> None:
        self._sent: dict[tuple[InstrumentKey, ClientOrderId], None] = {}

    def add(self, key: OrderKey) -> None:
        """Remember an order that was sent."""
        self._sent[key.instrument, key.cid] = None
        if len(self._sent) > SENT_MAX:
            del self._sent[next(iter(self._sent))]

    def __contains__(self, key: OrderKey) -> bool:
        return (key.instrument, key.cid) in self._sent
