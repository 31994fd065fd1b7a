"""Whether the engine trades. Rust origin: barter::engine::state::trading."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["TradingState", "TradingStateUpdateAudit"]


class TradingState(Enum):
    """ENABLED: the engine asks the strategy for orders. DISABLED: it only keeps its state, and still obeys commands."""

    ENABLED = "Enabled"
    DISABLED = "Disabled"

    def update(self, update: TradingState) -> TradingStateUpdateAudit:
        """Switch; returns the state before and after. The owner stores `current`."""
        return TradingStateUpdateAudit(prev=self, current=update)


@dataclass(slots=True)
class TradingStateUpdateAudit:
    """The trading state before and after an update."""

    prev: TradingState
    current: TradingState

    def transitioned_to_disabled(self) -> bool:
        """Whether trading was on before and is off now."""
        return self.current is TradingState.DISABLED and self.prev is not TradingState.DISABLED
