"""A venue that follows a script: real sockets, the documented messages, and a clock that only sleeping moves."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from barter_python.execution.client.binance.client import BinanceSpot
from barter_python.execution.client.binance.config import BinanceSpotConfig
from barter_python.execution.order.id import ClientOrderId, OrderId, StrategyId
from barter_python.execution.order.order import OrderKey, OrderKind, TimeInForce, Trigger
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, RequestCancel, RequestOpen
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.integration.secret import Secret

# The venue's published example keys: rest-api.md#hmac-keys. They belong to nobody.
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
START_MS = 1_700_000_000_000
BTCUSDT = InstrumentNameExchange("BTCUSDT")
BTC, USDT, BNB = AssetNameExchange("BTC"), AssetNameExchange("USDT"), AssetNameExchange("BNB")
STRATEGY = StrategyId("sma")


class Clock:
    """Stands still unless somebody sleeps by it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


@dataclass
class Answer:
    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    drops: bool = False
    waits: asyncio.Event | None = None


HANGS = Answer(hangs=True)
DROPS = Answer(drops=True)


def problem(code: int, msg: str, status: int = 400, **headers: str) -> Answer:
    return Answer({"code": code, "msg": msg}, status, {name.replace("_", "-"): value for name, value in headers.items()})


@dataclass
class Seen:
    method: str
    path: str
    query: str
    headers: dict[str, str]

    def params(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for pair in self.query.split("&") if pair)

    def is_signed_rightly(self) -> bool:
        payload, _, signature = self.query.rpartition("&signature=")
        return signature == hmac.new(SECRET.encode(), payload.encode(), hashlib.sha256).hexdigest()


Talk = Callable[[web.WebSocketResponse, dict[str, Any]], Awaitable[None]]


async def silent(socket: web.WebSocketResponse, request: dict[str, Any]) -> None:
    """Accepts, and says nothing more until the client goes."""
    await accept(socket, request)
    await socket.receive()


async def accept(socket: web.WebSocketResponse, request: dict[str, Any]) -> None:
    await socket.send_json({"id": request["id"], "status": 200, "result": {"subscriptionId": 0}})


def talks(*events: dict[str, Any]) -> Talk:
    """Accepts, sends events, and closes the connection."""

    async def talk(socket: web.WebSocketResponse, request: dict[str, Any]) -> None:
        await accept(socket, request)
        for event in events:
            await socket.send_json({"subscriptionId": 0, "event": event})

    return talk


def pushes(events: asyncio.Queue[dict[str, Any] | None]) -> Talk:
    """Accepts, sends events as they come, and closes the connection at None."""

    async def talk(socket: web.WebSocketResponse, request: dict[str, Any]) -> None:
        await accept(socket, request)
        while (event := await events.get()) is not None:
            await socket.send_json({"subscriptionId": 0, "event": event})

    return talk


class Venue:
    """Answers each request with the next answer of its path; the last one again and again."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.seen: list[Seen] = []
        self.asked: list[dict[str, Any]] = []
        self.talks: list[Talk] = [silent]
        self.answers: dict[tuple[str, str], list[Answer | Callable[[Seen], Answer]]] = {}
        self.on("GET", "time", lambda _: Answer({"serverTime": START_MS + int(self.clock.seconds * 1000)}))
        self.on("GET", "exchangeInfo", Answer(exchange_info()))
        self.on("GET", "account", Answer(account()))
        self.on("GET", "openOrders", Answer([]))
        self.on("GET", "myTrades", Answer([]))

    def on(self, method: str, name: str, *answers: Answer | Callable[[Seen], Answer]) -> None:
        self.answers[method, f"/api/v3/{name}"] = list(answers)

    def calls(self, method: str, name: str) -> list[Seen]:
        return [seen for seen in self.seen if (seen.method, seen.path) == (method, f"/api/v3/{name}")]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        seen = Seen(request.method, request.path, request.rel_url.raw_query_string, headers)
        self.seen.append(seen)
        script = self.answers[request.method, request.path]
        answer = script.pop(0) if len(script) > 1 else script[0]
        answer = answer(seen) if callable(answer) else answer
        if answer.hangs:
            await asyncio.Event().wait()
        if answer.waits is not None:
            await answer.waits.wait()
        if answer.drops:
            assert request.transport is not None
            request.transport.close()
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        return web.Response(text=text, status=answer.status, headers=answer.headers)

    async def handle_socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        asked = await socket.receive_json()
        self.asked.append(asked)
        talk = self.talks.pop(0) if len(self.talks) > 1 else self.talks[0]
        await talk(socket, asked)
        await socket.close()
        return socket


@asynccontextmanager
async def running(venue: Venue) -> AsyncIterator[BinanceSpotConfig]:
    """The venue on a port of this machine, and how to connect to it."""
    app = web.Application()
    app.router.add_get("/ws-api/v3", venue.handle_socket)
    app.router.add_route("*", "/api/v3/{name:.*}", venue.handle)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server(shutdown_timeout=0.01, access_log=None)
    base = f"127.0.0.1:{server.port}"
    try:
        yield BinanceSpotConfig(Secret(KEY), Secret(SECRET), f"http://{base}", f"ws://{base}/ws-api/v3")
    finally:
        await server.close()


@asynccontextmanager
async def connected(venue: Venue, **changes: Any) -> AsyncIterator[BinanceSpot]:
    """A client of the venue, on the venue's clock."""
    async with running(venue) as config:
        clock = venue.clock
        client = BinanceSpot(replace(config, **changes), monotonic=clock.monotonic, sleep=clock.sleep, random=lambda: 0.0)
        async with client:
            yield client


