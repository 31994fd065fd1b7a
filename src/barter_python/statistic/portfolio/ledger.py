"""What was bought and sold of one instrument, as sums that are exact. Rust origin: none.

Amounts of money are in the currency of the instrument: the quote asset of a spot instrument, the settlement asset of a contract.
All sums are of products, and computed in `EXACT`: price PnL is cash plus what is held at the price of the moment, whatever
was bought and sold in between, so that parts add up to their whole to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from barter_python.numeric import CONTEXT, ONE, ZERO, rounded_amount

__all__ = ["TradeLedger"]


@dataclass(slots=True)
class TradeLedger:
    """The sums of an instrument, or of one strategy in it.

    Attributes:
        contract_size: Units of the underlying in one contract, 1 for spot.
        quantity: Held now, net of fees that were taken from it; negative where more was sold than bought.
        cash: Received for what was sold less paid for what was bought, before fees.
        cost: Paid for what is held, on average; negative for what was sold short.
        fees: Paid, at the prices of their fills, positive.
        rebates: Received, positive.
        funding: Received less paid.
        turnover: Value of all fills.
        trades: Number of fills.
    """

    contract_size: Decimal = ONE
    quantity: Decimal = ZERO
    cash: Decimal = ZERO
    cost: Decimal = ZERO
    fees: Decimal = ZERO
    rebates: Decimal = ZERO
    funding: Decimal = ZERO
    turnover: Decimal = ZERO
    trades: int = 0

    def add(self, quantity: Decimal, price: Decimal) -> None:
        """Buy a quantity, or sell a negative one, at a price."""
        value = quantity * self.contract_size * price
        self.cash -= value
        held = self.quantity
        self.quantity = held + quantity
        if not held or (held > ZERO) == (quantity > ZERO):
            self.cost += value
        elif abs(quantity) < abs(held):
            # Rounded as the simulated exchange books it: what is rounded comes back with the last part.
            self.cost += rounded_amount(CONTEXT.divide(CONTEXT.multiply(self.cost, quantity), held))
        else:
            self.cost = self.quantity * self.contract_size * price

    def fill(self, quantity: Decimal, price: Decimal, value: Decimal, fee: Decimal) -> None:
        """Take a fill.

        Args:
            quantity: Bought, or negative: sold; net of a fee that was taken from it.
            price: In quote currency.
            value: Of all that changed hands, positive.
            fee: Paid, or negative: a rebate.
        """
        self.add(quantity, price)
        if fee < ZERO:
            self.rebates -= fee
        else:
            self.fees += fee
        self.turnover += value
        self.trades += 1

    def price_pnl(self, price: Decimal) -> Decimal:
        """Profit of all fills, what is held at `price`; fees and funding are not part of it."""
        return self.cash + self.quantity * self.contract_size * price

    def unrealised(self, price: Decimal) -> Decimal:
        """The part of `price_pnl` of what is held."""
        return self.quantity * self.contract_size * price - self.cost
