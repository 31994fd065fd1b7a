"""Remembers what a fee model was asked, which says of each fill what its trade does not: liquidity, and the asset of the fees."""

from __future__ import annotations

from collections import deque
from decimal import Decimal

from barter_python.backtest.record import FillDetail
from barter_python.execution.exchange.model.fee import FeeModel, Fees, estimate_fees
from barter_python.execution.trade import Trade
from barter_python.instrument.instrument import InstrumentDefinition

__all__ = ["FeeLog"]


class FeeLog:
    """A fee model that keeps a log. An exchange asks once for each fill, in the order of the fills.

    Args:
        model: Decides on the fees.
    """

    def __init__(self, model: FeeModel) -> None:
        self._model = model
        self._log: deque[tuple[Decimal, Decimal, FillDetail]] = deque()

    def fees(self, instrument: InstrumentDefinition, price: Decimal, quantity: Decimal, is_maker: bool, /) -> Fees:
        """What the model decides."""
        fees = self._model.fees(instrument, price, quantity, is_maker)
        self._log.append((price, quantity, FillDetail(is_maker, fees)))
        return fees

    def estimate(self, instrument: InstrumentDefinition, price: Decimal, quantity: Decimal, is_maker: bool, /) -> Fees:
        """What the model would decide; not logged."""
        return estimate_fees(self._model, instrument, price, quantity, is_maker=is_maker)

    def take(self, trade: Trade) -> FillDetail | None:
        """The detail of the next fill; None where it is not the next in the log."""
        if self._log and self._log[0][:2] == (trade.price, trade.quantity):
            return self._log.popleft()[2]
        return None
