"""Unbounded channels between tasks and threads. Rust origin: barter_integration::channel.

A receiver is read from a task (`async for`) or, blocking, from a thread (`for`); nothing ever spins. Senders may be used from
any thread. As in Rust, dropping the last sender ends the receiver, and dropping the receiver makes sending fail.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from logging import getLogger
from typing import Final, Generic, Protocol, TypeAlias, TypeVar

from barter_python.errors import BarterError
from barter_python.integration.wakeup import Wakeup

__all__ = [
    "Active",
    "Channel",
    "ChannelClosed",
    "ChannelState",
    "ChannelTxDroppable",
    "Disabled",
    "Tx",
    "UnboundedRx",
    "UnboundedTx",
    "mpsc_unbounded",
]

_LOG: Final = getLogger(__name__)

ItemT = TypeVar("ItemT")
ItemInT = TypeVar("ItemInT", contravariant=True)


class ChannelClosed(BarterError):
    """The receiver is gone: this item was not delivered, and no later one will be."""


class Tx(Protocol[ItemInT]):
    """The sending half of a channel."""

    def send(self, item: ItemInT, /) -> None:
        """Hand over an item without waiting.

        Raises:
            ChannelClosed: The receiver is gone.
        """
        ...


class _Shared(Generic[ItemT]):
    """What the two halves have in common."""

    __slots__ = ("items", "receiver_open", "senders", "wakeup")

    def __init__(self) -> None:
        self.items: deque[ItemT] = deque()
        self.senders = 0
        self.receiver_open = True
        self.wakeup = Wakeup()


class UnboundedTx(Generic[ItemT]):
    """A sender. It may be shared; `clone` makes another one that is closed on its own."""

    __slots__ = ("_closed", "_shared")

    def __init__(self, shared: _Shared[ItemT]) -> None:
        self._shared = shared
        self._closed = False
        with shared.wakeup.lock:
            shared.senders += 1

    def send(self, item: ItemT, /) -> None:
        """Hand over an item without waiting.

        Raises:
            ChannelClosed: The receiver is gone, or this sender was closed.
        """
        shared = self._shared
        if self._closed or not shared.receiver_open:
            raise ChannelClosed(f"channel: the {'sender' if self._closed else 'receiver'} is closed, expected an open channel")
        shared.items.append(item)
        shared.wakeup.set()

    def clone(self) -> UnboundedTx[ItemT]:
        """Another sender into the same channel."""
        return UnboundedTx(self._shared)

    @property
    def is_closed(self) -> bool:
        """Whether sending fails."""
        return self._closed or not self._shared.receiver_open

    @property
    def backlog(self) -> int:
        """How many items wait for the receiver."""
        return len(self._shared.items)

    def close(self) -> None:
        """Send no more. The receiver ends once every sender is closed and it has read everything."""
        with self._shared.wakeup.lock:
            if self._closed:
                return
            self._closed = True
            self._shared.senders -= 1
        self._shared.wakeup.set()

    def __del__(self) -> None:
        if hasattr(self, "_closed"):
            self.close()


class UnboundedRx(Generic[ItemT]):
    """The receiver. Only one task or thread may wait on it at a time."""

    __slots__ = ("_shared",)

    def __init__(self, shared: _Shared[ItemT]) -> None:
        self._shared = shared

    def try_recv(self) -> ItemT | None:
        """The next item if there is one, without waiting; None where there is none now."""
        items = self._shared.items
        return items.popleft() if items else None

    def __len__(self) -> int:
        return len(self._shared.items)

    @property
    def is_ended(self) -> bool:
        """Whether everything was read and nothing more can come."""
        shared = self._shared
        # In this order: what the last sender left behind is seen after its close.
        return (not shared.senders or not shared.receiver_open) and not shared.items

    def attach(self, wakeup: Wakeup) -> None:
        """Have `wakeup` set with each item, for a consumer of several channels. Iterating is not possible any more then."""
        self._shared.wakeup = wakeup
        wakeup.set()

    def into_stream(self) -> UnboundedRx[ItemT]:
        """The receiver for `async for`; it is one already."""
        return self

    def close(self) -> None:
        """Take no more: sending fails from now on. What is there can still be read."""
        self._shared.receiver_open = False
        self._shared.wakeup.set()

    def __iter__(self) -> Iterator[ItemT]:
        return self

    def __next__(self) -> ItemT:
        """The next item; waits for it, so it must not be called from a task."""
        while True:
            ended = self.is_ended
            if self._shared.items:
                return self._shared.items.popleft()
            if ended:
                raise StopIteration
            self._shared.wakeup.wait_blocking()

    def __aiter__(self) -> UnboundedRx[ItemT]:
        return self

    async def __anext__(self) -> ItemT:
        while True:
            ended = self.is_ended
            if self._shared.items:
                return self._shared.items.popleft()
            if ended:
                raise StopAsyncIteration
            await self._shared.wakeup.wait()

    def __del__(self) -> None:
        if hasattr(self, "_shared"):
            self.close()


def mpsc_unbounded() -> tuple[UnboundedTx[ItemT], UnboundedRx[ItemT]]:
    """A new channel for any number of senders and one receiver."""
    shared: _Shared[ItemT] = _Shared()
    return UnboundedTx(shared), UnboundedRx(shared)


class Channel(Generic[ItemT]):
    """A sender and its receiver.

    Attributes:
        tx: The sender.
        rx: The receiver.
    """

    __slots__ = ("rx", "tx")

    def __init__(self) -> None:
        self.tx: UnboundedTx[ItemT]
        self.rx: UnboundedRx[ItemT]
        self.tx, self.rx = mpsc_unbounded()


@dataclass(slots=True)
class Active(Generic[ItemT]):
    """Items are sent.

    Attributes:
        tx: Where to.
    """

    tx: Tx[ItemT]


@dataclass(slots=True)
class Disabled:
    """Items are dropped."""


ChannelState: TypeAlias = Active[ItemT] | Disabled
"""Rust: `ChannelState`."""


class ChannelTxDroppable(Generic[ItemT]):
    """A sender for what nobody has to receive: once the receiver is gone, items are dropped without an error.

    Attributes:
        state: Whether items are sent.
    """

    __slots__ = ("state",)

    def __init__(self, tx: Tx[ItemT] | None) -> None:
        self.state: ChannelState[ItemT] = Disabled() if tx is None else Active(tx)

    @classmethod
    def new_disabled(cls) -> ChannelTxDroppable[ItemT]:
        """A sender that sends nothing."""
        return cls(None)

    def send(self, item: ItemT, /) -> None:
        """Hand over an item if somebody receives it."""
        if isinstance(self.state, Disabled):
            return
        try:
            self.state.tx.send(item)
        except ChannelClosed:
            _LOG.warning("the receiver of %s is gone, nothing is sent to it any more", type(item).__name__)
            self.disable()

    def disable(self) -> None:
        """Send nothing any more."""
        self.state = Disabled()
