"""The stream of the account, on the websocket interface."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.rehearsal.binance_spot.client import KEY, best, book, rehearse, sign, trade

from barter_python.execution.exchange.model.fee import PercentFees, ThirdAsset
from barter_python.instrument.asset import AssetNameExchange


def story(messages: list[Any]) -> list[str]:
    """What happened, in short."""
    told = []
    for message in messages:
        event = message["event"]
        if event["e"] == "executionReport":
            told.append(f"{event['c']} {event['x']} {event['X']} {float(event['z']):g}")
        elif event["e"] == "outboundAccountPosition":
            told.append(" ".join(f"{item['a']} {float(item['f']):g}/{float(item['l']):g}" for item in event["B"]))
        else:
            told.append(event["e"])
    return told


async def test_an_order_that_rests_and_is_cancelled() -> None:
    async with rehearse(book(0)) as client, client.account() as socket:
        await client.venue.step()
        await client.order("BUY", "1", "99", "mine")
        assert story(await socket.take(2)) == ["mine NEW NEW 0", "USDT 901/99"]
        await client.signed("DELETE", "order", symbol="BTCUSDT", origClientOrderId="mine", newClientOrderId="stop")
        report, position = await socket.take(2)

    assert story([report, position]) == ["stop CANCELED CANCELED 0", "USDT 1000/0"]
    assert report["event"]["C"] == "mine"


async def test_a_fill_by_the_market() -> None:
    async with rehearse(book(0), trade(1, 98.5)) as client, client.account() as socket:
        await client.venue.step()
        await client.order("BUY", "1", "99", "mine")
        await socket.take(2)
        await client.venue.step()
        report, position = await socket.take(2)

    event = report["event"]
    assert story([report, position]) == ["mine TRADE FILLED 1", "USDT 901/0 BTC 2/0"]
    assert tuple(event[name] for name in ("l", "L", "Y", "m", "t", "w")) == (
        "1.00000000",
        "99.00000000",
        "99.00000000",
        True,
        1,
        False,
    )
    assert 1772366401000 == event["T"] == event["E"]


async def test_a_partial_fill_then_the_rest() -> None:
    async with rehearse(book(0, "90x1", "101x1 102x1")) as client, client.account() as socket:
        await client.venue.step()
        await client.order("BUY", "1.5", "102", "mine")
        assert story(await socket.take(3)) == ["mine NEW NEW 0", "mine TRADE PARTIALLY_FILLED 1", "mine TRADE FILLED 1.5"]


async def test_what_expires_is_reported_with_its_reason() -> None:
    async with rehearse(book(0)) as client, client.account() as socket:
        await client.venue.step()
        await client.order("BUY", "6", "101", "ioc", timeInForce="IOC")
        told = await socket.take(4)
        await client.order("BUY", "9", "99", "fok", timeInForce="FOK")
        told += await socket.take(2)

    assert story(told)[:3] == ["ioc NEW NEW 0", "ioc TRADE PARTIALLY_FILLED 5", "ioc EXPIRED EXPIRED 5"]
    assert story(told)[4:] == ["fok NEW NEW 0", "fok EXPIRED EXPIRED 0"]
    assert told[2]["event"]["eR"] == "UNFILLED_IOC_QUANTITY_EXPIRED"
    assert told[5]["event"]["eR"] == "UNFILLED_FOK_ORDER_EXPIRED"


async def test_a_refused_order_tells_nothing() -> None:
    async with rehearse(book(0)) as client, client.account() as socket:
        await client.venue.step()
        await client.order("BUY", "0.0001", "99")
        assert await socket.is_quiet()


@pytest.mark.parametrize(
    ("fee", "commission"),
    [
        pytest.param(PercentFees(Decimal(0), Decimal("0.001")), ("0.10100000", "USDT"), id="quote"),
        pytest.param(PercentFees(Decimal(0), Decimal("0.001"), "base"), ("0.00100000", "BTC"), id="base"),
        pytest.param(PercentFees(Decimal(0), Decimal("0.001"), "received"), ("0.00100000", "BTC"), id="received"),
        pytest.param(
            PercentFees(Decimal(0), Decimal("0.001"), ThirdAsset(AssetNameExchange("BNB"), Decimal(505))),
            ("0.00020000", "BNB"),
            id="third",
        ),
    ],
)
async def test_the_commission_is_in_the_asset_in_which_it_was_charged(fee: PercentFees, commission: tuple[str, str]) -> None:
    async with rehearse(book(0), fee=fee, holds="USDT 1000, BTC 1, BNB 1") as client, client.account() as socket:
        await client.venue.step()
        await client.order("BUY", "1")
        event = (await socket.take(2))[1]["event"]
        trade_ = client.venue.books().trades[0]
        held = client.venue.books().balances[commission[1]].total

    assert commission == (event["n"], event["N"])
    start = {"USDT": Decimal(899), "BTC": Decimal(2), "BNB": Decimal(1)}[commission[1]]
    assert held == start - trade_.commission


async def test_the_subscription_ends_with_a_last_event() -> None:
    async with rehearse(book(0)) as client, client.account() as socket:
        assert (await socket.ask(id=1, method="session.subscriptions"))["result"] == [{"subscriptionId": 0}]
        assert await socket.ask(id=2, method="userDataStream.unsubscribe") == {"id": 2, "status": 200, "result": {}}
        last = await socket.next()
        assert (last["subscriptionId"], last["event"]["e"]) == (0, "eventStreamTerminated")
        params = sign({"apiKey": KEY, "timestamp": client.stamp()})
        again = await socket.ask(id=3, method="userDataStream.subscribe.signature", params=params)
        assert again["result"] == {"subscriptionId": 1}, "ids are not used twice"


async def test_general_requests() -> None:
    async with rehearse(best(0)) as client, client.socket("/ws-api/v3") as socket:
        assert await socket.ask(id=None, method="ping") == {"id": None, "status": 200, "result": {}}
        assert (await socket.ask(id=1, method="v3/time"))["result"] == {"serverTime": 1772366400000}
        assert (await socket.ask(id=2, method="session.status"))["result"]["userDataStream"] is False


REFUSED = {
    "no key": ({"apiKey": None}, (400, -1102)),
    "wrong key": ({"apiKey": "x"}, (401, -2015)),
    "wrong secret": ({"secret": "x"}, (400, -1022)),
    "old": ({"age": 5001}, (400, -1021)),
    "method": ({"method": "order.wish"}, (400, -1020)),
    "session": ({"method": "userDataStream.subscribe"}, (401, -1002)),
    "not active": ({"method": "userDataStream.unsubscribe"}, (400, -2036)),
}


@pytest.mark.parametrize(("changes", "expected"), REFUSED.values(), ids=REFUSED)
async def test_refused_requests(changes: dict[str, Any], expected: tuple[int, int]) -> None:
    async with rehearse(best(0)) as client, client.socket("/ws-api/v3") as socket:
        params = {"apiKey": KEY, "timestamp": client.stamp() - changes.get("age", 0), "recvWindow": 5000}
        params |= {name: value for name, value in changes.items() if name == "apiKey"}
        params = {name: value for name, value in params.items() if value is not None}
        method = changes.get("method", "userDataStream.subscribe.signature")
        answer = await socket.ask(id=7, method=method, params=sign(params, changes.get("secret", "the-secret")))

    assert (7, *expected) == (answer["id"], answer["status"], answer["error"]["code"])


async def test_a_second_subscription_of_one_connection_is_refused() -> None:
    async with rehearse(best(0)) as client, client.account() as socket:
        params = sign({"apiKey": KEY, "timestamp": client.stamp()})
        answer = await socket.ask(id=1, method="userDataStream.subscribe.signature", params=params)

    assert answer["error"]["code"] == -2035


async def test_text_that_is_no_request() -> None:
    async with rehearse(best(0)) as client, client.socket("/ws-api/v3") as socket:
        for text in ("{", "[" * 100_000, "[]", '{"id":1,"params":[1]}', '{"id":9223372036854775808}'):
            await socket.opened.send_str(text)
            assert (await socket.next())["error"]["code"] == -1135
