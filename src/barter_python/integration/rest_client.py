"""Calls of a venue's interface over HTTP. Rust origin: barter_integration::protocol::http::rest::client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from barter_python.integration.error import HttpError, UrlError
from barter_python.integration.http import BuildStrategy, HttpParser, HttpRequest, HttpResponse, RestRequest, query_text
from barter_python.integration.metric import Field, Metric, Tag
from barter_python.timed import EPOCH

__all__ = ["HttpTransport", "RestClient"]

T = TypeVar("T")

_MILLISECOND = timedelta(milliseconds=1)


class HttpTransport(Protocol):
    """Carries requests; `transport.Transport` is one."""

    async def execute(self, request: HttpRequest) -> HttpResponse:
        """The answer, whatever its status. Follows no redirect.

        Raises:
            HttpError: There is none, or it is too large.
        """
        ...


class RestClient:
    """A client of one venue. Every request is measured.

    Args:
        base_url: Scheme and host. What a strategy builds may lead nowhere else.
        strategy: Completes each request.
        parser: Reads each answer.
        transport: Carries them; it stays yours to close.
        now: The time, aware UTC.
        monotonic: Seconds from a clock that never goes back.
        on_metric: Told about every request, also one without an answer.
    """

    __slots__ = ("_monotonic", "_now", "_on_metric", "base_url", "parser", "strategy", "transport")

    def __init__(
        self,
        base_url: str,
        strategy: BuildStrategy,
        parser: HttpParser[Any],
        *,
        transport: HttpTransport,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        on_metric: Callable[[Metric], None] = lambda metric: None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.strategy: BuildStrategy = strategy
        self.parser: HttpParser[Any] = parser
        self.transport: HttpTransport = transport
        self._now = now
        self._monotonic = monotonic
        self._on_metric = on_metric

    async def execute(self, request: RestRequest[T]) -> tuple[T, Metric]:
        """Call, and read the answer.

        Returns:
            The content, and how long it took.

        Raises:
            HttpError: There is no answer, so that it is unknown whether the request had an effect.
            BarterError: The answer is a failure; see `HttpParser.parse`.
        """
        response, metric = await self.measured_execution(self.build(request))
        return self.parser.parse(response, request.decode), metric

    def build(self, request: RestRequest[Any]) -> HttpRequest:
        """The complete request: signed, where the strategy signs.

        Raises:
            UrlError: The path leaves the host, or the strategy changed the host.
            SocketError: The strategy cannot build it.
        """
        if not request.path.startswith("/") or request.path.startswith("//"):
            raise UrlError(f"path is {request.path!r}, expected one that begins with one slash")
        query = query_text(request.query_params)
        http_request = HttpRequest(request.method, self.base_url, request.path, query, body=request.body, timeout=request.timeout)
        if request.body is not None:
            http_request = http_request.with_header("Content-Type", "application/json")
        built = self.strategy.build(request, http_request)
        if built.base_url != self.base_url:
            raise UrlError(f"the strategy changed the host to {built.base_url!r}, expected {self.base_url!r}")
        return built

    async def measured_execution(self, request: HttpRequest) -> tuple[HttpResponse, Metric]:
        """Send a complete request.

        Raises:
            HttpError: There is no answer.
        """
        time, start = self._now(), self._monotonic()
        try:
            response = await self.transport.execute(request)
        except HttpError as error:
            self._on_metric(self._metric(request, time, start, type(error).__name__))
            raise
        metric = self._metric(request, time, start, str(response.status))
        self._on_metric(metric)
        return response, metric

    def _metric(self, request: HttpRequest, time: datetime, start: float, status: str) -> Metric:
        duration_ms = int((self._monotonic() - start) * 1000.0)
        return Metric(
            "http_request_duration",
            (time - EPOCH) // _MILLISECOND,
            (
                Tag("http_method", request.method),
                Tag("base_url", request.base_url),
                Tag("path", request.path),
                Tag("status_code", status),
            ),
            (Field("duration", duration_ms),),
        )
