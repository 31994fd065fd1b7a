"""A venue that follows a script, without sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from barter_python.data.book import Level
from barter_python.data.event import MarketEvent, PublicTrade
from barter_python.data.exchange.registry import connector_of
from barter_python.data.streams.environment import StreamEnvironment, StreamSettings
from barter_python.data.streams.live_subscription import LiveSubscription, LiveSubscriptions
from barter_python.data.streams.status import ConnectionStatus
from barter_python.data.streams.watchdog import Watchdog
from barter_python.data.subscription import SubKind, Subscription
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument
from barter_python.integration.error import SinkError, TerminatedError

BINANCE, BYBIT = ExchangeId.BINANCE_SPOT, ExchangeId.BYBIT_SPOT
START = datetime(2026, 3, 1, tzinfo=UTC)
BTC = MarketDataInstrument.new("btc", "usdt", Spot())
ETH = MarketDataInstrument.new("eth", "usdt", Spot())
ACK = b'{"result":null,"id":1}'
REFUSED = b'{"error":{"code":-1121,"msg":"Invalid symbol."},"id":1}'
BYBIT_ACK = b'{"success":true,"ret_msg":"subscribe","op":"subscribe"}'
DROP = TerminatedError(1006)

Step = bytes | float | Exception
"""A message to receive, seconds in which nothing comes, or the end of the connection."""
Script = Sequence[Step] | Exception
"""What a connection brings, then silence; or why it cannot be made."""


class FakeWebSocket:
    def __init__(self, script: Sequence[Step]) -> None:
        self.sent: list[str] = []
        self.sent_at: list[float] = []
        self.closed = False
        self._script = list(script)

    async def send(self, text: str) -> None:
        if self.closed:
            raise SinkError("closed")
        self.sent.append(text)
        self.sent_at.append(asyncio.get_running_loop().time())

    async def receive(self) -> bytes:
        while self._script:
            step = self._script[0]
            if isinstance(step, float | int):
                await asyncio.sleep(step)
                self._script.pop(0)
                continue
            self._script.pop(0)
            if isinstance(step, Exception):
                raise step
            return step
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    async def close(self) -> None:
        self.closed = True


@dataclass
class FakeVenue:
    """Gives each connection the next script (of its address, where that has any), and each request for a snapshot an answer."""

    scripts: list[Script]
    snapshots: list[bytes | Exception] = field(default_factory=list)
    snapshot_seconds: float = 0.0
    sockets: list[FakeWebSocket] = field(default_factory=list)
    connected_at: list[float] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    fetched_at: list[float] = field(default_factory=list)
    chance: float = 0.0
    scripts_at: dict[str, list[Script]] = field(default_factory=dict)

    async def connect(self, url: str, headers: Mapping[str, str]) -> FakeWebSocket:
        self.asked.append((url, dict(headers)))
        self.connected_at.append(asyncio.get_running_loop().time())
        script = self.scripts_at.get(url, self.scripts).pop(0)
        if isinstance(script, Exception):
            raise script
        socket = FakeWebSocket(script)
        self.sockets.append(socket)
        return socket

    async def fetch(self, url: str) -> bytes:
        self.fetched.append(url)
        self.fetched_at.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.snapshot_seconds)
        answer = self.snapshots.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def environment(self) -> StreamEnvironment:
        loop = asyncio.get_running_loop()
        return StreamEnvironment(
            connect=self.connect,
            fetch=self.fetch,
            now=lambda: START + timedelta(seconds=loop.time()),
            monotonic=loop.time,
            sleep=asyncio.sleep,
            random=lambda: self.chance,
            connector_of=connector_of,
        )

    @property
    def open_sockets(self) -> int:
        return sum(not socket.closed for socket in self.sockets)


def sub(
    kind: SubKind = SubKind.PUBLIC_TRADES,
    instrument: Any = BTC,
    exchange: ExchangeId = ExchangeId.BINANCE_SPOT,
) -> Subscription[Any]:
    return Subscription(exchange, instrument, kind)


def trade(id_: int, price: str = "100", symbol: str = "BTCUSDT") -> bytes:
    members = {"e": "trade", "E": 1, "s": symbol, "t": id_, "p": price, "q": "1", "T": 1, "m": False, "M": True}
    return json.dumps(members).encode()


def depth(first: int, last: int, bid: str = "99", ask: str = "101", symbol: str = "BTCUSDT") -> bytes:
    members = {"e": "depthUpdate", "E": 1, "s": symbol, "U": first, "u": last, "b": [[bid, "1"]], "a": [[ask, "1"]]}
    return json.dumps(members).encode()


def snapshot(last: int, bid: str = "99", ask: str = "101") -> bytes:
    return json.dumps({"lastUpdateId": last, "bids": [[bid, "5"]], "asks": [[ask, "5"]]}).encode()


def trade_ids(events: Sequence[object]) -> list[str]:
    return [event.kind.id for event in events if isinstance(event, MarketEvent) and isinstance(event.kind, PublicTrade)]


def level(price: str, amount: str) -> Level:
    return Level(Decimal(price), Decimal(amount))


def live(*subscriptions: Subscription[Any], exchange: ExchangeId = ExchangeId.BINANCE_SPOT) -> LiveSubscriptions:
    return LiveSubscriptions(connector_of(exchange), map(LiveSubscription, subscriptions))


def status() -> ConnectionStatus:
    return ConnectionStatus(ExchangeId.BINANCE_SPOT)


def watchdog(settings: StreamSettings = StreamSettings()) -> Watchdog:  # noqa: B008 - immutable
    seconds = settings.stale_after.total_seconds(), settings.stale_after_max.total_seconds()
    return Watchdog(*seconds, asyncio.get_running_loop().time)


def bybit_trade(id_: str) -> bytes:
    data = b'{"T":1,"s":"BTCUSDT","S":"Buy","v":"1","p":"100","i":"%s"}' % id_.encode()
    return b'{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1,"data":[' + data + b"]}"


async def read(stream: Any, count: int) -> list[Any]:
    return [await anext(stream) for _ in range(count)]
