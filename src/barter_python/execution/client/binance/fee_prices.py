"""What assets are worth in which commissions are paid. Rust origin: none.

A commission in a third asset, such as `BNB`, says nothing of its value in the quote asset. It is taken from the latest price of
that pair, where the venue has one, at most a minute old.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#symbol-price-ticker
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from logging import getLogger
from typing import Final

from barter_python.errors import Retry
from barter_python.execution.client.binance.error import BinanceFailure
from barter_python.execution.client.binance.message import SymbolInfo, TickerPrice
from barter_python.numeric import decimal_from_text

__all__ = ["FeePrices"]

_LOG: Final = getLogger(__name__)
_GOOD_FOR: Final = 60.0
"""Seconds."""


class FeePrices:
    """The latest prices of third assets.

    Args:
        latest: Asks for the latest price of a symbol.
        monotonic: Seconds from a clock that never goes back.

    Attributes:
        prices: By the asset and the quote asset.
    """

    def __init__(self, latest: Callable[[str], Awaitable[TickerPrice]], monotonic: Callable[[], float]) -> None:
        self._latest = latest
        self._monotonic = monotonic
        self._asked: dict[tuple[str, str], float] = {}
        self._missing: set[tuple[str, str]] = set()
        self.prices: dict[tuple[str, str], Decimal] = {}

    async def learn(self, asset: str, symbol: SymbolInfo | None) -> None:
        """Make sure that a commission in `asset` can be valued; where the venue does not tell, an older price has to do."""
        if symbol is None or asset in ("", symbol.base_asset, symbol.quote_asset):
            return
        pair = (asset, symbol.quote_asset)
        if pair in self._missing or self._monotonic() - self._asked.get(pair, float("-inf")) < _GOOD_FOR:
            return
        self._asked[pair] = self._monotonic()
        try:
            price = decimal_from_text((await self._latest("".join(pair))).price)
        except BinanceFailure as failure:
            if failure.retry is Retry.NEVER:
                self._missing.add(pair)
            _LOG.warning("fees in %s cannot be valued in %s: %s", *pair, failure)
            return
        if price is not None and price > 0:
            self.prices[pair] = price
