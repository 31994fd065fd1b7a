"""Balances. Rust origin: barter_execution::balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from barter_python.instrument.asset import AssetKey
from barter_python.numeric import ZERO, in_money_context

__all__ = ["AssetBalance", "Balance"]


@dataclass(slots=True)
class Balance:
    """What an account holds of an asset, in units of that asset. Treat it as immutable.

    Attributes:
        total: Everything, including what is reserved for open orders.
        free: What can be used for new orders.
    """

    total: Decimal = ZERO
    free: Decimal = ZERO

    @in_money_context
    def used(self) -> Decimal:
        """What is reserved for open orders."""
        return self.total - self.free


@dataclass(slots=True)
class AssetBalance:
    """The balance of an asset at a time.

    Attributes:
        asset: The asset.
        balance: What the account holds of it.
        time_exchange: The venue's stamp, aware UTC.
    """

    asset: AssetKey
    balance: Balance
    time_exchange: datetime
