"""Average prices, by which the venue limits the prices of orders. Rust origin: none.

An order must not wait for a question: the average of the last minutes is asked for before the first order, and again after one,
and counts for as long as the venue averages.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#current-average-price
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from logging import getLogger
from typing import Final

from barter_python.execution.client.binance.error import BinanceFailure
from barter_python.execution.client.binance.message import AveragePrice
from barter_python.numeric import decimal_from_text

__all__ = ["AveragePrices"]

_LOG: Final = getLogger(__name__)
_ASKED_AGAIN_AFTER: Final = 60.0
"""Seconds."""
_GOOD_FOR: Final = 300.0
"""Seconds: what `avgPriceMins` is for every symbol that was seen."""


class AveragePrices:
    """The latest average prices.

    Args:
        average: Asks for the average price of a symbol.
        monotonic: Seconds from a clock that never goes back.
    """

    def __init__(self, average: Callable[[str], Awaitable[AveragePrice]], monotonic: Callable[[], float]) -> None:
        self._average = average
        self._monotonic = monotonic
        self._asked: dict[str, float] = {}
        self._prices: dict[str, tuple[float, Decimal]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def price(self, symbol: str) -> Decimal | None:
        """The average price, in quote currency; None where it is not known well enough."""
        asked, price = self._prices.get(symbol, (float("-inf"), None))
        return price if self._monotonic() - asked < _GOOD_FOR else None

    async def learn(self, symbol: str) -> None:
        """Ask, unless that was done in the last minute. Where the venue does not tell, prices are not checked here."""
        now = self._monotonic()
        if now - self._asked.get(symbol, float("-inf")) < _ASKED_AGAIN_AFTER:
            return
        self._asked[symbol] = now
        try:
            price = decimal_from_text((await self._average(symbol)).price)
        except BinanceFailure as failure:
            _LOG.warning("average price of %s: the venue does not tell: %s", symbol, failure)
            return
        if price is not None and price > 0:
            self._prices[symbol] = (now, price)

    def refresh(self, symbol: str) -> None:
        """Ask in the background, where the symbol was ever asked for."""
        if self._monotonic() - self._asked.get(symbol, float("inf")) >= _ASKED_AGAIN_AFTER:
            task = asyncio.create_task(self.learn(symbol))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Ask no more."""
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
