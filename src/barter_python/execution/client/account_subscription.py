"""The account stream of a simulated exchange. Rust origin: none; its broadcast channel drops what is read too slowly."""

from __future__ import annotations

from collections.abc import Callable

from barter_python.execution.account import AccountEvent
from barter_python.execution.link.pending import Pending
from barter_python.integration.channel import Channel

__all__ = ["AccountSubscription"]


class AccountSubscription:
    """Account events in order, each counted as pending until the reader asks for the next one.

    Args:
        pending: Where they are counted.
        on_close: Called once when the reader has closed it.
    """

    __slots__ = ("_channel", "_is_handed_over", "_on_close", "_pending")

    def __init__(self, pending: Pending, on_close: Callable[[AccountSubscription], None]) -> None:
        self._channel: Channel[AccountEvent] = Channel()
        self._pending = pending
        self._on_close: Callable[[AccountSubscription], None] | None = on_close
        self._is_handed_over = False

    def put(self, event: AccountEvent) -> None:
        """Add an event."""
        self._pending.add()
        self._channel.tx.send(event)

    def end(self) -> None:
        """There will be no more events."""
        self._channel.tx.close()

    def __aiter__(self) -> AccountSubscription:
        return self

    async def __anext__(self) -> AccountEvent:
        self._hand_back()
        event = await anext(self._channel.rx)
        self._is_handed_over = True
        return event

    async def aclose(self) -> None:
        """Read no more."""
        if self._on_close is None:
            return
        self._on_close(self)
        self._on_close = None
        self._hand_back()
        self._channel.rx.close()
        self._pending.done(len(self._channel.rx))

    def _hand_back(self) -> None:
        if self._is_handed_over:
            self._is_handed_over = False
            self._pending.done()
