"""Binance spot in front of a small venue: its REST interface and its user data stream, in memory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.execution.client.binance import venue as documented
from tests.execution.client.guarantees.small_venue import Change, SmallVenue, VenueFill, VenueOrder

from barter_python.integration.error import HttpNotSentError, HttpTimeoutError, TerminatedError
from barter_python.integration.http import HttpRequest, HttpResponse
from barter_python.timed import EPOCH

Params = dict[str, str]


class BinanceFront:
    """A transport that answers for the venue."""

    def __init__(self, venue: SmallVenue) -> None:
        self.venue = venue
        self._answers: dict[tuple[str, str], Callable[[Params], tuple[int, Any]]] = {
            ("GET", "time"): lambda _: (200, {"serverTime": milliseconds(venue.now())}),
            ("GET", "exchangeInfo"): lambda _: (200, documented.exchange_info()),
            ("GET", "account"): lambda _: (200, documented.account(updateTime=milliseconds(venue.now()) - 1)),
            ("GET", "openOrders"): lambda _: (200, [order_message(order) for order in venue.orders if order.is_open]),
            ("GET", "myTrades"): self._trades,
            ("GET", "order"): self._query,
            ("POST", "order"): self._open,
            ("DELETE", "order"): self._cancel,
        }

    async def execute(self, request: HttpRequest) -> HttpResponse:
        if self.venue.is_down:
            raise HttpNotSentError(f"{request}: no connection")
        params = dict(pair.split("=", 1) for pair in request.query.split("&") if pair)
        status, body = self._answers[request.method, request.path.rpartition("/")[2]](params)
        if request.method != "GET" and self.venue.is_answer_lost():
            raise HttpTimeoutError(str(request), timedelta(seconds=1))
        return HttpResponse(status, {}, json.dumps(body).encode())

    async def connect(self, url: str) -> Socket:
        return Socket(self.venue)

    def _open(self, params: Params) -> tuple[int, Any]:
        if self.venue.refusal is not None:
            return 400, {"code": -2010, "msg": self.venue.refusal}
        quantity, price = Decimal(params["quantity"]), Decimal(params["price"])
        side = params["side"].title()
        return 200, order_message(self.venue.place(params["newClientOrderId"], side, quantity, price))

    def _cancel(self, params: Params) -> tuple[int, Any]:
        found = self._find(params)
        if found is None or not found.is_open:
            return 400, {"code": -2011, "msg": "Unknown order sent."}
        self.venue.cancel(found)
        return 200, order_message(found)

    def _query(self, params: Params) -> tuple[int, Any]:
        found = self._find(params)
        return (400, {"code": -2013, "msg": "Order does not exist."}) if found is None else (200, order_message(found))

    def _find(self, params: Params) -> VenueOrder | None:
        return self.venue.find(params.get("origClientOrderId"), int(params.get("orderId", "0")))

    def _trades(self, params: Params) -> tuple[int, Any]:
        start, from_id = int(params.get("startTime", "0")), int(params.get("fromId", "0"))
        wanted = [fill for fill in self.venue.fills if fill.id >= from_id and milliseconds(fill.time) >= start]
        return 200, [trade_message(fill) for fill in wanted if params.get("orderId", str(fill.order_id)) == str(fill.order_id)]


class Socket:
    """The user data stream; it is lost while the venue is down."""

    def __init__(self, venue: SmallVenue) -> None:
        self._venue = venue
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        venue.listeners.append(self._tell)

    async def send(self, text: str) -> None:
        self._messages.put_nowait({"id": json.loads(text)["id"], "status": 200})

    async def receive(self) -> bytes:
        while self._messages.empty():
            if self._venue.is_down:
                raise TerminatedError(None)
            await asyncio.sleep(0.01)
        return json.dumps(self._messages.get_nowait()).encode()

    async def close(self) -> None:
        if self._tell in self._venue.listeners:
            self._venue.listeners.remove(self._tell)

    def _tell(self, change: Change) -> None:
        if not self._venue.is_down:
            self._messages.put_nowait({"subscriptionId": 0, "event": report_message(*change)})


def milliseconds(time: datetime) -> int:
    return (time - EPOCH) // timedelta(milliseconds=1)


def order_message(order: VenueOrder) -> dict[str, Any]:
    return documented.order(
        orderId=order.id,
        clientOrderId=order.cid,
        price=str(order.price),
        origQty=str(order.quantity),
        executedQty=str(order.filled),
        status=order.status,
        side=order.side.upper(),
        transactTime=milliseconds(order.time),
    )


def report_message(order: VenueOrder, fill: VenueFill | None) -> dict[str, Any]:
    state = {"i": order.id, "c": order.cid, "S": order.side.upper(), "p": str(order.price), "q": str(order.quantity)}
    state |= {"z": str(order.filled), "X": order.status, "T": milliseconds(order.time), "E": milliseconds(order.time)}
    if fill is None:
        return documented.report(x=order.status, **state)
    return documented.report(x="TRADE", l=str(fill.quantity), L=str(fill.price), t=fill.id, N="USDT", **state)


def trade_message(fill: VenueFill) -> dict[str, Any]:
    return documented.my_trade(
        fill.id, milliseconds(fill.time), orderId=fill.order_id, qty=str(fill.quantity), price=str(fill.price), commission="0"
    )
