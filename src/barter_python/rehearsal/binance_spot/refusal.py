"""What the venue refuses, with its documented codes and messages. Rust origin: none.

Source: errors.md and rest-api.md of https://github.com/binance/binance-spot-api-docs
"""

from __future__ import annotations

from typing import Final

from barter_python.errors import BarterError
from barter_python.execution.error import BalanceInsufficient, InstrumentInvalid, OrderError, OrderRejected

__all__ = [
    "BAD_API_KEY",
    "BAD_KEY_FORMAT",
    "BAD_SIGNATURE",
    "BAD_SYMBOL",
    "CANCEL_UNKNOWN",
    "DUPLICATE_ORDER",
    "DUPLICATE_PARAMETER",
    "NO_SUCH_ORDER",
    "UNAUTHORIZED",
    "UNSUPPORTED",
    "Refusal",
    "expires_at_once",
    "filter_failure",
    "illegal_characters",
    "missing",
    "refusal_of",
]


class Refusal(BarterError):
    """A request is refused.

    Attributes:
        code: The venue's.
        status: HTTP status.
        retry_after: Seconds to wait, None where the venue does not say.
    """

    def __init__(self, code: int, message: str, status: int = 400, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.retry_after = retry_after


BAD_KEY_FORMAT: Final = (-2014, "API-key format invalid.", 401)
BAD_API_KEY: Final = (-2015, "Invalid API-key, IP, or permissions for action.", 401)
BAD_SIGNATURE: Final = (-1022, "Signature for this request is not valid.")
BAD_SYMBOL: Final = (-1121, "Invalid symbol.")
CANCEL_UNKNOWN: Final = (-2011, "Unknown order sent.")
DUPLICATE_ORDER: Final = (-2010, "Duplicate order sent.")
DUPLICATE_PARAMETER: Final = (-1101, "Duplicate values for a parameter detected.")
NO_SUCH_ORDER: Final = (-2013, "Order does not exist.")
UNAUTHORIZED: Final = (-1002, "You are not authorized to execute this request.", 401)
UNSUPPORTED: Final = (-1020, "This operation is not supported.")

_REJECTIONS: Final = (
    ("price ", (-1013, "Filter failure: PRICE_FILTER")),
    ("trigger price ", (-1013, "Filter failure: PRICE_FILTER")),
    ("quantity ", (-1013, "Filter failure: LOT_SIZE")),
    ("notional ", (-1013, "Filter failure: NOTIONAL")),
    ("the trigger at ", (-2010, "Order would trigger immediately.")),
    ("post-only", (-2010, "Order would immediately match and take.")),
    ("duplicate client order id", DUPLICATE_ORDER),
)
"""How the reasons of the simulated exchange begin."""

_EXPIRIES: Final = (
    ("fill or kill", "UNFILLED_FOK_ORDER_EXPIRED"),
    ("there is nothing to trade", "INSUFFICIENT_LIQUIDITY"),
    ("there is no market data", "INSUFFICIENT_LIQUIDITY"),
)


def missing(name: str) -> Refusal:
    """A mandatory parameter is missing."""
    return Refusal(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")


def illegal_characters(name: str, legal: str) -> Refusal:
    """A parameter is no text of the legal form."""
    return Refusal(-1100, f"Illegal characters found in parameter '{name}'; legal range is '{legal}'.")


def filter_failure(name: str) -> Refusal:
    """A filter of the symbol is violated."""
    return Refusal(-1013, f"Filter failure: {name}")


def expires_at_once(error: OrderError) -> str | None:
    """The venue's reason where it accepts and expires at once what the simulated exchange refuses; else None."""
    if isinstance(error, OrderRejected):
        for beginning, reason in _EXPIRIES:
            if error.reason.startswith(beginning):
                return reason
    return None


def refusal_of(error: OrderError) -> Refusal:
    """How the venue says what the simulated exchange says."""
    match error:
        case InstrumentInvalid():
            return Refusal(*BAD_SYMBOL)
        case BalanceInsufficient():
            return Refusal(-2010, "Account has insufficient balance for requested action.")
        case OrderRejected(reason=reason):
            for beginning, (code, message) in _REJECTIONS:
                if reason.startswith(beginning):
                    return Refusal(code, message)
    return Refusal(-2010, f"Order rejected: {error}")
