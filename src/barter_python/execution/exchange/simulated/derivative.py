"""Perpetuals and futures: linear contracts, settled in the quote asset. Rust origin: none.

A position is net, one per instrument. It reserves its initial margin: notional at the entry prices times the margin rate.
Profit and loss of what is closed is paid to the settlement asset at once; that of what is open is not part of any balance. When a
position has to be liquidated is the matter of `margin_account`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Final

from barter_python.execution.exchange.model.fee import Fees
from barter_python.execution.exchange.simulated.account import Account
from barter_python.execution.exchange.simulated.config import InstrumentMargin
from barter_python.execution.exchange.simulated.fees import InstrumentFees
from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.exchange.simulated.settlement import Parts
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.kind import contract_size
from barter_python.instrument.side import Side
from barter_python.numeric import ONE, ZERO, rounded_amount

__all__ = ["DerivativeSettlement"]

_LOWER: Final = Context(prec=12, rounding=ROUND_FLOOR)
_HIGHER: Final = Context(prec=12, rounding=ROUND_CEILING)


class DerivativeSettlement:
    """Reserves margin for orders of a contract, and books fills and funding.

    Args:
        instrument: Under the venue's names; a perpetual or a future that settles in its quote asset.
        account: Where it is booked.
        fees: Of the instrument.
        terms: How positions are financed.
        live_orders: Every live order of the exchange.

    Attributes:
        position: Contracts held, positive for long, negative for short.
        terms: How positions are financed.
        asset: In which profit, loss, margin and funding are.
        margin: What the position has locked of the settlement asset.
    """

    def __init__(
        self,
        instrument: InstrumentDefinition,
        account: Account,
        fees: InstrumentFees,
        terms: InstrumentMargin,
        live_orders: Callable[[], list[LiveOrder]],
    ) -> None:
        self.fees = fees
        self.position = ZERO
        self.margin: dict[str, Decimal] = {}
        self._account = account
        self.terms = terms
        self.asset = str(instrument.underlying.quote.name_exchange)
        self._size = contract_size(instrument.kind)
        self._live_orders = live_orders
        self._cost = ZERO

    @property
    def price_entry_average(self) -> Decimal | None:
        """Volume-weighted price of what is open, None without a position."""
        return self._cost / (abs(self.position) * self._size) if self.position else None

    @property
    def held(self) -> Decimal:
        """What the position has locked."""
        return self.margin.get(self.asset, ZERO)

    def hold(self, amount: Decimal) -> None:
        """Lock another amount for the position."""
        self._account.hold(self.margin, self.asset, amount)

    def value(self, price: Decimal) -> Decimal:
        """The notional of the position at a price, not negative."""
        return abs(self.position) * self._size * price

    def profit(self, price: Decimal) -> Decimal:
        """Profit or loss of closing the position at a price, before fees."""
        return self.value(price) - self._cost if self.position > ZERO else self._cost - self.value(price)

    def requirement(self, price: Decimal) -> Decimal:
        """What has to back the position at a price: its maintenance margin, and the fee of a liquidation."""
        return self.value(price) * self._required_rate

    @property
    def _required_rate(self) -> Decimal:
        return self.terms.maintenance_margin_rate + self.terms.liquidation_fee_rate

    def liquidation_price(self, backing: Decimal) -> Decimal:
        """The price at which `backing` and the profit are no more than the requirement; zero or less for never."""
        size = abs(self.position) * self._size
        if self.position > ZERO:
            return _LOWER.plus((self._cost - backing) / (size * (ONE - self._required_rate)))
        return _HIGHER.plus((self._cost + backing) / (size * (ONE + self._required_rate)))

    def bankruptcy_price(self, backing: Decimal) -> Decimal:
        """The price at which closing costs what backs the position, rounded so that it costs no more."""
        size = abs(self.position) * self._size
        if self.position > ZERO:
            return _HIGHER.plus((self._cost - backing) / size)
        return _LOWER.plus((self._cost + backing) / size)

    def close_out(self, price: Decimal, fee: Decimal) -> None:
        """Close the whole position at a price, for a fee in the settlement asset."""
        self._account.book(self.asset, self.profit(price) - fee)
        self._account.release(self.margin)
        self.position = self._cost = ZERO

    def closable(self, order: LiveOrder) -> Decimal | None:
        """How many contracts the order could close of the position."""
        is_opposite = self.position < ZERO if order.is_buy else self.position > ZERO
        return abs(self.position) if is_opposite else ZERO

    def needed(self, order: LiveOrder, parts: Parts) -> dict[str, Decimal]:
        """Margin and fees of what would open a position; what closes one needs neither. Sets `order.opening`."""
        needed = {self.asset: ZERO}
        closing = sum((quantity for _, quantity in parts), ZERO)
        if not order.request.state.reduce_only:
            closing = min(closing, self._unclaimed(order))
        order.opening = ZERO
        for price, quantity in parts:
            opening = max(ZERO, quantity - closing)
            closing = max(ZERO, closing - quantity)
            order.opening += opening
            self._add_needed(needed, order.side, price, opening)
        return needed

    def _add_needed(self, needed: dict[str, Decimal], side: Side, price: Decimal, opening: Decimal) -> None:
        needed[self.asset] += self._initial_margin(price, opening)
        for asset, amount in self.fees.most(side, price, opening).items():
            needed[asset] = needed.get(asset, ZERO) + amount

    def _initial_margin(self, price: Decimal, quantity: Decimal) -> Decimal:
        return price * quantity * self._size * self.terms.initial_margin_rate

    def _unclaimed(self, order: LiveOrder) -> Decimal:
        """What of the position no other order is going to close; reduce-only orders give way to any other."""
        closable = self.closable(order) or ZERO
        if closable:
            for other in self._live_orders():
                is_rival = other is not order and other.instrument == order.instrument and other.is_buy is order.is_buy
                if is_rival and not other.request.state.reduce_only:
                    closable -= other.remaining - other.opening
        return max(ZERO, closable)

    def fill(self, order: LiveOrder, price: Decimal, quantity: Decimal, *, is_maker: bool) -> Fees | None:
        """Book a fill; None where what it opens is not covered by margin: then nothing happens."""
        closing = min(quantity, self.closable(order) or ZERO)
        opening = quantity - closing
        pnl, margin_left = self._close(closing, price)
        margin = self._initial_margin(price, opening)
        if opening and not self._is_covered(order, price, opening, margin - self.held + margin_left - pnl):
            return None
        fees = self.fees.charge(order.side, price, quantity, is_maker=is_maker)
        if fees.asset not in self._account:
            fees = Fees(fees.asset, ZERO, fees.amount_quote)
        elif fees.asset != self.asset:
            free = self._account.free(fees.asset) + order.reserved.get(fees.asset, ZERO)
            fees = Fees(fees.asset, min(fees.amount, max(free, ZERO)), fees.amount_quote)
        self._account.book(self.asset, pnl)
        self._account.book(fees.asset, -fees.amount)
        self._account.hold(self.margin, self.asset, margin_left + margin)
        self._move(order.is_buy, closing, opening, price)
        self._reduce_holds(order, order.remaining - quantity, opening, {self.asset: margin}, fees)
        return fees

    def _close(self, closing: Decimal, price: Decimal) -> tuple[Decimal, Decimal]:
        """Profit of closing so many contracts, and the margin of those that stay open."""
        if not closing:
            return ZERO, self.held
        size = abs(self.position)
        cost, value = self._cost_of(closing), price * closing * self._size
        profit = value - cost if self.position > ZERO else cost - value
        return profit, rounded_amount(self.held * (size - closing) / size)

    def _cost_of(self, closing: Decimal) -> Decimal:
        """What so many contracts of the position have cost on average. What is rounded there comes back with the last of them."""
        size = abs(self.position)
        return self._cost if closing == size else rounded_amount(self._cost * closing / size)

    def _is_covered(self, order: LiveOrder, price: Decimal, opening: Decimal, margin: Decimal) -> bool:
        needed = {self.asset: margin}
        for asset, amount in self.fees.most(order.side, price, opening).items():
            needed[asset] = needed.get(asset, ZERO) + amount
        return self._account.shortage(needed, order.reserved) is None

    def _move(self, is_buy: bool, closing: Decimal, opening: Decimal, price: Decimal) -> None:
        if closing:
            self._cost -= self._cost_of(closing)
        self._cost += price * opening * self._size
        self.position += closing + opening if is_buy else -(closing + opening)

    def _reduce_holds(
        self, order: LiveOrder, remaining: Decimal, opening: Decimal, spent: dict[str, Decimal], fees: Fees
    ) -> None:
        order.opening = min(remaining, max(ZERO, order.opening - opening))
        spent[fees.asset] = spent.get(fees.asset, ZERO) + max(fees.amount, ZERO)
        needed: dict[str, Decimal] | None = None
        if order.limit is not None and order.opening:
            needed = {self.asset: ZERO}
            self._add_needed(needed, order.side, order.limit, order.opening)
        for asset, held in list(order.reserved.items()):
            left = max(ZERO, held - spent.get(asset, ZERO)) if order.opening else ZERO
            if needed is not None:
                # A fill that closes costs the order nothing of what it holds for what it will open.
                left = needed.get(asset, ZERO) if needed.get(asset, ZERO) <= held else left
            self._account.hold(order.reserved, asset, left)

    def pay_funding(self, rate: Decimal, mark_price: Decimal | None) -> Decimal:
        """Pay or receive funding on the position; returns what was received, negative where it was paid.

        Args:
            rate: Positive where longs pay shorts.
            mark_price: In quote currency; None where the market has shown none: then the entry price counts.
        """
        price = self.price_entry_average if mark_price is None else mark_price
        if not self.position or price is None:
            return ZERO
        amount = rounded_amount(-self.position * price * self._size * rate)
        self._account.book(self.asset, amount)
        return amount
