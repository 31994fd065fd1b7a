"""What nothing can be faster than that uses aiohttp: a message in, a message out."""

from __future__ import annotations

import asyncio

import aiohttp

from benchmarks.latency.market import BEST_PRICES, TRADES
from benchmarks.latency.notes import Notes

_QUERY = (
    "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001&newClientOrderId={}&newOrderRespType=RESULT&recvWindow=5000"
    f"&timestamp=1700000000000&signature={'0' * 64}"
)
_HEADERS = {"X-MBX-APIKEY": "key"}


async def echo(address: str, ready: asyncio.Event, _: Notes) -> None:
    """Answer every trade with its id, on the same websocket, until cancelled."""
    async with aiohttp.ClientSession() as session, session.ws_connect(f"ws://{address}/ws") as socket:
        await _subscribe(socket, ready)
        async for message in socket:
            found = _trade_id(message.data)
            if found is not None:
                await socket.send_str(found)


async def post(address: str, ready: asyncio.Event, _: Notes) -> None:
    """Answer every trade with an HTTP request of the size of an order, on connections that are kept, until cancelled."""
    url, posting = f"http://{address}/api/v3/order", set[asyncio.Task[None]]()

    async def send(trade: str) -> None:
        async with session.post(f"{url}?{_QUERY.format(trade)}", headers=_HEADERS) as response:
            await response.read()

    async with aiohttp.ClientSession() as session, session.ws_connect(f"ws://{address}/ws") as socket:
        await _subscribe(socket, ready)
        async for message in socket:
            found = _trade_id(message.data)
            if found is not None:
                task = asyncio.create_task(send(found))  # the next message does not wait for the answer
                posting.add(task)
                task.add_done_callback(posting.discard)


async def _subscribe(socket: aiohttp.ClientWebSocketResponse, ready: asyncio.Event) -> None:
    await socket.send_json({"method": "SUBSCRIBE", "params": [TRADES, BEST_PRICES], "id": 1})
    await socket.receive()
    ready.set()


def _trade_id(text: str) -> str | None:
    return text.partition('"t":')[2].partition(",")[0] if text.startswith('{"e":"trade"') else None
