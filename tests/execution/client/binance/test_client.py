"""The client against a venue that follows a script."""

from __future__ import annotations

import asyncio
import logging
import traceback
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from tests.execution.client.binance.venue import (
    BNB,
    BTC,
    BTCUSDT,
    DROPS,
    HANGS,
    KEY,
    SECRET,
    SHORT,
    START_MS,
    USDT,
    Answer,
    Seen,
    Venue,
    accept,
    account,
    cancel_request,
    connected,
    fill_report,
    my_trade,
    open_request,
    order,
    position,
    problem,
    report,
    running,
    talks,
)

from barter_python.data.exchange.venue_message import time_from_milliseconds
from barter_python.errors import ConfigError, Retry
from barter_python.execution.account import AccountEventKind
from barter_python.execution.balance import AssetBalance
from barter_python.execution.client.binance.client import BinanceSpot
from barter_python.execution.client.binance.message import AccountRights
from barter_python.execution.client.binance.user_stream import METHOD
from barter_python.execution.client.client import ExecutionError
from barter_python.execution.client.order_report import OrderReport
from barter_python.execution.error import (
    AccountSnapshotError,
    AccountStreamError,
    BalanceInsufficient,
    ExchangeOffline,
    InstrumentInvalid,
    OrderError,
    OrderRejected,
    RateLimit,
    Socket,
    Timeout,
)
from barter_python.execution.order.id import ClientOrderId, OrderId
from barter_python.execution.order.order import TimeInForce
from barter_python.execution.order.state import EXPIRED, FULLY_FILLED, Cancelled, Open, OpenFailed, OrderState
from barter_python.execution.trade import AssetFees, Trade
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.integration.error import SocketError, TerminatedError
from barter_python.integration.secret import Secret

TIME = time_from_milliseconds(START_MS)
NO_FUNDS = "Account has insufficient balance for requested action."


async def opened(client: BinanceSpot, **changes: Any) -> OrderState:
    answer = await client.open_order(open_request(**changes))
    assert answer is not None
    return answer.state


async def failure(client: BinanceSpot, **changes: Any) -> OrderError:
    state = await opened(client, **changes)
    assert isinstance(state, OpenFailed)
    return state.error


async def cancelled(client: BinanceSpot, order_id: str | None = "28") -> OrderState | OrderError:
    answer = await client.cancel_order(cancel_request(order_id=order_id))
    assert answer is not None
    return answer.state


