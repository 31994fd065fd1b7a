"""Codecs of the models of a simulated exchange: latency, fees, slippage, queue. Rust origin: none.

Each model that a configuration can name is a line of one of the tables at the end.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from barter_python.codec.instrument import asset_name_exchange
from barter_python.codec.problem import mismatch
from barter_python.codec.scalar import decimal, names, unsigned
from barter_python.codec.shape import Codec, bare, by_member, closed_struct, convert, member, option, sequence, union
from barter_python.execution.exchange.model.fee import (
    PAIR_ASSETS,
    FeeAsset,
    FeeModel,
    FeeTier,
    PairAsset,
    PercentFees,
    ThirdAsset,
    TieredFees,
)
from barter_python.execution.exchange.model.latency import ConstantLatency, JitteredLatency, LatencyModel
from barter_python.execution.exchange.model.slippage import NoSlippage, PercentSlippage, SlippageModel, TickSlippage
from barter_python.execution.exchange.simulated.queue import OptimisticQueue, PessimisticQueue, ProportionalQueue, QueueModel

__all__ = ["fee_model", "latency_model", "pair_asset", "queue_model", "slippage_model"]

_MICROSECOND: Final = timedelta(microseconds=1)
_DAY_MS: Final = 86_400_000


def _read_milliseconds(document: object) -> timedelta:
    milliseconds = decimal.read(document)
    microseconds = milliseconds * 1000
    if not 0 <= milliseconds <= _DAY_MS or microseconds != int(microseconds):
        raise mismatch(document, f"milliseconds from 0 to {_DAY_MS}, with at most three decimals")
    return timedelta(microseconds=int(microseconds))


_milliseconds: Final = Codec(_read_milliseconds, lambda time: _shortest(Decimal(time // _MICROSECOND) / 1000))
"""A duration; a whole number of milliseconds is written as such, any other as a decimal."""


def _shortest(value: Decimal) -> object:
    return int(value) if value == int(value) else decimal.write(value)


_three: Final = closed_struct(
    ConstantLatency,
    request_ms=member(_milliseconds, "request_time", absent=0),
    response_ms=member(_milliseconds, "response_time", absent=0),
    market_data_ms=member(_milliseconds, "market_data_time", absent=0),
)


def _read_jitter(document: object) -> ConstantLatency:
    if isinstance(document, dict):
        return _three.read(document)
    jitter = _milliseconds.read(document)
    return ConstantLatency(jitter, jitter, jitter)


def _constant_latency(request: timedelta, response: timedelta, market: timedelta, _jitter: None, _seed: int) -> ConstantLatency:
    return ConstantLatency(request, response, market)


def _jittered_latency(
    request: timedelta, response: timedelta, market: timedelta, jitter: ConstantLatency, seed: int
) -> JitteredLatency:
    return JitteredLatency(ConstantLatency(request, response, market), jitter, seed)


_jitter: Final = Codec(_read_jitter, _three.write)
_constant: Final = closed_struct(
    _constant_latency,
    request_ms=member(_milliseconds, "request_time", absent=0),
    response_ms=member(_milliseconds, "response_time", absent=0),
    market_data_ms=member(_milliseconds, "market_data_time", absent=0),
    jitter_ms=member(option(_jitter), lambda _: None),
    seed=member(unsigned, lambda _: 0, absent=0),
)
_jittered: Final = closed_struct(
    _jittered_latency,
    request_ms=member(_milliseconds, "base.request_time", absent=0),
    response_ms=member(_milliseconds, "base.response_time", absent=0),
    market_data_ms=member(_milliseconds, "base.market_data_time", absent=0),
    jitter_ms=member(_jitter, "jitter"),
    seed=member(unsigned, absent=0),
)

pair_asset: Final[Codec[PairAsset]] = names({name: name for name in PAIR_ASSETS})
_third_asset: Final = closed_struct(ThirdAsset, name=asset_name_exchange, price=decimal)


def _read_fee_asset(document: object) -> FeeAsset:
    return _third_asset.read(document) if isinstance(document, dict) else pair_asset.read(document)


def _write_fee_asset(asset: FeeAsset) -> object:
    return _third_asset.write(asset) if isinstance(asset, ThirdAsset) else pair_asset.write(asset)


_fee_asset: Final = member(Codec(_read_fee_asset, _write_fee_asset), "asset", absent="quote")
_percent_fees: Final = closed_struct(PercentFees, maker=decimal, taker=decimal, asset=_fee_asset)
_tier: Final = closed_struct(FeeTier, volume=decimal, maker=decimal, taker=decimal)
_tiered_fees: Final = closed_struct(TieredFees, tiers=convert(sequence(_tier), tuple, list), asset=_fee_asset)

latency_model: Final[Codec[LatencyModel]] = by_member(
    {"jitter_ms": (JitteredLatency, _jittered), "request_ms": (ConstantLatency, _constant)}, default=_constant
)
fee_model: Final[Codec[FeeModel]] = by_member(
    {"tiers": (TieredFees, _tiered_fees), "maker": (PercentFees, _percent_fees)}, default=_percent_fees
)
slippage_model: Final[Codec[SlippageModel]] = by_member(
    {
        "ticks": (TickSlippage, closed_struct(TickSlippage, ticks=unsigned)),
        "percent": (PercentSlippage, closed_struct(PercentSlippage, percent=member(decimal, "fraction"))),
    },
    null=NoSlippage(),
)
queue_model: Final[Codec[QueueModel]] = union(
    bare("optimistic", OptimisticQueue()),
    bare("proportional", ProportionalQueue()),
    bare("pessimistic", PessimisticQueue()),
)
