"""The tear sheet of an asset. Rust origin: barter::statistic::summary::asset."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal

from barter_python.execution.balance import AssetBalance, Balance
from barter_python.statistic.metric.drawdown import (
    Drawdown,
    DrawdownGenerator,
    MaxDrawdown,
    MaxDrawdownGenerator,
    MeanDrawdown,
    MeanDrawdownGenerator,
)
from barter_python.timed import Timed

__all__ = ["TearSheetAsset", "TearSheetAssetGenerator"]


@dataclass(slots=True)
class TearSheetAsset:
    """How the balance of an asset developed.

    Attributes:
        balance_end: Last balance, None where none was seen.
        drawdown: Drawdown of the total balance in progress, None where there is none.
        drawdown_mean: Mean drawdown, None without any.
        drawdown_max: Deepest drawdown, None without any.
    """

    balance_end: Balance | None
    drawdown: Drawdown | None
    drawdown_mean: MeanDrawdown | None
    drawdown_max: MaxDrawdown | None


@dataclass(slots=True)
class TearSheetAssetGenerator:
    """Collects balances of an asset and generates its tear sheet."""

    balance_now: Balance | None = None
    drawdown: DrawdownGenerator = field(default_factory=DrawdownGenerator)
    drawdown_mean: MeanDrawdownGenerator = field(default_factory=MeanDrawdownGenerator)
    drawdown_max: MaxDrawdownGenerator = field(default_factory=MaxDrawdownGenerator)

    @classmethod
    def init(cls, initial: Timed[Balance]) -> TearSheetAssetGenerator:
        """Start a session with a known balance."""
        return cls(initial.value, DrawdownGenerator.init(Timed(initial.value.total, initial.time)))

    def update_from_balance(self, balance: AssetBalance) -> None:
        """Take the next balance."""
        self.balance_now = balance.balance
        ended = self.drawdown.update(Timed[Decimal](balance.balance.total, balance.time_exchange))
        if ended is not None:
            self.drawdown_mean.update(ended)
            self.drawdown_max.update(ended)

    def generate(self) -> TearSheetAsset:
        """Summarise what was collected so far. Changes nothing: calling it twice gives the same sheet."""
        current = self.drawdown.generate()
        mean, deepest = copy(self.drawdown_mean), copy(self.drawdown_max)
        if current is not None:
            mean.update(current)
            deepest.update(current)
        return TearSheetAsset(self.balance_now, current, mean.generate(), deepest.generate())

    def reset(self, balance_start: Timed[Balance]) -> None:
        """Forget everything and start a new session."""
        fresh = TearSheetAssetGenerator.init(balance_start)
        self.balance_now = fresh.balance_now
        self.drawdown = fresh.drawdown
        self.drawdown_mean = fresh.drawdown_mean
        self.drawdown_max = fresh.drawdown_max
