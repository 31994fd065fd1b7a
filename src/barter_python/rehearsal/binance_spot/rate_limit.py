"""How many requests the venue takes. Rust origin: none.

Source: rest-api.md of https://github.com/binance/binance-spot-api-docs, "LIMITS"
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from barter_python.rehearsal.binance_spot.config import RehearsalLimits
from barter_python.rehearsal.binance_spot.refusal import Refusal
from barter_python.timed import EPOCH

__all__ = ["RateLimiter"]

_MINUTE: Final = timedelta(minutes=1)
_TEN_SECONDS: Final = timedelta(seconds=10)


class _Window:
    """Counts in intervals that start at whole multiples of their length."""

    __slots__ = ("_number", "length", "used")

    def __init__(self, length: timedelta) -> None:
        self.length = length
        self.used = 0
        self._number = -1

    def turn(self, now: datetime) -> None:
        number = (now - EPOCH) // self.length
        if number != self._number:
            self._number, self.used = number, 0

    def seconds_left(self, now: datetime) -> int:
        left = self.length - (now - EPOCH) % self.length
        return -(-left // timedelta(seconds=1))


class RateLimiter:
    """Weights of requests in a minute, and orders in ten seconds, of venue time."""

    def __init__(self, limits: RehearsalLimits) -> None:
        self._limits = limits
        self._weight = _Window(_MINUTE)
        self._orders = _Window(_TEN_SECONDS)
        self._ignored = 0
        self._banned_until = EPOCH

    def spend_weight(self, weight: int, now: datetime) -> None:
        """Count a request.

        Raises:
            Refusal: It is one too many (429), or the address is banned (418).
        """
        self._weight.turn(now)
        if now < self._banned_until:
            raise self._banned(now)
        if self._weight.used + weight > self._limits.weight_per_minute:
            self._ignored += 1
            if self._ignored > self._limits.ban_after:
                self._ignored = 0
                self._banned_until = now + self._limits.ban_duration
                raise self._banned(now)
            message = (
                f"Too much request weight used; current limit is {self._limits.weight_per_minute} request weight per 1 MINUTE. "
                "Please use WebSocket Streams for live updates to avoid polling the API."
            )
            raise Refusal(-1003, message, 429, self._weight.seconds_left(now))
        self._ignored = 0
        self._weight.used += weight

    def spend_order(self, now: datetime) -> None:
        """Count an order.

        Raises:
            Refusal: It is one too many.
        """
        self._orders.turn(now)
        limit = self._limits.orders_per_ten_seconds
        if self._orders.used >= limit:
            message = f"Too many new orders; current limit is {limit} orders per 10 SECOND."
            raise Refusal(-1015, message, 429, self._orders.seconds_left(now))
        self._orders.used += 1

    def headers(self, *, with_orders: bool) -> dict[str, str]:
        """What answers tell of it."""
        found = {"X-MBX-USED-WEIGHT-1M": str(self._weight.used), "X-MBX-USED-WEIGHT": str(self._weight.used)}
        if with_orders:
            found["X-MBX-ORDER-COUNT-10S"] = str(self._orders.used)
        return found

    def describe(self) -> list[dict[str, object]]:
        """`rateLimits` of the exchange information."""
        weight: dict[str, object] = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1}
        orders: dict[str, object] = {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10}
        weight["limit"], orders["limit"] = self._limits.weight_per_minute, self._limits.orders_per_ten_seconds
        return [weight, orders]

    def _banned(self, now: datetime) -> Refusal:
        seconds = -(-(self._banned_until - now) // timedelta(seconds=1))
        until = (self._banned_until - EPOCH) // timedelta(milliseconds=1)
        message = (
            f"Way too much request weight used; IP banned until {until}. "
            "Please use WebSocket Streams for live updates to avoid bans."
        )
        return Refusal(-1003, message, 418, seconds)
