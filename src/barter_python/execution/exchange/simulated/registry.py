"""The orders an exchange knows, live and finished, by its own id and by the client's. Rust origin: none."""

from __future__ import annotations

from typing import TypeAlias

from barter_python.execution.error import OrderError
from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.order.id import OrderId

__all__ = ["ClientKey", "OrderRegistry"]

ClientKey: TypeAlias = tuple[str, str]
"""Instrument and client order id: the latter is unique among all orders of an instrument, for ever."""


class OrderRegistry:
    """Numbers orders, and remembers for each finished one why it cannot be cancelled any more."""

    def __init__(self) -> None:
        self._live: dict[str, LiveOrder] = {}
        self._finished: dict[str, OrderError] = {}
        self._ids: dict[ClientKey, str] = {}
        self._count = 0

    def next_id(self) -> OrderId:
        """A new id: 0, 1, 2, .. without those of orders that the account started with."""
        while True:
            order_id = OrderId(str(self._count))
            self._count += 1
            if order_id not in self._live:
                return order_id

    def add(self, order: LiveOrder) -> None:
        """A new order was acknowledged."""
        self._live[order.id] = order
        self._ids[client_key(order)] = order.id

    def finish(self, order: LiveOrder, reason: OrderError) -> None:
        """An order came to its end; `reason` answers requests to cancel it."""
        order.is_done = True
        del self._live[order.id]
        self._finished[order.id] = reason

    def is_known(self, key: ClientKey) -> bool:
        """Whether the name was used before."""
        return key in self._ids

    def find(self, key: ClientKey, order_id: str | None) -> LiveOrder | OrderError | None:
        """The live order, or why it is no longer live; None where there was never such an order.

        Args:
            key: Instrument and client order id.
            order_id: The venue's id, which counts where it is given.
        """
        found = self._ids.get(key) if order_id is None else order_id
        if found is None:
            return None
        live = self._live.get(found)
        if live is None:
            return self._finished.get(found)
        return live if live.request.key.instrument == key[0] else None

    def live(self) -> list[LiveOrder]:
        """Every live order, oldest first."""
        return list(self._live.values())


def client_key(order: LiveOrder) -> ClientKey:
    """How the client names an order."""
    return order.instrument, str(order.request.key.cid)
