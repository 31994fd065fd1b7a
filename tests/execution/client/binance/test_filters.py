"""The filters of `exchangeInfo`."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from tests.execution.client.binance.venue import (
    BTC,
    BTCUSDT,
    Answer,
    Venue,
    connected,
    exchange_info,
    open_request,
    order,
)

from barter_python.errors import DecodeError
from barter_python.execution.client.binance.filters import SymbolRules
from barter_python.execution.client.binance.message import decode_exchange_info
from barter_python.execution.client.client import ExecutionError
from barter_python.execution.error import OrderRejected
from barter_python.execution.order.order import Order, OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.state import OpenFailed
from barter_python.instrument.side import Side
from barter_python.instrument.spec import InstrumentSpec, InstrumentSpecNotional, InstrumentSpecPrice, InstrumentSpecQuantity

# As filters.md shows them; those that the client does not check are among them.
FILTERS: list[dict[str, Any]] = [
    {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000.00", "tickSize": "0.01"},
    {"filterType": "LOT_SIZE", "minQty": "0.001", "maxQty": "100.000", "stepSize": "0.001"},
    {"filterType": "ICEBERG_PARTS", "limit": 10},
    {"filterType": "MARKET_LOT_SIZE", "minQty": "0.000", "maxQty": "50.000", "stepSize": "0.000"},
    {"filterType": "TRAILING_DELTA", "minTrailingAboveDelta": 10, "maxTrailingAboveDelta": 2000},
    {
        "filterType": "PERCENT_PRICE_BY_SIDE",
        "bidMultiplierUp": "1.2",
        "bidMultiplierDown": "0.2",
        "askMultiplierUp": "5",
        "askMultiplierDown": "0.8",
        "avgPriceMins": 5,
    },
    {
        "filterType": "NOTIONAL",
        "minNotional": "5.00",
        "applyMinToMarket": True,
        "maxNotional": "9000.00",
        "applyMaxToMarket": False,
        "avgPriceMins": 5,
    },
    {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200},
]


def info(filters: list[dict[str, Any]]) -> dict[str, Any]:
    told = exchange_info()
    told["symbols"][0]["filters"] = filters
    return told


def rules(filters: list[dict[str, Any]] = FILTERS) -> SymbolRules:
    return decode_exchange_info(json.dumps(info(filters)).encode()).symbols[0].rules


MARKET = {"kind": OrderKind.MARKET, "time_in_force": TimeInForce.IMMEDIATE_OR_CANCEL}
STOP = Trigger(Decimal("90.005"), TriggerKind.STOP)


@pytest.mark.parametrize(
    ("expected", "wanted"),
    [
        pytest.param(None, {}, id="accepted"),
        pytest.param("PRICE_FILTER: price is 0.001, expected at least 0.01", {"price": "0.001"}, id="price too low"),
        pytest.param("PRICE_FILTER: price is 1001, expected at most 1000.00", {"price": "1001"}, id="price too high"),
        pytest.param("PRICE_FILTER: price is 100.005, expected a multiple of 0.01", {"price": "100.005"}, id="between two ticks"),
        pytest.param("PRICE_FILTER: trigger price is 90.005, expected a multiple of 0.01", {"trigger": STOP}, id="trigger"),
        pytest.param(
            "PERCENT_PRICE_BY_SIDE: price is 121, expected 20.0 to 120.0: the average price is 100",
            {"price": "121"},
            id="a high bid",
        ),
        pytest.param(
            "PERCENT_PRICE_BY_SIDE: price is 79, expected 80.0 to 500: the average price is 100",
            {"price": "79", "side": Side.SELL},
            id="a low ask",
        ),
        pytest.param("LOT_SIZE: quantity is 0.0001, expected at least 0.001", {"quantity": "0.0001"}, id="quantity too small"),
        pytest.param("LOT_SIZE: quantity is 101, expected at most 100.000", {"quantity": "101"}, id="quantity too large"),
        pytest.param("LOT_SIZE: quantity is 1.0005, expected a multiple of 0.001", {"quantity": "1.0005"}, id="between two lots"),
        pytest.param(
            "MARKET_LOT_SIZE: quantity is 51, expected at most 50.000", {"quantity": "51", **MARKET}, id="a large market order"
        ),
        pytest.param("NOTIONAL: price times quantity is 4.900, expected at least 5.00", {"quantity": "0.049"}, id="too little"),
        pytest.param("NOTIONAL: price times quantity is 9100, expected at most 9000.00", {"quantity": "91"}, id="too much"),
        pytest.param(
            "NOTIONAL: price times quantity is 4.900, expected at least 5.00",
            {"quantity": "0.049", "price": "200", **MARKET},
            id="a small market order counts at the average price",
        ),
    ],
)
def test_what_the_venue_would_refuse(expected: str | None, wanted: dict[str, Any]) -> None:
    told = rules().refusal(open_request(**wanted).state, Decimal(100), 0)

    assert (None if expected is None else f"Filter failure: {expected}") == told


def test_without_an_average_price_nothing_is_compared_with_it() -> None:
    assert rules().refusal(open_request(price="999", quantity="1").state, None, 0) is None
    assert rules().refusal(open_request(quantity="0.001", **MARKET).state, None, 0) is None


@pytest.mark.parametrize(("open_orders", "is_refused"), [(199, False), (200, True)])
def test_orders_that_are_open_are_counted(open_orders: int, is_refused: bool) -> None:
    assert is_refused is (rules().refusal(open_request().state, None, open_orders) is not None)


def test_the_same_as_a_specification() -> None:
    quantity = InstrumentSpecQuantity(BTC, Decimal("0.001"), Decimal("0.001"))
    price, notional = InstrumentSpecPrice(Decimal("0.01"), Decimal("0.01")), InstrumentSpecNotional(Decimal(5))

    assert InstrumentSpec(price, quantity, notional) == rules().spec("BTC")
    assert rules([]).spec("BTC") is None


def test_a_number_that_is_none_is_an_error() -> None:
    with pytest.raises(DecodeError, match="tick_size is 'x'"):
        rules([{"filterType": "PRICE_FILTER", "tickSize": "x"}])


def venue() -> Venue:
    found = Venue()
    found.on("GET", "exchangeInfo", Answer(info(FILTERS)))
    found.on("GET", "avgPrice", Answer({"mins": 5, "price": "100.00", "closeTime": 1}))
    found.on("POST", "order", Answer(order()))
    return found


async def test_an_order_is_refused_before_it_is_sent() -> None:
    here = venue()
    async with connected(here) as client:
        answer = await client.open_order(open_request(price="121"))

    assert isinstance(answer, Order)
    assert isinstance(answer.state, OpenFailed)
    assert isinstance(answer.state.error, OrderRejected)
    assert "Filter failure: PERCENT_PRICE_BY_SIDE" in answer.state.error.reason
    assert here.calls("POST", "order") == []


async def test_the_average_price_is_asked_for_at_most_once_a_minute_and_is_good_for_five() -> None:
    here = venue()
    async with connected(here) as client:
        for _ in range(3):
            await client.open_order(open_request())
        assert 1 == len(here.calls("GET", "avgPrice"))
        here.on("GET", "avgPrice", Answer("", 503))
        here.clock.seconds += 301.0
        assert client.refusal(open_request(price="121")) is None, "an average of long ago says nothing"


async def test_specifications_come_from_the_venue() -> None:
    async with connected(venue()) as client:
        specs = await client.fetch_specs([BTCUSDT])

    assert {BTCUSDT: rules().spec("BTC")} == specs


async def test_filters_that_cannot_be_read_are_no_rules() -> None:
    here = venue()
    here.on("GET", "exchangeInfo", Answer(info([{"filterType": "LOT_SIZE", "stepSize": "-1"}])))
    async with connected(here) as client:
        with pytest.raises(ExecutionError, match="filters of BTCUSDT: step_size is '-1', expected zero or a positive number"):
            await client.account_stream([], [BTCUSDT])
        answer = await client.open_order(open_request())

    assert isinstance(answer, Order)
    assert isinstance(answer.state, OpenFailed)
    assert here.calls("POST", "order") == []
