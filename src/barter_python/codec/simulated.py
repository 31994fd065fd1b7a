"""Codecs of the configuration of a simulated exchange and its models. Rust origin: none.

Most members have a default; so that a misspelt one is not taken for missing, members that are not known are refused. Fees have
none: to forget them is the usual way to a strategy that earns money only on paper.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final, TypeVar

from barter_python.codec.execution import UNINDEXED
from barter_python.codec.instrument import asset_name_exchange, exchange_id, instrument_name_exchange
from barter_python.codec.problem import mismatch, step
from barter_python.codec.scalar import decimal, instant, names, unsigned
from barter_python.codec.shape import Codec, Member, convert, member, option, sequence, struct
from barter_python.config.execution import SimulatedExecutionConfig
from barter_python.errors import DecodeError
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.exchange.model.fee import BASE, FeeAsset, FeeModel, FeeTier, PercentFees, ThirdAsset, TieredFees
from barter_python.execution.exchange.model.latency import ConstantLatency, JitteredLatency, LatencyModel
from barter_python.execution.exchange.model.slippage import NoSlippage, PercentSlippage, SlippageModel, TickSlippage
from barter_python.execution.exchange.simulated.config import FundingRate, InstrumentMargin, SimulatedExchangeConfig
from barter_python.execution.exchange.simulated.queue import OptimisticQueue, PessimisticQueue, ProportionalQueue, QueueModel
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.numeric import CONTEXT, ONE

__all__ = ["simulated_execution_config"]

T = TypeVar("T")

_MILLISECOND: Final = timedelta(milliseconds=1)
_MICROSECOND: Final = timedelta(microseconds=1)
_DAY_MS: Final = 86_400_000


def _closed(build: Callable[..., T], /, **members: Codec[Any] | Member) -> Codec[T]:
    """A struct that is read from an object only, and refuses members that it does not have."""
    codec = struct(build, **members)

    def read(document: object) -> T:
        if not isinstance(document, dict):
            raise mismatch(document, f"an object with the members {', '.join(members)}")
        for name in document:
            if name not in members:
                close = get_close_matches(str(name), tuple(members), 1, 0.6)
                hint = f"; is {close[0]!r} meant?" if close else ""
                raise DecodeError(f"is not known, expected one of: {', '.join(members)}{hint}").inside(step(str(name)))
        return codec.read(document)

    return Codec(read, codec.write)


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


_three: Final = _closed(
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


def _latency(request: timedelta, response: timedelta, market: timedelta, jitter: ConstantLatency | None, seed: int) -> Any:
    base = ConstantLatency(request, response, market)
    return base if jitter is None else JitteredLatency(base, jitter, seed)


def _base(model: LatencyModel) -> ConstantLatency:
    if isinstance(model, JitteredLatency):
        return model.base
    if isinstance(model, ConstantLatency):
        return model
    raise _not_written(model, "ConstantLatency or JitteredLatency")


_latency_model: Final[Codec[LatencyModel]] = _closed(
    _latency,
    request_ms=member(_milliseconds, lambda model: _base(model).request_time, absent=0),
    response_ms=member(_milliseconds, lambda model: _base(model).response_time, absent=0),
    market_data_ms=member(_milliseconds, lambda model: _base(model).market_data_time, absent=0),
    jitter_ms=member(option(Codec(_read_jitter, _three.write)), lambda model: getattr(model, "jitter", None)),
    seed=member(unsigned, lambda model: getattr(model, "seed", 0), absent=0),
)

_third_asset: Final = _closed(ThirdAsset, name=asset_name_exchange, price=decimal)


def _read_fee_asset(document: object) -> FeeAsset:
    if document == "quote":
        return None
    if document == BASE:
        return BASE
    if isinstance(document, dict):
        return _third_asset.read(document)
    raise mismatch(document, 'one of: "quote", "base", {"name": .., "price": ..}')


def _write_fee_asset(asset: FeeAsset) -> object:
    return _third_asset.write(asset) if isinstance(asset, ThirdAsset) else asset or "quote"


_fee_asset: Final = member(Codec(_read_fee_asset, _write_fee_asset), "asset", absent="quote")
_percent_fees: Final = _closed(PercentFees, maker=decimal, taker=decimal, asset=_fee_asset)
_tier: Final = _closed(FeeTier, volume=decimal, maker=decimal, taker=decimal)
_tiered_fees: Final = _closed(TieredFees, tiers=convert(sequence(_tier), tuple, list), asset=_fee_asset)


def _read_fees(document: object) -> FeeModel:
    return (_tiered_fees if isinstance(document, dict) and "tiers" in document else _percent_fees).read(document)


def _write_fees(model: FeeModel) -> object:
    if isinstance(model, TieredFees):
        return _tiered_fees.write(model)
    if isinstance(model, PercentFees):
        return _percent_fees.write(model)
    raise _not_written(model, "PercentFees or TieredFees")


_ticks: Final = _closed(TickSlippage, ticks=unsigned)
_percent: Final = _closed(PercentSlippage, percent=member(decimal, "fraction"))


def _read_slippage(document: object) -> SlippageModel:
    if document is None:
        return NoSlippage()
    if isinstance(document, dict) and len(document) == 1 and "ticks" in document:
        return _ticks.read(document)
    if isinstance(document, dict) and len(document) == 1 and "percent" in document:
        return _percent.read(document)
    raise mismatch(document, 'one of: null, {"ticks": ..}, {"percent": ..}')


def _write_slippage(model: SlippageModel) -> object:
    if isinstance(model, NoSlippage):
        return None
    if isinstance(model, TickSlippage):
        return _ticks.write(model)
    if isinstance(model, PercentSlippage):
        return _percent.write(model)
    raise _not_written(model, "NoSlippage, TickSlippage or PercentSlippage")


def _not_written(model: object, expected: str) -> TypeError:
    return TypeError(f"cannot write {type(model).__name__}, expected {expected}: a configuration names no other models")


_QUEUES: Final[dict[str, QueueModel]] = {
    "optimistic": OptimisticQueue(),
    "proportional": ProportionalQueue(),
    "pessimistic": PessimisticQueue(),
}
_queue_names: Final = names(_QUEUES)


def _write_queue(model: QueueModel) -> object:
    if model not in _QUEUES.values():
        raise _not_written(model, ", ".join(type(queue).__name__ for queue in _QUEUES.values()))
    return _queue_names.write(model)


def _margin(instrument: InstrumentNameExchange, rate: Decimal | None, leverage: Decimal | None, funding: Any) -> InstrumentMargin:
    if rate is not None and leverage is not None:
        raise DecodeError("found both initial_margin_rate and leverage, expected one of them")
    if leverage is not None:
        if leverage < 1:
            raise DecodeError(f"found {leverage:f}, expected a number of at least 1").inside(".leverage")
        rate = CONTEXT.divide(ONE, leverage)
    return InstrumentMargin(instrument, ONE if rate is None else rate, funding)


_margins: Final = sequence(
    _closed(
        _margin,
        instrument=instrument_name_exchange,
        initial_margin_rate=option(decimal),
        leverage=member(option(decimal), lambda _: None),
        funding=member(convert(sequence(_closed(FundingRate, time=instant, rate=decimal)), tuple, list), absent=[]),
    )
)


def _execution(
    exchange: ExchangeId, state: AccountSnapshot, latency: LatencyModel, fee: FeeModel, slippage: SlippageModel, *others: Any
) -> SimulatedExecutionConfig:
    queue, margins = others
    config = SimulatedExchangeConfig(exchange, state, fee=fee, queue=queue, slippage=slippage, margins=tuple(margins))
    return SimulatedExecutionConfig(config, latency)


simulated_execution_config: Final = _closed(
    _execution,
    simulated_exchange=member(exchange_id, "exchange.exchange"),
    initial_state=UNINDEXED.account_snapshot,
    latency=member(_latency_model, absent={}),
    fees=member(Codec(_read_fees, _write_fees), "exchange.fee"),
    slippage=member(Codec(_read_slippage, _write_slippage), "exchange.slippage", absent=None),
    queue=member(Codec(_queue_names.read, _write_queue), "exchange.queue", absent="proportional"),
    margins=member(_margins, "exchange.margins", absent=[]),
)
"""An execution that has the member `simulated_exchange`."""
