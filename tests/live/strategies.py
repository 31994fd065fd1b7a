"""Strategies for sessions at a venue in a box, loaded by the command as those of a user."""

from __future__ import annotations

import signal
from decimal import Decimal
from typing import Any

from barter_python import NO_ORDERS, AlgoOrders, DefaultStrategy, EngineState, Side
from barter_python.execution.order.state import Open

AMOUNT = Decimal("0.01")


class InAndOut(DefaultStrategy):
    """Buys when it holds nothing, and sells what it holds."""

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        opens = []
        for instrument in state.instruments:
            price, position = instrument.data.price(), instrument.position.current
            if instrument.orders or price is None:
                continue
            if position is None:
                opens.append(self.market_order(instrument, Side.BUY, AMOUNT, price))
            else:
                opens.append(self.market_order(instrument, Side.SELL, position.quantity_abs, price))
        return ((), opens) if opens else NO_ORDERS


class HoldsAndRests(DefaultStrategy):
    """Buys once at the market, and once at a price that the market never has."""

    is_done = False

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        instrument = next(iter(state.instruments))
        price = instrument.data.price()
        if self.is_done or price is None:
            return NO_ORDERS
        self.is_done = True
        buy = self.market_order(instrument, Side.BUY, AMOUNT, price)
        return (), (buy, self.limit_order(instrument, Side.BUY, AMOUNT, Decimal(50)))


class PressesCtrlC(HoldsAndRests):
    """Ends the session, once it holds something and an order rests."""

    has_pressed = False

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        if not self.has_pressed and _holds_and_rests(state):
            self.has_pressed = True
            signal.raise_signal(signal.SIGINT)
        return super().generate_algo_orders(state)


class Raises(HoldsAndRests):
    """Has a mistake, once it holds something and an order rests."""

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        if _holds_and_rests(state):
            raise ZeroDivisionError("a mistake in the strategy")
        return super().generate_algo_orders(state)


class Overreaches(HoldsAndRests):
    """Asks once more for much more than there is money for."""

    has_asked = False

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        instrument = next(iter(state.instruments))
        if self.has_asked or instrument.position.current is None:
            return super().generate_algo_orders(state)
        self.has_asked = True
        return (), [self.limit_order(instrument, Side.BUY, Decimal(1_000), Decimal(90))]


def _holds_and_rests(state: EngineState[Any, Any]) -> bool:
    instrument = next(iter(state.instruments))
    return instrument.position.current is not None and any(isinstance(order.state, Open) for order in instrument.orders)
