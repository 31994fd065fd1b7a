"""A transport that follows a script."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from barter_python.integration.error import ExchangeError
from barter_python.integration.http import BuildStrategy, HttpParser, HttpRequest, HttpResponse
from barter_python.integration.metric import Metric
from barter_python.integration.rest_client import RestClient

BASE_URL = "https://venue.example"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


class FakeTransport:
    """Answers each request with the next answer; each takes a quarter of a second."""

    def __init__(self, *answers: HttpResponse | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[HttpRequest] = []
        self.seconds = 0.0

    async def execute(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        self.seconds += 0.25
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def response(status: int, body: bytes, **headers: str) -> HttpResponse:
    return HttpResponse(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def decode_error(body: bytes) -> tuple[int, str]:
    try:
        document = json.loads(body)
        return document["code"], document["msg"]
    except (KeyError, TypeError) as error:
        raise ValueError(f"no error: {error}") from error


def parser() -> HttpParser[tuple[int, str]]:
    return HttpParser(decode_error, lambda status, error: ExchangeError(error[1], error[0]))


def rest_client(
    transport: FakeTransport, strategy: BuildStrategy, metrics: list[Metric] | None = None, base_url: str = BASE_URL
) -> RestClient:
    told: Any = [] if metrics is None else metrics
    return RestClient(
        base_url,
        strategy,
        parser(),
        transport=transport,
        now=lambda: NOW,
        monotonic=lambda: transport.seconds,
        on_metric=told.append,
    )
