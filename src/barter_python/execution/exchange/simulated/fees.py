"""What the fee model charges for fills of one instrument. Rust origin: none."""

from __future__ import annotations

from decimal import Decimal

from barter_python.execution.exchange.model.fee import FeeModel, Fees, estimate_fees
from barter_python.execution.trade import AssetFees
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, rounded_amount

__all__ = ["InstrumentFees"]


class InstrumentFees:
    """The fee model, asked about one instrument.

    Args:
        model: Decides.
        instrument: Under the venue's names.
    """

    def __init__(self, model: FeeModel, instrument: InstrumentDefinition) -> None:
        self._model = model
        self._instrument = instrument

    def most(self, side: Side, price: Decimal, quantity: Decimal) -> dict[str, Decimal]:
        """What a fill may cost at most, by asset, whether it makes or takes; no entry for a rebate."""
        found: dict[str, Decimal] = {}
        if not quantity:
            return found
        for is_maker in (True, False):
            fees = estimate_fees(self._model, self._instrument, side, price, quantity, is_maker=is_maker)
            amount = rounded_amount(fees.amount)
            if amount > found.get(fees.asset, ZERO):
                found[fees.asset] = amount
        return found

    def charge(self, side: Side, price: Decimal, quantity: Decimal, *, is_maker: bool) -> Fees:
        """The fees of a fill; the model may count it."""
        fees = self._model.fees(self._instrument, side, price, quantity, is_maker)
        return Fees(fees.asset, rounded_amount(fees.amount), fees.amount_quote)

    def in_quote(self, fees: Fees, price: Decimal) -> AssetFees:
        """The same in the quote asset, in which positions are accounted for; nothing where it has no known value there."""
        try:
            return AssetFees.quote_fees(fees.in_quote(self._instrument, price))
        except ValueError:
            return AssetFees.quote_fees(ZERO)
