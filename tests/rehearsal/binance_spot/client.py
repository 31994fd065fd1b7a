"""A client written for these tests from the venue's documentation, which shares nothing with the project's own clients."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import aiohttp
from tests.support.patience import PATIENCE_SECONDS
from yarl import URL

from barter_python.data.book import Level, OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import DataKind, MarketEvent, OrderBookL1, PublicTrade
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.exchange.model.fee import FeeModel, PercentFees
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.instrument.asset import Asset, AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument, InstrumentIndex
from barter_python.instrument.side import Side
from barter_python.instrument.spec import (
    InstrumentSpec,
    InstrumentSpecNotional,
    InstrumentSpecPrice,
    InstrumentSpecQuantity,
)
from barter_python.integration.secret import Secret
from barter_python.rehearsal.binance_spot import EventFeed, MarketFeed, RehearsalConfig, RehearsalVenue

D = Decimal
BINANCE = ExchangeId.BINANCE_SPOT
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY, SECRET = "the-key", "the-secret"
SPEC = InstrumentSpec(
    InstrumentSpecPrice(D("0.01"), D("0.01")),
    InstrumentSpecQuantity(Asset.new_from_exchange("BTC"), D("0.001"), D("0.001")),
    InstrumentSpecNotional(D(10)),
)
INSTRUMENTS = IndexedInstruments.new([Instrument.spot(BINANCE, "binance_spot-btcusdt", "BTCUSDT", ("BTC", "USDT"), SPEC)])


def event(seconds: float, kind: DataKind) -> MarketEvent:
    time = START + timedelta(seconds=seconds)
    return MarketEvent(time, time, BINANCE, InstrumentIndex(0), kind)


def trade(seconds: float, price: float, amount: float = 1.0, side: Side = Side.SELL) -> MarketEvent:
    return event(seconds, PublicTrade(str(int(seconds) + 1), price, amount, side))


def best(seconds: float, bid: str = "99", ask: str = "101", amount: str = "5") -> MarketEvent:
    time = START + timedelta(seconds=seconds)
    return event(seconds, OrderBookL1(time, Level(D(bid), D(amount)), Level(D(ask), D(amount))))


def levels(text: str) -> list[Level]:
    return [Level(D(price), D(amount)) for price, amount in (part.split("x") for part in text.split())]


def book(seconds: float, bids: str = "99x5 98x5", asks: str = "101x5 102x5") -> MarketEvent:
    return event(seconds, OrderBookSnapshot(OrderBook(1, None, levels(bids), levels(asks))))


def update(seconds: float, bids: str = "", asks: str = "") -> MarketEvent:
    return event(seconds, OrderBookUpdate(OrderBook(1, None, levels(bids), levels(asks))))


def config(fee: FeeModel | None = None, holds: str = "USDT 1000, BTC 1", **members: Any) -> RehearsalConfig:
    balances = []
    for part in holds.split(", "):
        asset, amount = part.split()
        balances.append(AssetBalance(AssetNameExchange(asset), Balance(D(amount), D(amount)), START))
    exchange = SimulatedExchangeConfig(
        BINANCE, AccountSnapshot(BINANCE, balances, []), fee or PercentFees(D(0), D("0.001"), "received")
    )
    members = {"instruments": INSTRUMENTS, "exchange": exchange, "api_key": KEY, "api_secret": Secret(SECRET)} | members
    return RehearsalConfig(**members)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def problem(self) -> tuple[int, int, str]:
        return self.status, self.json["code"], self.json["msg"]


class Client:
    def __init__(self, venue: RehearsalVenue, session: aiohttp.ClientSession) -> None:
        self.venue = venue
        self._session = session

    def stamp(self) -> int:
        return int(self.venue.now.timestamp() * 1000)

    async def call(
        self,
        method: str,
        path: str,
        *,
        key: str | None = KEY,
        secret: str | None = None,
        body: bool = False,
        timeout: float = PATIENCE_SECONDS,
        **params: object,
    ) -> Answer:
        """A request; signed where a secret is given."""
        text = urlencode(params)
        if secret is not None:
            text += f"&signature={hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()}"
        headers = {} if key is None else {"X-MBX-APIKEY": key}
        url = f"{self.venue.rest_url}{path}" + (f"?{text}" if text and not body else "")
        data = text.encode() if body else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        limit = aiohttp.ClientTimeout(total=timeout)
        async with self._session.request(method, URL(url, encoded=True), headers=headers, data=data, timeout=limit) as response:
            return Answer(response.status, dict(response.headers), await response.text())

    async def get(self, path: str, **params: object) -> Answer:
        return await self.call("GET", f"/api/v3/{path}", **params)

    async def signed(self, method: str, path: str, **params: Any) -> Answer:
        params.setdefault("timestamp", self.stamp())
        params.setdefault("secret", SECRET)
        return await self.call(method, f"/api/v3/{path}", **params)

    async def order(self, side: str, quantity: str, price: str | None = None, cid: str | None = None, **params: Any) -> Answer:
        """A limit order, or a market order without a price."""
        members: dict[str, Any] = {"symbol": "BTCUSDT", "side": side, "quantity": quantity, "type": "MARKET"}
        if price is not None:
            members |= {"type": "LIMIT", "timeInForce": "GTC", "price": price}
        if cid is not None:
            members["newClientOrderId"] = cid
        return await self.signed(
            "POST", "order", **{name: value for name, value in (members | params).items() if value is not None}
        )

    @asynccontextmanager
    async def socket(self, path: str = "/ws", **options: Any) -> AsyncIterator[Socket]:
        async with self._session.ws_connect(f"{self.venue.websocket_url}{path}", **options) as opened:
            yield Socket(opened)

    @asynccontextmanager
    async def account(self) -> AsyncIterator[Socket]:
        """A connection that is subscribed to the events of the account."""
        async with self.socket("/ws-api/v3") as socket:
            params = sign({"apiKey": KEY, "timestamp": self.stamp()})
            answer = await socket.ask(id="sub", method="userDataStream.subscribe.signature", params=params)
            assert answer == {"id": "sub", "status": 200, "result": {"subscriptionId": 0}}
            yield socket


def sign(params: dict[str, Any], secret: str = SECRET) -> dict[str, Any]:
    text = "&".join(f"{name}={params[name]}" for name in sorted(params))
    return params | {"signature": hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()}


class Socket:
    def __init__(self, opened: aiohttp.ClientWebSocketResponse) -> None:
        self.opened = opened

    async def ask(self, **request: Any) -> Any:
        await self.opened.send_str(json.dumps(request))
        return await self.next()

    async def text(self) -> str:
        message = await self.opened.receive(timeout=PATIENCE_SECONDS)
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return str(message.data)

    async def next(self) -> Any:
        return json.loads(await self.text())

    async def take(self, count: int) -> list[Any]:
        return [await self.next() for _ in range(count)]

    async def is_quiet(self, seconds: float = 0.01) -> bool:
        try:
            await asyncio.wait_for(self.opened.receive(), seconds)  # a timeout of `receive` starts anew with each ping
        except TimeoutError:
            return True
        return False

    async def is_over(self) -> bool:
        ended = (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.ERROR)
        return (await self.opened.receive(timeout=PATIENCE_SECONDS)).type in ended


@asynccontextmanager
async def rehearse(*events: MarketEvent, feed: MarketFeed | None = None, **members: Any) -> AsyncIterator[Client]:
    """A venue with this market, and a client."""
    async with RehearsalVenue(config(**members), feed or EventFeed(events)) as venue, aiohttp.ClientSession() as session:
        yield Client(venue, session)
