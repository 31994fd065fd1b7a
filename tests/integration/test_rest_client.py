"""Calls over HTTP, without sockets."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.integration.support import BASE_URL, NOW, FakeTransport, response, rest_client

from barter_python.integration.error import (
    DeserialiseError,
    ExchangeError,
    HttpError,
    HttpResponseError,
    HttpTimeoutError,
    SerialiseError,
    UrlError,
)
from barter_python.integration.http import HttpRequest, HttpResponse, PublicNoHeaders, RestRequest, query_text
from barter_python.integration.metric import Field, Metric, Tag


def server_time(body: bytes) -> int:
    document = json.loads(body)
    if "serverTime" not in document:
        raise ValueError("serverTime is missing")
    time: int = document["serverTime"]
    return time


TIME: RestRequest[int] = RestRequest("GET", "/time", server_time)


def metric(status: str, start_ms: int = 250) -> Metric:
    tags = (Tag("http_method", "GET"), Tag("base_url", BASE_URL), Tag("path", "/time"), Tag("status_code", status))
    return Metric("http_request_duration", int(NOW.timestamp() * 1000), tags, (Field("duration", start_ms),))


async def test_an_answer_comes_with_its_duration() -> None:
    transport, metrics = FakeTransport(response(200, b'{"serverTime": 17}')), list[Metric]()

    result = await rest_client(transport, PublicNoHeaders(), metrics).execute(TIME)

    assert result == (17, metric("200"))
    assert metrics == [metric("200")]
    assert [HttpRequest("GET", BASE_URL, "/time")] == transport.requests


FAILURES: dict[str, tuple[HttpResponse, Exception]] = {
    "explained": (response(400, b'{"code": -1121, "msg": "Invalid symbol."}'), ExchangeError("Invalid symbol.", -1121)),
    "explained with 200": (response(200, b'{"code": 10001, "msg": "wrong"}'), ExchangeError("wrong", 10001)),
    "not explained": (response(502, b"<html>Bad Gateway"), HttpResponseError(502, "<html>Bad Gateway")),
    "redirect": (response(302, b"", location="https://elsewhere.example"), HttpResponseError(302, "")),
    "a success with a bad status": (response(500, b'{"serverTime": 17}'), HttpResponseError(500, '{"serverTime": 17}')),
    "unreadable": (response(200, b"{}"), DeserialiseError("the answer cannot be read: serverTime is missing", b"{}")),
}


@pytest.mark.parametrize(("answer", "error"), FAILURES.values(), ids=FAILURES)
async def test_a_failure_says_what_the_venue_says(answer: HttpResponse, error: Exception) -> None:
    metrics: list[Metric] = []

    with pytest.raises(type(error)) as caught:
        await rest_client(FakeTransport(answer), PublicNoHeaders(), metrics).execute(TIME)
    assert error == caught.value
    assert metrics == [metric(str(answer.status))]


@pytest.mark.parametrize(("text", "expected"), [("30", 30), ("", None), ("Wed, 21 Oct 2015 07:28:00 GMT", None), ("-1", None)])
async def test_a_venue_can_ask_for_patience(text: str, expected: int | None) -> None:
    with pytest.raises(HttpResponseError) as caught:
        await rest_client(FakeTransport(response(429, b"slow", retry_after=text)), PublicNoHeaders()).execute(TIME)

    assert caught.value.retry_after == (None if expected is None else timedelta(seconds=expected))


@pytest.mark.parametrize("error", [HttpError("down"), HttpTimeoutError("GET /time", timedelta(seconds=5))])
async def test_no_answer_is_measured_too(error: Exception) -> None:
    metrics: list[Metric] = []

    with pytest.raises(HttpError):
        await rest_client(FakeTransport(error), PublicNoHeaders(), metrics).execute(TIME)
    assert metrics == [metric(type(error).__name__)]


def test_a_request_is_built_as_described() -> None:
    request: RestRequest[bytes] = RestRequest(
        "POST", "/order", bytes, [("symbol", "BTC/USDT"), ("id", "a b&c")], b'{"x":1}', timedelta(seconds=1)
    )

    built = rest_client(FakeTransport(), PublicNoHeaders(), base_url=f"{BASE_URL}/").build(request)

    assert built.url() == f"{BASE_URL}/order?symbol=BTC%2FUSDT&id=a+b%26c"
    assert (built.body, built.timeout) == (b'{"x":1}', timedelta(seconds=1))
    assert built.headers == {"Content-Type": "application/json"}


def test_a_request_has_five_seconds() -> None:
    assert timedelta(seconds=5) == TIME.timeout


@pytest.mark.parametrize("path", ["time", "//elsewhere.example/time", "https://elsewhere.example"])
def test_a_path_cannot_leave_the_host(path: str) -> None:
    with pytest.raises(UrlError, match="expected one that begins with one slash"):
        rest_client(FakeTransport(), PublicNoHeaders()).build(RestRequest("GET", path, bytes))


class Rerouting:
    def build(self, request: RestRequest[object], http_request: HttpRequest) -> HttpRequest:
        return HttpRequest("GET", "https://elsewhere.example", http_request.path)


async def test_a_strategy_cannot_change_the_host() -> None:
    """T14."""
    transport = FakeTransport()

    with pytest.raises(UrlError, match=r"changed the host to 'https://elsewhere\.example', expected 'https://venue\.example'"):
        await rest_client(transport, Rerouting()).execute(TIME)
    assert transport.requests == []


def test_a_parameter_is_text() -> None:
    wrong: Any = [("price", 0.1)]

    with pytest.raises(SerialiseError, match=r"query parameter price is 0\.1, expected text"):
        query_text(wrong)
