"""A server on this machine with files in the layout of Binance's archive."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

import aiohttp
from aiohttp import web
from tests.data.file.importer.market import csv_text, zipped

from barter_python.data.catalog.binance_archive import ArchiveKind, ArchiveRequest
from barter_python.data.catalog.fetch import Fetcher
from barter_python.data.catalog.span import Span
from barter_python.instrument.exchange import ExchangeId

HOUR = 3600
REST_PATHS = ("/api/v3/time", "/api/v3/klines")


def request(start: date, end: date, exchange: ExchangeId = ExchangeId.BINANCE_SPOT) -> ArchiveRequest:
    """Hourly klines."""
    return ArchiveRequest(exchange, "BTCUSDT", ArchiveKind.KLINES, start, end, "1h")


def klines(span: Span, *, unit: int = 1_000, price: float = 100.0) -> bytes:
    """The dump of a span; `unit` is the number of its stamps in a second."""
    begin = round(datetime.combine(span.start, time(), UTC).timestamp())
    opens = range(begin, begin + HOUR * 24 * (span.end - span.start).days, HOUR)
    prices = (price, price + 1, price - 1, price)
    rows = [(start * unit, *prices, 2.0, (start + HOUR) * unit - 1, 1, 5, 1, 1, 0) for start in opens]
    return zipped("klines.csv", csv_text(rows, None))


def rest_row(start: int) -> list[object]:
    prices = ("100.0", "101.0", "99.0", "100.0")
    return [start * 1000, *prices, "2.0", (start + HOUR) * 1000 - 1, "1.0", 5, "1.0", "1.0", "0"]


@dataclass
class Archive:
    """What the server has, and how it fails.

    Attributes:
        files: By path.
        checksums: By path, where they are not those of the files.
        failures: Number of times that the next requests of a path fail with a status, or are cut.
        time: Of the venue, in seconds.
        requests: How often each path was asked for.
        open_at_once: The greatest number of files that were served at one time.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)
    failures: dict[str, list[int | str]] = field(default_factory=dict)
    time: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    open_at_once: int = 0
    _open: int = 0

    def add(self, asked: ArchiveRequest, *spans: Span, unit: int = 1_000, price: float = 100.0) -> None:
        for span in spans:
            self.files[asked.path(span)] = klines(span, unit=unit, price=price)

    @property
    def fetched(self) -> list[str]:
        """Names of the files that were asked for, without checksums."""
        return sorted(path.rpartition("/")[2] for path in self.requests if not path.endswith(".CHECKSUM"))

    async def serve(self, asked: web.Request) -> web.StreamResponse:
        path = asked.path
        self.requests[path] += 1
        failure = self.failures[path].pop(0) if self.failures.get(path) else None
        if isinstance(failure, int):
            return web.Response(status=failure)
        if path in REST_PATHS:
            return self._answer(asked)
        content = self.files.get(path.removesuffix(".CHECKSUM"))
        if content is None:
            return web.Response(status=404)
        if path.endswith(".CHECKSUM"):
            path = path.removesuffix(".CHECKSUM")
            digest = self.checksums.get(path) or hashlib.sha256(content).hexdigest()
            return web.Response(text=f"{digest}  {path.rpartition('/')[2]}\n")
        self._open += 1
        self.open_at_once = max(self.open_at_once, self._open)
        try:
            return await self._send(asked, content, is_cut=failure == "cut")
        finally:
            self._open -= 1

    def _answer(self, asked: web.Request) -> web.Response:
        """As the venue's REST interface does, which has an hour more than has begun."""
        if asked.path.endswith("time"):
            return web.json_response({"serverTime": self.time * 1000})
        start, end = (int(asked.query[name]) for name in ("startTime", "endTime"))
        first = -(-start // (HOUR * 1000)) * HOUR
        opens = list(range(first, min(end // 1000, self.time) + 1, HOUR))
        return web.json_response([rest_row(moment) for moment in opens[: int(asked.query["limit"])]])

    async def _send(self, asked: web.Request, content: bytes, *, is_cut: bool) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(content))})
        await response.prepare(asked)
        await response.write(content[: len(content) // 2])
        if is_cut:
            assert asked.transport is not None
            asked.transport.close()
            return response
        await response.write(content[len(content) // 2 :])
        return response


@asynccontextmanager
async def serving(archive: Archive, *, attempts: int = 3) -> AsyncIterator[Fetcher]:
    """Serve, and yield what fetches from there without waiting between attempts."""
    application = web.Application()
    application.router.add_get("/{path:.*}", archive.serve)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]

    async def sleep(seconds: float) -> None:
        assert seconds > 0

    try:
        async with aiohttp.ClientSession() as session:
            yield Fetcher(f"http://{host}:{port}", session, sleep=sleep, attempts=attempts)
    finally:
        await runner.cleanup()