class TestOpenOrder:
    async def test_it_is_signed_over_the_exact_query(self) -> None:
        venue = Venue()
        venue.on("POST", "order", Answer(order()))
        async with connected(venue) as client:
            await client.open_order(open_request())
        (seen,) = venue.calls("POST", "order")

        assert (
            "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=2&price=100&newClientOrderId=sma-1"
            f"&newOrderRespType=RESULT&recvWindow=5000&timestamp={START_MS}" == seen.query.rpartition("&signature=")[0]
        )
        assert seen.is_signed_rightly()
        assert seen.headers["x-mbx-apikey"] == KEY

    async def test_public_calls_carry_no_key(self) -> None:
        venue = Venue()
        venue.on("POST", "order", Answer(order()))
        async with connected(venue) as client:
            await client.open_order(open_request())

        assert all("x-mbx-apikey" not in seen.headers for name in ("time", "exchangeInfo") for seen in venue.calls("GET", name))

    @pytest.mark.parametrize(
        ("expected", "changes"),
        [
            (Open(OrderId("28"), TIME, Decimal(0)), {}),
            (Open(OrderId("28"), TIME, Decimal("0.5")), {"status": "PARTIALLY_FILLED", "executedQty": "0.5"}),
            (FULLY_FILLED, {"status": "FILLED", "executedQty": "2.0"}),
            (EXPIRED, {"status": "EXPIRED", "expiryReason": "UNFILLED_FOK_ORDER_EXPIRED"}),
        ],
    )
    async def test_its_state(self, expected: OrderState, changes: dict[str, Any]) -> None:
        venue = Venue()
        venue.on("POST", "order", Answer(order(**changes)))
        async with connected(venue) as client:
            assert expected == await opened(client)

    async def test_what_spot_does_not_know_is_not_sent(self) -> None:
        venue = Venue()
        async with connected(venue) as client:
            error = await failure(client, time_in_force=TimeInForce.GOOD_UNTIL_END_OF_DAY)

        assert isinstance(error, OrderRejected)
        assert venue.seen == []

    @pytest.mark.parametrize(
        ("expected", "answer"),
        [
            pytest.param(
                BalanceInsufficient(USDT, f"{NO_FUNDS} (code -2010)"), problem(-2010, NO_FUNDS), id="insufficient balance"
            ),
            pytest.param(
                OrderRejected("Order would immediately match and take. (code -2010)"),
                problem(-2010, "Order would immediately match and take."),
                id="post only",
            ),
            pytest.param(
                OrderRejected("Filter failure: LOT_SIZE (code -1013)"), problem(-1013, "Filter failure: LOT_SIZE"), id="filter"
            ),
            pytest.param(
                OrderRejected("Invalid API-key, IP, or permissions for action. (code -2015)"),
                problem(-2015, "Invalid API-key, IP, or permissions for action.", 401),
                id="wrong key",
            ),
            pytest.param(RateLimit(), problem(-1015, "Too many new orders.", 429, Retry_After="3"), id="too many orders"),
        ],
    )
    async def test_a_refusal_is_the_answer(self, expected: OrderError, answer: Answer) -> None:
        venue = Venue()
        venue.on("POST", "order", answer)
        async with connected(venue) as client:
            assert expected == await failure(client)

        assert len(venue.calls("POST", "order")) == 1

    async def test_a_seller_lacks_the_base_asset(self) -> None:
        venue = Venue()
        venue.on("POST", "order", problem(-2010, NO_FUNDS))
        async with connected(venue) as client:
            assert BalanceInsufficient(BTC, f"{NO_FUNDS} (code -2010)") == await failure(client, side=Side.SELL)

    async def test_a_symbol_that_the_venue_does_not_know_is_not_sent(self) -> None:
        venue = Venue()
        venue.on("GET", "exchangeInfo", problem(-1121, "Invalid symbol."))
        nowhere = InstrumentNameExchange("NOWHERE")
        async with connected(venue) as client:
            assert InstrumentInvalid(nowhere, "Invalid symbol. (code -1121)") == await failure(client, instrument=nowhere)

        assert venue.calls("POST", "order") == []

    @pytest.mark.parametrize(
        ("expected", "answer"),
        [
            pytest.param(Timeout(), HANGS, id="no answer in time"),
            pytest.param(Socket, DROPS, id="connection lost after sending"),
            pytest.param(Socket, Answer("<html>", 502), id="5xx of a proxy"),
            pytest.param(Socket, problem(-1007, "Timeout waiting for response from backend server.", 408), id="-1007"),
            pytest.param(Socket, problem(-1006, "An unexpected response was received."), id="-1006"),
            pytest.param(Socket, Answer("not json"), id="an answer that cannot be read"),
            pytest.param(Socket, Answer(order(status="MELTED")), id="a status that is not documented"),
        ],
    )
    async def test_an_unknown_outcome_is_told_as_unknown_and_not_sent_again(self, expected: Any, answer: Answer) -> None:
        venue = Venue()
        venue.on("POST", "order", answer)
        async with connected(venue) as client:
            await client.fetch_balances([])
            client.config = replace(client.config, request_timeout=SHORT)
            error = await failure(client)

        assert expected == error or isinstance(error, expected)
        assert len(venue.calls("POST", "order")) == 1

    async def test_an_order_that_was_opened_although_the_venue_failed_is_found_by_its_id(self) -> None:
        venue = Venue()
        venue.on("POST", "order", Answer("", 503))
        venue.on("GET", "order", Answer(order(updateTime=START_MS)))
        async with connected(venue) as client:
            unknown = await failure(client)
            found = await client.find_order(BTCUSDT, ClientOrderId("sma-1"), None)

        assert isinstance(unknown, Socket)
        assert isinstance(found, OrderReport)
        assert (Open(OrderId("28"), TIME, Decimal(0)), 0) == (found.state, found.filled)
        assert venue.calls("GET", "order")[0].params()["origClientOrderId"] == "sma-1"

    async def test_an_order_is_found_by_its_id_with_all_its_fills(self) -> None:
        venue = Venue()
        pages = [[my_trade(number, qty="0.00199900") for number in range(start, end)] for start, end in ((1, 1001), (1001, 1003))]
        venue.on("GET", "myTrades", *map(Answer, pages))
        async with connected(venue) as client:
            fills = await client.fetch_order_trades(BTCUSDT, OrderId("28"))

        assert [str(number) for number in range(1, 1003)] == [fill.id for fill in fills]
        asked = [seen.params() for seen in venue.calls("GET", "myTrades")]
        assert [("28", "0"), ("28", "1001")] == [(params["orderId"], params["fromId"]) for params in asked]

    async def test_an_order_that_was_not_opened_is_not_found(self) -> None:
        venue = Venue()
        venue.on("GET", "order", problem(-2013, "Order does not exist."))
        async with connected(venue) as client:
            assert await client.find_order(BTCUSDT, ClientOrderId("sma-1"), None) is None

    async def test_without_a_connection_nothing_is_sent(self) -> None:
        venue = Venue()
        async with running(venue) as config:
            pass
        async with BinanceSpot(config, monotonic=venue.clock.monotonic, sleep=venue.clock.sleep) as client:
            assert ExchangeOffline(ExchangeId.BINANCE_SPOT) == await failure(client)

    async def test_an_order_whose_connection_is_refused_was_not_sent(self) -> None:
        venue = Venue()
        clock = venue.clock
        async with running(venue) as config:
            client = BinanceSpot(config, monotonic=clock.monotonic, sleep=clock.sleep)
            await client.fetch_balances([])
            await client._rest.load([BTCUSDT])
            await client.aclose()
        async with client:
            assert ExchangeOffline(ExchangeId.BINANCE_SPOT) == await failure(client)


