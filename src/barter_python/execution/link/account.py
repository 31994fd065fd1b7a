"""The account stream of one exchange: snapshot, updates, and again after each loss of the connection.

Rust origin: barter::execution::manager, barter_data::streams::reconnect.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from logging import getLogger
from math import inf
from typing import Final

from barter_python.execution.account import AccountEvent, AccountReconnecting, AccountStreamEvent
from barter_python.execution.client.client import ExecutionClient, ExecutionError
from barter_python.execution.link.in_flight import InFlight
from barter_python.execution.link.quarantine import Quarantine
from barter_python.execution.link.told import Told
from barter_python.execution.link.unknown import ENVIRONMENT_FAILURES
from barter_python.execution.map import ExecutionInstrumentMap
from barter_python.integration.backoff import Backoff

__all__ = ["AccountLink"]

_LOG: Final = getLogger(__name__)


class AccountLink:
    """Keeps the account stream of an exchange up.

    Args:
        client: The exchange.
        names: Its assets and instruments.
        quarantine: Indexes what comes.
        in_flight: Is told what comes.
        told: Leaves out what the engine knows already.
        emit: Takes what was indexed.
        backoff: The pauses between connections.
        connect_timeout: In seconds, for the stream and for the snapshot.
        suspicion_pause: In seconds, at least so long from one stream that was given up on suspicion to the next.

    Attributes:
        is_connected: Whether the engine knows the account, so that orders may be opened.
    """

    def __init__(
        self,
        client: ExecutionClient,
        names: ExecutionInstrumentMap,
        quarantine: Quarantine,
        in_flight: InFlight,
        told: Told,
        emit: Callable[[AccountStreamEvent], None],
        backoff: Backoff,
        connect_timeout: float,
        suspicion_pause: float,
    ) -> None:
        self._client = client
        self._names = names
        self._quarantine = quarantine
        self._in_flight = in_flight
        self._told = told
        self._emit = emit
        self._backoff = backoff
        self._connect_timeout = connect_timeout
        self._suspicion_pause = suspicion_pause
        self._suspected = asyncio.Event()
        self._suspected_at = -inf
        self._stream: AsyncIterator[AccountEvent] | None = None
        self.is_connected = False

    async def connect(self) -> None:
        """Open the stream, and emit a snapshot of the account. What the stream says from now on is applied on top of it.

        Raises:
            ExecutionError: The client could not; or whatever else it raises when it cannot.
            TimeoutError: It took too long.
        """
        names = (self._names.exchange_assets(), self._names.exchange_instruments())
        try:
            async with asyncio.timeout(self._connect_timeout):
                self._stream = await self._client.account_stream(*names)
                snapshot = await self._client.account_snapshot(*names)
        except TimeoutError as error:
            await self.close()
            venue = self._names.exchange.value.value
            raise TimeoutError(
                f"{venue}: no account within {self._connect_timeout:g} s, expected a stream and a snapshot"
            ) from error
        except BaseException:
            await self.close()
            raise
        self.take(AccountEvent(snapshot.exchange, snapshot))
        self.is_connected = True

    async def run(self) -> None:
        """Emit what the stream says. When it is lost, emit that, and connect again.

        Raises:
            ExecutionError: There is no point in trying again.
        """
        loop = asyncio.get_running_loop()
        try:
            while True:
                connected = loop.time()
                await self._until_lost()
                self.is_connected = False
                await self.close()
                self._emit(AccountReconnecting(self._names.exchange.value))
                await asyncio.sleep(self._backoff.next_pause(loop.time() - connected))
                await self._reconnect()
        finally:
            self.is_connected = False
            await self.close()

    def suspect(self) -> None:
        """The stream has not told what it should have: it may be dead without knowing, so connect again.

        The new one begins with a snapshot, which knows what was missed.
        """
        now = asyncio.get_running_loop().time()
        if self.is_connected and now - self._suspected_at >= self._suspicion_pause:
            _LOG.warning("%s: the account stream has missed something", self._names.exchange.value.value)
            self._suspected_at = now
            self._suspected.set()

    async def _until_lost(self) -> None:
        consuming = asyncio.create_task(self._consume())
        suspected = asyncio.create_task(self._suspected.wait())
        try:
            await asyncio.wait((consuming, suspected), return_when=asyncio.FIRST_COMPLETED)
        finally:
            consuming.cancel()
            suspected.cancel()
            await asyncio.wait((consuming, suspected))
        self._suspected.clear()
        if not consuming.cancelled():
            consuming.result()

    async def _consume(self) -> None:
        if self._stream is None:
            return
        try:
            async for event in self._stream:
                self.take(event)
        except ENVIRONMENT_FAILURES as error:
            self._give_up_or_log("account stream", error)
        else:
            _LOG.warning("%s: the account stream ended", self._names.exchange.value.value)

    async def _reconnect(self) -> None:
        while True:
            try:
                await self.connect()
            except ENVIRONMENT_FAILURES as error:
                self._give_up_or_log("connecting to the account", error)
                await asyncio.sleep(self._backoff.next_pause())
            else:
                return

    def _give_up_or_log(self, what: str, error: BaseException) -> None:
        if isinstance(error, ExecutionError) and error.is_terminal:
            raise error
        _LOG.warning("%s: %s failed: %s", self._names.exchange.value.value, what, error or type(error).__name__)

    def take(self, event: AccountEvent) -> None:
        """Emit what the venue says of the account, on the stream or where it was asked, without what was told before."""
        self._in_flight.observe(event.kind)
        news = self._told.news(event.kind)
        indexed = None if news is None else self._quarantine.account_event(AccountEvent(event.exchange, news))
        if indexed is not None:
            self._emit(indexed)

    async def close(self) -> None:
        """Give the connection up."""
        stream, self._stream = self._stream, None
        aclose = getattr(stream, "aclose", None)
        if aclose is not None:
            await aclose()
