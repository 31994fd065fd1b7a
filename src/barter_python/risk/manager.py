"""The risk manager. Rust origin: barter::risk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import is_
from typing import Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar

from barter_python.engine.state.state import EngineState
from barter_python.errors import StrategyError
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen

__all__ = ["DefaultRiskManager", "RiskManager", "RiskRefused", "RiskReview", "check_review"]

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
        """Review requests. It is called only when there are some; each must appear in the review exactly once, as it is."""
        ...


def check_review(
    risk: RiskManager, wanted: Sequence[ItemT], approved: Sequence[ItemT], refused: Sequence[RiskRefused[ItemT]]
) -> None:
    """Check that a review has each request exactly once, approved or refused.

    Raises:
        StrategyError: It does not: a request was lost, made up, changed, or reviewed twice.
    """
    if not refused and len(approved) == len(wanted) and all(map(is_, approved, wanted)):
        return
    left = list(wanted)
    for request in (*approved, *(refusal.item for refusal in refused)):
        if request not in left:
            raise _fault(risk, f"{request} is in its review once more than it was given", "each request as it was given, once")
        left.remove(request)
    if left:
        raise _fault(risk, f"{left[0]} is not in its review", "each request approved or refused")


def _fault(risk: RiskManager, found: str, expected: str) -> StrategyError:
    return StrategyError(f"the risk manager {type(risk).__name__}: {found}, expected {expected}")


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
