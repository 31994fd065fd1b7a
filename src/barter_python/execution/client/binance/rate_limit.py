"""How much the venue still lets us ask. Pure.

The venue counts by intervals of its own clock that begin at multiples of their length, and says in the headers of each answer
what it has counted. A request that would go beyond a limit is not sent: going on asking leads to a ban of the address.

| header, status | meaning |
|---|---|
| `X-MBX-USED-WEIGHT-1M` | weight used by this address within the minute |
| `X-MBX-ORDER-COUNT-10S`, `-1D` | orders of this account that are not filled, within the interval |
| 429, 418 and `Retry-After` | nothing may be sent for so many seconds; 418 is a ban, of two minutes at least |
| -1015 | the same for orders to open only |

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#limits and, for the intervals,
https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-api.md#rate-limits
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from barter_python.execution.client.binance.message import RateLimitRule

__all__ = ["Cost", "RateLimits"]

_LETTERS: Final = {"SECOND": ("s", 1_000), "MINUTE": ("m", 60_000), "HOUR": ("h", 3_600_000), "DAY": ("d", 86_400_000)}
_HEADERS: Final = {"REQUEST_WEIGHT": "x-mbx-used-weight-", "ORDERS": "x-mbx-order-count-"}
_URGENT_RESERVE: Final = 10
"""One part in so many of each limit is left to what is urgent."""
_PAUSE: Final = timedelta(minutes=1)
_BAN: Final = timedelta(minutes=2)
_BANNED: Final = 418


@dataclass(slots=True, frozen=True)
class Cost:
    """What a request counts for.

    Attributes:
        weight: Of the request.
        orders: How many it opens.
        is_urgent: Whether it may use what is left of a limit at its end: orders, cancels, and what they depend on.
    """

    weight: int
    orders: int = 0
    is_urgent: bool = False


class _Window:
    """What was counted within the current interval of one limit."""

    __slots__ = ("_index", "header", "in_flight", "length_ms", "limit", "used")

    def __init__(self, header: str, length_ms: int, limit: int) -> None:
        self.header = header
        self.length_ms = length_ms
        self.limit = limit
        self.used = 0
        self.in_flight = 0
        self._index = 0

    def enter(self, now_ms: int) -> None:
        index = now_ms // self.length_ms
        if index != self._index:
            self._index = index
            self.used = 0

    def pause_ms(self, amount: int, now_ms: int, *, is_urgent: bool) -> int:
        self.enter(now_ms)
        limit = self.limit if is_urgent else self.limit - self.limit // _URGENT_RESERVE
        fits = self.used + self.in_flight + amount <= limit
        return 0 if not amount or fits else self.length_ms - now_ms % self.length_ms


class RateLimits:
    """Decides what may be sent now.

    Args:
        server_time_ms: The venue's time now, Unix time.
        monotonic: Seconds from a clock that never goes back.
    """

    __slots__ = ("_blocked_until", "_monotonic", "_orders_blocked_until", "_server_time_ms", "_windows")

    def __init__(self, server_time_ms: Callable[[], int], monotonic: Callable[[], float]) -> None:
        self._server_time_ms = server_time_ms
        self._monotonic = monotonic
        self._windows: dict[str, list[_Window]] = {kind: [] for kind in _HEADERS}
        self._blocked_until = self._orders_blocked_until = float("-inf")

    def set_rules(self, rules: Iterable[RateLimitRule]) -> None:
        """The limits that the venue publishes. Limits of other kinds are left to the venue."""
        windows: dict[str, list[_Window]] = {kind: [] for kind in _HEADERS}
        for rule in rules:
            if rule.rate_limit_type not in windows or rule.interval not in _LETTERS or rule.interval_num < 1:
                continue
            letter, length_ms = _LETTERS[rule.interval]
            header = f"{_HEADERS[rule.rate_limit_type]}{rule.interval_num}{letter}"
            known = next((window for window in self._windows[rule.rate_limit_type] if window.header == header), None)
            window = known or _Window(header, length_ms * rule.interval_num, rule.limit)
            window.limit = rule.limit
            windows[rule.rate_limit_type].append(window)
        self._windows = windows

    def pause(self, cost: Cost) -> float:
        """Seconds until a request may be sent; zero for now."""
        until = max(self._blocked_until, self._orders_blocked_until) if cost.orders else self._blocked_until
        now_ms = self._server_time_ms()
        pauses_ms = [window.pause_ms(amount, now_ms, is_urgent=cost.is_urgent) for window, amount in self._charged(cost)]
        return max(0.0, until - self._monotonic(), max(pauses_ms, default=0) / 1000.0)

    def begin(self, cost: Cost) -> None:
        """A request is sent."""
        for window, amount in self._charged(cost):
            window.in_flight += amount

    def end(self, cost: Cost, headers: Mapping[str, str] | None) -> None:
        """Its answer is here, with these headers; None where there is none."""
        now_ms = self._server_time_ms()
        for window, amount in self._charged(cost):
            window.enter(now_ms)
            window.in_flight = max(0, window.in_flight - amount)
            window.used += amount
        if headers is not None:
            self._observe(headers)

    def _observe(self, headers: Mapping[str, str]) -> None:
        """What the venue has counted is right, whatever we have."""
        for windows in self._windows.values():
            for window in windows:
                text = headers.get(window.header, "")
                if text.isascii() and text.isdigit():
                    window.used = int(text)

    def block(self, status: int | None, retry_after: timedelta | None, *, orders_only: bool) -> None:
        """The venue refused a request, because there were too many.

        Where it does not say for how long: a minute, or its shortest ban.
        """
        pause = retry_after or (_BAN if status == _BANNED else _PAUSE)
        until = self._monotonic() + pause.total_seconds()
        if orders_only:
            self._orders_blocked_until = max(self._orders_blocked_until, until)
        else:
            self._blocked_until = max(self._blocked_until, until)

    def _charged(self, cost: Cost) -> Iterable[tuple[_Window, int]]:
        for window in self._windows["REQUEST_WEIGHT"]:
            yield window, cost.weight
        for window in self._windows["ORDERS"]:
            yield window, cost.orders
