"""Fees of a simulated exchange: who pays how much, and in which asset.

A model is any object with the method of `FeeModel`. Rates are fractions of the value of a fill: 0.001 is 0.1 percent. A maker
rate may be negative: a rebate.

Rust origin: none; Rust's mock exchange charges one rate, in the quote asset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, Protocol, TypeAlias, get_args

from barter_python.errors import ConfigError
from barter_python.execution.exchange.model.validation import check_fraction
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.kind import Spot, contract_size
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, in_money_context

__all__ = ["PAIR_ASSETS", "FeeAsset", "FeeModel", "FeeTier", "Fees", "PairAsset", "PercentFees", "ThirdAsset", "TieredFees"]
__all__ += ["estimate_fees"]


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

    def fees(self, instrument: InstrumentDefinition, side: Side, price: Decimal, quantity: Decimal, is_maker: bool, /) -> Fees:
        """The fees of a fill; asked once for each fill, in their order.

        Args:
            instrument: What was traded.
            side: Of our order.
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


PairAsset: TypeAlias = Literal["quote", "base", "received"]
"""The quote asset, the base asset, or what the fill brings in, as spot venues do: base when buying, quote when selling. A fill of
a contract brings in nothing: then `received` is the quote asset, in which contracts settle."""

FeeAsset: TypeAlias = PairAsset | ThirdAsset
"""Fees are in an asset of the pair, or in a third one."""

PAIR_ASSETS: Final[tuple[PairAsset, ...]] = get_args(PairAsset)
_EXAMPLE: Final = "0.001 is 0.1 percent"


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
    asset: FeeAsset = "quote"

    def validate(self, instruments: Sequence[InstrumentDefinition], path: str) -> None:
        """Check rates and asset; see `validate_model`."""
        _check_rates(self.maker, self.taker, path)
        _check_asset(self.asset, instruments, f"{path}.asset")

    @in_money_context
    def fees(self, instrument: InstrumentDefinition, side: Side, price: Decimal, quantity: Decimal, is_maker: bool, /) -> Fees:
        """The rate of maker or taker times the value."""
        rate = self.maker if is_maker else self.taker
        return _charge(_value(instrument, price, quantity) * rate, instrument, side, price, self.asset)


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
    asset: FeeAsset = "quote"
    volume: Decimal = field(default=ZERO)

    def validate(self, instruments: Sequence[InstrumentDefinition], path: str) -> None:
        """Check tiers and asset; see `validate_model`."""
        tiers, place = self.tiers, f"{path}.tiers"
        if not tiers:
            raise ConfigError(f"{place}: the list is empty, expected at least one tier")
        if tiers[0].volume:
            raise ConfigError(f"{place}[0].volume: found {tiers[0].volume:f}, expected 0: the first tier holds from the start")
        for index, tier in enumerate(tiers):
            _check_rates(tier.maker, tier.taker, f"{place}[{index}]")
            if index and not tier.volume > tiers[index - 1].volume:
                before = tiers[index - 1].volume
                raise ConfigError(f"{place}[{index}].volume: found {tier.volume:f}, expected more than the {before:f} before it")
        _check_asset(self.asset, instruments, f"{path}.asset")

    @in_money_context
    def fees(self, instrument: InstrumentDefinition, side: Side, price: Decimal, quantity: Decimal, is_maker: bool, /) -> Fees:
        """The rate of maker or taker in the tier reached, times the value; counts the value."""
        charged = self.estimate(instrument, side, price, quantity, is_maker)
        self.volume += _value(instrument, price, quantity)
        return charged

    @in_money_context
    def estimate(
        self, instrument: InstrumentDefinition, side: Side, price: Decimal, quantity: Decimal, is_maker: bool, /
    ) -> Fees:
        """What a fill would cost now; counts nothing."""
        tier = next(tier for tier in reversed(self.tiers) if tier.volume <= self.volume)
        rate = tier.maker if is_maker else tier.taker
        return _charge(_value(instrument, price, quantity) * rate, instrument, side, price, self.asset)


def estimate_fees(
    model: FeeModel, instrument: InstrumentDefinition, side: Side, price: Decimal, quantity: Decimal, *, is_maker: bool
) -> Fees:
    """What a fill would cost now, without counting it as one: for reservations.

    A model with a memory has a method `estimate` for this, of the form of `fees`; one without needs none.
    """
    estimate = getattr(model, "estimate", model.fees)
    charged: Fees = estimate(instrument, side, price, quantity, is_maker)
    return charged


def _check_rates(maker: Decimal, taker: Decimal, path: str) -> None:
    check_fraction(f"{path}.maker", maker, above=-1, example=_EXAMPLE)
    check_fraction(f"{path}.taker", taker, example=_EXAMPLE)


def _check_asset(asset: FeeAsset, instruments: Sequence[InstrumentDefinition], path: str) -> None:
    if not isinstance(asset, ThirdAsset):
        if asset not in PAIR_ASSETS:
            raise ConfigError(f"{path}: found {asset!r:.200}, expected a ThirdAsset or one of: {', '.join(PAIR_ASSETS)}")
        return
    known = sorted({str(name) for instrument in instruments for name in _asset_names(instrument)})
    if asset.name not in known:
        raise ConfigError(f"{path}.name: no instrument of the exchange uses {asset.name!r}, expected one of: {', '.join(known)}")
    if not asset.price.is_finite() or asset.price <= ZERO:
        raise ConfigError(f"{path}.price: found {asset.price:f}, expected a positive price in quote currency")


def _asset_names(instrument: InstrumentDefinition) -> tuple[AssetNameExchange, AssetNameExchange]:
    return instrument.underlying.base.name_exchange, instrument.underlying.quote.name_exchange


def _value(instrument: InstrumentDefinition, price: Decimal, quantity: Decimal) -> Decimal:
    return price * quantity * contract_size(instrument.kind)


def _charge(amount_quote: Decimal, instrument: InstrumentDefinition, side: Side, price: Decimal, asset: FeeAsset) -> Fees:
    """Express fees in the asset in which they are charged."""
    if isinstance(asset, ThirdAsset):
        return Fees(asset.name, amount_quote / asset.price, amount_quote)
    if asset == "base" or (asset == "received" and side is Side.BUY and isinstance(instrument.kind, Spot)):
        return Fees(instrument.underlying.base.name_exchange, amount_quote / price, amount_quote)
    return Fees(instrument.underlying.quote.name_exchange, amount_quote)
