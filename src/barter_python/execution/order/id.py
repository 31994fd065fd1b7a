"""Identifiers of orders and strategies. Rust origin: barter_execution::order::id."""

from __future__ import annotations

from typing import Final, NewType

__all__ = ["STRATEGY_UNKNOWN", "ClientOrderId", "ClientOrderIdSequence", "OrderId", "StrategyId"]

ClientOrderId = NewType("ClientOrderId", str)
"""Our own name of an order, unique among the orders of an instrument. Never reuse one while its order may be live."""

OrderId = NewType("OrderId", str)
"""The venue's name of an order."""

StrategyId = NewType("StrategyId", str)
"""Which strategy an order belongs to."""

STRATEGY_UNKNOWN: Final = StrategyId("unknown")
"""Owner of orders that no strategy of ours has sent. Rust: `StrategyId::unknown`."""


class ClientOrderIdSequence:
    """Numbers client order ids: the same run gives the same ids, which keeps backtests and audits reproducible.

    Args:
        prefix: Distinguishes strategies, and runs on a live account: an id must not be reused while its order may be live.
    """

    __slots__ = ("_count", "_prefix")

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._count = 0

    def next(self) -> ClientOrderId:
        """The next id, for example `sma-17`."""
        self._count += 1
        return ClientOrderId(f"{self._prefix}-{self._count}")
