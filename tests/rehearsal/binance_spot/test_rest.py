"""The REST interface: what it answers, whom it lets pass, what it refuses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.rehearsal.binance_spot.client import best, book, rehearse, trade, update

from barter_python.execution.exchange.model.fee import FeeTier, TieredFees
from barter_python.rehearsal.binance_spot import RehearsalLimits

WINDOW = "Timestamp for this request is outside of the recvWindow."


async def test_ping_and_time() -> None:
    async with rehearse(best(0), best(2)) as client:
        assert (await client.get("ping")).json == {}
        assert (await client.get("time")).json == {"serverTime": 1772366400000}
        await client.venue.step(2)
        assert (await client.get("time")).json == {"serverTime": 1772366402000}


async def test_exchange_info_comes_from_the_specification() -> None:
    async with rehearse(best(0)) as client:
        info = (await client.get("exchangeInfo", symbol="BTCUSDT")).json
        again = (await client.get("exchangeInfo", symbols='["BTCUSDT"]')).json

    (symbol,) = info["symbols"]
    filters = {item["filterType"]: item for item in symbol["filters"]}
    assert (symbol["baseAsset"], symbol["quoteAsset"], symbol["status"]) == ("BTC", "USDT", "TRADING")
    assert filters["PRICE_FILTER"]["tickSize"] == "0.01000000"
    assert filters["LOT_SIZE"]["stepSize"] == "0.00100000"
    assert filters["NOTIONAL"]["minNotional"] == "10.00000000"
    assert {item["rateLimitType"]: item["limit"] for item in info["rateLimits"]} == {"REQUEST_WEIGHT": 6000, "ORDERS": 50}
    assert info["symbols"] == again["symbols"]


async def test_the_account() -> None:
    async with rehearse(best(0)) as client:
        await client.venue.step()
        await client.order("BUY", "1", "50")
        account = (await client.signed("GET", "account")).json

    assert {"asset": "USDT", "free": "950.00000000", "locked": "50.00000000"} in account["balances"]
    assert (account["accountType"], account["canTrade"], account["canWithdraw"]) == ("SPOT", True, False)
    assert account["commissionRates"]["taker"] == "0.00100000"


async def test_the_account_tells_the_commission_of_any_fee_model() -> None:
    falling = FeeTier(Decimal(0), Decimal("0.001"), Decimal("0.002")), FeeTier(Decimal(100), Decimal(0), Decimal("0.001"))
    tiers = TieredFees(falling)
    async with rehearse(book(0), fee=tiers) as client:
        await client.venue.step()
        before = (await client.signed("GET", "account")).json["commissionRates"]["taker"]
        await client.order("BUY", "1")
        after = (await client.signed("GET", "account")).json["commissionRates"]["taker"]

    assert ("0.00200000", "0.00100000") == (before, after)


async def test_a_limit_order_rests_is_queried_and_cancelled() -> None:
    async with rehearse(book(0)) as client:
        await client.venue.step()
        answer = await client.order("BUY", "0.5", "99", "mine")
        assert tuple(answer.json[name] for name in ("status", "clientOrderId", "orderId", "fills")) == ("NEW", "mine", 1, [])
        query = (await client.signed("GET", "order", symbol="BTCUSDT", origClientOrderId="mine")).json
        assert tuple(query[name] for name in ("status", "price", "origQty", "executedQty")) == (
            "NEW",
            "99.00000000",
            "0.50000000",
            "0.00000000",
        )
        assert [query] == (await client.signed("GET", "openOrders", symbol="BTCUSDT")).json
        cancelled = (await client.signed("DELETE", "order", symbol="BTCUSDT", orderId=1, newClientOrderId="gone")).json
        assert tuple(cancelled[name] for name in ("status", "origClientOrderId", "clientOrderId")) == ("CANCELED", "mine", "gone")
        assert (await client.signed("GET", "openOrders")).json == []
        assert (await client.signed("GET", "order", symbol="BTCUSDT", orderId=1)).json["status"] == "CANCELED"
        assert Decimal(1000) == client.venue.books().balances["USDT"].free


async def test_a_market_order_fills_level_by_level() -> None:
    async with rehearse(book(0, asks="101x1 102x5")) as client:
        await client.venue.step()
        answer = (await client.order("BUY", "2")).json
        trades = (await client.signed("GET", "myTrades", symbol="BTCUSDT")).json
        books = client.venue.books()

    assert (answer["status"], answer["executedQty"], answer["cummulativeQuoteQty"]) == ("FILLED", "2.00000000", "203.00000000")
    assert [(fill["price"], fill["qty"]) for fill in answer["fills"]] == [
        ("101.00000000", "1.00000000"),
        ("102.00000000", "1.00000000"),
    ]
    assert [item["commission"] for item in trades] == ["0.00100000", "0.00100000"]
    assert [fill["tradeId"] for fill in answer["fills"]] == [item["id"] for item in trades]
    assert Decimal(797) == books.balances["USDT"].total
    assert Decimal("2.998") == books.balances["BTC"].total
    assert Decimal(2) == books.position("BTCUSDT")


@pytest.mark.parametrize(
    ("response_type", "has"),
    [("ACK", (False, False)), ("RESULT", (True, False)), ("FULL", (True, True)), (None, (True, True))],
)
async def test_the_form_of_the_answer(response_type: str | None, has: tuple[bool, bool]) -> None:
    async with rehearse(book(0)) as client:
        await client.venue.step()
        answer = (await client.order("BUY", "1", "99", newOrderRespType=response_type)).json

    assert has == ("status" in answer, "fills" in answer)


async def test_parameters_may_come_in_the_body() -> None:
    async with rehearse(book(0)) as client:
        await client.venue.step()
        answer = await client.order("BUY", "1", "99", body=True)

    assert answer.json["status"] == "NEW"


async def test_trades_can_be_asked_for_from_an_id_on() -> None:
    async with rehearse(book(0)) as client:
        await client.venue.step()
        for _ in range(3):
            await client.order("BUY", "0.5")
        ids = [
            [item["id"] for item in (await client.signed("GET", "myTrades", symbol="BTCUSDT", **which)).json]
            for which in ({}, {"fromId": 2}, {"orderId": 3}, {"limit": 2}, {"fromId": 1, "limit": 1}, {"endTime": 1})
        ]

    assert ids == [[1, 2, 3], [2, 3], [3], [2, 3], [1], []]


async def test_a_client_order_id_may_come_again_once_its_order_is_done() -> None:
    async with rehearse(book(0)) as client:
        await client.venue.step()
        await client.order("BUY", "1", "99", "mine")
        duplicate = await client.order("BUY", "1", "98", "mine")
        assert duplicate.problem == (400, -2010, "Duplicate order sent.")
        await client.signed("DELETE", "order", symbol="BTCUSDT", origClientOrderId="mine")
        again = await client.order("BUY", "1", "98", "mine")
        assert (again.json["status"], again.json["orderId"]) == ("NEW", 2)
        latest = await client.signed("GET", "order", symbol="BTCUSDT", origClientOrderId="mine")
        assert latest.json["orderId"] == 2


GOOD = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "99"}

REFUSED: dict[str, tuple[dict[str, Any], tuple[int, int, str]]] = {
    "tick size": ({"price": "99.001"}, (400, -1013, "Filter failure: PRICE_FILTER")),
    "price zero": ({"price": "0"}, (400, -1013, "Filter failure: PRICE_FILTER")),
    "lot size": ({"quantity": "0.0005"}, (400, -1013, "Filter failure: LOT_SIZE")),
    "lot step": ({"quantity": "1.0005"}, (400, -1013, "Filter failure: LOT_SIZE")),
    "notional": ({"quantity": "0.1"}, (400, -1013, "Filter failure: NOTIONAL")),
    "balance": ({"quantity": "100"}, (400, -2010, "Account has insufficient balance for requested action.")),
    "post only": (
        {"type": "LIMIT_MAKER", "timeInForce": None, "price": "101"},
        (400, -2010, "Order would immediately match and take."),
    ),
    "trigger": (
        {"type": "STOP_LOSS", "timeInForce": None, "price": None, "stopPrice": "90"},
        (400, -2010, "Order would trigger immediately."),
    ),
    "symbol": ({"symbol": "XRPUSDT"}, (400, -1121, "Invalid symbol.")),
    "no symbol": ({"symbol": None}, (400, -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.")),
    "no price": ({"price": None}, (400, -1102, "Mandatory parameter 'price' was not sent, was empty/null, or malformed.")),
    "side": ({"side": "HOLD"}, (400, -1117, "Invalid side.")),
    "type": ({"type": "WISH"}, (400, -1116, "Invalid orderType.")),
    "time in force": ({"timeInForce": "GTX"}, (400, -1115, "Invalid timeInForce.")),
    "time in force of a market order": (
        {"type": "MARKET", "price": None},
        (400, -1106, "Parameter 'timeInForce' sent when not required."),
    ),
    "number": (
        {"quantity": "1e3"},
        (400, -1100, r"Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\.[0-9]{1,20})?$'."),
    ),
    "client order id": (
        {"newClientOrderId": "no good"},
        (400, -1100, "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'."),
    ),
    "unknown parameter": (
        {"leverage": "5"},
        (400, -1104, "Not all sent parameters were read; read '8' parameter(s) but was sent '9'."),
    ),
    "iceberg": ({"icebergQty": "1"}, (400, -2010, "Iceberg orders are not supported for this symbol.")),
    "response type": ({"newOrderRespType": "X"}, (400, -1130, "Data sent for parameter 'newOrderRespType' is not valid.")),
}


@pytest.mark.parametrize(("changes", "expected"), REFUSED.values(), ids=REFUSED)
async def test_refused_orders(changes: dict[str, Any], expected: tuple[int, int, str]) -> None:
    async with rehearse(book(0)) as client:
        await client.venue.step()
        answer = await client.signed(
            "POST", "order", **{name: value for name, value in (GOOD | changes).items() if value is not None}
        )
        books = client.venue.books()

    assert expected == answer.problem
    assert books.orders == ()
    assert Decimal(1000) == books.balances["USDT"].free


UNANSWERED = {
    "cancel unknown": ("DELETE", {"orderId": 5}, (400, -2011, "Unknown order sent.")),
    "query unknown": ("GET", {"origClientOrderId": "x"}, (400, -2013, "Order does not exist.")),
    "cancel nothing": (
        "DELETE",
        {},
        (400, -1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!"),
    ),
    "ids that do not fit": ("GET", {"orderId": 1, "origClientOrderId": "x"}, (400, -2013, "Order does not exist.")),
    "cancel filled": ("DELETE", {"orderId": 1}, (400, -2011, "Unknown order sent.")),
    "order id is no number": (
        "GET",
        {"orderId": "a"},
        (400, -1100, "Illegal characters found in parameter 'orderId'; legal range is '^[0-9]{1,20}$'."),
    ),
}


@pytest.mark.parametrize(("method", "which", "expected"), UNANSWERED.values(), ids=UNANSWERED)
async def test_orders_that_are_not_there(method: str, which: dict[str, Any], expected: tuple[int, int, str]) -> None:
    async with rehearse(book(0)) as client:
        await client.venue.step()
        await client.order("BUY", "1")
        answer = await client.signed(method, "order", symbol="BTCUSDT", **which)

    assert expected == answer.problem


LOCKED_OUT = {
    "no key": ({"key": None}, (401, -2014, "API-key format invalid.")),
    "wrong key": ({"key": "x"}, (401, -2015, "Invalid API-key, IP, or permissions for action.")),
    "wrong secret": ({"secret": "x"}, (400, -1022, "Signature for this request is not valid.")),
    "no signature": (
        {"secret": None},
        (400, -1102, "Mandatory parameter 'signature' was not sent, was empty/null, or malformed."),
    ),
    "old": ({"age": 5001}, (400, -1021, WINDOW)),
    "old for its window": ({"age": 200, "recvWindow": 100}, (400, -1021, WINDOW)),
    "ahead": ({"age": -1000}, (400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.")),
    "window": ({"recvWindow": 60001}, (400, -1102, "'recvWindow' contains unexpected value. Cannot be greater than 60000.")),
    "no time": ({"timestamp": ""}, (400, -1102, "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed.")),
}


@pytest.mark.parametrize(("changes", "expected"), LOCKED_OUT.values(), ids=LOCKED_OUT)
async def test_who_may_not_pass(changes: dict[str, Any], expected: tuple[int, int, str]) -> None:
    async with rehearse(book(0)) as client:
        age = changes.pop("age", None) if "age" in changes else None
        if age is not None:
            changes = changes | {"timestamp": client.stamp() - age}
        answer = await client.signed("GET", "account", **changes)

    assert expected == answer.problem


@pytest.mark.parametrize("changes", [{"age": 5000}, {"age": -999}, {"age": 200, "recvWindow": "200.5"}], ids=str)
async def test_who_may_pass(changes: dict[str, Any]) -> None:
    async with rehearse(book(0)) as client:
        members = {name: value for name, value in changes.items() if name != "age"}
        answer = await client.signed("GET", "account", timestamp=client.stamp() - changes["age"], **members)

    assert answer.status == 200


async def test_timestamps_in_microseconds_and_unchecked_ones() -> None:
    async with rehearse(book(0)) as client:
        assert (await client.signed("GET", "account", timestamp=client.stamp() * 1000)).status == 200
    async with rehearse(book(0), checks_timestamps=False) as client:
        assert (await client.signed("GET", "account", timestamp=1)).status == 200


async def test_the_signature_covers_the_query_as_it_was_sent() -> None:
    """The example of the venue's documentation, whose symbol is percent-encoded."""
    async with rehearse(book(0), checks_timestamps=False) as client:
        answer = await client.signed("GET", "order", symbol="\uff11\uff12\uff13", orderId=1)

    assert answer.problem == (400, -1121, "Invalid symbol.")


