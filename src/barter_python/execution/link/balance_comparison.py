"""Balances as they were told, against those of the venue. Pure. Rust origin: none.

A stream may lose the message of a balance and go on. A balance that was asked for may be older or newer than what the stream is
about to tell: a difference counts where it is seen twice, and nothing was told in between.
"""

from __future__ import annotations

from collections.abc import Iterable

from barter_python.execution.balance import AssetBalance, Balance
from barter_python.instrument.asset import AssetKey

__all__ = ["BalanceComparison"]


class BalanceComparison:
    """The latest balance of each asset, under the venue's names."""

    __slots__ = ("_differing", "_told")

    def __init__(self) -> None:
        self._told: dict[AssetKey, Balance] = {}
        self._differing: dict[AssetKey, Balance] = {}

    def told(self, balance: AssetBalance) -> None:
        """The engine was told a balance."""
        self._told[balance.asset] = balance.balance
        self._differing.pop(balance.asset, None)

    @property
    def has_differences(self) -> bool:
        """Whether a difference was seen once."""
        return bool(self._differing)

    def compare(self, balances: Iterable[AssetBalance]) -> list[AssetBalance]:
        """Look at what the venue says. The balances that differ for the second time, in the same way."""
        confirmed = []
        for found in balances:
            told = self._told.get(found.asset)
            if told is None or told == found.balance:
                self._differing.pop(found.asset, None)
            elif self._differing.get(found.asset) == found.balance:
                confirmed.append(found)
            else:
                self._differing[found.asset] = found.balance
        return confirmed
