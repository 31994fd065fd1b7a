"""Where the market comes from, and how it goes on."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from tests.rehearsal.binance_spot.client import BINANCE, INSTRUMENTS, START, best, book, config, rehearse, trade, update
from tests.support.captures import SPOT, needs_captures

from barter_python.backtest.synthetic import SyntheticInstrument, SyntheticMarket
from barter_python.data.event import Candle, MarketReconnecting
from barter_python.data.exchange.binance.transformer import BinanceTransformer
from barter_python.errors import ConfigError, MarketDataError
from barter_python.execution.account import AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.exchange.model.fee import PercentFees
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.rehearsal.binance_spot import CaptureFeed, EventFeed, RehearsalConfig, RehearsalVenue

LOCAL = 1_723_161_253_000_000_000
VENUE = 1_723_161_255_000
"""The capture's clock is two seconds behind the venue's."""
ALL = "/stream?streams=btcusdt@trade/btcusdt@bookTicker/btcusdt@depth@100ms"


def line(ms: int, stream: str, data: str) -> str:
    return f'{LOCAL + ms * 1_000_000} {{"stream":"btcusdt@{stream}","data":{data}}}'


def depth(ms: int, first: int, last: int, bids: str = "") -> str:
    data = f'{{"e":"depthUpdate","E":{VENUE + ms},"s":"BTCUSDT","U":{first},"u":{last},"b":[{bids}],"a":[]}}'
    return line(ms, "depth@100ms", data)


def ticker(ms: int, bid: str = "99") -> str:
    return line(ms, "bookTicker", f'{{"u":5,"s":"BTCUSDT","b":"{bid}","B":"3","a":"101","A":"1"}}')


def capture_trade(ms: int, price: str, stamp: int) -> str:
    data = (
        f'{{"e":"trade","E":{VENUE + stamp},"s":"BTCUSDT","t":1,"p":"{price}","q":"1.0","T":{VENUE + stamp},"m":true,"M":true}}'
    )
    return line(ms, "trade", data)


LINES = (
    depth(0, 90, 95),
    depth(100, 96, 101, '["98.0","1"]'),
    ticker(150),
    f'{LOCAL + 200_000_000} {{"lastUpdateId":100,"bids":[["99","1"],["98","1"]],"asks":[["101","1"]]}}',
    depth(300, 102, 105, '["99","2"]'),
    capture_trade(400, "98.5", 400),
)


def capture(folder: Path, *lines: str) -> Path:
    path = folder / "capture.gz"
    path.write_bytes(gzip.compress("".join(f"{item}\n" for item in lines).encode()))
    return path


async def test_a_capture_goes_out_byte_for_byte(tmp_path: Path) -> None:
    async with rehearse(feed=CaptureFeed(capture(tmp_path, *LINES), "BTCUSDT")) as client, client.socket(ALL) as socket:
        assert await client.venue.step(10) == 6
        sent = [await socket.text() for _ in range(5)]

    assert [item.partition(" ")[2] for item in LINES if "stream" in item] == sent


async def test_the_venues_time_is_that_of_its_stamps(tmp_path: Path) -> None:
    async with rehearse(feed=CaptureFeed(capture(tmp_path, *LINES), "BTCUSDT")) as client:
        times = []
        while await client.venue.step():
            times.append(client.stamp() - VENUE)

    assert times == [0, 100, 150, 200, 300, 400]


async def test_time_never_goes_back_nor_stays_behind_a_stamp(tmp_path: Path) -> None:
    lines = (depth(0, 1, 2), capture_trade(10, "99", 30), ticker(20), ticker(50))
    async with rehearse(feed=CaptureFeed(capture(tmp_path, *lines), "BTCUSDT")) as client:
        times = []
        while await client.venue.step():
            times.append(client.stamp() - VENUE)

    assert times == [0, 30, 30, 50]


async def test_the_snapshot_of_a_capture_can_be_followed_from_the_start(tmp_path: Path) -> None:
    async with rehearse(feed=CaptureFeed(capture(tmp_path, *LINES), "BTCUSDT")) as client:
        ids = []
        for _ in range(6):
            ids.append((await client.get("depth", symbol="BTCUSDT")).json["lastUpdateId"])
            await client.venue.step()
        final = (await client.get("depth", symbol="BTCUSDT")).json

    assert ids == [100, 100, 101, 101, 101, 105]
    assert final["bids"] == [["99.00000000", "2.00000000"], ["98.00000000", "1.00000000"]]


async def test_orders_are_matched_on_the_capture(tmp_path: Path) -> None:
    async with rehearse(feed=CaptureFeed(capture(tmp_path, *LINES), "BTCUSDT")) as client:
        await client.venue.step(5)
        await client.order("BUY", "1", "98.6", "mine")
        await client.venue.step()
        order = client.venue.books().order("mine")

    assert ("FILLED", Decimal("98.6")) == (order.status, order.quote_executed)


async def test_a_capture_without_a_snapshot_shows_its_updates(tmp_path: Path) -> None:
    lines = (depth(0, 1, 2, '["98","1"]'), ticker(10))
    async with rehearse(feed=CaptureFeed(capture(tmp_path, *lines), "BTCUSDT")) as client:
        await client.venue.step(2)
        assert (await client.get("depth", symbol="BTCUSDT")).json["lastUpdateId"] == 2
        assert (await client.order("SELL", "1")).json["status"] == "FILLED"


BAD = {
    "another symbol": (
        ticker(0).replace("BTCUSDT", "ETHUSDT"),
        "line 1: symbol is 'ETHUSDT', expected only spot messages of 'BTCUSDT'",
    ),
    "no JSON": (f"{LOCAL} hello", "line 1: not a message of Binance"),
    "price": (ticker(0, "NaN"), "line 1: price is 'NaN', expected a positive decimal number"),
}


@pytest.mark.parametrize(("text", "problem"), BAD.values(), ids=BAD)
async def test_a_bad_capture(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(MarketDataError, match=problem):
        async with rehearse(feed=CaptureFeed(capture(tmp_path, text), "BTCUSDT")):
            pass


@needs_captures(SPOT)
async def test_a_real_capture_is_a_book_that_a_client_can_follow() -> None:
    feed = CaptureFeed(SPOT, "BTCUSDT", lines=1500)
    transformer, prices = BinanceTransformer(BINANCE), 0
    async with rehearse(feed=feed, holds="USDT 100000, BTC 1") as client, client.socket(ALL) as socket:
        snapshot = (await client.call("GET", "/api/v3/depth?symbol=BTCUSDT&limit=5000")).text.encode()
        assert transformer.on_snapshot(snapshot, START, "BTCUSDT")
        await client.venue.step(1000)
        answer = await client.order("BUY", "0.01")
        assert answer.json["status"] == "FILLED"
        await client.venue.step(400)
        for _ in range(1390):
            prices += len(transformer.transform((await socket.text()).encode(), START))
        fills = [Decimal(fill["price"]) for fill in answer.json["fills"]]

    assert prices > 1300
    assert all(Decimal(61000) < price < Decimal(63000) for price in fills)


@needs_captures(SPOT)
async def test_a_real_capture_goes_out_byte_for_byte() -> None:
    async with rehearse(feed=CaptureFeed(SPOT, "BTCUSDT", lines=300)) as client, client.socket(ALL) as socket:
        await client.venue.step(300)
        sent = [await socket.text() for _ in range(299)]
    with gzip.open(SPOT, "rt") as lines:
        expected = [item.rstrip("\n").partition(" ")[2] for item in islice(lines, 300)]

    assert [item for item in expected if item.startswith('{"stream"')] == sent


async def test_a_seeded_market() -> None:
    async def run() -> list[Any]:
        market = SyntheticMarket(BINANCE, (SyntheticInstrument(InstrumentIndex(0), 100.0, Decimal("0.01")),), 20, seed=3)
        async with rehearse(feed=EventFeed.of_chunks(market.stream())) as client, client.socket(ALL) as socket:
            count = await client.venue.step(100)
            assert client.venue.is_finished
            return [await socket.text() for _ in range(count)]

    first = await run()
    assert first == await run()
    assert len(first) > 20


async def test_best_prices_stand_for_a_book_where_there_is_none() -> None:
    async with rehearse(best(0), best(1, "97", "98")) as client:
        await client.venue.step(2)
        answer = (await client.get("depth", symbol="BTCUSDT")).json

    assert answer == {"lastUpdateId": 2, "bids": [["97.00000000", "5.00000000"]], "asks": [["98.00000000", "5.00000000"]]}


async def test_events_that_the_venue_does_not_stream() -> None:
    candle = trade(0, 1)
    candle.kind = Candle(START, 1.0, 1.0, 1.0, 1.0, 1.0, 1)
    with pytest.raises(MarketDataError, match="event 1 is of kind 'candle', expected public_trade, l1 or l2"):
        async with rehearse(candle):
            pass
    with pytest.raises(MarketDataError, match=r"event 1 is MarketReconnecting.*expected one of an instrument of 'binance_spot'"):
        async with rehearse(feed=EventFeed([MarketReconnecting(BINANCE)])):
            pass


async def test_advancing_lets_everything_happen_up_to_a_time() -> None:
    async with rehearse(best(0), best(1), best(5)) as client:
        assert await client.venue.advance(START + timedelta(seconds=3)) == 2
        assert START + timedelta(seconds=3) == client.venue.now
        assert await client.venue.advance(START + timedelta(seconds=5)) == 1
        assert client.venue.is_finished


async def test_a_replay_as_fast_as_clients_read() -> None:
    async with rehearse(*[best(second) for second in range(200)]) as client, client.socket("/ws/btcusdt@bookTicker") as socket:
        replay = asyncio.create_task(client.venue.replay())
        assert list(range(1, 201)) == [message["u"] for message in await socket.take(200)]
        await replay


async def test_a_replay_at_a_speed_follows_the_time_between_messages() -> None:
    async with rehearse(best(0), best(10), best(20)) as client, client.socket("/ws/btcusdt@bookTicker") as socket:
        begun = asyncio.get_running_loop().time()
        replay = asyncio.create_task(client.venue.replay(speed=1000))
        assert (await socket.next())["u"] == 1
        early = client.venue.now
        await replay
        took = asyncio.get_running_loop().time() - begun

    assert START <= early < START + timedelta(seconds=20)
    assert 0.019 < took < 1


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
async def test_impossible_speeds(speed: float) -> None:
    async with rehearse(best(0)) as client:
        with pytest.raises(ConfigError, match=r"speed is .*, expected a positive number or None"):
            await client.venue.replay(speed)


async def test_the_books_are_a_copy() -> None:
    async with rehearse(book(0), trade(1, 98)) as client:
        await client.venue.step()
        await client.order("BUY", "1", "99", "mine")
        before = client.venue.books()
        await client.venue.step()
        after = client.venue.books()

    assert [books.order("mine").status for books in (before, after)] == ["NEW", "FILLED"]
    assert [(len(books.open_orders()), len(books.trades)) for books in (before, after)] == [(1, 0), (0, 1)]
    assert [Decimal(0), Decimal(1)] == [books.position("BTCUSDT") for books in (before, after)]
    with pytest.raises(LookupError, match="client order id is 'x', expected one of: mine"):
        after.order("x")


async def test_closing_ends_everything_and_may_be_repeated(tmp_path: Path) -> None:
    venue = RehearsalVenue(config(), CaptureFeed(capture(tmp_path, *LINES), "BTCUSDT"))
    with pytest.raises(ConfigError, match="the venue is not open"):
        _ = venue.rest_url
    async with venue:
        await venue.step()
    await venue.close()


async def test_an_empty_market_is_finished() -> None:
    async with rehearse() as client:
        assert client.venue.is_finished
        assert await client.venue.step() == 0


def test_what_cannot_be_rehearsed() -> None:
    fee = PercentFees(Decimal(0), Decimal(0))
    with pytest.raises(ConfigError, match="exchange is 'okx', expected 'binance_spot'"):
        RehearsalConfig(INSTRUMENTS, SimulatedExchangeConfig(ExchangeId.OKX, AccountSnapshot(ExchangeId.OKX, [], []), fee))
    orders: Any = [object()]
    state = AccountSnapshot(BINANCE, [], [InstrumentAccountSnapshot(InstrumentIndex(0), orders)])
    with pytest.raises(ConfigError, match="initial_state has open orders of 0, expected none"):
        RehearsalConfig(INSTRUMENTS, SimulatedExchangeConfig(BINANCE, state, fee))


async def test_messages_agree_with_what_orders_are_matched_on() -> None:
    async with rehearse(book(0), update(1, "", "101x0 103x2")) as client, client.socket("/ws/btcusdt@depth") as socket:
        await client.venue.step(2)
        shown = [json.loads(await socket.text())["a"] for _ in range(2)][-1]
        assert shown == [["101.00000000", "0.00000000"], ["103.00000000", "2.00000000"]]
        assert (await client.order("BUY", "1")).json["fills"][0]["price"] == "102.00000000"
