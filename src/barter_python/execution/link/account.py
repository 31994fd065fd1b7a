"""The account stream of one exchange: snapshot, updates, and again after each loss of the connection.

Rust origin: barter::execution::manager, barter_data::streams::reconnect.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from logging import getLogger
from math import inf
from typing import Final

from barter_python.errors import Retry
from barter_python.execution.account import AccountEvent, AccountReconnecting, AccountStreamEvent
from barter_python.execution.client.client import CLIENT_FAILURES, ExecutionClient, ExecutionError
from barter_python.execution.link.intake import AccountIntake
from barter_python.execution.link.lookup import STAMPS_MAY_DIFFER
from barter_python.execution.map import ExecutionInstrumentMap
from barter_python.execution.trade import Trade
from barter_python.integration.backoff import Backoff

__all__ = ["AccountLink"]

_LOG: Final = getLogger(__name__)


class AccountLink:
    """Keeps the account stream of an exchange up.

    Args:
        client: The exchange.
        names: Its assets and instruments.
        intake: Takes what comes.
        emit: Is told that the stream was lost.
        backoff: The pauses between connections.
        connect_timeout: In seconds, for the stream and for the snapshot.
        reopen_pause: In seconds, at least so long from one stream that was given up because it missed something to the next.

    Attributes:
        is_connected: Whether the engine knows the account, so that orders may be opened.
    """

    def __init__(
        self,
        client: ExecutionClient,
        names: ExecutionInstrumentMap,
        intake: AccountIntake,
        emit: Callable[[AccountStreamEvent], None],
        backoff: Backoff,
        connect_timeout: float,
        reopen_pause: float,
    ) -> None:
        self._client = client
        self._names = names
        self._intake = intake
        self._emit = emit
        self._backoff = backoff
        self._connect_timeout = connect_timeout
        self._reopen_pause = reopen_pause
        self._has_missed = asyncio.Event()
        self._reopened_at = -inf
        self._stream: AsyncIterator[AccountEvent] | None = None
        self.is_connected = False

    async def connect(self) -> None:
        """Open the stream, and take a snapshot of the account. What the stream says from now on is applied on top of it.

        After an earlier stream the fills follow that may have been missed between the two.

        Raises:
            ExecutionError: The client could not; or whatever else it raises when it cannot.
            TimeoutError: It took too long.
        """
        names = (self._names.exchange_assets(), self._names.exchange_instruments())
        try:
            async with asyncio.timeout(self._connect_timeout):
                self._stream = await self._client.account_stream(*names)
                recent = await self._recent_fills()
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
        self._intake.take(snapshot)
        self._intake.tell(self._intake.orders.take_recent(recent))
        self.is_connected = True

    async def _recent_fills(self) -> list[Trade]:
        heard = self._intake.orders.time_heard
        return [] if heard is None else await self._client.fetch_trades(heard - STAMPS_MAY_DIFFER)

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

    def reopen(self) -> None:
        """The stream has not told what it should have: it may be dead without knowing, so connect again.

        The new one begins with a snapshot, and the fills that were missed.
        """
        now = asyncio.get_running_loop().time()
        if self.is_connected and now - self._reopened_at >= self._reopen_pause:
            _LOG.warning("%s: the account stream has missed something", self._names.exchange.value.value)
            self._reopened_at = now
            self._has_missed.set()

    async def _until_lost(self) -> None:
        consuming = asyncio.create_task(self._consume())
        missed = asyncio.create_task(self._has_missed.wait())
        try:
            await asyncio.wait((consuming, missed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            consuming.cancel()
            missed.cancel()
            await asyncio.wait((consuming, missed))
        self._has_missed.clear()
        if not consuming.cancelled():
            consuming.result()

    async def _consume(self) -> None:
        if self._stream is None:
            return
        try:
            async for event in self._stream:
                self._intake.take(event.kind)
        except CLIENT_FAILURES as error:
            self._give_up_or_log("account stream", error)
        else:
            _LOG.warning("%s: the account stream ended", self._names.exchange.value.value)

    async def _reconnect(self) -> None:
        while True:
            try:
                await self.connect()
            except CLIENT_FAILURES as error:
                self._give_up_or_log("connecting to the account", error)
                await asyncio.sleep(self._backoff.next_pause())
            else:
                return

    def _give_up_or_log(self, what: str, error: BaseException) -> None:
        if isinstance(error, ExecutionError) and error.retry is Retry.NEVER:
            raise error
        _LOG.warning("%s: %s failed: %s", self._names.exchange.value.value, what, error or type(error).__name__)

    async def close(self) -> None:
        """Give the connection up."""
        stream, self._stream = self._stream, None
        aclose = getattr(stream, "aclose", None)
        if aclose is not None:
            await aclose()
