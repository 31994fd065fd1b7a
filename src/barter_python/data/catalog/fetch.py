"""Fetches files over HTTP, and tries again where that may help."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import random
from typing import Final, TypeVar

import aiohttp

from barter_python.errors import MarketDataError
from barter_python.integration.backoff import Backoff, ReconnectionBackoffPolicy

__all__ = ["Fetcher"]

T = TypeVar("T")

_ATTEMPTS: Final = 5
_BACKOFF: Final = ReconnectionBackoffPolicy(1_000, 2, 30_000)
_PIECE_BYTES: Final = 1 << 18
_CHECKSUM_BYTES_MAX: Final = 1 << 12
_MISSING: Final = 404
_TRY_AGAIN: Final = (408, 425, 429, 500, 502, 503, 504)
_HEX_DIGITS: Final = 64
_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=30.0, sock_read=60.0)


class _TryAgainError(Exception):
    """An attempt that may succeed another time."""


class Fetcher:
    """Fetches files from one address.

    Args:
        address: Scheme and host.
        session: Carries the requests; it stays yours to close.
        sleep: Waits for so many seconds between attempts.
        attempts: For each file.
    """

    def __init__(
        self,
        address: str,
        session: aiohttp.ClientSession,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        attempts: int = _ATTEMPTS,
    ) -> None:
        self._address = address.rstrip("/")
        self._session = session
        self._sleep = sleep
        self._attempts = attempts

    def url(self, path: str) -> str:
        """Where a file is."""
        return f"{self._address}{path}"

    async def get(self, path: str) -> bytes:
        """The content of a small document.

        Raises:
            MarketDataError: It cannot be fetched.
        """
        url = self.url(path)

        async def attempt() -> bytes:
            async with self._session.get(url, timeout=_TIMEOUT) as response:
                _require_success(response)
                return await response.read()

        return await self._try(url, attempt)

    async def checksum(self, path: str) -> str | None:
        """The SHA-256 that is published beside a file, None where there is no such file.

        Raises:
            MarketDataError: It cannot be fetched, or is none.
        """
        url = self.url(f"{path}.CHECKSUM")

        async def attempt() -> str | None:
            async with self._session.get(url, timeout=_TIMEOUT) as response:
                if response.status == _MISSING:
                    return None
                _require_success(response)
                return (await response.content.read(_CHECKSUM_BYTES_MAX)).decode("utf-8", "replace")

        text = await self._try(url, attempt)
        if text is None:
            return None
        digest = text.split(maxsplit=1)[0].lower() if text.strip() else ""
        if len(digest) != _HEX_DIGITS or set(digest) - set("0123456789abcdef"):
            raise MarketDataError(f"{url}: found {text[:200]!r}, expected a SHA-256 and the name of the file")
        return digest

    async def download(self, path: str, sha256: str, target: Path) -> int:
        """Fetch a file, check it, and return the number of its bytes. What was cut or is not as published is fetched again.

        Raises:
            MarketDataError: It cannot be fetched, or is not what was published.
        """
        url = self.url(path)

        async def attempt() -> int:
            digest, size = hashlib.sha256(), 0
            async with self._session.get(url, timeout=_TIMEOUT) as response:
                _require_success(response)
                with target.open("wb") as file:
                    async for piece in response.content.iter_chunked(_PIECE_BYTES):
                        digest.update(piece)
                        file.write(piece)
                        size += len(piece)
            if digest.hexdigest() != sha256:
                raise _TryAgainError(f"SHA-256 is {digest.hexdigest()}, expected {sha256} as published")
            return size

        return await self._try(url, attempt)

    async def _try(self, url: str, attempt: Callable[[], Awaitable[T]]) -> T:
        backoff = Backoff(_BACKOFF, random)
        for number in range(1, self._attempts + 1):
            try:
                return await attempt()
            except (_TryAgainError, aiohttp.ClientError, TimeoutError) as error:
                problem = str(error) or type(error).__name__
                if number == self._attempts:
                    raise MarketDataError(f"{url}: {problem[:300]}, after {number} attempts") from error
                await self._sleep(backoff.next_pause())
        raise AssertionError("there is at least one attempt")


def _require_success(response: aiohttp.ClientResponse) -> None:
    if response.status in _TRY_AGAIN:
        raise _TryAgainError(f"HTTP status is {response.status}, expected 200")
    if response.status != 200:
        raise MarketDataError(f"{response.url}: HTTP status is {response.status}, expected 200")
