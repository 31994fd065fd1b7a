"""The market streams."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from itertools import count
from socket import SO_RCVBUF, SOL_SOCKET
from typing import Any

import aiohttp
import pytest
from tests.rehearsal.binance_spot.client import best, book, event, rehearse, trade, update
from tests.support.patience import PATIENCE_SECONDS

from barter_python.rehearsal.binance_spot import EventFeed, RehearsalLimits, VenueChannel


def names(messages: list[Any]) -> list[str]:
    return [message["stream"] for message in messages]


async def test_a_raw_stream_has_the_venues_form() -> None:
    async with rehearse(best(0), trade(1, 100.5, 0.25)) as client, client.socket("/ws/btcusdt@trade") as socket:
        await client.venue.step(2)
        expected = {
            "e": "trade", "E": 1772366401000, "s": "BTCUSDT", "t": 2, "p": "100.50000000", "q": "0.25000000",
            "T": 1772366401000, "m": True, "M": True,
        }  # fmt: skip
        assert expected == await socket.next()


async def test_a_combined_stream_is_wrapped() -> None:
    async with rehearse(best(0), trade(1, 100)) as client:
        async with client.socket("/stream?streams=btcusdt@trade/btcusdt@bookTicker") as socket:
            await client.venue.step(2)
            first, second = await socket.take(2)

        assert names([first, second]) == ["btcusdt@bookTicker", "btcusdt@trade"]
        expected = {"u": 1, "s": "BTCUSDT", "b": "99.00000000", "B": "5.00000000", "a": "101.00000000", "A": "5.00000000"}
        assert expected == first["data"]


async def test_the_order_book_is_numbered_without_gaps_and_agrees_with_the_snapshot() -> None:
    async with (
        rehearse(book(0), update(1, "99x0"), book(2, "97x1", "103x1")) as client,
        client.socket("/ws/btcusdt@depth@100ms") as socket,
    ):
        assert (await client.get("depth", symbol="BTCUSDT")).json == {"lastUpdateId": 0, "bids": [], "asks": []}
        await client.venue.step(2)
        snapshot = (await client.get("depth", symbol="BTCUSDT", limit=1)).json
        expected = {"bids": [["98.00000000", "5.00000000"]], "asks": [["101.00000000", "5.00000000"]]}
        assert snapshot == {"lastUpdateId": 2} | expected
        await client.venue.step()
        updates = await socket.take(3)

    assert [(item["U"], item["u"]) for item in updates] == [(1, 1), (2, 2), (3, 3)]
    assert ["98.00000000", "0.00000000"] in updates[2]["b"], "a snapshot removes what it does not name"


async def test_both_speeds_of_the_order_book_carry_it() -> None:
    async with rehearse(book(0)) as client, client.socket("/stream?streams=btcusdt@depth/btcusdt@depth@100ms") as socket:
        await client.venue.step()
        assert {"btcusdt@depth", "btcusdt@depth@100ms"} == set(names(await socket.take(2)))


async def test_live_subscriptions() -> None:
    async with rehearse(best(0), trade(1, 100), trade(2, 101), trade(3, 102)) as client, client.socket() as socket:
        await client.venue.step()
        assert await socket.ask(method="SUBSCRIBE", params=["btcusdt@trade", "x@y"], id=1) == {"result": None, "id": 1}
        assert await socket.ask(method="LIST_SUBSCRIPTIONS", id="a1") == {"result": ["btcusdt@trade", "x@y"], "id": "a1"}
        await client.venue.step()
        assert (await socket.next())["p"] == "100.00000000"
        assert await socket.ask(method="SET_PROPERTY", params=["combined", True], id=2) == {"result": None, "id": 2}
        assert await socket.ask(method="GET_PROPERTY", params=["combined"], id=3) == {"result": True, "id": 3}
        await client.venue.step()
        assert (await socket.next())["stream"] == "btcusdt@trade"
        assert await socket.ask(method="UNSUBSCRIBE", params=["btcusdt@trade"], id=None) == {"result": None, "id": None}
        await client.venue.step()
        assert await socket.is_quiet()


@pytest.mark.parametrize(
    ("request_text", "code", "begins"),
    [
        pytest.param('{"method"', 3, "Invalid JSON", id="malformed"),
        pytest.param('{"method":"SUBSCRIBE","params":["x"]}', 2, "Invalid request: request ID must be", id="no-id"),
        pytest.param('{"id":1.5,"method":"SUBSCRIBE"}', 2, "Invalid request: request ID must be", id="id-of-another-type"),
        pytest.param("[" * 100_000, 3, "Invalid JSON", id="deep"),
        pytest.param("[]", 2, "Invalid request: expected an object", id="no-object"),
        pytest.param('{"id":9223372036854775808,"method":"SUBSCRIBE"}', 2, "Invalid request: request ID", id="id-too-large"),
        pytest.param('{"id":1,"method":"SUBSCRIBE","params":[1]}', 2, "Invalid request: stream names", id="no-names"),
        pytest.param('{"id":1}', 2, "Invalid request: missing field `method`", id="no-method"),
        pytest.param('{"id":1,"method":"BUY"}', 2, "Invalid request: unknown variant `BUY`", id="unknown-method"),
        pytest.param('{"id":1,"method":"GET_PROPERTY","params":["x"]}', 0, "Unknown property", id="unknown-property"),
        pytest.param('{"id":1,"method":"SET_PROPERTY","params":["combined",1]}', 1, "Invalid value type", id="no-boolean"),
    ],
)
async def test_bad_requests(request_text: str, code: int, begins: str) -> None:
    async with rehearse(best(0)) as client, client.socket() as socket:
        await socket.opened.send_str(request_text)
        answer = await socket.next()

    assert code == answer["code"]
    assert answer["msg"].startswith(begins)


async def test_pings_of_the_client_are_answered_with_the_same_bytes() -> None:
    async with rehearse(best(0)) as client, client.socket(autoping=False) as socket:
        await socket.opened.ping(b"hello")
        message = await socket.opened.receive(timeout=PATIENCE_SECONDS)

    assert (message.type, bytes(message.data)) == (aiohttp.WSMsgType.PONG, b"hello")


async def test_the_venue_pings_and_ends_a_connection_that_does_not_answer() -> None:
    limits = RehearsalLimits(ping_interval=timedelta(milliseconds=2), pong_timeout=timedelta(milliseconds=5))
    async with rehearse(best(0), limits=limits) as client, client.socket(autoping=False) as socket:
        kinds = []
        while not kinds or kinds[-1] is aiohttp.WSMsgType.PING:
            kinds.append((await socket.opened.receive(timeout=PATIENCE_SECONDS)).type)

    assert aiohttp.WSMsgType.PING is kinds[0]
    assert aiohttp.WSMsgType.CLOSE is kinds[-1]


async def test_a_client_that_answers_pings_stays() -> None:
    limits = RehearsalLimits(ping_interval=timedelta(milliseconds=1), pong_timeout=timedelta(milliseconds=250))
    async with rehearse(best(0), limits=limits) as client, client.socket("/ws/btcusdt@bookTicker") as socket:
        assert await socket.is_quiet(0.3)
        await client.venue.step()
        assert (await socket.next())["b"] == "99.00000000"


async def test_a_client_that_does_not_read_is_disconnected_and_holds_up_nobody() -> None:
    limits = RehearsalLimits(send_timeout=timedelta(milliseconds=5))
    prices = " ".join(f"{10 + level}.{level:024}x1.{level:024}" for level in range(400))
    full = book(0, prices, "").kind
    feed = EventFeed(event(second, full) for second in count())
    async with rehearse(feed=feed, limits=limits) as client, client.socket("/ws/btcusdt@depth") as socket:
        transport = socket.opened._response.connection.transport
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_RCVBUF, 1 << 12)
        transport.pause_reading()
        while client.venue.connections(VenueChannel.MARKET):
            assert 1 == await client.venue.step()
            await asyncio.sleep(0)
        transport.resume_reading()  # for the end of the client


async def test_connections_are_counted_until_they_end() -> None:
    async with rehearse(best(0)) as client:
        async with client.socket("/ws/btcusdt@trade") as first, client.socket() as second:
            await second.ask(method="LIST_SUBSCRIPTIONS", id=1)
            await first.ask(method="LIST_SUBSCRIPTIONS", id=1)
            assert client.venue.connections(VenueChannel.MARKET) == 2
        assert client.venue.connections(VenueChannel.USER) == 0


async def test_messages_are_json_of_one_line() -> None:
    async with rehearse(best(0)) as client, client.socket("/ws/btcusdt@bookTicker") as socket:
        await client.venue.step()
        text = await socket.text()

    assert text == json.dumps(json.loads(text), separators=(",", ":"))
