"""The risk manager. Rust origin: barter::risk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar

from barter_python.engine.state.state import EngineState
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen

__all__ = ["DefaultRiskManager", "RiskManager", "RiskRefused", "RiskReview"]

ItemT = TypeVar("ItemT")


class RiskRefused(Generic[ItemT]):
    """A request that must not be sent.

    Attributes:
        item: The request.
        reason: Why.
    """

    __slots__ = ("item", "reason")

    def __init__(self, item: ItemT, reason: str) -> None:
        self.item: ItemT = item
        self.reason: str = reason

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RiskRefused) and self.item == other.item and self.reason == other.reason

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"RiskRefused({self.item!r}, {self.reason!r})"


RiskReview: TypeAlias = tuple[
    Iterable[OrderRequestCancel],
    Iterable[OrderRequestOpen],
    Iterable[RiskRefused[OrderRequestCancel]],
    Iterable[RiskRefused[OrderRequestOpen]],
]
"""Approved cancels, approved opens, refused cancels, refused opens. Rust wraps the approved ones in `RiskApproved`."""


class RiskManager(Protocol):
    """Decides which of a strategy's requests are sent."""

    def check(
        self,
        state: EngineState[Any, Any],
        cancels: Iterable[OrderRequestCancel],
        opens: Iterable[OrderRequestOpen],
        /,
    ) -> RiskReview:
        """Review requests. It is called only when there are some; each must appear in the review exactly once."""
        ...


class DefaultRiskManager:
    """Approves everything. For tests and examples, not for money."""

    __slots__ = ()

    def check(
        self,
        state: EngineState[Any, Any],
        cancels: Iterable[OrderRequestCancel],
        opens: Iterable[OrderRequestOpen],
        /,
    ) -> RiskReview:
        """Approve everything."""
        return cancels, opens, (), ()
