"""All fills since a time, over as many answers as it takes. Rust origin: none.

The venue answers with a thousand fills at most, of a window of 24 hours at most where the window has two ends, and, asked by
`fromId`, whatever the time. So windows are tried from the beginning until one has a fill; from there it goes on by id.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#account-trade-list-user_data
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from barter_python.execution.client.binance.message import AccountTrade
from barter_python.execution.client.binance.request import TRADES_MAX, Parameters

__all__ = ["trades_since"]

_DAY_MS: Final = 24 * 60 * 60 * 1000


async def trades_since(
    page: Callable[[Parameters], Awaitable[list[AccountTrade]]], since_ms: int, now_ms: int
) -> list[AccountTrade]:
    """The fills of one symbol, oldest first.

    Args:
        page: Asks for the fills of a window.
        since_ms: Unix time, inclusive.
        now_ms: The venue's time now. Later fills come too, where they come to light.
    """
    found: list[AccountTrade] = []
    start = since_ms
    while not found and start <= now_ms:
        end = start + _DAY_MS - 1
        found = await page((("startTime", str(start)), ("endTime", str(end))))
        start = end + 1
    is_complete = not found or (start > now_ms and len(found) < TRADES_MAX)
    while not is_complete:
        more = await page((("fromId", str(found[-1].id + 1)),))
        found += more
        is_complete = len(more) < TRADES_MAX
    return found
