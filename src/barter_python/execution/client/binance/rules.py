"""What Binance spot accepts of the symbols in use. Rust origin: none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from barter_python.execution.client.binance import request as ask
from barter_python.execution.client.binance.average_price import AveragePrices
from barter_python.execution.client.binance.message import AveragePrice
from barter_python.execution.client.binance.rest import BinanceRest
from barter_python.execution.error import OrderRejected
from barter_python.execution.order.request import OrderRequestOpen
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.instrument.spec import InstrumentSpec

__all__ = ["BinanceRules"]


class BinanceRules:
    """The rules of symbols, and the average prices that some of them need.

    Args:
        rest: The venue.
        timeout: For each call.
        monotonic: Seconds from a clock that never goes back.

    Attributes:
        averages: The average prices.
    """

    def __init__(self, rest: BinanceRest, timeout: Callable[[], timedelta], monotonic: Callable[[], float]) -> None:
        self._rest = rest
        self._timeout = timeout
        self.averages = AveragePrices(self._average_price, monotonic)

    async def load(self, symbols: Sequence[str], *, is_anew: bool = False) -> None:
        """Learn the rules of symbols that are not known yet, or of all of them anew.

        Raises:
            BinanceFailure: There is no answer, or a symbol is not known to the venue.
        """
        await self._rest.load(symbols, is_anew=is_anew)
        for symbol in symbols:
            if symbol in self._rest.symbols and self._rest.symbols[symbol].rules.needs_average:
                await self.averages.learn(symbol)

    def refusal(self, request: OrderRequestOpen, open_orders: int) -> OrderRejected | None:
        """Why the venue would refuse an order, in its words; None where nothing is known against it."""
        symbol = str(request.key.instrument)
        info = self._rest.symbols.get(symbol)
        reason = None if info is None else info.rules.refusal(request.state, self.averages.price(symbol), open_orders)
        return None if reason is None else OrderRejected(reason)

    def asset_spent(self, request: OrderRequestOpen) -> AssetNameExchange | None:
        """What an order pays with, None where the symbol is not known."""
        info = self._rest.symbols.get(str(request.key.instrument))
        if info is None:
            return None
        return AssetNameExchange(info.quote_asset if request.state.side is Side.BUY else info.base_asset)

    def specs(self) -> dict[InstrumentNameExchange, InstrumentSpec]:
        """The rules of the known symbols as specifications. A symbol without filters has none."""
        specs = ((name, info.rules.spec(info.base_asset)) for name, info in self._rest.symbols.items())
        return {InstrumentNameExchange(name): spec for name, spec in specs if spec is not None}

    async def _average_price(self, symbol: str) -> AveragePrice:
        return await self._rest.send(ask.average_price(symbol, self._timeout()))