async def test_bytes_that_are_no_text() -> None:
    async with rehearse(book(0)) as client:
        assert (await client.get("order%FF")).status == 404
        assert (await client.get("depth?symbol=%FF")).json["code"] == -1121
        assert (await client.call("GET", "/api/v3/account?timestamp=1&signature=%FF", key="\xff")).status == 401


async def test_what_is_not_offered() -> None:
    async with rehearse(book(0)) as client:
        assert (await client.get("klines")).status == 404
        assert (await client.call("GET", "/api/v3/depth?symbol=BTCUSDT&symbol=BTCUSDT")).problem == (
            400,
            -1101,
            "Duplicate values for a parameter detected.",
        )


async def test_weights_and_orders_are_counted_in_the_headers() -> None:
    async with rehearse(book(0), update(61)) as client:
        await client.venue.step()
        assert (await client.get("ping")).headers["X-MBX-USED-WEIGHT-1M"] == "1"
        account = await client.signed("GET", "account")
        assert account.headers["X-MBX-USED-WEIGHT-1M"] == "21"
        assert "X-MBX-ORDER-COUNT-10S" not in account.headers
        assert (await client.order("BUY", "1", "99")).headers["X-MBX-ORDER-COUNT-10S"] == "1"
        await client.venue.step()
        assert (await client.get("ping")).headers["X-MBX-USED-WEIGHT-1M"] == "1", "another minute"


