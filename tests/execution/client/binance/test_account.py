"""From the documented payloads to account events."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.execution.client.binance.venue import (
    BNB,
    BTC,
    BTCUSDT,
    START_MS,
    USDT,
    account,
    fill_report,
    key,
    order,
    position,
    report,
)

from barter_python.data.exchange.venue_message import time_from_milliseconds
from barter_python.errors import DecodeError
from barter_python.execution.account import AccountEvent, AccountEventKind
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.client.binance.account import balances, execution_events, position_balances
from barter_python.execution.client.binance.message import (
    AccountPosition,
    AccountTrade,
    ExecutionReport,
    Ignored,
    SocketAnswer,
    StreamEnd,
    SymbolInfo,
    decode_account,
    decode_order,
    parse,
)
from barter_python.execution.client.binance.order import to_order
from barter_python.execution.client.binance.request import TRADES_MAX, Parameters
from barter_python.execution.client.binance.trade import trade_fees
from barter_python.execution.client.binance.trade_history import trades_since
from barter_python.execution.client.order_report import OrderReport
from barter_python.execution.error import OrderRejected
from barter_python.execution.order.id import STRATEGY_UNKNOWN, OrderId
from barter_python.execution.order.order import Order, OrderKind, TimeInForce
from barter_python.execution.order.state import EXPIRED, FULLY_FILLED, Cancelled, Open, OpenFailed, OrderState
from barter_python.execution.trade import AssetFees, Liquidity, Trade, TradeId
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.side import Side

PAYLOADS = Path(__file__).parent / "payloads"
TIME = time_from_milliseconds(START_MS)
ID = OrderId("28")
ETH = AssetNameExchange("ETH")
PAIR = SymbolInfo("BTCUSDT", "BTC", "USDT")
SYMBOLS = {"BTCUSDT": PAIR}
GTC = TimeInForce.GOOD_UNTIL_CANCELLED
PRICES = {("BNB", "USDT"): Decimal(600)}


def wrapped(event: dict[str, Any]) -> bytes:
    return json.dumps({"subscriptionId": 0, "event": event}).encode()


def events(event: dict[str, Any]) -> list[AccountEvent]:
    message = parse(wrapped(event))
    assert isinstance(message, ExecutionReport)
    return execution_events(message, SYMBOLS, {})


def kinds(event: dict[str, Any]) -> list[AccountEventKind]:
    return [told.kind for told in events(event)]


def told(state: OrderState, filled: str = "0") -> OrderReport:
    owned = replace(key(), strategy=STRATEGY_UNKNOWN)
    return OrderReport(
        owned, Side.BUY, Decimal(100), Decimal(2), OrderKind.LIMIT, GTC, state, id=ID, filled=Decimal(filled), time_exchange=TIME
    )


def trade(quantity: str = "0.5") -> Trade:
    fees = Decimal("0.04975")
    return Trade(
        TradeId("7"),
        ID,
        BTCUSDT,
        STRATEGY_UNKNOWN,
        TIME,
        Side.BUY,
        Decimal("99.5"),
        Decimal(quantity),
        AssetFees.quote_fees(fees),
        Liquidity.MAKER,
        AssetFees(USDT, fees),
    )


class TestExecutionReport:
    @pytest.mark.parametrize(
        ("expected", "event"),
        [
            pytest.param([told(Open(ID, TIME, Decimal(0)))], report(), id="NEW"),
            pytest.param(
                [trade(), told(Open(ID, TIME, Decimal("0.5")), "0.5")],
                fill_report(),
                id="TRADE: the fill, then the order after it",
            ),
            pytest.param([trade("2"), told(FULLY_FILLED, "2")], fill_report(filled="2", last="2"), id="TRADE, the last one"),
            pytest.param(
                [told(Cancelled(ID, TIME))],
                report(x="CANCELED", X="CANCELED", c="the-cancel", C="sma-1"),
                id="CANCELED: C names the order",
            ),
            pytest.param([told(EXPIRED)], report(x="EXPIRED", X="EXPIRED", eR="UNFILLED_IOC_QUANTITY_EXPIRED"), id="EXPIRED"),
            pytest.param(
                [told(EXPIRED)],
                report(x="TRADE_PREVENTION", X="EXPIRED_IN_MATCH", v=3, A="3.0", B="3.0", u=1, U=37, Cs="BTCUSDT"),
                id="TRADE_PREVENTION",
            ),
            pytest.param(
                [told(OpenFailed(OrderRejected("WOULD_MATCH_IMMEDIATELY")))],
                report(x="REJECTED", X="REJECTED", r="WOULD_MATCH_IMMEDIATELY"),
                id="REJECTED",
            ),
            pytest.param([told(Open(ID, TIME, Decimal(0)))], report(x="NEW", X="PENDING_NEW"), id="PENDING_NEW"),
            pytest.param(
                [told(Cancelled(ID, TIME), "0.5")],
                report(x="CANCELED", X="CANCELED", z="0.5", c="the-cancel", C="sma-1"),
                id="CANCELED after a fill: it says how much",
            ),
        ],
    )
    def test_it_tells(self, expected: list[AccountEventKind], event: dict[str, Any]) -> None:
        assert expected == kinds(event)

    def test_events_carry_the_exchange(self) -> None:
        assert [ExchangeId.BINANCE_SPOT] == [event.exchange for event in events(report())]

    @pytest.mark.parametrize(
        ("case", "warning"),
        [
            pytest.param("spot_execution_report_zero_fill", "", id="a quantity of zero"),
            pytest.param(
                "spot_execution_report_zero_price", "fill 12345678 of order 1234567890 of ETHUSDT", id="a price of zero"
            ),
        ],
    )
    def test_a_fill_of_nothing_is_no_trade(self, case: str, warning: str, caplog: pytest.LogCaptureFixture) -> None:
        message = parse((PAYLOADS / f"{case}.json").read_bytes())
        assert isinstance(message, ExecutionReport)
        (event,) = execution_events(message, SYMBOLS, {})

        assert isinstance(event.kind, OrderReport)
        assert Decimal(message.filled) == event.kind.filled, "what is missing is asked for"
        assert warning in caplog.text

    @pytest.mark.parametrize(
        ("expected", "changes"),
        [
            pytest.param((Liquidity.MAKER, AssetFees(BNB, Decimal("0.001"))), {"m": True, "n": "0.001", "N": "BNB"}, id="maker"),
            pytest.param((Liquidity.TAKER, AssetFees(BNB, Decimal("0.001"))), {"m": False, "n": "0.001", "N": "BNB"}, id="taker"),
            pytest.param((None, None), {"m": None, "n": None, "N": None}, id="not told"),
        ],
    )
    def test_liquidity_and_what_was_charged(
        self, expected: tuple[Liquidity | None, AssetFees | None], changes: dict[str, Any]
    ) -> None:
        found = kinds(fill_report(**changes))[0]

        assert isinstance(found, Trade)
        assert expected == (found.liquidity, found.fees_charged)

    def test_a_post_only_order(self) -> None:
        (found,) = kinds(report(c="web_1", o="LIMIT_MAKER"))

        assert isinstance(found, Order)
        assert (found.key.strategy, found.key.cid) == (STRATEGY_UNKNOWN, "web_1")
        assert (found.kind, found.time_in_force) == (OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY)

    @pytest.mark.parametrize(
        ("expected", "changes"),
        [
            ("status is 'MELTED'", {"X": "MELTED"}),
            ("side is 'HOLD'", {"S": "HOLD"}),
            ("type is 'PEGGED'", {"o": "PEGGED"}),
            ("timeInForce is 'GTX'", {"f": "GTX"}),
            ("executedQty is 'NaN'", {"z": "NaN"}),
            ("origQty is '1e9'", {"q": "1e9"}),
            ("price is '-1'", {"p": "-1"}),
        ],
    )
    def test_what_is_not_documented_is_an_error(self, expected: str, changes: dict[str, Any]) -> None:
        with pytest.raises(DecodeError, match=expected):
            kinds(report(**changes))


class TestFees:
    @pytest.mark.parametrize(
        ("expected", "commission", "asset"),
        [
            pytest.param(AssetFees.quote_fees(Decimal("0.05")), "0.05", "USDT", id="quote"),
            pytest.param(AssetFees.quote_fees(Decimal("0.05")), "0.0005", "BTC", id="base, at the price of the fill"),
            pytest.param(AssetFees.quote_fees(Decimal("0.6")), "0.001", "BNB", id="third, at its own price"),
            pytest.param(AssetFees(ETH, Decimal("0.001")), "0.001", "ETH", id="third, without a price"),
            pytest.param(AssetFees.quote_fees(Decimal("-0.05")), "-0.05", "USDT", id="rebate"),
            pytest.param(AssetFees.quote_fees(Decimal(0)), "0", "", id="none"),
        ],
    )
    def test_they_are(self, expected: AssetFees, commission: str, asset: str) -> None:
        assert expected == trade_fees(Decimal(commission), asset, Decimal(100), PAIR, PRICES)

    def test_of_an_unknown_pair_they_stay_as_they_are(self) -> None:
        assert AssetFees(USDT, Decimal(1)) == trade_fees(Decimal(1), "USDT", Decimal(100), None, {})


class TestBalances:
    def test_of_the_account(self) -> None:
        found = balances(decode_account(json.dumps(account()).encode()), [USDT, BNB, BTC])
        time = TIME - timedelta(milliseconds=5)

        assert [
            AssetBalance(USDT, Balance(Decimal(1000), Decimal(1000)), time),
            AssetBalance(BNB, Balance(), time),
            AssetBalance(BTC, Balance(Decimal("1.75"), Decimal("1.5")), time),
        ] == found

    def test_without_assets_of_all_that_is_held(self) -> None:
        assert [found.asset for found in balances(decode_account(json.dumps(account()).encode()), [])] == [BTC, USDT]

    def test_of_an_account_position(self) -> None:
        message = parse(wrapped(position()))
        assert isinstance(message, AccountPosition)
        (event,) = position_balances(message)

        assert AssetBalance(BTC, Balance(Decimal(2), Decimal("1.5")), TIME + timedelta(milliseconds=1)) == event.kind


class TestParse:
    @pytest.mark.parametrize(
        ("expected", "event"),
        [
            (StreamEnd("eventStreamTerminated"), {"e": "eventStreamTerminated", "E": 1728973001334}),
            (StreamEnd("serverShutdown"), {"e": "serverShutdown", "E": 1770123456789}),
            (StreamEnd("listenKeyExpired"), {"e": "listenKeyExpired", "E": 1, "listenKey": "x"}),
            (Ignored("balanceUpdate"), {"e": "balanceUpdate", "E": 1, "a": "BTC", "d": "100.00000000", "T": 1}),
            (Ignored("externalLockUpdate"), {"e": "externalLockUpdate", "E": 1, "a": "NEO", "d": "10.0", "T": 1}),
            (Ignored("listStatus"), {"e": "listStatus", "E": 1, "s": "ETHBTC", "g": 2, "O": []}),
            (Ignored("somethingNew"), {"e": "somethingNew"}),
        ],
    )
    def test_an_event(self, expected: object, event: dict[str, Any]) -> None:
        assert expected == parse(wrapped(event))

    def test_an_answer(self) -> None:
        assert SocketAnswer(1, 200) == parse(b'{"id":1,"status":200,"result":{"subscriptionId":0},"rateLimits":[]}')

    @pytest.mark.parametrize("message", [b"", b"{", b"[]", b"\xff", b'{"event":1}', b'{"event":{}}', b"[" * 100_000, b"{}"])
    def test_what_is_no_message(self, message: bytes) -> None:
        with pytest.raises(DecodeError, match="not a message of Binance"):
            parse(message)

    def test_the_answer_to_a_cancel_names_the_order(self) -> None:
        message = decode_order(json.dumps(order(clientOrderId="the-cancel", origClientOrderId="sma-1")).encode())

        assert to_order(message).key.cid == "sma-1"


class TestTradeHistory:
    """A venue that has these fills, and keeps to its rules."""

    def fills(self, *times_ms: int) -> list[AccountTrade]:
        return [
            AccountTrade("BTCUSDT", number, 1, "1", "1", "0", "USDT", time_ms, True, True)
            for number, time_ms in enumerate(times_ms)
        ]

    async def search(self, fills: list[AccountTrade], since_ms: int, now_ms: int) -> tuple[list[int], list[Parameters]]:
        asked: list[Parameters] = []

        async def page(window: Parameters) -> list[AccountTrade]:
            asked.append(window)
            named = {name: int(value) for name, value in window}
            if "fromId" in named:
                return [fill for fill in fills if fill.id >= named["fromId"]][:TRADES_MAX]
            assert named["endTime"] - named["startTime"] < 24 * 60 * 60 * 1000
            return [fill for fill in fills if named["startTime"] <= fill.time <= named["endTime"]][:TRADES_MAX]

        found = await trades_since(page, since_ms, now_ms)
        return [fill.id for fill in found], asked

    async def test_none(self) -> None:
        found, asked = await self.search([], 1_000, 2_000)

        assert (found, len(asked)) == ([], 1)

    async def test_of_a_moment_one_answer_is_enough(self) -> None:
        found, asked = await self.search(self.fills(500, 1_000, 1_500), 1_000, 2_000)

        assert (found, len(asked)) == ([1, 2], 1)

    async def test_windows_until_there_is_one_then_by_id(self) -> None:
        day = 24 * 60 * 60 * 1000
        found, asked = await self.search(self.fills(0, 3 * day, 9 * day), day, 10 * day)

        assert found == [1, 2]
        assert [window[0][0] for window in asked] == ["startTime", "startTime", "startTime", "fromId"]

    async def test_more_than_an_answer_holds(self) -> None:
        found, asked = await self.search(self.fills(*range(2_500)), 0, 2_499)

        assert (list(range(2_500)), 3) == (found, len(asked))

    async def test_the_same_millisecond_in_two_answers(self) -> None:
        found, _ = await self.search(self.fills(*([5] * 1_001)), 5, 6)

        assert list(range(1_001)) == found