class TestServerTime:
    async def test_a_timestamp_that_is_refused_is_sent_once_more_by_the_venue_s_clock(self) -> None:
        venue = Venue()
        venue.on("GET", "time", Answer({"serverTime": START_MS - 9_000}), Answer({"serverTime": START_MS}))
        venue.on("POST", "order", problem(-1021, "Timestamp for this request is outside of the recvWindow."), Answer(order()))
        async with connected(venue) as client:
            state = await opened(client)

        assert isinstance(state, Open)
        assert [str(START_MS - 9_000), str(START_MS)] == [seen.params()["timestamp"] for seen in venue.calls("POST", "order")]

    async def test_refused_twice_is_refused(self) -> None:
        venue = Venue()
        venue.on("POST", "order", problem(-1021, "Timestamp for this request is outside of the recvWindow."))
        async with connected(venue) as client:
            error = await failure(client)

        assert isinstance(error, OrderRejected)
        assert (len(venue.calls("POST", "order")), len(venue.calls("GET", "time"))) == (2, 2)

    async def test_it_is_read_again_after_a_while(self) -> None:
        venue = Venue()
        async with connected(venue) as client:
            for seconds in (0.0, 599.0, 1.0):
                venue.clock.seconds += seconds
                await client.fetch_balances([])

        assert len(venue.calls("GET", "time")) == 2

    async def test_an_order_does_not_wait_for_it(self) -> None:
        venue = Venue()
        venue.on("POST", "order", Answer(order()))
        async with connected(venue) as client:
            await client.fetch_balances([])
            venue.clock.seconds += 3_600.0
            assert isinstance(await opened(client), Open)

        assert len(venue.calls("GET", "time")) == 1

    async def test_where_it_cannot_be_read_the_old_reading_has_to_do(self) -> None:
        venue = Venue()
        async with connected(venue) as client:
            await client.fetch_balances([])
            venue.clock.seconds += 600.0
            venue.on("GET", "time", Answer("", 503))
            await client.fetch_balances([])

        assert str(START_MS + 600_000) == venue.calls("GET", "account")[1].params()["timestamp"]

    async def test_without_any_reading_nothing_is_sent(self) -> None:
        venue = Venue()
        venue.on("GET", "time", Answer("", 503))
        async with connected(venue) as client:
            assert ExchangeOffline(ExchangeId.BINANCE_SPOT) == await failure(client)
            assert ExchangeOffline(ExchangeId.BINANCE_SPOT) == await cancelled(client)

        assert venue.calls("POST", "order") + venue.calls("DELETE", "order") == []

    async def test_a_first_reading_that_fails_is_tried_again(self) -> None:
        venue = Venue()
        venue.on("GET", "time", Answer("", 503), Answer("", 503), Answer({"serverTime": START_MS}))
        venue.on("POST", "order", Answer(order()))
        async with connected(venue) as client:
            assert isinstance(await opened(client), Open)

    async def test_many_at_once_read_it_once(self) -> None:
        venue = Venue()
        async with connected(venue) as client:
            await asyncio.gather(*(client.fetch_balances([]) for _ in range(5)))

        assert len(venue.calls("GET", "time")) == 1

    async def test_a_slow_reading_is_tried_again(self) -> None:
        venue = Venue()

        def slow_then_quick(_: Seen) -> Answer:
            server_ms = START_MS + int(venue.clock.seconds * 1000)
            if len(venue.calls("GET", "time")) == 1:
                venue.clock.seconds += 3.0
            return Answer({"serverTime": server_ms})

        venue.on("GET", "time", slow_then_quick)
        async with connected(venue) as client:
            await client.fetch_balances([])

        assert str(START_MS + 3_000) == venue.calls("GET", "account")[0].params()["timestamp"]


