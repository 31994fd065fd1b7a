"""Our own trades. Rust origin: barter_execution::trade."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import NewType

from barter_python.execution.order.id import OrderId, StrategyId
from barter_python.instrument.asset import QUOTE_ASSET, AssetKey, QuoteAsset
from barter_python.instrument.instrument import InstrumentKey
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, in_money_context

__all__ = ["AssetFees", "Liquidity", "Trade", "TradeId"]

TradeId = NewType("TradeId", str)
"""The venue's name of a trade."""


class Liquidity(Enum):
    """Whether an order was there before the one that met it.

    MAKER: It rested, and provided liquidity.
    TAKER: It took liquidity.
    """

    MAKER = "Maker"
    TAKER = "Taker"


@dataclass(slots=True)
class AssetFees:
    """Fees paid, in units of an asset. Treat it as immutable.

    Attributes:
        asset: The asset, usually the quote asset of the instrument.
        fees: Positive when paid, negative for a rebate.
    """

    asset: QuoteAsset | AssetKey | None = QUOTE_ASSET
    fees: Decimal = ZERO

    @classmethod
    def quote_fees(cls, fees: Decimal) -> AssetFees:
        """Fees in the quote asset of the instrument."""
        return cls(QUOTE_ASSET, fees)


@dataclass(slots=True)
class Trade:
    """A fill, partial or full, of one of our orders.

    Attributes:
        id: The venue's trade id.
        order_id: The venue's order id.
        instrument: The instrument.
        strategy: The owner of the order.
        time_exchange: The venue's stamp, aware UTC.
        side: Bought or sold.
        price: In quote currency.
        quantity: In base units or contracts. The sign is ignored, the side counts.
        fees: Fees of this fill, in the quote asset; in their own one where what that is worth is not known.
        liquidity: Whether our order made or took it; None where the venue does not tell. Rust has none.
        fees_charged: The fees in the asset in which the venue took them, by index or, for an asset that no instrument of the run
            uses, by the venue's name; None where the venue does not tell. Rust has none.
    """

    id: TradeId
    order_id: OrderId
    instrument: InstrumentKey
    strategy: StrategyId
    time_exchange: datetime
    side: Side
    price: Decimal
    quantity: Decimal
    fees: AssetFees
    liquidity: Liquidity | None = None
    fees_charged: AssetFees | None = None

    @in_money_context
    def value_quote(self) -> Decimal:
        """Price times absolute quantity, in quote currency."""
        return self.price * abs(self.quantity)

    @in_money_context
    def net_of_base_fees(self) -> Trade:
        """This fill as the change of what is held, where its fee was taken in the base asset.

        The fee makes what is bought less, and what is sold more. It is worth what the fill paid for it: fee * price.
        """
        if self.fees_charged is None:
            return self
        fee, quantity = self.fees_charged.fees, abs(self.quantity)
        return replace(
            self,
            quantity=quantity - fee if self.side is Side.BUY else quantity + fee,
            fees=AssetFees.quote_fees(fee * self.price),
        )

    def __str__(self) -> str:
        return (
            f"{{ instrument: {self.instrument}, side: {self.side}, price: {self.price}, "
            f"quantity: {self.quantity}, time: {self.time_exchange} }}"
        )
