"""What goes wrong on schedule."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from tests.rehearsal.binance_spot.client import Client, Socket, best, book, rehearse, trade, update

from barter_python.errors import ConfigError
from barter_python.rehearsal.binance_spot import (
    AtMessage,
    AtRequest,
    AtTime,
    DelayMessages,
    DropConnections,
    DuplicateMessages,
    Fault,
    GarbleAnswers,
    GarbleMessages,
    GoSilent,
    LateAnswers,
    LimitRate,
    NoAnswers,
    RefuseConnections,
    ReorderMessages,
    ServerErrors,
    SkipMessages,
    VenueChannel,
    faults_from_seed,
)

TRADES = tuple(trade(second, 100 + second) for second in range(6))
SECOND = timedelta(seconds=1)


async def received(*faults: Fault, messages: int = 6) -> list[str]:
    """The trade ids that a client gets of a market of six."""
    async with rehearse(*TRADES, faults=faults) as client, client.socket("/ws/btcusdt@trade") as socket:
        await client.venue.step(messages + 1)
        got: list[str] = []
        while await receives(socket, got):
            pass
    return got


async def receives(socket: Socket, got: list[str]) -> bool:
    try:
        message = await socket.opened.receive(timeout=0.005)
    except TimeoutError:
        return False
    if message.type is not aiohttp.WSMsgType.TEXT:
        got.append("over")
        return False
    try:
        got.append(str(json.loads(message.data)["t"]))
    except json.JSONDecodeError:
        got.append("?")
    return True


SCHEDULES: dict[str, tuple[tuple[Fault, ...], str]] = {
    "nothing": ((), "123456"),
    "a gap": ((SkipMessages(AtMessage(2)),), "13456"),
    "a longer gap": ((SkipMessages(AtMessage(2), count=3),), "156"),
    "a gap in another stream": ((SkipMessages(AtMessage(2), stream="depth"),), "123456"),
    "a gap for the account": ((SkipMessages(AtMessage(2), VenueChannel.USER),), "123456"),
    "a gap at a time": ((SkipMessages(AtTime(3 * SECOND)),), "12356"),
    "twice": ((DuplicateMessages(AtMessage(3)),), "1233456"),
    "swapped": ((ReorderMessages(AtMessage(2)),), "132456"),
    "overtaken by three": ((ReorderMessages(AtMessage(2), overtaken_by=3),), "134526"),
    "overtaken at the end": ((ReorderMessages(AtMessage(6)),), "123456"),
    "no JSON": ((GarbleMessages(AtMessage(4)),), "123?56"),
    "several": ((DuplicateMessages(AtMessage(1)), SkipMessages(AtMessage(5)), GarbleMessages(AtMessage(6))), "11234?"),
    "from the start": ((SkipMessages(AtMessage(0)),), "23456"),
}


@pytest.mark.parametrize(("faults", "expected"), SCHEDULES.values(), ids=SCHEDULES)
async def test_messages(faults: tuple[Fault, ...], expected: str) -> None:
    assert expected == "".join(await received(*faults))


async def test_a_delay_keeps_the_order_and_ends_with_the_time() -> None:
    faults = (DelayMessages(AtMessage(2), 2 * SECOND),)
    async with rehearse(*TRADES, faults=faults) as client, client.socket("/ws/btcusdt@trade") as socket:
        await client.venue.step(3)
        assert (await socket.next())["t"] == 1
        assert await socket.is_quiet()
        await client.venue.advance(client.venue.now + SECOND)
        assert [message["t"] for message in await socket.take(3)] == [2, 3, 4]


async def test_a_gap_in_the_order_book_shows_in_its_numbers() -> None:
    events = (book(0), best(0.5), update(1, "98x1"), update(2, "98x2"))
    faults = (SkipMessages(AtMessage(2), stream="depth"),)
    async with rehearse(*events, faults=faults) as client, client.socket("/ws/btcusdt@depth") as socket:
        await client.venue.step(4)
        assert [(message["U"], message["u"]) for message in await socket.take(2)] == [(1, 1), (3, 3)]


@pytest.mark.parametrize("is_abrupt", [False, True], ids=["clean", "abrupt"])
async def test_connections_are_dropped(is_abrupt: bool) -> None:
    faults = (DropConnections(AtMessage(2), is_abrupt=is_abrupt),)
    async with rehearse(*TRADES, faults=faults) as client:
        async with client.socket("/ws/btcusdt@trade") as socket:
            await client.venue.step(2)
            assert (await socket.next())["t"] == 1
            assert await socket.is_over()
            assert (1006 if is_abrupt else 1001) == socket.opened.close_code
        async with client.socket("/ws/btcusdt@trade") as socket:
            await client.venue.step()
            assert (await socket.next())["t"] == 3


async def test_only_the_connections_of_the_channel_are_dropped() -> None:
    faults = (DropConnections(AtMessage(1), VenueChannel.USER),)
    async with (
        rehearse(book(0), trade(1, 100), faults=faults) as client,
        client.account() as account,
        client.socket("/ws/btcusdt@trade") as market,
    ):
        await client.venue.step()
        await client.order("BUY", "1", "99")
        assert await account.is_over()
        await client.venue.step()
        assert (await market.next())["e"] == "trade"


async def connects(client: Client) -> bool:
    try:
        async with client.socket("/ws/btcusdt@trade"):
            return True
    except aiohttp.WSServerHandshakeError as error:
        return error.status != 503


async def test_connections_are_refused_for_some_attempts() -> None:
    async with rehearse(*TRADES, faults=(RefuseConnections(AtMessage(1), count=2),)) as client:
        assert await connects(client)
        await client.venue.step()
        assert [await connects(client) for _ in range(3)] == [False, False, True]


async def test_connections_are_refused_for_a_while() -> None:
    async with rehearse(*TRADES, faults=(RefuseConnections(AtTime(SECOND), duration=2 * SECOND),)) as client:
        found = []
        for _ in range(5):
            found.append(await connects(client))
            await client.venue.step()

    assert found == [True, True, False, False, True], "the first message is at the start"


async def test_half_open_connections_say_nothing_more_not_even_pongs() -> None:
    async with (
        rehearse(*TRADES, faults=(GoSilent(AtMessage(2)),)) as client,
        client.socket("/ws/btcusdt@trade", autoping=False) as silent,
    ):
        await client.venue.step(3)
        assert (await silent.next())["t"] == 1
        await silent.opened.ping(b"there?")
        await silent.opened.send_str('{"method":"LIST_SUBSCRIPTIONS","id":1}')
        assert await silent.is_quiet()
        assert not silent.opened.closed
        async with client.socket("/ws/btcusdt@trade") as other:
            await client.venue.step()
            assert (await other.next())["t"] == 4, "new connections are served"


async def order(client: Client, **options: Any) -> Any:
    return await client.order("BUY", "1", "99", "mine", **options)


def kept(client: Client) -> list[str]:
    return [placed.client_id for placed in client.venue.books().orders]


@pytest.mark.parametrize("status", [429, 418])
async def test_requests_are_limited_and_not_done(status: int) -> None:
    faults = (LimitRate(AtRequest(1), status, retry_after=7, method="POST"),)
    async with rehearse(book(0), faults=faults) as client:
        await client.venue.step()
        await client.get("ping")
        answer = await order(client)
        assert (status, -1003, "7") == (answer.status, answer.json["code"], answer.headers["Retry-After"])
        assert kept(client) == []
        assert (await order(client)).status == 200


@pytest.mark.parametrize(("acts", "expected"), [(True, ["mine"]), (False, [])], ids=["acting", "not-acting"])
@pytest.mark.parametrize(("status", "code"), [(503, -1000), (504, -1007)])
async def test_server_errors(acts: bool, expected: list[str], status: int, code: int) -> None:
    faults = (ServerErrors(AtRequest(1), acts, status, path="/api/v3/order"),)
    async with rehearse(book(0), faults=faults) as client, client.account() as socket:
        await client.venue.step()
        answer = await order(client)
        assert (status, code) == (answer.status, answer.json["code"])
        assert expected == kept(client)
        assert acts is not await socket.is_quiet(), "the stream of the account tells the truth"


@pytest.mark.parametrize(("acts", "expected"), [(True, ["mine"]), (False, [])], ids=["acting", "not-acting"])
async def test_requests_without_an_answer(acts: bool, expected: list[str]) -> None:
    async with rehearse(book(0), faults=(NoAnswers(AtRequest(1), acts),)) as client, client.account() as socket:
        await client.venue.step()
        with pytest.raises(TimeoutError):
            await order(client, timeout=0.03)
        assert expected == kept(client)
        assert acts is not await socket.is_quiet()
        assert (await client.get("ping")).status == 200


async def test_a_request_without_an_answer_ends_with_the_venue() -> None:
    async with rehearse(book(0), faults=(NoAnswers(AtRequest(1), acts=False),)) as client:
        asking = asyncio.create_task(client.get("ping"))
        while client.venue.requests == 0:
            await asyncio.sleep(0)
        await client.venue.close()
        with pytest.raises(aiohttp.ClientError):
            await asking


async def test_a_late_answer_comes_after_the_events_it_led_to() -> None:
    async with rehearse(book(0), best(1), faults=(LateAnswers(AtRequest(1), SECOND),)) as client, client.account() as socket:
        await client.venue.step()
        asking = asyncio.create_task(order(client))
        assert (await socket.next())["event"]["e"] == "executionReport"
        assert not asking.done()
        await client.venue.step()
        assert (await asking).json["status"] == "NEW"


async def test_an_answer_that_is_no_json() -> None:
    async with rehearse(book(0), faults=(GarbleAnswers(AtRequest(1)),)) as client:
        await client.venue.step()
        answer = await order(client)
        assert answer.status == 200
        with pytest.raises(json.JSONDecodeError):
            json.loads(answer.text)
        assert kept(client) == ["mine"]


async def test_a_stream_fault_can_be_due_with_a_request_and_a_request_fault_with_a_message() -> None:
    faults = (SkipMessages(AtRequest(1)), LimitRate(AtMessage(2)))
    async with rehearse(*TRADES, faults=faults) as client, client.socket("/ws/btcusdt@trade") as socket:
        await client.venue.step()
        assert (await client.get("ping")).status == 200
        await client.venue.step(2)
        assert (await client.get("ping")).status == 429
        assert [message["t"] for message in await socket.take(2)] == [1, 3]


def test_a_seed_gives_one_schedule() -> None:
    first, again = [faults_from_seed(7, faults=20, messages=100, requests=10) for _ in range(2)]
    assert first == again
    assert first != faults_from_seed(8, faults=20, messages=100, requests=10)
    assert len({type(fault) for seed in range(10) for fault in faults_from_seed(seed, faults=20, messages=9, requests=9)}) == 13


@pytest.mark.parametrize("seed", range(5))
async def test_the_venue_survives_any_schedule_and_repeats_it(seed: int) -> None:
    faults = [
        fault
        for fault in faults_from_seed(seed, faults=8, messages=6, requests=3)
        if not isinstance(fault, NoAnswers | LateAnswers | RefuseConnections)
    ]
    assert await received(*faults, messages=6) == await received(*faults, messages=6)


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (SkipMessages(AtMessage(1), count=0), "SkipMessages: count is 0, expected at least 1"),
        (SkipMessages(AtMessage(-1)), "SkipMessages: number is -1, expected 0 or more"),
        (LimitRate(AtRequest(1), 500), "LimitRate: status is 500, expected 418 or 429"),
        (ServerErrors(AtRequest(1), acts=True, status=200), "ServerErrors: status is 200, expected from 500 to 599"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
async def test_impossible_faults(fault: Fault, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        async with rehearse(faults=(fault,)):
            pass
