"""Failures of requests, as values that travel inside events. Rust origin: barter_execution::error.

Each says whether what failed may be tried again, as the exceptions do.

Rust nests them (`OrderError::Rejected(ApiError::..)`); here a failure is the innermost value and the codec restores the nesting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from barter_python.errors import Retry
from barter_python.instrument.asset import AssetKey
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentKey

__all__ = [
    "AccountSnapshotError",
    "AccountStreamError",
    "ApiError",
    "AssetInvalid",
    "BalanceInsufficient",
    "ClientError",
    "ConnectivityError",
    "ExchangeOffline",
    "InstrumentInvalid",
    "OrderAlreadyCancelled",
    "OrderAlreadyFullyFilled",
    "OrderError",
    "OrderRejected",
    "RateLimit",
    "Socket",
    "Timeout",
]


@dataclass(slots=True, frozen=True)
class ExchangeOffline:
    """The venue is offline, likely for maintenance."""

    retry: ClassVar = Retry.LATER

    exchange: ExchangeId

    def __str__(self) -> str:
        return f"exchange offline: {self.exchange.value}"


@dataclass(slots=True, frozen=True)
class Timeout:
    """No response arrived in time; the request may have been executed."""

    retry: ClassVar = Retry.ONCE_KNOWN

    def __str__(self) -> str:
        return "request timed out"


@dataclass(slots=True, frozen=True)
class Socket:
    """The connection failed."""

    retry: ClassVar = Retry.ONCE_KNOWN

    message: str

    def __str__(self) -> str:
        return self.message


ConnectivityError: TypeAlias = ExchangeOffline | Timeout | Socket
"""The request or its answer did not get through."""


@dataclass(slots=True, frozen=True)
class AssetInvalid:
    """The venue does not know the asset."""

    retry: ClassVar = Retry.NEVER

    asset: AssetKey
    reason: str

    def __str__(self) -> str:
        return f"asset {self.asset} invalid: {self.reason}"


@dataclass(slots=True, frozen=True)
class InstrumentInvalid:
    """The venue does not know the instrument."""

    retry: ClassVar = Retry.NEVER

    instrument: InstrumentKey
    reason: str

    def __str__(self) -> str:
        return f"instrument {self.instrument} invalid: {self.reason}"


@dataclass(slots=True, frozen=True)
class RateLimit:
    """Too many requests."""

    retry: ClassVar = Retry.LATER

    def __str__(self) -> str:
        return "rate limit exceeded"


@dataclass(slots=True, frozen=True)
class BalanceInsufficient:
    """The free balance does not cover the order."""

    retry: ClassVar = Retry.NEVER

    asset: AssetKey
    reason: str

    def __str__(self) -> str:
        return f"asset {self.asset} balance insufficient: {self.reason}"


@dataclass(slots=True, frozen=True)
class OrderRejected:
    """The venue refused the order."""

    retry: ClassVar = Retry.NEVER

    reason: str

    def __str__(self) -> str:
        return f"order rejected: {self.reason}"


@dataclass(slots=True, frozen=True)
class OrderAlreadyCancelled:
    """There is nothing left to cancel: the order was cancelled before."""

    retry: ClassVar = Retry.NEVER

    def __str__(self) -> str:
        return "order already cancelled"


@dataclass(slots=True, frozen=True)
class OrderAlreadyFullyFilled:
    """There is nothing left to cancel: the order was filled before."""

    retry: ClassVar = Retry.NEVER

    def __str__(self) -> str:
        return "order already fully filled"


ApiError: TypeAlias = (
    AssetInvalid
    | InstrumentInvalid
    | RateLimit
    | BalanceInsufficient
    | OrderRejected
    | OrderAlreadyCancelled
    | OrderAlreadyFullyFilled
)
"""The venue understood the request and refused it."""

OrderError: TypeAlias = ConnectivityError | ApiError
"""Why an order could not be opened or cancelled."""


@dataclass(slots=True, frozen=True)
class AccountSnapshotError:
    """The account snapshot could not be fetched. Rust: `ClientError::AccountSnapshot`."""

    retry: ClassVar = Retry.NEVER

    message: str


@dataclass(slots=True, frozen=True)
class AccountStreamError:
    """The account stream could not be opened. Rust: `ClientError::AccountStream`."""

    retry: ClassVar = Retry.NEVER

    message: str


ClientError: TypeAlias = ConnectivityError | ApiError | AccountSnapshotError | AccountStreamError
"""Why an execution client call failed."""
