"""Spot: a buyer pays the quote asset and receives the base asset, a seller the other way round. Rust origin: none."""

from __future__ import annotations

from decimal import Decimal

from barter_python.execution.exchange.model.fee import Fees
from barter_python.execution.exchange.simulated.account import Account
from barter_python.execution.exchange.simulated.fees import InstrumentFees
from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.exchange.simulated.settlement import Parts
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.numeric import ZERO

__all__ = ["SpotSettlement"]


class SpotSettlement:
    """Reserves for orders of a spot instrument, and books their fills. Nothing is ever overdrawn.

    Fees in the asset that is paid, or in a third one, are reserved with the order; fees in the asset that is received are
    deducted from it. A fee is never more than what is there: where a fee model asks for more than it estimated, the rest
    is waived.

    Args:
        instrument: Under the venue's names.
        account: Where it is booked.
        fees: Of the instrument.
    """

    def __init__(self, instrument: InstrumentDefinition, account: Account, fees: InstrumentFees) -> None:
        self.fees = fees
        self._account = account
        self._base = str(instrument.underlying.base.name_exchange)
        self._quote = str(instrument.underlying.quote.name_exchange)

    def closable(self, _: LiveOrder) -> Decimal | None:
        """None: there is no position to close."""
        return None

    def needed(self, order: LiveOrder, parts: Parts) -> dict[str, Decimal]:
        """What must be free, by asset, for the order to fill as in `parts`."""
        paid, received = (self._quote, self._base) if order.is_buy else (self._base, self._quote)
        needed = {paid: ZERO}
        for price, quantity in parts:
            needed[paid] += price * quantity if order.is_buy else quantity
            for asset, amount in self.fees.most(order.side, price, quantity).items():
                if asset != received:
                    needed[asset] = needed.get(asset, ZERO) + amount
        return needed

    def fill(self, order: LiveOrder, price: Decimal, quantity: Decimal, *, is_maker: bool) -> Fees | None:
        """Book a fill; `order.remaining` is what is left before it. Returns what was charged."""
        paid, received = (self._quote, self._base) if order.is_buy else (self._base, self._quote)
        pay, receive = (price * quantity, quantity) if order.is_buy else (quantity, price * quantity)
        # Beyond rounding at the last of 29 digits, what is paid is always there.
        pay = min(pay, self._available(order, paid))
        fees = self._capped(
            order, self.fees.charge(order.side, price, quantity, is_maker=is_maker), {paid: -pay, received: receive}
        )
        spent = {paid: pay}
        if fees.asset != received:
            spent[fees.asset] = spent.get(fees.asset, ZERO) + max(fees.amount, ZERO)
        self._reduce_holds(order, order.remaining - quantity, spent)
        self._account.book(paid, -pay)
        self._account.book(received, receive)
        self._account.book(fees.asset, -fees.amount)
        return fees

    def _capped(self, order: LiveOrder, fees: Fees, changes: dict[str, Decimal]) -> Fees:
        """Fees of at most what is there after the changes."""
        if fees.asset not in self._account:
            return Fees(fees.asset, ZERO, fees.amount_quote)
        room = max(ZERO, self._available(order, fees.asset) + changes.get(fees.asset, ZERO))
        return fees if fees.amount <= room else Fees(fees.asset, room, fees.amount_quote)

    def _available(self, order: LiveOrder, asset: str) -> Decimal:
        if asset not in self._account:
            return ZERO
        return self._account.free(asset) + order.reserved.get(asset, ZERO)

    def _reduce_holds(self, order: LiveOrder, remaining: Decimal, spent: dict[str, Decimal]) -> None:
        needed: dict[str, Decimal] | None = None
        if order.limit is not None and remaining:
            needed = self.needed(order, [(order.limit, remaining)])
        for asset, held in list(order.reserved.items()):
            left = max(ZERO, held - spent.get(asset, ZERO)) if remaining else ZERO
            if needed is not None:
                left = min(left, needed.get(asset, ZERO))
            self._account.hold(order.reserved, asset, left)
