"""How requests leave the engine. Rust origin: barter::engine::execution_tx."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from barter_python.errors import BarterError, ExchangeIndexError, Retry
from barter_python.execution.request import ExecutionRequest
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex

__all__ = ["ExecutionTx", "ExecutionTxMap", "MultiExchangeTxMap", "TxError"]


class TxError(BarterError):
    """A request could not be handed over.

    Args:
        message: What happened.
        is_unrecoverable: Whether no later request will get through either.
    """

    def __init__(self, message: str, *, is_unrecoverable: bool) -> None:
        super().__init__(message)
        self.retry = Retry.NEVER if is_unrecoverable else Retry.LATER

    @property
    def is_unrecoverable(self) -> bool:
        """Whether no later request will get through either. Rust: `Unrecoverable`."""
        return self.retry is Retry.NEVER


class ExecutionTx(Protocol):
    """Hands requests over to the execution of one exchange."""

    def send(self, request: ExecutionRequest, /) -> None:
        """Hand over a request, without waiting for the exchange.

        Raises:
            TxError: It could not be handed over.
        """
        ...


class ExecutionTxMap(Protocol):
    """Finds the execution of an exchange."""

    def find(self, exchange: ExchangeIndex, /) -> ExecutionTx:
        """The execution of an exchange.

        Raises:
            ExchangeIndexError: There is none.
        """
        ...

    def iter(self) -> Iterator[ExecutionTx]:
        """Every execution there is."""
        ...


class MultiExchangeTxMap:
    """One optional execution per exchange, in index order; None for an exchange that is watched but not traded on."""

    __slots__ = ("_txs",)

    def __init__(self, txs: Iterable[tuple[ExchangeId, ExecutionTx | None]]) -> None:
        self._txs = list(dict(txs).items())

    def find(self, exchange: ExchangeIndex, /) -> ExecutionTx:
        """The execution of an exchange.

        Raises:
            ExchangeIndexError: The index is out of range, or the exchange is not traded on.
        """
        tx = self._txs[exchange][1] if isinstance(exchange, int) and 0 <= exchange < len(self._txs) else None
        if tx is None:
            known = ", ".join(venue.value for venue, tx in self._txs if tx is not None) or "none"
            raise ExchangeIndexError(f"ExchangeIndex({exchange}) has no execution, exchanges that have one: {known}")
        return tx

    def iter(self) -> Iterator[ExecutionTx]:
        """Every execution there is."""
        return (tx for _, tx in self._txs if tx is not None)

    def __iter__(self) -> Iterator[tuple[ExchangeId, ExecutionTx | None]]:
        return iter(self._txs)