class TestRateLimits:
    async def test_an_order_beyond_the_limit_is_refused_here(self) -> None:
        venue = Venue()
        venue.on("POST", "order", Answer(order(), headers={"X-MBX-ORDER-COUNT-10S": "50"}))
        async with connected(venue) as client:
            await client.open_order(open_request())
            error = await failure(client, cid="sma-2")

        assert RateLimit() == error
        assert len(venue.calls("POST", "order")) == 1

    async def test_a_question_is_held_back_until_the_next_interval(self) -> None:
        venue = Venue()
        venue.clock.seconds = 36.0  # START_MS is 20 s into its minute
        venue.on("GET", "account", Answer(account(), headers={"X-MBX-USED-WEIGHT-1M": "5990"}), Answer(account()))
        async with connected(venue) as client:
            await client._rest.load([BTCUSDT])
            await client.fetch_balances([])
            await client.fetch_balances([])

        assert venue.clock.slept == [4.0]

    @pytest.mark.parametrize(("status", "pause"), [(429, "30"), (418, "200")])
    async def test_after_a_refusal_nothing_is_sent_for_as_long_as_the_venue_says(self, status: int, pause: str) -> None:
        venue = Venue()
        venue.on("GET", "account", problem(-1003, "Too much request weight used.", status, Retry_After=pause))
        async with connected(venue) as client:
            with pytest.raises(ExecutionError) as refused:
                await client.fetch_balances([])
            before = len(venue.seen)
            errors = [await failure(client), await cancelled(client)]
            assert before == len(venue.seen)
            venue.clock.seconds += float(pause)
            venue.on("DELETE", "order", Answer(order(status="CANCELED")))
            assert isinstance(await cancelled(client), Cancelled)

        assert RateLimit() == refused.value.error
        assert Retry.LATER is refused.value.retry
        assert [RateLimit(), RateLimit()] == errors

    async def test_too_many_orders_do_not_hold_back_a_cancel(self) -> None:
        venue = Venue()
        venue.on("POST", "order", problem(-1015, "Too many new orders.", 429, Retry_After="5"))
        venue.on("DELETE", "order", Answer(order(status="CANCELED")))
        async with connected(venue) as client:
            errors = [await failure(client), await failure(client)]
            assert isinstance(await cancelled(client), Cancelled)

        assert [RateLimit(), RateLimit()] == errors
        assert len(venue.calls("POST", "order")) == 1