async def test_too_many_requests_are_refused_then_banned_until_the_time_is_over() -> None:
    limits = RehearsalLimits(weight_per_minute=2, ban_after=2)
    async with rehearse(best(0), best(61), best(121), limits=limits) as client:
        answers = [await client.get("ping") for _ in range(6)]
        assert [answer.status for answer in answers] == [200, 200, 429, 429, 418, 418]
        assert [answers[place].headers["Retry-After"] for place in (2, 4)] == ["60", "120"]
        assert answers[2].json["code"] == -1003
        await client.venue.step(2)
        assert (await client.get("ping")).status == 418
        await client.venue.step()
        assert (await client.get("ping")).status == 200


async def test_too_many_orders_are_refused() -> None:
    async with rehearse(book(0), limits=RehearsalLimits(orders_per_ten_seconds=1)) as client:
        await client.venue.step()
        await client.order("BUY", "1", "99")
        refused = await client.order("BUY", "1", "98")

    assert refused.problem == (429, -1015, "Too many new orders; current limit is 1 orders per 10 SECOND.")
    assert refused.headers["Retry-After"] == "10"


async def test_all_orders_of_a_symbol_are_cancelled() -> None:
    async with rehearse(book(0)) as client:
        await client.venue.step()
        await client.order("BUY", "1", "99", "a")
        await client.order("SELL", "1", "105", "b")
        answer = (await client.signed("DELETE", "openOrders", symbol="BTCUSDT")).json
        assert [(item["origClientOrderId"], item["status"]) for item in answer] == [("a", "CANCELED"), ("b", "CANCELED")]
        assert (await client.signed("DELETE", "openOrders", symbol="BTCUSDT")).json["code"] == -2011


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        pytest.param({"price": "101", "timeInForce": "FOK", "quantity": "6"}, "UNFILLED_FOK_ORDER_EXPIRED", id="fok"),
        pytest.param({"price": "100", "timeInForce": "IOC"}, "UNFILLED_IOC_QUANTITY_EXPIRED", id="ioc"),
    ],
)
async def test_what_cannot_be_filled_at_once_expires(members: dict[str, Any], reason: str) -> None:
    async with rehearse(book(0)) as client:
        await client.venue.step()
        answer = (await client.signed("POST", "order", **(GOOD | members))).json
        order = client.venue.books().orders[0]

    assert ("EXPIRED", "0.00000000", reason) == (answer["status"], answer["executedQty"], answer["expiryReason"])
    assert order.status == "EXPIRED"


async def test_a_market_order_without_a_market_expires() -> None:
    async with rehearse(book(5)) as client:
        answer = (await client.order("BUY", "1")).json

    assert (answer["status"], answer["expiryReason"]) == ("EXPIRED", "INSUFFICIENT_LIQUIDITY")


async def test_a_stop_waits_for_its_trigger() -> None:
    async with rehearse(book(0), trade(1, 100), trade(2, 95)) as client:
        await client.venue.step(2)
        answer = await client.order("SELL", "0.5", type="STOP_LOSS", stopPrice="96", newOrderRespType="RESULT")
        assert (answer.json["status"], answer.json["stopPrice"]) == ("NEW", "96.00000000")
        await client.venue.step()
        order = client.venue.books().orders[0]

    assert ("FILLED", Decimal("0.5")) == (order.status, order.executed)
