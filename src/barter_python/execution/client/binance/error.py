"""What a failure of Binance means: whether the venue may have acted, and which of the engine's errors it is. Rust origin: none.

| what came back | known of an order | order | anything else |
|---|---|---|---|
| nothing was sent: not connected, or held back here | not opened | `ExchangeOffline`, `RateLimit` | the same |
| no answer in time | unknown | `Timeout` | `Timeout` |
| connection lost, HTTP 5xx, an answer that cannot be read | unknown | `Socket` | `Socket` |
| -1000, -1001, -1006, -1007, -1008, whatever the status | unknown | `Socket` | `Socket` |
| HTTP 403, 418, 429, -1003, -1015, -1034 | not opened | `RateLimit` | `RateLimit` |
| -1121 | not opened | `InstrumentInvalid` | `InstrumentInvalid` |
| -2010 of too small a balance | not opened | `BalanceInsufficient` | |
| -1021 | not opened | `OrderRejected` | `Socket`: it may be right the next time |
| any other status without a code | not opened | `OrderRejected` | `Socket`: that is not the venue itself |
| any other code: -1013, -1022, -2010, -2011, -2014, -2015 .. | refused | `OrderRejected` | an error that is terminal |

Source: https://github.com/binance/binance-spot-api-docs/blob/master/errors.md and
https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#http-return-codes
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from barter_python.errors import BarterError, DecodeError, Retry
from barter_python.execution.client.client import ExecutionError
from barter_python.execution.error import (
    AccountSnapshotError,
    BalanceInsufficient,
    ClientError,
    ExchangeOffline,
    InstrumentInvalid,
    OrderError,
    OrderRejected,
    RateLimit,
    Socket,
    Timeout,
)
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange

__all__ = [
    "INVALID_TIMESTAMP",
    "NO_SUCH_ORDER",
    "ORDER_ARCHIVED",
    "TOO_MANY_ORDERS",
    "BinanceFailure",
    "execution_errors",
    "failure_of",
    "held_back",
    "to_client_error",
    "to_order_error",
]

TOO_MANY_ORDERS: Final = -1015
INVALID_TIMESTAMP: Final = -1021
NO_SUCH_ORDER: Final = -2013
ORDER_ARCHIVED: Final = -2026

_BAD_SYMBOL: Final = -1121
_NEW_ORDER_REJECTED: Final = -2010
_EXECUTION_UNKNOWN: Final = frozenset({-1000, -1001, -1006, -1007, -1008})
_RATE_LIMITS: Final = frozenset({-1003, TOO_MANY_ORDERS, -1034})
_RATE_LIMIT_STATUS: Final = frozenset({403, 418, 429})
_REQUEST_TIMEOUT: Final = 408
_INSUFFICIENT: Final = "insufficient balance"


class BinanceFailure(BarterError):
    """A request failed. It contains neither keys nor signatures.

    Attributes:
        reason: In the venue's words, or what went wrong on the way.
        retry: Whether it may be tried again: later where nothing was sent, or there were too many requests; once it is known what
            became of it where the venue may have acted on it; never where it has refused.
        code: The venue's code, None where it gave none.
        status: HTTP status, None where there was no answer.
        is_rate_limit: Whether there were too many requests.
        is_timeout: Whether the answer took too long.
    """

    def __init__(
        self,
        reason: str,
        retry: Retry,
        *,
        code: int | None = None,
        status: int | None = None,
        is_rate_limit: bool = False,
        is_timeout: bool = False,
    ) -> None:
        super().__init__(reason if code is None else f"{reason} (code {code})")
        self.reason = reason
        self.retry = retry
        self.code = code
        self.status = status
        self.is_rate_limit = is_rate_limit
        self.is_timeout = is_timeout

    def before_sending(self) -> BinanceFailure:
        """The same for a request that was to follow, and has not been sent because of it."""
        if self.is_rate_limit or self.retry is Retry.NEVER:
            return self
        return BinanceFailure(self.reason, Retry.LATER, code=self.code, status=self.status)


def held_back() -> BinanceFailure:
    """A request that would go beyond a limit of the venue is not sent."""
    return BinanceFailure("held back: the venue's rate limit would be exceeded", Retry.LATER, is_rate_limit=True)


def failure_of(status: int, code: int | None, reason: str) -> BinanceFailure:
    """What an answer other than success means."""
    if status >= 500 or status < 400 or status == _REQUEST_TIMEOUT or code in _EXECUTION_UNKNOWN:
        return BinanceFailure(f"HTTP status {status}: {reason}", Retry.ONCE_KNOWN, code=code, status=status)
    is_rate_limit = code in _RATE_LIMITS or status in _RATE_LIMIT_STATUS
    retry = Retry.LATER if is_rate_limit else Retry.NEVER
    return BinanceFailure(reason, retry, code=code, status=status, is_rate_limit=is_rate_limit)


@contextmanager
def execution_errors(
    what: str, instruments: Sequence[str] = (), otherwise: Callable[[str], ClientError] = AccountSnapshotError
) -> Iterator[None]:
    """Raise an `ExecutionError` where a question fails, or its answer cannot be read.

    Args:
        what: Was asked for.
        instruments: It was about, none for the account.
        otherwise: The error of a refusal that has no error of its own.
    """
    venue = ExchangeId.BINANCE_SPOT.value
    try:
        yield
    except BinanceFailure as failure:
        named = InstrumentNameExchange(", ".join(instruments)) if instruments else None
        error = to_client_error(failure, named, otherwise)
        reason = str(error) if isinstance(error, InstrumentInvalid | RateLimit) else failure.message
        raise ExecutionError(f"{venue}: {what}", error, reason) from None
    except DecodeError as error:
        raise ExecutionError(f"{venue}: {what}", Socket(error.problem)) from None


def to_order_error(
    failure: BinanceFailure, instrument: InstrumentNameExchange, asset_spent: AssetNameExchange | None = None
) -> OrderError:
    """Why an order was not opened or cancelled, or that it is not known.

    Args:
        failure: Of the request.
        instrument: What was to be traded.
        asset_spent: What an order to open pays with, None where that is not known.
    """
    known = _known(failure, instrument)
    if known is not None:
        return known
    if failure.code == _NEW_ORDER_REJECTED and asset_spent is not None and _INSUFFICIENT in failure.reason.lower():
        return BalanceInsufficient(asset_spent, failure.message)
    return OrderRejected(failure.message)


def to_client_error(
    failure: BinanceFailure, instrument: InstrumentNameExchange | None, otherwise: Callable[[str], ClientError]
) -> ClientError:
    """Why a call failed.

    Args:
        failure: Of the request.
        instrument: What it was about, None for the account.
        otherwise: The error of a refusal that has no error of its own.
    """
    known = _known(failure, instrument)
    if known is not None:
        return known
    if failure.code == INVALID_TIMESTAMP or (failure.code is None and failure.status is not None):
        return Socket(failure.message)
    return otherwise(failure.message)


def _known(failure: BinanceFailure, instrument: InstrumentNameExchange | None) -> OrderError | None:
    """What orders and everything else have in common; None for a refusal without an error of its own."""
    if failure.is_rate_limit:
        return RateLimit()
    if failure.retry is Retry.LATER:
        return ExchangeOffline(ExchangeId.BINANCE_SPOT)
    if failure.retry is Retry.ONCE_KNOWN:
        return Timeout() if failure.is_timeout else Socket(failure.message)
    if failure.code == _BAD_SYMBOL and instrument is not None:
        return InstrumentInvalid(instrument, failure.message)
    return None