class TestQuestions:
    async def test_one_without_an_answer_is_asked_again(self) -> None:
        venue = Venue()
        good = venue.answers["GET", "/api/v3/account"][0]
        # Of the two, aiohttp itself answers for the first: it repeats a GET on a connection that was used before.
        venue.on("GET", "account", Answer("", 503), DROPS, DROPS, good)
        async with connected(venue) as client:
            (balance,) = await client.fetch_balances([USDT])

        assert Decimal(1000) == balance.balance.free
        assert venue.clock.slept == [0.1, 0.2]

    async def test_whose_keys_these_are(self) -> None:
        venue = Venue()
        venue.on("GET", "account", Answer(account(canTrade=False)))
        async with connected(venue) as client:
            assert AccountRights(354937868, can_trade=False, can_withdraw=False) == await client.fetch_account_rights()

    async def test_rights_that_are_missing_are_not_guessed(self) -> None:
        venue = Venue()
        venue.on("GET", "account", Answer({"uid": 354937868}))
        async with connected(venue) as client:
            with pytest.raises(ExecutionError, match="rights of the account"):
                await client.fetch_account_rights()

    async def test_but_not_for_ever(self) -> None:
        venue = Venue()
        venue.on("GET", "account", Answer("", 503))
        async with connected(venue) as client:
            with pytest.raises(ExecutionError) as raised:
                await client.fetch_balances([USDT])

        assert len(venue.calls("GET", "account")) == 3
        assert Retry.NEVER is not raised.value.retry

    @pytest.mark.parametrize("code", [-1022, -2014, -2015])
    async def test_a_wrong_key_is_terminal(self, code: int) -> None:
        venue = Venue()
        venue.on("GET", "account", problem(code, "no", 401))
        async with connected(venue) as client:
            with pytest.raises(ExecutionError) as raised:
                await client.fetch_balances([USDT])

        assert AccountSnapshotError(f"no (code {code})") == raised.value.error
        assert Retry.NEVER is raised.value.retry
        assert len(venue.calls("GET", "account")) == 1

    async def test_a_snapshot_has_what_was_asked_for(self) -> None:
        venue = Venue()
        venue.on("GET", "openOrders", Answer([order(updateTime=START_MS), order(symbol="ETHUSDT")]))
        async with connected(venue) as client:
            snapshot = await client.account_snapshot([USDT, BNB], [BTCUSDT])

        assert ExchangeId.BINANCE_SPOT is snapshot.exchange
        assert [balance.asset for balance in snapshot.balances] == [USDT, BNB]
        assert [(found.instrument, [told.key.cid for told in found.orders]) for found in snapshot.instruments] == [
            (BTCUSDT, ["sma-1"])
        ]

    async def test_fills_need_a_symbol(self) -> None:
        async with connected(Venue()) as client:
            with pytest.raises(ConfigError, match="instruments is empty"):
                await client.fetch_trades(TIME)

    async def test_fills_of_every_instrument_that_was_named(self) -> None:
        venue = Venue()
        venue.on("GET", "myTrades", Answer([my_trade(7)]))
        venue.on("POST", "order", Answer(order()))
        async with connected(venue) as client:
            await client.open_order(open_request())
            (found,) = await client.fetch_trades(TIME - timedelta(minutes=1))

        assert Decimal("0.04975") == found.fees.fees
        params = venue.calls("GET", "myTrades")[0].params()
        assert ("BTCUSDT", str(START_MS - 60_000), "1000") == (params["symbol"], params["startTime"], params["limit"])

    async def test_fees_in_a_third_asset_are_valued_at_its_price(self) -> None:
        venue = Venue()
        fees = {"commission": "0.00100000", "commissionAsset": "BNB"}
        venue.on("GET", "myTrades", Answer([my_trade(7, **fees), my_trade(8, **fees)]))
        venue.on("GET", "ticker/price", Answer({"symbol": "BNBUSDT", "price": "600.00000000"}))
        async with connected(venue) as client:
            await client.account_stream([], [BTCUSDT])
            found = await client.fetch_trades(TIME)

        assert [AssetFees.quote_fees(Decimal("0.6"))] * 2 == [trade.fees for trade in found]
        assert [seen.params()["symbol"] for seen in venue.calls("GET", "ticker/price")] == ["BNBUSDT"]

    async def test_a_fill_waits_for_no_second_question_about_a_price(self) -> None:
        venue = Venue()
        venue.on("GET", "myTrades", Answer([my_trade(7, commission="0.001", commissionAsset="BNB")]))
        venue.on("GET", "ticker/price", Answer("", 503))
        async with connected(venue) as client:
            await client.account_stream([], [BTCUSDT])
            (found,) = await client.fetch_trades(TIME)

        assert AssetFees(BNB, Decimal("0.001")) == found.fees
        assert len(venue.calls("GET", "ticker/price")) == 1

    async def test_without_a_price_they_stay_in_their_own_asset(self) -> None:
        venue = Venue()
        venue.on("GET", "myTrades", Answer([my_trade(7, commission="0.001", commissionAsset="BNB")]))
        venue.on("GET", "ticker/price", problem(-1121, "Invalid symbol."))
        async with connected(venue) as client:
            await client.account_stream([], [BTCUSDT])
            (found,) = await client.fetch_trades(TIME)
            venue.clock.seconds += 61.0
            await client.fetch_trades(TIME)

        assert AssetFees(BNB, Decimal("0.001")) == found.fees
        assert len(venue.calls("GET", "ticker/price")) == 1


