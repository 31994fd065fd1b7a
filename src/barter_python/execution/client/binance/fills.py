"""Fills of Binance spot on request, and what their fees are worth. Rust origin: none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Final

from barter_python.execution.account import AccountEvent
from barter_python.execution.client.binance import request as ask
from barter_python.execution.client.binance.account import execution_events, position_balances
from barter_python.execution.client.binance.fee_prices import FeePrices
from barter_python.execution.client.binance.message import AccountPosition, AccountTrade, ExecutionReport, TickerPrice
from barter_python.execution.client.binance.request import Parameters
from barter_python.execution.client.binance.rest import BinanceRest
from barter_python.execution.client.binance.trade import to_trade
from barter_python.execution.client.binance.trade_history import trades_since
from barter_python.execution.order.id import OrderId
from barter_python.execution.trade import Trade

__all__ = ["BinanceFills"]

_PRICE_TIMEOUT: Final = timedelta(seconds=1)


class BinanceFills:
    """The fills of one account. What fails is a `BinanceFailure`, what cannot be read a `DecodeError`.

    Args:
        rest: The account.
        timeout: For each call.
        monotonic: Seconds from a clock that never goes back.
    """

    def __init__(self, rest: BinanceRest, timeout: Callable[[], timedelta], monotonic: Callable[[], float]) -> None:
        self._rest = rest
        self._timeout = timeout
        self._fee_prices = FeePrices(self._latest_price, monotonic)

    async def since(self, symbols: Iterable[str], since_ms: int) -> list[Trade]:
        """The fills of some symbols since a time, Unix time of the venue, oldest first."""
        found: list[AccountTrade] = []
        await self._rest.synchronise()
        for symbol in symbols:

            async def page(window: Parameters, symbol: str = symbol) -> list[AccountTrade]:
                return await self._rest.get(ask.my_trades(symbol, window, self._timeout()))

            found += await trades_since(page, since_ms, self._rest.time.now_ms())
        return await self._trades(sorted(found, key=lambda message: message.time))

    async def of_order(self, symbol: str, order_id: OrderId) -> list[Trade]:
        """All fills of an order, oldest first."""
        found: list[AccountTrade] = []
        is_complete = False
        while not is_complete:
            from_id = found[-1].id + 1 if found else 0
            page = await self._rest.get(ask.order_trades(symbol, order_id, from_id, self._timeout()))
            found += page
            is_complete = len(page) < ask.TRADES_MAX
        return await self._trades(found)

    async def events(self, message: ExecutionReport | AccountPosition) -> list[AccountEvent]:
        """What a message of the user data stream tells, its fee valued."""
        if isinstance(message, AccountPosition):
            return position_balances(message)
        if message.commission_asset is not None:
            await self._fee_prices.learn(message.commission_asset, self._rest.symbols.get(message.symbol))
        return execution_events(message, self._rest.symbols, self._fee_prices.prices)

    async def _trades(self, messages: Sequence[AccountTrade]) -> list[Trade]:
        trades = []
        for message in messages:
            info = self._rest.symbols.get(message.symbol)
            await self._fee_prices.learn(message.commission_asset, info)
            trades.append(to_trade(message, info, self._fee_prices.prices))
        return trades

    async def _latest_price(self, symbol: str) -> TickerPrice:
        """Asked once and briefly: the fill whose fee it values waits for it."""
        return await self._rest.send(ask.latest_price(symbol, min(self._timeout(), _PRICE_TIMEOUT)))
