"""Identifiers of orders and strategies. Rust origin: barter_execution::order::id."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final, NewType

from barter_python.errors import ConfigError
from barter_python.timed import EPOCH

__all__ = ["STRATEGY_UNKNOWN", "ClientOrderId", "ClientOrderIdSequence", "OrderId", "StrategyId", "session_tag"]

ClientOrderId = NewType("ClientOrderId", str)
"""Our own name of an order, unique among the orders of an instrument. Never reuse one while its order may be live."""

OrderId = NewType("OrderId", str)
"""The venue's name of an order."""

StrategyId = NewType("StrategyId", str)
"""Which strategy an order belongs to."""

STRATEGY_UNKNOWN: Final = StrategyId("unknown")
"""Owner of orders that no strategy of ours has sent. Rust: `StrategyId::unknown`."""


_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_LENGTH_MAX: Final = 36
"""Of a client order id: what Binance takes, the strictest of the venues that take a hyphen."""
_COUNT_LENGTH: Final = 7
"""Ten million orders in a session."""
_TAG: Final = re.compile(r"[a-zA-Z0-9]{1,12}", re.ASCII)
_PREFIX: Final = re.compile(r"[a-zA-Z0-9_-]+", re.ASCII)


class ClientOrderIdSequence:
    """Numbers client order ids: the same run gives the same ids, which keeps backtests and audits reproducible.

    On a live account an id must not be used again while its order may be live, and every process counts from one: there, begin a
    session with a tag of its own.

    Args:
        prefix: Distinguishes strategies.
    """

    __slots__ = ("_count", "_prefix", "_start")

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._start = f"{prefix}-"
        self._count = 0

    def begin_session(self, tag: str) -> None:
        """Number from one again, and put a tag into each id: no other session with this account may have it.

        A prefix that is too long for that is cut: with a tag of eight characters to 19.

        Args:
            tag: Of 1 to 12 letters and digits, see `session_tag`. The same tag gives the same ids again.

        Raises:
            ConfigError: Venues would not take such ids.
        """
        if _TAG.fullmatch(tag) is None:
            raise ConfigError(f"session tag is {tag!r}, expected 1 to 12 letters and digits")
        if _PREFIX.fullmatch(self._prefix) is None:
            raise ConfigError(f"strategy id is {self._prefix!r}, expected letters, digits, '-' or '_': venues take no others")
        room = _LENGTH_MAX - _COUNT_LENGTH - len(f"-{tag}-")
        self._start = f"{self._prefix[:room]}-{tag}-"
        self._count = 0

    def next(self) -> ClientOrderId:
        """The next id, for example `sma-17`, or `sma-mv2r3k0p-17` in a session with a tag."""
        self._count += 1
        return ClientOrderId(f"{self._start}{self._count}")


def session_tag(time: datetime) -> str:
    """A tag for a session that starts at this time, aware UTC: the milliseconds since 1970 to base 36, one for each of them."""
    milliseconds, text = max(0, (time - EPOCH) // timedelta(milliseconds=1)), ""
    while milliseconds or not text:
        milliseconds, digit = divmod(milliseconds, 36)
        text = _DIGITS[digit] + text
    return text