class TestCancelOrder:
    async def test_it_is_cancelled(self) -> None:
        venue = Venue()
        venue.on("DELETE", "order", Answer(order(status="CANCELED", clientOrderId="x", origClientOrderId="sma-1")))
        async with connected(venue) as client:
            assert Cancelled(OrderId("28"), TIME) == await cancelled(client)

        (seen,) = venue.calls("DELETE", "order")
        assert (seen.params()["orderId"], seen.is_signed_rightly()) == ("28", True)

    async def test_it_tells_what_was_filled(self) -> None:
        venue = Venue()
        venue.on(
            "DELETE", "order", Answer(order(status="CANCELED", executedQty="0.5", clientOrderId="x", origClientOrderId="sma-1"))
        )
        async with connected(venue) as client:
            answer = await client.cancel_order(cancel_request())

        assert isinstance(answer, OrderReport)
        assert ("sma-1", Decimal("0.5")) == (answer.key.cid, answer.filled)

    async def test_where_it_is_not_open_any_more_the_venue_s_words_are_told(self) -> None:
        venue = Venue()
        venue.on("DELETE", "order", problem(-2011, "Unknown order sent."))
        async with connected(venue) as client:
            assert OrderRejected("Unknown order sent. (code -2011)") == await cancelled(client)

    async def test_without_the_venue_s_id_by_ours(self) -> None:
        venue = Venue()
        venue.on("DELETE", "order", Answer(order(status="CANCELED")))
        async with connected(venue) as client:
            await cancelled(client, None)

        assert venue.calls("DELETE", "order")[0].params()["origClientOrderId"] == "sma-1"

    @pytest.mark.parametrize(("expected", "answer"), [(Timeout, HANGS), (Socket, Answer("", 500)), (Socket, Answer("{}"))])
    async def test_an_unknown_outcome_is_told_as_unknown(self, expected: type, answer: Answer) -> None:
        venue = Venue()
        venue.on("DELETE", "order", answer)
        async with connected(venue) as client:
            await client.fetch_balances([])
            client.config = replace(client.config, request_timeout=SHORT)
            assert isinstance(await cancelled(client), expected)

        assert len(venue.calls("DELETE", "order")) == 1

    async def test_an_id_that_is_none_is_not_sent(self) -> None:
        venue = Venue()
        async with connected(venue) as client:
            error = await cancelled(client, "28&x=1")

        assert OrderRejected("id is '28&x=1', expected a number") == error
        assert venue.seen == []


async def read(client: BinanceSpot) -> list[AccountEventKind]:
    """A stream to its end, however it ends."""
    found: list[AccountEventKind] = []
    stream = await client.account_stream([], [BTCUSDT])
    try:
        async for event in stream:
            found.append(event.kind)
    except TerminatedError:
        pass  # as every connection ends
    await stream.aclose()  # type: ignore[attr-defined]
    return found


