"""The newest candles of Binance, which its public archive does not have yet.

Source: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/market-data-endpoints#klinecandlestick-data,
https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Kline-Candlestick-Data
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias, TypeVar
from urllib.parse import urlencode

import msgspec

from barter_python.data.catalog.binance_archive import ArchiveKind, ArchiveRequest
from barter_python.data.catalog.fetch import Fetcher
from barter_python.data.catalog.span import Span
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.timed import EPOCH

__all__ = ["BINANCE_REST", "RecentDay", "RecentKlines"]

T = TypeVar("T")

BINANCE_REST: Final = {
    ExchangeId.BINANCE_SPOT: "https://data-api.binance.vision",
    ExchangeId.BINANCE_FUTURES_USD: "https://fapi.binance.com",
}
"""Where public market data is, by market."""

_PATHS: Final = {ExchangeId.BINANCE_SPOT: "/api/v3", ExchangeId.BINANCE_FUTURES_USD: "/fapi/v1"}
_LIMIT: Final = 1000
_RECENT: Final = timedelta(days=4)
"""The archive has a day after a day or two."""
_MILLISECOND: Final = timedelta(milliseconds=1)
_INTERVALS: Final = {"1mo": "1M"}
_CLOSE_TIME: Final = 6

_Row: TypeAlias = tuple[int, str, str, str, str, str, int, str, int, str, str, str]
"""The columns of the archive."""


class _ServerTime(msgspec.Struct, rename="camel"):
    server_time: int


@dataclass(slots=True, frozen=True)
class RecentDay:
    """The closed candles of a day.

    Attributes:
        rows: As the archive would have them, as delimited text; empty where no candle has closed yet.
        until: The venue's time when they were asked for, None where the day was over.
    """

    rows: str
    until: datetime | None


class RecentKlines:
    """Asks for candles of the newest days.

    Args:
        fetcher: Of the venue.
        today: The current UTC day.
    """

    def __init__(self, fetcher: Fetcher, today: date) -> None:
        self._fetcher = fetcher
        self._today = today

    def url(self, request: ArchiveRequest) -> str:
        """Where they come from."""
        return self._fetcher.url(f"{_PATHS[request.exchange]}/klines")

    async def day(self, request: ArchiveRequest, span: Span) -> RecentDay | None:
        """The closed candles of a day; None where the archive should have it, where it has not begun, and for other kinds.

        Raises:
            MarketDataError: They cannot be fetched, or the answer is none.
        """
        if request.kind is not ArchiveKind.KLINES or not self._today - _RECENT <= span.start <= self._today:
            return None
        answer = await self._get(f"{_PATHS[request.exchange]}/time", _ServerTime)
        now = EPOCH + answer.server_time * _MILLISECOND
        rows = [row for row in await self._rows(request, span) if row[_CLOSE_TIME] < answer.server_time]
        is_over = now >= datetime.combine(span.end, time(), UTC)
        return RecentDay("".join(",".join(map(str, row)) + "\n" for row in rows), None if is_over else now)

    async def _rows(self, request: ArchiveRequest, span: Span) -> list[_Row]:
        start, end = (round(datetime.combine(day, time(), UTC).timestamp() * 1000) for day in (span.start, span.end))
        interval = _INTERVALS.get(request.interval or "", request.interval)
        rows: list[_Row] = []
        while True:
            query = {"symbol": request.symbol, "interval": interval, "startTime": start, "endTime": end - 1, "limit": _LIMIT}
            page = await self._get(f"{_PATHS[request.exchange]}/klines?{urlencode(query)}", list[_Row])
            rows += page
            if len(page) < _LIMIT:
                return rows
            start = page[-1][0] + 1

    async def _get(self, path: str, kind: type[T]) -> T:
        answer = await self._fetcher.get(path)
        try:
            return msgspec.json.decode(answer, type=kind)
        except msgspec.MsgspecError as error:
            raise MarketDataError(f"{self._fetcher.url(path)}: {error}, expected what Binance documents") from error
