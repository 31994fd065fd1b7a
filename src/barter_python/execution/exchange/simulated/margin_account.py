"""Positions of contracts at the simulated exchange: when they are liquidated, and how they are settled. Rust origin: none.

A position is liquidated once what backs it, at the mark, is no more than its maintenance margin and the fee of a liquidation.
What backs an isolated position is its own margin; cross positions are backed together by what the account has of their asset
beyond the margins of isolated ones, and by each other's profit and loss.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from barter_python.execution.exchange.model.fee import Fees
from barter_python.execution.exchange.simulated.clearing import Clearing
from barter_python.execution.exchange.simulated.config import MarginMode
from barter_python.execution.exchange.simulated.derivative import DerivativeSettlement
from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.exchange.simulated.market import InstrumentMarket
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, rounded_amount

__all__ = ["MarginAccount"]


class MarginAccount:
    """The contracts of an exchange.

    Args:
        clearing: Of the exchange.
        contracts: Market and settlement of each.
    """

    def __init__(self, clearing: Clearing, contracts: list[tuple[InstrumentMarket, DerivativeSettlement]]) -> None:
        self._clearing = clearing
        self._contracts = contracts

    def enforce(self) -> None:
        """Liquidate what has to be, the largest loss first, and find out at which prices the next would have to be."""
        if not self._contracts:
            return
        self._cover_losses()
        while True:
            called = [(market, position) for market, position in self._open() if self._is_called(market, position)]
            if not called:
                break
            self._liquidate(*min(called, key=lambda contract: contract[1].profit(_mark(*contract))))
        self._watch()

    def settle(self, market: InstrumentMarket, position: DerivativeSettlement) -> None:
        """A future expires: its orders do, and its position is closed at the mark, without a fee."""
        for order in self._orders(market):
            market.withdraw(order)
            self._clearing.expire(order)
        if position.position:
            self._close_out(market, position, _mark(market, position), ZERO, "settlement")
        self._watch()
        market.refresh()

    def _open(self) -> Iterator[tuple[InstrumentMarket, DerivativeSettlement]]:
        return (contract for contract in self._contracts if contract[1].position)

    def _is_called(self, market: InstrumentMarket, position: DerivativeSettlement) -> bool:
        limit, mark = self._liquidation_price(market, position), _mark(market, position)
        return mark <= limit if position.position > ZERO else mark >= limit

    def _liquidation_price(self, market: InstrumentMarket, position: DerivativeSettlement) -> Decimal:
        """At which mark the position is liquidated, while those of other contracts stay; zero or less for never."""
        backing = self._means(position)
        if position.terms.mode is MarginMode.CROSS:
            for other in self._open():
                if other[0] is not market and self._is_shared(position, other[1]):
                    mark = _mark(*other)
                    backing += other[1].profit(mark) - other[1].requirement(mark)
        return position.liquidation_price(backing)

    def _means(self, position: DerivativeSettlement) -> Decimal:
        """What can be lost with the position, besides the profit of others."""
        if position.terms.mode is MarginMode.ISOLATED:
            return position.held
        isolated = sum(
            (
                other.held
                for _, other in self._open()
                if other.asset == position.asset and other.terms.mode is MarginMode.ISOLATED
            ),
            ZERO,
        )
        return self._clearing.account.total(position.asset) - isolated

    @staticmethod
    def _is_shared(position: DerivativeSettlement, other: DerivativeSettlement) -> bool:
        return other.asset == position.asset and other.terms.mode is MarginMode.CROSS

    def _liquidate(self, market: InstrumentMarket, position: DerivativeSettlement) -> None:
        """Close a position at the mark; where that costs more than backs it, at the price at which nothing of that is left."""
        for order in self._orders(market):
            market.cancel(order)
        price, means = _mark(market, position), max(ZERO, self._means(position))
        if means + position.profit(price) < ZERO:
            price = position.bankruptcy_price(means)
        left = max(ZERO, means + position.profit(price))
        fee = min(rounded_amount(position.value(price) * position.terms.liquidation_fee_rate), left)
        self._close_out(market, position, price, fee, "liquidation")
        market.refresh()

    def _close_out(
        self, market: InstrumentMarket, position: DerivativeSettlement, price: Decimal, fee: Decimal, reason: str
    ) -> None:
        side = Side.SELL if position.position > ZERO else Side.BUY
        quantity = abs(position.position)
        position.close_out(price, fee)
        self._cover_losses()
        fees = Fees(AssetNameExchange(position.asset), fee)
        self._clearing.close_out(market.instrument.name_exchange, side, price, quantity, fees, reason)

    def _orders(self, market: InstrumentMarket) -> list[LiveOrder]:
        name = str(market.instrument.name_exchange)
        return [order for order in self._clearing.orders.live() if order.instrument == name]

    def _cover_losses(self) -> None:
        """What was lost beyond what is free comes from margins, of cross positions first, and then from orders."""
        account = self._clearing.account
        for asset in dict.fromkeys(position.asset for _, position in self._contracts):
            positions = sorted(
                (position for _, position in self._open() if position.asset == asset),
                key=lambda position: position.terms.mode is MarginMode.ISOLATED,
            )
            for position in positions:
                if account.free(asset) < ZERO:
                    position.hold(max(ZERO, position.held + account.free(asset)))
            markets = {str(market.instrument.name_exchange): market for market, _ in self._contracts}
            for order in reversed(self._clearing.orders.live()):
                if account.free(asset) < ZERO and asset in order.reserved and order.instrument in markets:
                    markets[order.instrument].cancel(order)

    def _watch(self) -> None:
        """Tell each market at which prices it concerns a position."""
        cross = [position.asset for _, position in self._open() if position.terms.mode is MarginMode.CROSS]
        for market, position in self._contracts:
            limit = self._liquidation_price(market, position) if position.position else None
            market.liquidation_below = limit if position.position > ZERO else None
            market.liquidation_above = limit if position.position < ZERO else None
            # What one of several positions is worth changes the price at which another one is liquidated.
            market.watches_mark = bool(position.position) and cross.count(position.asset) > 1
            market.refresh()


def _mark(market: InstrumentMarket, position: DerivativeSettlement) -> Decimal:
    """The mark price; the entry price where the market has shown none."""
    mark = market.mark_price()
    entry = position.price_entry_average
    if mark is not None:
        return mark
    return ZERO if entry is None else entry