class TestUserStream:
    async def test_it_is_subscribed_by_signature(self) -> None:
        venue = Venue()
        async with connected(venue) as client:
            stream = await client.account_stream([], [BTCUSDT])
            await stream.aclose()  # type: ignore[attr-defined]
        (asked,) = venue.asked

        assert (asked["id"], asked["method"]) == (1, METHOD)
        params = asked["params"]
        payload = f"apiKey={KEY}&recvWindow=5000&timestamp={START_MS}"
        assert Seen("", "", f"{payload}&signature={params['signature']}", {}).is_signed_rightly()
        assert {name: value for name, value in params.items() if name != "signature"} == {
            "apiKey": KEY,
            "recvWindow": 5000,
            "timestamp": START_MS,
        }

    async def test_it_tells_what_happens(self) -> None:
        venue = Venue()
        venue.talks = [talks(report(), {"e": "listStatus"}, fill_report(), position())]
        async with connected(venue) as client:
            found = await read(client)

        assert [OrderReport, Trade, OrderReport, AssetBalance] == [type(kind) for kind in found]

    async def test_what_comes_before_the_answer_is_not_lost(self) -> None:
        async def talk(socket: Any, request: dict[str, Any]) -> None:
            await socket.send_json({"subscriptionId": 0, "event": report()})
            await accept(socket, request)

        venue = Venue()
        venue.talks = [talk]
        async with connected(venue) as client:
            assert len(await read(client)) == 1

    @pytest.mark.parametrize("event", ["eventStreamTerminated", "serverShutdown", "listenKeyExpired"])
    async def test_the_venue_ends_it(self, event: str) -> None:
        async def talk(socket: Any, request: dict[str, Any]) -> None:
            await accept(socket, request)
            for said in ({"e": event, "E": START_MS}, report()):
                await socket.send_json({"event": said})
            await socket.receive()

        venue = Venue()
        venue.talks = [talk]
        async with connected(venue) as client:
            assert [event async for event in await client.account_stream([], [BTCUSDT])] == []

    async def test_a_message_that_cannot_be_read_raises(self) -> None:
        venue = Venue()
        venue.talks = [talks(report(X="MELTED"))]
        async with connected(venue) as client:
            stream = await client.account_stream([], [BTCUSDT])
            with pytest.raises(SocketError, match="status is 'MELTED'"):
                await anext(stream)

    async def test_a_wrong_key_is_terminal(self) -> None:
        async def talk(socket: Any, request: dict[str, Any]) -> None:
            await socket.send_json({"id": 1, "status": 401, "error": {"code": -2015, "msg": f"no {KEY}"}})

        venue = Venue()
        venue.talks = [talk]
        async with connected(venue) as client:
            with pytest.raises(ExecutionError) as raised:
                await client.account_stream([], [BTCUSDT])

        assert AccountStreamError("no *** (code -2015)") == raised.value.error
        assert Retry.NEVER is raised.value.retry

    async def test_a_timestamp_that_is_refused_is_sent_once_more(self) -> None:
        async def talk(socket: Any, request: dict[str, Any]) -> None:
            await socket.send_json({"id": 1, "status": 400, "error": {"code": -1021, "msg": "Timestamp"}})
            again = await socket.receive_json()
            await accept(socket, again)
            await socket.send_json({"event": report()})

        venue = Venue()
        venue.talks = [talk]
        async with connected(venue) as client:
            assert len(await read(client)) == 1
        assert len(venue.calls("GET", "time")) == 2

    async def test_a_ban_is_kept(self) -> None:
        async def talk(socket: Any, request: dict[str, Any]) -> None:
            data = {"serverTime": START_MS, "retryAfter": START_MS + 90_000}
            error = {"code": -1003, "msg": "IP banned", "data": data}
            await socket.send_json({"id": 1, "status": 418, "error": error})

        venue = Venue()
        venue.talks = [talk]
        async with connected(venue) as client:
            with pytest.raises(ExecutionError, match="rate limit"):
                await client.account_stream([], [BTCUSDT])
            venue.clock.seconds += 30.0
            assert RateLimit() == await failure(client)
            with pytest.raises(ExecutionError, match="rate limit"):
                await client.account_stream([], [BTCUSDT])
        assert len(venue.asked) == 1

    async def test_an_answer_that_does_not_come_is_no_stream(self) -> None:
        async def talk(socket: Any, request: dict[str, Any]) -> None:
            await socket.receive()

        venue = Venue()
        venue.talks = [talk]
        async with connected(venue) as client:
            await client._rest.load([BTCUSDT])
            await client._rest.synchronise()
            client.config = replace(client.config, request_timeout=SHORT)
            with pytest.raises(ExecutionError) as raised:
                await client.account_stream([], [BTCUSDT])
        assert Timeout() == raised.value.error


