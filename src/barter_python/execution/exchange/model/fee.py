"""Fees of a simulated exchange: who pays how much, and in which asset.

A model is any object with the method of `FeeModel`. Rates are fractions of the value of a fill: 0.001 is 0.1 percent. A maker
rate may be negative: a rebate.

Rust origin: none; Rust's mock exchange charges one rate, in the quote asset.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, Protocol, TypeAlias

from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.kind import contract_size
from barter_python.numeric import ZERO, in_money_context

__all__ = ["BASE", "FeeAsset", "FeeModel", "FeeTier", "Fees", "PercentFees", "ThirdAsset", "TieredFees", "estimate_fees"]


@dataclass(slots=True, frozen=True)
class Fees:
    """What is charged for a fill.

    Attributes:
        asset: In which asset, by the venue's name.
        amount: In units of that asset; negative for a rebate.
        amount_quote: The same in the quote asset of the instrument, which is what trades and positions account for. None
            where `asset` is the quote or the base asset of the instrument: it follows from the price then.
    """

    asset: AssetNameExchange
    amount: Decimal
    amount_quote: Decimal | None = None

    @in_money_context
    def in_quote(self, instrument: InstrumentDefinition, price: Decimal) -> Decimal:
        """The amount in the quote asset of the instrument, for a fill at `price`.

        Raises:
            ValueError: The asset is neither of the pair, and `amount_quote` was not given.
        """
        if self.amount_quote is not None:
            return self.amount_quote
        if self.asset == instrument.underlying.quote.name_exchange:
            return self.amount
        if self.asset == instrument.underlying.base.name_exchange:
            return self.amount * price
        raise ValueError(
            f"fees of {self.amount} {self.asset}: amount_quote is None, expected the same in "
            f"{instrument.underlying.quote.name_exchange}, because {instrument.name_exchange} does not give a price for it"
        )


class FeeModel(Protocol):
    """Decides on fees."""

    def fees(self, instrument: InstrumentDefinition, price: Decimal, quantity: Decimal, is_maker: bool, /) -> Fees:
        """The fees of a fill; asked once for each fill, in their order.

        Args:
            instrument: What was traded.
            price: Of the fill, in quote currency.
            quantity: Of the fill, in base units or contracts, positive.
            is_maker: Whether our order provided the liquidity, that is: rested before the fill.
        """
        ...


@dataclass(slots=True, frozen=True)
class ThirdAsset:
    """An asset for fees that is none of the pair, for example a token of the venue.

    Attributes:
        name: The venue's name. Some instrument of the exchange must use the asset, so that it has a balance.
        price: Price of one unit in quote currency, constant over the run, positive.
    """

    name: AssetNameExchange
    price: Decimal


BASE: Final = "base"

FeeAsset: TypeAlias = Literal["base"] | ThirdAsset | None
"""Fees are in the quote asset (None), in the base asset, or in a third one."""


@dataclass(slots=True, frozen=True)
class PercentFees:
    """A constant fraction of the value of a fill.

    Attributes:
        maker: For orders that rested, above -1 and below 1; negative for a rebate.
        taker: For orders that took liquidity, from 0 to below 1.
        asset: In which asset fees are charged.
    """

    maker: Decimal
    taker: Decimal
    asset: FeeAsset = None

    @in_money_context
    def fees(self, instrument: InstrumentDefinition, price: Decimal, quantity: Decimal, is_maker: bool, /) -> Fees:
        """The rate of the side times the value."""
        return _charge(
            _value(instrument, price, quantity) * (self.maker if is_maker else self.taker), instrument, price, self.asset
        )


@dataclass(slots=True, frozen=True)
class FeeTier:
    """The rates from a traded volume on.

    Attributes:
        volume: Traded value in quote currency from which these rates hold, not negative.
        maker: As in `PercentFees`.
        taker: As in `PercentFees`.
    """

    volume: Decimal
    maker: Decimal
    taker: Decimal


@dataclass(slots=True)
class TieredFees:
    """Rates that depend on the value traded so far in the run, all instruments together.

    A fill is charged by the volume before it. Venues count the last 30 days; a run counts from its start.

    Attributes:
        tiers: By rising volume, the first from zero on.
        asset: In which asset fees are charged.
        volume: Traded so far, in quote currency.
    """

    tiers: tuple[FeeTier, ...]
    asset: FeeAsset = None
    volume: Decimal = field(default=ZERO)

    @in_money_context
    def fees(self, instrument: InstrumentDefinition, price: Decimal, quantity: Decimal, is_maker: bool, /) -> Fees:
        """The rate of the side in the tier reached, times the value; counts the value."""
        charged = self.estimate(instrument, price, quantity, is_maker)
        self.volume += _value(instrument, price, quantity)
        return charged

    @in_money_context
    def estimate(self, instrument: InstrumentDefinition, price: Decimal, quantity: Decimal, is_maker: bool, /) -> Fees:
        """What a fill would cost now; counts nothing."""
        tier = self.tiers[0]
        for candidate in self.tiers:
            if candidate.volume <= self.volume:
                tier = candidate
        rate = tier.maker if is_maker else tier.taker
        return _charge(_value(instrument, price, quantity) * rate, instrument, price, self.asset)


def estimate_fees(
    model: FeeModel, instrument: InstrumentDefinition, price: Decimal, quantity: Decimal, *, is_maker: bool
) -> Fees:
    """What a fill would cost now, without counting it as one: for reservations.

    A model with a memory has a method `estimate` for this, of the form of `fees`; one without needs none.
    """
    estimate = getattr(model, "estimate", model.fees)
    charged: Fees = estimate(instrument, price, quantity, is_maker)
    return charged


def _value(instrument: InstrumentDefinition, price: Decimal, quantity: Decimal) -> Decimal:
    return price * quantity * contract_size(instrument.kind)


def _charge(amount_quote: Decimal, instrument: InstrumentDefinition, price: Decimal, asset: FeeAsset) -> Fees:
    """Express fees in the asset in which they are charged."""
    if asset is None:
        return Fees(instrument.underlying.quote.name_exchange, amount_quote)
    if isinstance(asset, ThirdAsset):
        return Fees(asset.name, amount_quote / asset.price, amount_quote)
    return Fees(instrument.underlying.base.name_exchange, amount_quote / price, amount_quote)
