"""What an account at the simulated exchange holds: total, free and locked per asset. Rust origin: none.

Nothing appears or disappears here: the total of an asset changes by what is booked, and what is locked is the sum of the
reservations of open orders and of the margins of positions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from barter_python.execution.balance import AssetBalance, Balance
from barter_python.instrument.asset import AssetNameExchange
from barter_python.numeric import ZERO, in_money_context

__all__ = ["Account"]


class Account:
    """Balances by the venue's asset names.

    Args:
        balances: What it starts with. Nothing of it is locked until `adopt_reservations`.
        assets: Further assets, of which it starts with nothing.
    """

    def __init__(self, balances: Iterable[AssetBalance], assets: Iterable[str]) -> None:
        self._total: dict[str, Decimal] = {}
        self._locked_at_start: dict[str, Decimal] = {}
        self._holders: dict[str, int] = {}
        self._reported: dict[str, Balance] = {}
        self._changed: dict[str, None] = {}
        for entry in balances:
            self._total[str(entry.asset)] = entry.balance.total
            self._locked_at_start[str(entry.asset)] = entry.balance.used()
        for asset in assets:
            self._total.setdefault(asset, ZERO)
        self._locked_for_good = dict.fromkeys(self._total, ZERO)
        self._locked = dict(self._locked_for_good)

    def adopt_reservations(self) -> None:
        """What was locked at the start includes what is reserved by now; the rest of it stays locked for good."""
        for asset, at_start in self._locked_at_start.items():
            for_good = max(ZERO, at_start - self._locked[asset])
            self._locked_for_good[asset] = for_good
            self._locked[asset] += for_good
        self._reported = self.balances()

    def __contains__(self, asset: object) -> bool:
        return asset in self._total

    def free(self, asset: str) -> Decimal:
        """What can be used; negative where a contract has lost more than was free."""
        return self._total[asset] - self._locked[asset]

    def total(self, asset: str) -> Decimal:
        """What is there, locked or not."""
        return self._total[asset]

    def balance(self, asset: str) -> Balance:
        """Total and free."""
        return Balance(self._total[asset], self.free(asset))

    @in_money_context
    def balances(self) -> dict[str, Balance]:
        """Every balance, in a fixed order."""
        return {asset: self.balance(asset) for asset in self._total}

    def book(self, asset: str, amount: Decimal) -> None:
        """Add an amount to the total, or take it away."""
        if amount:
            self._total[asset] += amount
            self._changed[asset] = None

    def hold(self, holds: dict[str, Decimal], asset: str, amount: Decimal) -> None:
        """Change what one order or position has locked of an asset; `holds` is its own record of that."""
        before = holds.get(asset, ZERO)
        if amount == before:
            return
        if amount:
            holds[asset] = amount
        else:
            del holds[asset]
        holders = self._holders.get(asset, 0) + (not before) - (not amount)
        self._holders[asset] = holders
        # Without a holder nothing is locked, to the last digit, whatever was rounded on the way.
        self._locked[asset] = self._locked[asset] - before + amount if holders else self._locked_for_good[asset]
        self._changed[asset] = None

    def release(self, holds: dict[str, Decimal]) -> None:
        """Unlock everything that an order or a position has locked."""
        for asset in list(holds):
            self.hold(holds, asset, ZERO)

    def shortage(self, needed: Mapping[str, Decimal], holds: Mapping[str, Decimal]) -> str | None:
        """The first asset of which less is free than needed beyond what is held already, None where all are covered."""
        for asset, amount in needed.items():
            if amount > ZERO and (asset not in self._total or amount > self.free(asset) + holds.get(asset, ZERO)):
                return asset
        return None

    def changes(self, time: datetime) -> list[AssetBalance]:
        """The balances that differ from what was reported last."""
        found = []
        for asset in self._changed:
            balance = self.balance(asset)
            if self._reported.get(asset) != balance:
                self._reported[asset] = balance
                found.append(AssetBalance(AssetNameExchange(asset), balance, time))
        self._changed.clear()
        return found

    @in_money_context
    def report(self, time: datetime) -> list[AssetBalance]:
        """Every balance."""
        self._reported = self.balances()
        return [AssetBalance(AssetNameExchange(asset), balance, time) for asset, balance in self._reported.items()]