class TestSecrecy:
    """Whatever echoes what was sent, neither the keys nor a signature are shown."""

    @pytest.mark.parametrize("status", [200, 302, 400, 401, 418, 500])
    async def test_nothing_shows_them(self, status: int, caplog: pytest.LogCaptureFixture) -> None:
        venue = Venue()
        signatures: list[str] = []

        def echo(seen: Seen) -> Answer:
            signatures.append(seen.params()["signature"])
            return Answer(f"{seen.query} {seen.headers}", status)

        def explained(seen: Seen) -> Answer:
            signatures.append(seen.params()["signature"])
            return problem(-2010, f"{seen.query} {seen.headers}", 400)

        for method, name in (("GET", "account"), ("DELETE", "order")):
            venue.on(method, name, echo)
        venue.on("POST", "order", explained)
        caplog.set_level(logging.DEBUG)
        shown: list[str] = []
        async with connected(venue) as client:
            shown += [repr(client), repr(client.config), repr(await client.open_order(open_request()))]
            shown.append(repr(await client.cancel_order(cancel_request())))
            venue.clock.seconds += 1_000.0
            try:
                await client.fetch_balances([])
            except ExecutionError as error:
                shown += [str(error), repr(error.error), "".join(traceback.format_exception(error)), *chain(error)]
        everything = "\n".join([*shown, caplog.text])

        assert signatures
        for secret in (KEY, SECRET, *signatures):
            assert secret not in everything

    async def test_a_socket_that_echoes_shows_no_key(self, caplog: pytest.LogCaptureFixture) -> None:
        async def echo(socket: web.WebSocketResponse, request: dict[str, Any]) -> None:
            params = request["params"]
            await socket.send_json({name: params[name] for name in ("apiKey", "signature")})
            await socket.receive()

        venue = Venue()
        venue.talks = [echo]
        caplog.set_level(logging.DEBUG)
        async with connected(venue) as client:
            with pytest.raises(SocketError) as raised:
                await client.account_stream([], [BTCUSDT])
        everything = "\n".join([*chain(raised.value), caplog.text])

        assert "***" in str(raised.value)
        for secret in (KEY, SECRET, venue.asked[0]["params"]["signature"]):
            assert secret not in everything

    @pytest.mark.parametrize("answer", [HANGS, DROPS])
    async def test_not_even_in_what_an_error_comes_from(self, answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
        venue = Venue()
        caplog.set_level(logging.DEBUG)
        async with connected(venue) as client:
            await client.fetch_balances([])
            client.config = replace(client.config, request_timeout=SHORT)
            venue.on("GET", "account", answer)
            with pytest.raises(ExecutionError) as raised:
                await client.fetch_balances([])
        everything = "\n".join([*chain(raised.value), caplog.text])

        for secret in (KEY, SECRET, venue.calls("GET", "account")[-1].params()["signature"]):
            assert secret not in everything

    async def test_a_signature_with_another_secret_is_another_one(self) -> None:
        venue = Venue()
        async with running(venue) as config:
            wrong = replace(config, api_secret=Secret("x" * 64))
            async with BinanceSpot(wrong, monotonic=venue.clock.monotonic, sleep=venue.clock.sleep) as client:
                await client.fetch_balances([])

        assert not venue.calls("GET", "account")[0].is_signed_rightly(), "the check of these tests can fail"


def chain(error: BaseException) -> list[str]:
    """What the exception and all that it comes from hold, shown or not."""
    found: list[str] = []
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop()
        if current is not None and id(current) not in seen:
            seen.add(id(current))
            found += [repr(current), repr(vars(current)), repr(current.args)]
            waiting += [current.__cause__, current.__context__]
    return found
