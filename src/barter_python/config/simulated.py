"""What of a simulated exchange's configuration cannot be run. Rust origin: none.

Models of a user's own are left to the user.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from barter_python.config.execution import SimulatedExecutionConfig
from barter_python.errors import ConfigError
from barter_python.execution.exchange.model.fee import FeeAsset, PercentFees, ThirdAsset, TieredFees
from barter_python.execution.exchange.model.latency import ConstantLatency, JitteredLatency, LatencyModel
from barter_python.execution.exchange.model.slippage import PercentSlippage, SlippageModel, TickSlippage
from barter_python.execution.exchange.simulated.config import InstrumentMargin
from barter_python.instrument.kind import OptionContract, PerpetualContract, Spot

if TYPE_CHECKING:
    from barter_python.config.system import InstrumentConfig

__all__ = ["validate_simulated"]

_NO_TIME: Final = timedelta()


def validate_simulated(execution: SimulatedExecutionConfig, traded: Sequence[InstrumentConfig], path: str) -> None:
    """Check the models and the terms of contracts.

    Args:
        execution: What is checked.
        traded: The instruments of its venue.
        path: Where it stands, for messages.

    Raises:
        ConfigError: It cannot be run; the message names the member.
    """
    for instrument in traded:
        if isinstance(instrument.kind, OptionContract):
            raise ConfigError(
                f"{path}: {instrument.name_exchange!r} is an option, expected spot, perpetuals and futures: the simulated "
                "exchange trades nothing else"
            )
    _validate_latency(execution.latency, f"{path}.latency")
    fees = execution.exchange.fee
    if isinstance(fees, PercentFees):
        _validate_rates(fees.maker, fees.taker, f"{path}.fees")
        _validate_fee_asset(fees.asset, traded, f"{path}.fees.asset")
    elif isinstance(fees, TieredFees):
        _validate_tiers(fees, f"{path}.fees.tiers")
        _validate_fee_asset(fees.asset, traded, f"{path}.fees.asset")
    _validate_slippage(execution.exchange.slippage, traded, f"{path}.slippage")
    seen: set[str] = set()
    for index, margin in enumerate(execution.exchange.margins):
        _validate_margin(margin, traded, f"{path}.margins[{index}]")
        if margin.instrument in seen:
            raise ConfigError(f"{path}.margins[{index}].instrument: {margin.instrument!r} has an entry already")
        seen.add(margin.instrument)


def _validate_latency(latency: LatencyModel, path: str) -> None:
    for model, suffix in ((getattr(latency, "base", latency), ""), (getattr(latency, "jitter", None), ".jitter_ms")):
        if isinstance(latency, ConstantLatency | JitteredLatency) and isinstance(model, ConstantLatency):
            for name in ("request", "response", "market_data"):
                time: timedelta = getattr(model, f"{name}_time")
                if time < _NO_TIME:
                    raise ConfigError(f"{path}{suffix}.{name}_ms: found {time}, expected a time that is not negative")


def _validate_rates(maker: Decimal, taker: Decimal, path: str) -> None:
    if not -1 < maker < 1:
        raise ConfigError(f"{path}.maker: found {maker:f}, expected a fraction above -1 and below 1 (0.001 is 0.1 percent)")
    if not 0 <= taker < 1:
        raise ConfigError(f"{path}.taker: found {taker:f}, expected a fraction from 0 to below 1 (0.001 is 0.1 percent)")


def _validate_tiers(fees: TieredFees, path: str) -> None:
    if not fees.tiers:
        raise ConfigError(f"{path}: the list is empty, expected at least one tier")
    if fees.tiers[0].volume:
        raise ConfigError(f"{path}[0].volume: found {fees.tiers[0].volume:f}, expected 0: the first tier holds from the start")
    for index, tier in enumerate(fees.tiers):
        _validate_rates(tier.maker, tier.taker, f"{path}[{index}]")
        if index and tier.volume <= fees.tiers[index - 1].volume:
            before = fees.tiers[index - 1].volume
            raise ConfigError(f"{path}[{index}].volume: found {tier.volume:f}, expected more than the {before:f} before it")


def _validate_fee_asset(asset: FeeAsset, traded: Sequence[InstrumentConfig], path: str) -> None:
    if not isinstance(asset, ThirdAsset):
        return
    known = sorted({name for instrument in traded for name in instrument.asset_names()})
    if asset.name not in known:
        raise ConfigError(f"{path}.name: no instrument of the exchange uses {asset.name!r}, expected one of: {', '.join(known)}")
    if asset.price <= 0:
        raise ConfigError(f"{path}.price: found {asset.price:f}, expected a positive price in quote currency")


def _validate_slippage(slippage: SlippageModel, traded: Sequence[InstrumentConfig], path: str) -> None:
    if isinstance(slippage, PercentSlippage) and not 0 <= slippage.fraction < 1:
        raise ConfigError(
            f"{path}.percent: found {slippage.fraction:f}, expected a fraction from 0 to below 1 (0.0001 is 0.01 percent)"
        )
    if isinstance(slippage, TickSlippage):
        if slippage.ticks < 0:
            raise ConfigError(f"{path}.ticks: found {slippage.ticks}, expected a number that is not negative")
        for instrument in traded:
            if instrument.spec is None and slippage.ticks:
                raise ConfigError(
                    f"{path}.ticks: {instrument.name_exchange!r} has no spec and so no tick size, expected a spec, or slippage "
                    "in percent"
                )


def _validate_margin(margin: InstrumentMargin, traded: Sequence[InstrumentConfig], path: str) -> None:
    kinds = {instrument.name_exchange: instrument.kind for instrument in traded}
    kind = kinds.get(margin.instrument)
    if kind is None:
        raise ConfigError(
            f"{path}.instrument: {margin.instrument!r} is not configured, expected one of: {', '.join(sorted(kinds))}"
        )
    if isinstance(kind, Spot):
        raise ConfigError(f"{path}.instrument: {margin.instrument!r} is spot, expected a perpetual or a future")
    if not 0 < margin.initial_margin_rate <= 1:
        raise ConfigError(
            f"{path}.initial_margin_rate: found {margin.initial_margin_rate:f}, expected a fraction above 0 and at most 1 "
            "(0.1 is a leverage of ten)"
        )
    if margin.funding and not isinstance(kind, PerpetualContract):
        raise ConfigError(f"{path}.funding: {margin.instrument!r} is a future, expected a perpetual: nothing else pays funding")
    for index, payment in enumerate(margin.funding):
        if not -1 < payment.rate < 1:
            raise ConfigError(f"{path}.funding[{index}].rate: found {payment.rate:f}, expected a fraction above -1 and below 1")
        if index and payment.time <= margin.funding[index - 1].time:
            raise ConfigError(
                f"{path}.funding[{index}].time: found {payment.time}, expected a time after the {margin.funding[index - 1].time} "
                "before it"
            )
