"""What happens to orders of one account that would trade with each other. Rust origin: none."""

from __future__ import annotations

from enum import Enum

__all__ = ["SelfTradePrevention"]


class SelfTradePrevention(Enum):
    """Which of two orders that would meet gives way.

    OFF: None: both stay, and the market may fill both.
    CANCEL_NEWEST: What is left of the arriving order, after it has taken what is better than the resting one.
    CANCEL_OLDEST: Every resting order that the arriving one would meet.
    CANCEL_BOTH: The arriving order and the first resting one that it would meet.
    """

    OFF = "off"
    CANCEL_NEWEST = "cancel_newest"
    CANCEL_OLDEST = "cancel_oldest"
    CANCEL_BOTH = "cancel_both"