SHORT = timedelta(milliseconds=40)


def exchange_info() -> dict[str, Any]:
    def rule(kind: str, interval: str, number: int, limit: int) -> dict[str, Any]:
        return {"rateLimitType": kind, "interval": interval, "intervalNum": number, "limit": limit}

    return {
        "timezone": "UTC",
        "serverTime": START_MS,
        "rateLimits": [
            rule("REQUEST_WEIGHT", "MINUTE", 1, 6000),
            rule("ORDERS", "SECOND", 10, 50),
            rule("ORDERS", "DAY", 1, 160000),
            rule("RAW_REQUESTS", "MINUTE", 5, 61000),
        ],
        "exchangeFilters": [],
        "symbols": [
            {"symbol": "BTCUSDT", "status": "TRADING", "baseAsset": "BTC", "quoteAsset": "USDT", "filters": []},
        ],
    }


def account(**changes: Any) -> dict[str, Any]:
    return {
        "canTrade": True,
        "canWithdraw": False,
        "uid": 354937868,
        "updateTime": START_MS - 5,
        "accountType": "SPOT",
        "balances": [
            {"asset": "BTC", "free": "1.50000000", "locked": "0.25000000"},
            {"asset": "USDT", "free": "1000.00000000", "locked": "0.00000000"},
        ],
        **changes,
    }


def order(**changes: Any) -> dict[str, Any]:
    """As rest-api.md shows it."""
    return {
        "symbol": "BTCUSDT",
        "orderId": 28,
        "orderListId": -1,
        "clientOrderId": "sma-1",
        "transactTime": START_MS,
        "price": "100.00000000",
        "origQty": "2.00000000",
        "executedQty": "0.00000000",
        "origQuoteOrderQty": "0.000000",
        "cummulativeQuoteQty": "0.00000000",
        "status": "NEW",
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": "BUY",
        "workingTime": START_MS,
        "selfTradePreventionMode": "NONE",
        **changes,
    }


def report(**changes: Any) -> dict[str, Any]:
    """As user-data-stream.md shows it."""
    return {
        "e": "executionReport",
        "E": START_MS + 1,
        "s": "BTCUSDT",
        "c": "sma-1",
        "S": "BUY",
        "o": "LIMIT",
        "f": "GTC",
        "q": "2.00000000",
        "p": "100.00000000",
        "P": "0.00000000",
        "F": "0.00000000",
        "g": -1,
        "C": "",
        "x": "NEW",
        "X": "NEW",
        "r": "NONE",
        "i": 28,
        "l": "0.00000000",
        "z": "0.00000000",
        "L": "0.00000000",
        "n": "0",
        "N": None,
        "T": START_MS,
        "t": -1,
        "I": 8641984,
        "w": True,
        "m": False,
        "M": False,
        "O": START_MS,
        "Z": "0.00000000",
        "Y": "0.00000000",
        "Q": "0.00000000",
        "W": START_MS,
        "V": "NONE",
        **changes,
    }


def fill_report(trade_id: int = 7, filled: str = "0.50000000", last: str = "0.50000000", **changes: Any) -> dict[str, Any]:
    is_full = Decimal(filled) == 2
    fill = {"x": "TRADE", "X": "FILLED" if is_full else "PARTIALLY_FILLED", "l": last, "z": filled, "L": "99.50000000"}
    return report(**{**fill, "n": "0.04975000", "N": "USDT", "t": trade_id, "m": True, **changes})


def my_trade(trade_id: int, time_ms: int = START_MS, **changes: Any) -> dict[str, Any]:
    return {
        "symbol": "BTCUSDT",
        "id": trade_id,
        "orderId": 28,
        "orderListId": -1,
        "price": "99.50000000",
        "qty": "0.50000000",
        "quoteQty": "49.75000000",
        "commission": "0.04975000",
        "commissionAsset": "USDT",
        "time": time_ms,
        "isBuyer": True,
        "isMaker": True,
        "isBestMatch": True,
        **changes,
    }


def position(**changes: Any) -> dict[str, Any]:
    return {
        "e": "outboundAccountPosition",
        "E": START_MS + 2,
        "u": START_MS + 1,
        "B": [{"a": "BTC", "f": "1.50000000", "l": "0.50000000"}],
        **changes,
    }


def key(cid: str = "sma-1", instrument: InstrumentNameExchange = BTCUSDT) -> OrderKey:
    return OrderKey(ExchangeId.BINANCE_SPOT, instrument, STRATEGY, ClientOrderId(cid))


def open_request(
    cid: str = "sma-1",
    *,
    kind: OrderKind = OrderKind.LIMIT,
    time_in_force: TimeInForce = TimeInForce.GOOD_UNTIL_CANCELLED,
    side: Side = Side.BUY,
    price: str = "100",
    quantity: str = "2",
    reduce_only: bool = False,
    trigger: Trigger | None = None,
    instrument: InstrumentNameExchange = BTCUSDT,
) -> OrderRequestOpen:
    wanted = RequestOpen(side, Decimal(price), Decimal(quantity), kind, time_in_force, reduce_only, trigger)
    return OrderRequestOpen(key(cid, instrument), wanted)


def cancel_request(cid: str = "sma-1", order_id: str | None = "28") -> OrderRequestCancel:
    return OrderRequestCancel(key(cid), RequestCancel(None if order_id is None else OrderId(order_id)))
