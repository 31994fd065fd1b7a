"""Answers to REST requests, with what befalls them. Rust origin: none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from aiohttp import web

from barter_python.rehearsal.binance_spot.faults import (
    GarbleAnswers,
    LateAnswers,
    LimitRate,
    NoAnswers,
    RequestFault,
    ServerErrors,
)
from barter_python.rehearsal.binance_spot.rest import RestAnswer
from barter_python.rehearsal.binance_spot.venue_time import VenueTime

__all__ = ["faulty_answer"]

_GATEWAY_TIMEOUT: Final = 504
_UNKNOWN: Final = {"code": -1000, "msg": "An unknown error occurred while processing the request."}
_TIMEOUT: Final = {
    "code": -1007,
    "msg": "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
}


async def faulty_answer(
    fault: RequestFault | None, act: Callable[[], Awaitable[RestAnswer]], time: VenueTime
) -> web.Response | None:
    """RestAnswer a request.

    Args:
        fault: What befalls it, None for nothing.
        act: Does what it asks for, and sends the events of the account that it leads to.
        time: The venue's clock.

    Returns:
        The answer; None where the connection is to end without one.
    """
    match fault:
        case None:
            return _response(await act())
        case LimitRate():
            return _limited(fault)
        case ServerErrors():
            if fault.acts:
                await act()
            body = _TIMEOUT if fault.status == _GATEWAY_TIMEOUT else _UNKNOWN
            return _json(fault.status, msgspec.json.encode(body).decode(), {})
        case NoAnswers():
            if fault.acts:
                await act()
            await time.wait(None)
            return None
        case LateAnswers():
            answer = await act()
            return _response(answer) if await time.wait(fault.duration) else None
        case GarbleAnswers():
            answer = await act()
            return _json(answer.status, answer.body[: len(answer.body) // 2], dict(answer.headers))


def _limited(fault: LimitRate) -> web.Response:
    message = "Too many requests queued." if fault.status == 429 else "Way too much request weight used; IP banned."
    body = msgspec.json.encode({"code": -1003, "msg": message}).decode()
    return _json(fault.status, body, {"Retry-After": str(fault.retry_after)})


def _response(answer: RestAnswer) -> web.Response:
    return _json(answer.status, answer.body, dict(answer.headers))


def _json(status: int, text: str, headers: dict[str, str]) -> web.Response:
    return web.Response(status=status, text=text, headers=headers, content_type="application/json")
