"""Codecs of errors that travel as values. Rust origin: IndexError, KeyError, barter_execution::error, barter::engine::error."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from barter_python.codec.instrument import exchange_id
from barter_python.codec.scalar import text
from barter_python.codec.shape import Codec, bare, convert, pair, union, variant
from barter_python.engine.error import (
    ClientOrderIdReused,
    Custom,
    EngineError,
    ExecutionChannelTerminated,
    ExecutionChannelUnhealthy,
    RecoverableEngineError,
    UnrecoverableEngineError,
)
from barter_python.errors import (
    AssetIndexError,
    AssetKeyError,
    BarterError,
    ExchangeIndexError,
    ExchangeKeyError,
    IndexLookupError,
    InstrumentIndexError,
    InstrumentKeyError,
    KeyLookupError,
)
from barter_python.execution.error import (
    AccountSnapshotError,
    AccountStreamError,
    ApiError,
    AssetInvalid,
    BalanceInsufficient,
    ClientError,
    ConnectivityError,
    ExchangeOffline,
    InstrumentInvalid,
    OrderAlreadyCancelled,
    OrderAlreadyFullyFilled,
    OrderError,
    OrderRejected,
    RateLimit,
    Socket,
    Timeout,
)

__all__ = [
    "api_error",
    "client_error",
    "connectivity_error",
    "engine_error",
    "index_error",
    "key_error",
    "order_error",
    "raised",
    "recoverable_engine_error",
    "unrecoverable_engine_error",
]

ErrorT = TypeVar("ErrorT", bound=BarterError)

_CONNECTIVITY: Final = (ExchangeOffline, Timeout, Socket)
_API: Final = (
    AssetInvalid,
    InstrumentInvalid,
    RateLimit,
    BalanceInsufficient,
    OrderRejected,
    OrderAlreadyCancelled,
    OrderAlreadyFullyFilled,
)


def raised(kind: type[ErrorT]) -> Codec[ErrorT]:
    """An exception as its message."""
    return convert(text, kind, lambda error: error.message)


index_error: Final[Codec[IndexLookupError]] = union(
    variant("ExchangeIndex", raised(ExchangeIndexError), ExchangeIndexError),
    variant("AssetIndex", raised(AssetIndexError), AssetIndexError),
    variant("InstrumentIndex", raised(InstrumentIndexError), InstrumentIndexError),
)
key_error: Final[Codec[KeyLookupError]] = union(
    variant("ExchangeId", raised(ExchangeKeyError), ExchangeKeyError),
    variant("AssetKey", raised(AssetKeyError), AssetKeyError),
    variant("InstrumentKey", raised(InstrumentKeyError), InstrumentKeyError),
)

connectivity_error: Final[Codec[ConnectivityError]] = union(
    variant("ExchangeOffline", convert(exchange_id, ExchangeOffline, lambda error: error.exchange), ExchangeOffline),
    bare("Timeout", Timeout()),
    variant("Socket", convert(text, Socket, lambda error: error.message), Socket),
)


def api_error(asset: Codec[Any], instrument: Codec[Any]) -> Codec[ApiError]:
    """A refusal by the venue, which names assets and instruments in the form of these codecs."""
    asset_invalid: Codec[AssetInvalid] = convert(
        pair(asset, text), lambda found: AssetInvalid(*found), lambda error: (error.asset, error.reason)
    )
    instrument_invalid: Codec[InstrumentInvalid] = convert(
        pair(instrument, text), lambda found: InstrumentInvalid(*found), lambda error: (error.instrument, error.reason)
    )
    insufficient: Codec[BalanceInsufficient] = convert(
        pair(asset, text), lambda found: BalanceInsufficient(*found), lambda error: (error.asset, error.reason)
    )
    return union(
        variant("AssetInvalid", asset_invalid, AssetInvalid),
        variant("InstrumentInvalid", instrument_invalid, InstrumentInvalid),
        bare("RateLimit", RateLimit()),
        variant("BalanceInsufficient", insufficient, BalanceInsufficient),
        variant("OrderRejected", convert(text, OrderRejected, lambda error: error.reason), OrderRejected),
        bare("OrderAlreadyCancelled", OrderAlreadyCancelled()),
        bare("OrderAlreadyFullyFilled", OrderAlreadyFullyFilled()),
    )


def order_error(api: Codec[ApiError]) -> Codec[OrderError]:
    """Why an order could not be opened or cancelled."""
    return union(variant("Connectivity", connectivity_error, *_CONNECTIVITY), variant("Rejected", api, *_API))


def client_error(api: Codec[ApiError]) -> Codec[ClientError]:
    """Why a call of an execution client failed."""
    snapshot: Codec[AccountSnapshotError] = convert(text, AccountSnapshotError, lambda error: error.message)
    stream: Codec[AccountStreamError] = convert(text, AccountStreamError, lambda error: error.message)
    return union(
        variant("Connectivity", connectivity_error, *_CONNECTIVITY),
        variant("Api", api, *_API),
        variant("AccountSnapshot", snapshot, AccountSnapshotError),
        variant("AccountStream", stream, AccountStreamError),
    )


_unhealthy: Final[Codec[ExecutionChannelUnhealthy]] = convert(text, ExecutionChannelUnhealthy, lambda error: error.message)
_reused: Final[Codec[ClientOrderIdReused]] = convert(text, ClientOrderIdReused, lambda error: error.message)
_terminated: Final[Codec[ExecutionChannelTerminated]] = convert(text, ExecutionChannelTerminated, lambda error: error.message)
_custom: Final[Codec[Custom]] = convert(text, Custom, lambda error: error.message)

recoverable_engine_error: Final[Codec[RecoverableEngineError]] = union(
    variant("ExecutionChannelUnhealthy", _unhealthy, ExecutionChannelUnhealthy),
    variant("ClientOrderIdReused", _reused, ClientOrderIdReused),  # Rust has none
)
unrecoverable_engine_error: Final[Codec[UnrecoverableEngineError]] = union(
    variant("IndexError", index_error, IndexLookupError),
    variant("ExecutionChannelTerminated", _terminated, ExecutionChannelTerminated),
    variant("Custom", _custom, Custom),
)
engine_error: Final[Codec[EngineError]] = union(
    variant("Recoverable", recoverable_engine_error, ExecutionChannelUnhealthy, ClientOrderIdReused),
    variant("Unrecoverable", unrecoverable_engine_error, IndexLookupError, ExecutionChannelTerminated, Custom),
)
