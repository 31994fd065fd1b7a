"""A venue in a box in a thread of its own, for commands, which run their own event loop.

Its market goes on in real time from when the first client follows it, however long that takes to start.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from tests.support.patience import PATIENCE_SECONDS

from barter_python.data.book import Level
from barter_python.data.event import MarketEvent, OrderBookL1, PublicTrade
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.exchange.model.fee import PercentFees
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument, InstrumentIndex
from barter_python.instrument.side import Side
from barter_python.integration.secret import Secret
from barter_python.rehearsal.binance_spot import (
    Books,
    EventFeed,
    Fault,
    RehearsalConfig,
    RehearsalLimits,
    RehearsalVenue,
    VenueChannel,
)

SPOT = ExchangeId.BINANCE_SPOT
KEY, SECRET, UID = "api-key-canary", "api-secret-canary", "1"
_PAUSE = timedelta(milliseconds=20)
_POLL_SECONDS = 0.01


def instruments(*bases: str) -> IndexedInstruments:
    return IndexedInstruments.new(
        Instrument.spot(SPOT, f"binance_spot-{base.lower()}usdt", f"{base}USDT", (base, "USDT")) for base in bases
    )


def market(bases: int) -> Iterator[MarketEvent]:
    """Best prices and trades from now on, for each instrument fifty a second; the price goes up and down around 100."""
    clock = datetime.now(UTC)
    number = 0
    while True:
        index, price = InstrumentIndex(number % bases), 100 + number // bases % 7
        best = OrderBookL1(clock, Level(Decimal(price), Decimal(5)), Level(Decimal(price + 1), Decimal(5)))
        yield MarketEvent(clock, clock, SPOT, index, best)
        yield MarketEvent(clock, clock, SPOT, index, PublicTrade(str(number), float(price), 0.5, Side.SELL))
        number += 1
        clock += _PAUSE / bases


class RunningVenue:
    """The venue; `with` opens and closes it.

    Args:
        faults: What goes wrong on schedule.
        bases: What trades against USDT.
    """

    def __init__(self, *faults: Fault, bases: tuple[str, ...] = ("BTC",)) -> None:
        cash = AssetBalance(AssetNameExchange("USDT"), Balance(Decimal(10_000), Decimal(10_000)), datetime.now(UTC))
        fees = PercentFees(Decimal("0.001"), Decimal("0.001"))
        account = SimulatedExchangeConfig(SPOT, AccountSnapshot(SPOT, [cash], []), fees)
        limits = RehearsalLimits(orders_per_ten_seconds=1_000)
        config = RehearsalConfig(instruments(*bases), account, KEY, Secret(SECRET), faults, limits)
        self._venue = RehearsalVenue(config, EventFeed(market(len(bases))))
        self._is_open = threading.Event()
        self._end = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))
        self.url = ""

    def __enter__(self) -> RunningVenue:
        self._thread.start()
        assert self._is_open.wait(PATIENCE_SECONDS)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()
        self._loop.close()

    @property
    def environment(self) -> dict[str, str]:
        """What points the command to this venue."""
        return {"BARTER_REHEARSAL_URL": self.url, "BINANCE_API_KEY": KEY, "BINANCE_API_SECRET": SECRET}

    def books(self) -> Books:
        """What the venue knows."""

        async def read() -> Books:
            return self._venue.books()

        return asyncio.run_coroutine_threadsafe(read(), self._loop).result(PATIENCE_SECONDS)

    def once(self, is_so: Callable[[Books], bool], action: Callable[[], object], *more: Callable[[], object]) -> None:
        """Do something as soon as the books are so; and one thing more each time that the venue has had a request since."""

        async def watch() -> None:
            while not is_so(self._venue.books()):
                await asyncio.sleep(_POLL_SECONDS)
            action()
            for following in more:
                before = self._venue.requests
                while self._venue.requests == before:
                    await asyncio.sleep(_POLL_SECONDS)
                following()

        self._loop.call_soon_threadsafe(lambda: self._watching.append(asyncio.create_task(watch())))

    def order_by_hand(self, side: str, quantity: str, price: str, cid: str) -> None:
        """A limit order of another program with the same keys."""
        stamp = int(time.time() * 1000)
        wanted: dict[str, Any] = {"symbol": "BTCUSDT", "side": side, "type": "LIMIT", "timeInForce": "GTC", "quantity": quantity}
        query = urlencode({**wanted, "price": price, "newClientOrderId": cid, "timestamp": stamp})
        signature = hmac.new(SECRET.encode(), query.encode(), hashlib.sha256).hexdigest()
        url = f"{self.url}/api/v3/order?{query}&signature={signature}"
        request = urllib.request.Request(url, method="POST", headers={"X-MBX-APIKEY": KEY})
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            assert 200 == answer.status

    async def _run(self) -> None:
        self._watching: list[asyncio.Task[None]] = []
        async with self._venue:
            self.url = self._venue.rest_url
            replay = asyncio.create_task(self._replay())
            self._is_open.set()
            await self._end.wait()
            for task in (replay, *self._watching):
                task.cancel()
            await asyncio.wait((replay, *self._watching))

    async def _replay(self) -> None:
        while not self._venue.connections(VenueChannel.MARKET):
            await asyncio.sleep(_POLL_SECONDS)
        await self._venue.replay(speed=1)
