"""Codecs of what only Rust has: read and checked, kept as plain dicts, text and `Tagged` values.

They let documents written by Rust pass through unharmed. A type that barter-python has itself does not belong here.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from barter_python.codec.error import api_error, client_error, index_error
from barter_python.codec.instrument import (
    asset_index,
    asset_name_internal,
    exchange_id,
    instrument_index,
    instrument_name_exchange,
    market_data_instrument_kind,
)
from barter_python.codec.scalar import marker, names, text, unsigned, unsigned_byte
from barter_python.codec.shape import Codec, Member, Variant, bare, convert, member, struct, union, variant

__all__ = [
    "Tagged",
    "audit_mode",
    "barter_error",
    "data_error",
    "engine_feed_mode",
    "execution_error",
    "market_instrument_data",
    "reconnection_backoff_policy",
    "snap_updates",
    "sub_kind",
    "subscription",
]


@dataclass(slots=True, frozen=True)
class Tagged:
    """A variant of a Rust enum that has no type here.

    Attributes:
        tag: Name of the variant.
        payload: What it carries, None where it carries nothing.
    """

    tag: str
    payload: object = None


def _plain(**members: Codec[Any] | Member) -> Codec[dict[str, Any]]:
    """An object kept as a dict with the same members."""
    keys = tuple(members)
    described = {name: item if isinstance(item, Member) else member(item, itemgetter(name)) for name, item in members.items()}
    return struct(lambda *values: dict(zip(keys, values, strict=True)), **described)


def _tagged(**variants: Codec[Any] | None) -> Codec[Tagged]:
    """An enum kept as `Tagged`; None stands for a variant without a payload."""
    described = {tag: _tagged_variant(tag, codec) for tag, codec in variants.items()}
    codecs = {tag: union(item) for tag, item in described.items()}
    return Codec(union(*described.values()).read, lambda value: codecs[value.tag].write(value))


def _tagged_variant(tag: str, codec: Codec[Any] | None) -> Variant:
    if codec is None:
        return bare(tag, Tagged(tag))
    payload: Codec[Tagged] = convert(codec, lambda found: Tagged(tag, found), lambda value: value.payload)
    return variant(tag, payload, Tagged)


def _words(*words: str) -> Codec[str]:
    return names({word: word for word in words})


sub_kind: Final = _words("PublicTrades", "OrderBooksL1", "OrderBooksL2", "OrderBooksL3", "Liquidations", "Candles")
audit_mode: Final = _words("Enabled", "Disabled")
engine_feed_mode: Final = _words("Iterator", "Stream")
reconnection_backoff_policy: Final = _plain(
    backoff_ms_initial=unsigned, backoff_multiplier=unsigned_byte, backoff_ms_max=unsigned
)
market_instrument_data: Final = _plain(
    key=instrument_index, name_exchange=instrument_name_exchange, kind=market_data_instrument_kind
)
subscription: Final = _plain(
    exchange=exchange_id,
    base=asset_name_internal,
    quote=asset_name_internal,
    instrument_kind=market_data_instrument_kind,
    kind=member(sub_kind, itemgetter("kind"), aliases=("type",)),
)


def snap_updates(snapshot: Codec[Any], updates: Codec[Any]) -> Codec[dict[str, Any]]:
    """A snapshot and what follows it."""
    return _plain(snapshot=snapshot, updates=updates)


data_error: Final = _tagged(
    Index=index_error,
    SubscriptionsEmpty=None,
    UnsupportedSubKind=sub_kind,
    InitialSnapshotMissing=text,
    InitialSnapshotInvalid=text,
    Socket=text,
    Unsupported=_plain(exchange=exchange_id, sub_kind=sub_kind),
    InvalidSequence=_plain(prev_last_update_id=unsigned, first_update_id=unsigned),
)
execution_error: Final = _tagged(Config=text, Index=index_error, Client=client_error(api_error(asset_index, instrument_index)))
barter_error: Final = _tagged(
    IndexError=index_error,
    ExecutionBuilder=text,
    ExecutionRxDropped=marker(None),
    MarketData=data_error,
    Execution=execution_error,
    JoinError=text,
)
