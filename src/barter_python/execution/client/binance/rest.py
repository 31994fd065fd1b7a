"""Calls of Binance spot over HTTP: signed by the venue's clock, within its limits, and never doubled. Rust origin: none.

A question (GET) is asked again where it got no answer. What changes something (POST, DELETE) is sent once; where the venue says
that it refused it because of its timestamp (-1021), its clock is read again, and it is sent once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from barter_python.errors import DecodeError, Retry
from barter_python.execution.client.binance import request as ask
from barter_python.execution.client.binance.config import BinanceSpotConfig
from barter_python.execution.client.binance.error import (
    INVALID_TIMESTAMP,
    TOO_MANY_ORDERS,
    BinanceFailure,
    failure_of,
    held_back,
)
from barter_python.execution.client.binance.message import ApiProblem, SymbolInfo, decode_problem
from barter_python.execution.client.binance.rate_limit import Cost, RateLimits
from barter_python.execution.client.binance.request import BinanceCall
from barter_python.execution.client.binance.server_time import ROUND_TRIP_GOOD, ServerTime
from barter_python.execution.client.binance.signature import request_signer, without_keys
from barter_python.integration.backoff import Backoff, ReconnectionBackoffPolicy
from barter_python.integration.error import (
    DeserialiseError,
    HttpError,
    HttpNotSentError,
    HttpResponseError,
    HttpTimeoutError,
    SocketError,
)
from barter_python.integration.http import HttpParser, HttpRequest, HttpResponse, PublicNoHeaders
from barter_python.integration.metric import Metric
from barter_python.integration.rest_client import HttpTransport, RestClient

__all__ = ["BinanceRest"]

T = TypeVar("T")

_ATTEMPTS_MAX: Final = 3
_READINGS_MAX: Final = 3
_BACKOFF: Final = ReconnectionBackoffPolicy(100, 2, 2_000)


class BinanceRest:
    """The REST interface of one account.

    Args:
        config: Where it is, and the keys.
        transport: Carries requests; it stays yours to close.
        now: The time, aware UTC; for measurements only.
        monotonic: Seconds from a clock that never goes back.
        sleep: Waits for so many seconds.
        random: A number from 0 to 1, spreads repetitions.
        on_metric: Told about every request.

    Attributes:
        time: The venue's clock.
        limits: What may be sent.
        symbols: The assets and filters of the symbols that were loaded.
    """

    def __init__(
        self,
        config: BinanceSpotConfig,
        *,
        transport: HttpTransport,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        random: Callable[[], float],
        on_metric: Callable[[Metric], None],
    ) -> None:
        self._config = config
        self._monotonic = monotonic
        self._sleep = sleep
        self._random = random
        self.time = ServerTime(monotonic, config.server_time_refresh)
        self.limits = RateLimits(self.time.now_ms, monotonic)
        self.symbols: dict[str, SymbolInfo] = {}
        self._time_lock = asyncio.Lock()
        self._rules_lock = asyncio.Lock()
        signer = request_signer(config.api_key, config.api_secret, config.recv_window_ms, self.time.now_ms)
        self._signed, self._public = (
            RestClient(
                config.rest_url,
                strategy,
                HttpParser(decode_problem, _explained),
                transport=transport,
                now=now,
                monotonic=monotonic,
                on_metric=on_metric,
            )
            for strategy in (signer, PublicNoHeaders())
        )

    async def get(self, call: BinanceCall[T]) -> T:
        """Ask, again where there is no answer, and held back for a moment where a rate limit wants it.

        Raises:
            BinanceFailure: There is no answer, or a refusal.
        """
        backoff = Backoff(_BACKOFF, self._random)
        for _ in range(_ATTEMPTS_MAX - 1):
            try:
                return await self._held_back(call)
            except BinanceFailure as failure:
                if failure.is_rate_limit or failure.retry is Retry.NEVER:
                    raise
            await self._sleep(backoff.next_pause())
        return await self._held_back(call)

    async def _held_back(self, call: BinanceCall[T]) -> T:
        waited, pause = 0.0, self.limits.pause(call.cost)
        while pause > 0.0 and waited + pause <= self._config.rate_limit_wait.total_seconds():
            await self._sleep(pause)
            waited, pause = waited + pause, self.limits.pause(call.cost)
        return await self.send(call)

    async def send(self, call: BinanceCall[T]) -> T:
        """Send once; once more only where the venue refused the timestamp.

        Raises:
            BinanceFailure: It failed; its `retry` says whether the venue may have acted.
        """
        if not call.is_signed:
            return await self._execute(call)
        reading = await self.synchronise(is_urgent=call.cost.is_urgent)
        try:
            return await self._execute(call)
        except BinanceFailure as failure:
            if failure.code != INVALID_TIMESTAMP or failure.retry is not Retry.NEVER:
                raise
        await self.synchronise(than=reading)
        return await self._execute(call)

    async def synchronise(self, than: int | None = None, *, is_urgent: bool = False) -> int:
        """Read the venue's clock where there is no reading, or it is time for another one.

        Args:
            than: Read it in any case where this reading is still the latest.
            is_urgent: Whether an old reading has to do: an order does not wait, and a wrong one comes to light as -1021.

        Returns:
            The number of the latest reading.

        Raises:
            BinanceFailure: There is no answer; what was to follow has not been sent.
        """
        async with self._time_lock:
            latest = self.time.reading
            if not latest or latest == than:
                await self._read_time()
            elif self.time.is_due and not is_urgent:
                with suppress(BinanceFailure):  # the old reading has to do
                    await self._read_time()
            return self.time.reading

    async def _read_time(self) -> None:
        """Several times where the answer is slow, or none: what counts is the quickest."""
        best: tuple[float, float, int] | None = None
        for attempt in range(_READINGS_MAX):
            sent = self._monotonic()
            try:
                answer = await self._execute(self._timed(ask.server_time()))
            except BinanceFailure as failure:
                if best is not None:
                    break
                if not failure.is_rate_limit and failure.retry is not Retry.NEVER and attempt < _READINGS_MAX - 1:
                    continue
                raise failure.before_sending() from None
            received = self._monotonic()
            if best is None or received - sent < best[1] - best[0]:
                best = (sent, received, answer.server_time)
            if received - sent <= ROUND_TRIP_GOOD:
                break
        if best is not None:
            self.time.take(*best)

    async def load(self, symbols: Sequence[str], *, is_anew: bool = False) -> None:
        """Learn the rate limits, and the assets and filters of symbols that are not known yet, or of all of them anew.

        Raises:
            BinanceFailure: There is no answer, or a symbol is not known to the venue.
        """
        async with self._rules_lock:
            missing = [symbol for symbol in dict.fromkeys(symbols) if is_anew or symbol not in self.symbols]
            if not missing:
                return
            info = await self.get(self._timed(ask.exchange_info(missing)))
            for symbol in info.symbols:
                try:
                    _ = symbol.rules
                except DecodeError as error:
                    raise BinanceFailure(f"filters of {symbol.symbol}: {error.problem}", Retry.ONCE_KNOWN) from None
            self.limits.set_rules(info.rate_limits)
            self.symbols.update((symbol.symbol, symbol) for symbol in info.symbols)

    def _timed(self, call: BinanceCall[T]) -> BinanceCall[T]:
        return replace(call, request=replace(call.request, timeout=self._config.request_timeout))

    async def _execute(self, call: BinanceCall[T]) -> T:
        if self.limits.pause(call.cost) > 0.0:
            raise held_back()
        client = self._signed if call.is_signed else self._public
        try:
            http_request = client.build(call.request)
        except SocketError as error:
            raise BinanceFailure(error.message, Retry.NEVER) from None
        answer = await self._carry(client, http_request, call.cost)
        if isinstance(answer, BinanceFailure):
            raise answer
        return self._read(client, http_request, answer, call)

    async def _carry(self, client: RestClient, http_request: HttpRequest, cost: Cost) -> HttpResponse | BinanceFailure:
        """The answer, or why there is none. An exception would drag the failed request along, with key and signature."""
        headers = None
        self.limits.begin(cost)
        try:
            response, _ = await client.measured_execution(http_request)
            headers = response.headers
        except HttpTimeoutError as error:
            return BinanceFailure(error.message, Retry.ONCE_KNOWN, is_timeout=True)
        except HttpError as error:
            return BinanceFailure(error.message, Retry.LATER if isinstance(error, HttpNotSentError) else Retry.ONCE_KNOWN)
        except SocketError as error:
            return BinanceFailure(error.message, Retry.NEVER)
        finally:
            self.limits.end(cost, headers)
        return replace(response, body=without_keys(response.body, http_request))

    def _read(self, client: RestClient, http_request: HttpRequest, response: HttpResponse, call: BinanceCall[T]) -> T:
        failure: BinanceFailure
        try:
            return client.parser.parse(response, call.request.decode)
        except BinanceFailure as error:
            failure = error
        except HttpResponseError as error:
            failure = failure_of(error.status, None, error.body)
        except DeserialiseError as error:
            failure = BinanceFailure(f"{http_request}: {error.message}", Retry.ONCE_KNOWN, status=response.status)
        retry_after = response.retry_after()
        if failure.is_rate_limit and (failure.code is not None or retry_after is not None or response.status != 403):
            self.limits.block(response.status, retry_after, orders_only=failure.code == TOO_MANY_ORDERS)
        raise failure


def _explained(status: int, problem: ApiProblem) -> BinanceFailure:
    return failure_of(status, problem.code, problem.msg)
