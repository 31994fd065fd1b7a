"""Configuration of a system and of a backtest. Rust origin: barter::system::config.

`codec.config` reads them from JSON. What is well formed need not make sense: `validate` says what cannot be run, before a run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from barter_python.config.execution import ExecutionConfig
from barter_python.errors import ConfigError
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.instrument.asset import Asset, AssetNameExchange, AssetNameInternal
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument, InstrumentDefinition, InstrumentQuoteAsset, Underlying
from barter_python.instrument.kind import FutureContract, InstrumentKind, OptionContract, PerpetualContract, Spot
from barter_python.instrument.name import InstrumentNameExchange, InstrumentNameInternal
from barter_python.instrument.spec import ContractUnits, InstrumentSpec, QuoteUnits

__all__ = ["BacktestConfig", "InstrumentConfig", "SystemConfig", "validate"]


@dataclass(slots=True, frozen=True)
class InstrumentConfig:
    """An instrument as a user writes it: every asset by the venue's name.

    Attributes:
        exchange: The venue.
        name_exchange: Its name at the venue.
        underlying: The pair.
        quote: In which of the two prices are.
        kind: Spot, perpetual, future or option.
        spec: The venue's limits on orders, None where unknown.
    """

    exchange: ExchangeId
    name_exchange: InstrumentNameExchange
    underlying: Underlying[AssetNameExchange]
    quote: InstrumentQuoteAsset
    kind: InstrumentKind
    spec: InstrumentSpec | None = None

    def to_instrument(self) -> InstrumentDefinition:
        """The instrument, with an internal name made of exchange, pair and kind."""
        kind, spec = self.kind, self.spec
        if not isinstance(kind, Spot):
            kind = replace(kind, settlement_asset=_asset(kind.settlement_asset))
        if spec is not None and not isinstance(spec.quantity.unit, ContractUnits | QuoteUnits):
            spec = replace(spec, quantity=replace(spec.quantity, unit=_asset(spec.quantity.unit)))
        return Instrument(
            self.exchange,
            self.name_internal(),
            self.name_exchange,
            Underlying(Asset.new_from_exchange(self.underlying.base), Asset.new_from_exchange(self.underlying.quote)),
            self.quote,
            kind,
            spec,
        )

    def name_internal(self) -> InstrumentNameInternal:
        """`binancespot-btc_usdt`, and for derivatives their terms behind it: `binancefuturesusd-btc_usdt-perpetual`.

        Rust leaves the terms out, so that two contracts of one pair share a name (divergence 7).
        """
        pair = InstrumentNameInternal.new_from_exchange_underlying(self.exchange, self.underlying.base, self.underlying.quote)
        return InstrumentNameInternal(pair + _terms(self.kind))

    def with_spec(self, spec: InstrumentSpec | None) -> InstrumentConfig:
        """The same with these limits, where it has none; their unit, where it is an asset, is the base asset."""
        if self.spec is not None or spec is None:
            return self
        if not isinstance(spec.quantity.unit, ContractUnits | QuoteUnits):
            spec = replace(spec, quantity=replace(spec.quantity, unit=self.underlying.base))
        return replace(self, spec=spec)

    def asset_names(self) -> Iterator[AssetNameExchange]:
        """The venue's name of every asset it uses."""
        yield self.underlying.base
        yield self.underlying.quote
        if not isinstance(self.kind, Spot):
            yield cast("AssetNameExchange", self.kind.settlement_asset)
        if self.spec is not None and not isinstance(self.spec.quantity.unit, ContractUnits | QuoteUnits):
            yield cast("AssetNameExchange", self.spec.quantity.unit)


def _asset(name: object) -> Asset:
    return Asset.new_from_exchange(cast("str", name))


def _terms(kind: InstrumentKind) -> str:
    match kind:
        case Spot():
            return ""
        case PerpetualContract():
            return "-perpetual"
        case FutureContract(expiry=expiry):
            return f"-future-{expiry:%Y%m%d}"
        case OptionContract(kind=right, exercise=exercise, expiry=expiry, strike=strike):
            return f"-option-{expiry:%Y%m%d}-{strike.normalize():f}-{right.value}-{exercise.value}"


@dataclass(slots=True, frozen=True)
class SystemConfig:
    """A whole system.

    Attributes:
        instruments: What is watched and traded.
        executions: How orders are executed, at most one per exchange; an exchange without one is only watched.
        valuation: Asset in which the portfolio is valued, None for the quote asset that most instruments share. Rust has none.
    """

    instruments: tuple[InstrumentConfig, ...]
    executions: tuple[ExecutionConfig, ...]
    valuation: AssetNameInternal | None = None

    def indexed_instruments(self) -> IndexedInstruments:
        """What is watched and traded, under indexes."""
        return IndexedInstruments.new(item.to_instrument() for item in self.instruments)

    def with_specs(self, instruments: IndexedInstruments) -> SystemConfig:
        """The same with the limits that instruments have by now, where none is configured."""
        known = {(keyed.value.exchange.value, keyed.value.name_exchange): keyed.value.spec for keyed in instruments.instruments()}
        return replace(
            self, instruments=tuple(item.with_spec(known.get((item.exchange, item.name_exchange))) for item in self.instruments)
        )

    def initial_balances(self) -> tuple[tuple[ExchangeId, str, Balance], ...]:
        """What the accounts of simulated exchanges hold at the start, as (exchange, asset name, balance)."""
        return tuple(
            (execution.mocked_exchange, str(balance.asset), balance.balance)
            for execution in self.executions
            for balance in execution.initial_state.balances
        )


@dataclass(slots=True, frozen=True)
class BacktestConfig:
    """A backtest.

    Attributes:
        risk_free_return: Return of a riskless investment over the trading period, as a fraction.
        system: The system that is tested.
    """

    risk_free_return: Decimal
    system: SystemConfig


def validate(config: SystemConfig | BacktestConfig) -> None:
    """Check that what a configuration describes can be run.

    Raises:
        ConfigError: It cannot; the message names the member.
    """
    system = config.system if isinstance(config, BacktestConfig) else config
    if not system.instruments:
        raise ConfigError("instruments: the list is empty, expected at least one instrument")
    named: dict[InstrumentNameInternal, int] = {}
    for index, instrument in enumerate(system.instruments):
        _validate_instrument(instrument, f"instruments[{index}]")
        first = named.setdefault(instrument.name_internal(), index)
        if first != index:
            raise ConfigError(
                f"instruments[{index}]: its internal name {str(instrument.name_internal())!r} is that of instruments[{first}] "
                "already, expected each instrument once"
            )
    _validate_valuation(system)
    executions: dict[ExchangeId, int] = {}
    for index, execution in enumerate(system.executions):
        first = executions.setdefault(execution.mocked_exchange, index)
        if first != index:
            raise ConfigError(
                f"executions[{index}].{execution.venue_member}: {execution.mocked_exchange.value!r} is executed by "
                f"executions[{first}] already, expected one execution for each exchange"
            )
        _validate_execution(execution, system.instruments, f"executions[{index}]")


def _validate_instrument(instrument: InstrumentConfig, path: str) -> None:
    kind = instrument.kind
    if not isinstance(kind, Spot) and kind.contract_size <= 0:
        raise ConfigError(f"{path}.kind.contract_size: found {kind.contract_size:f}, expected a positive number")
    if isinstance(kind, OptionContract) and kind.strike <= 0:
        raise ConfigError(f"{path}.kind.strike: found {kind.strike:f}, expected a positive price")


def _validate_valuation(system: SystemConfig) -> None:
    known = sorted({AssetNameInternal(name) for instrument in system.instruments for name in instrument.asset_names()})
    if system.valuation is not None and system.valuation not in known:
        raise ConfigError(
            f"valuation: found {system.valuation[:200]!r}, expected an asset of the instruments: {', '.join(known)}"
        )


def _validate_execution(execution: ExecutionConfig, instruments: tuple[InstrumentConfig, ...], path: str) -> None:
    venue, state = execution.mocked_exchange, execution.initial_state
    traded = [instrument for instrument in instruments if instrument.exchange is venue]
    if not traded:
        known = ", ".join(sorted({instrument.exchange.value for instrument in instruments}))
        raise ConfigError(f"{path}.{execution.venue_member}: no instrument trades on {venue.value!r}, expected one of: {known}")
    execution.validate([instrument.to_instrument() for instrument in traded], path)
    if state.exchange is not venue:
        verb = execution.venue_member.removesuffix("_exchange")
        raise ConfigError(f"{path}.initial_state.exchange: found another exchange than {venue.value!r}, which is {verb}")
    assets = sorted({name for instrument in traded for name in instrument.asset_names()})
    seen: set[object] = set()
    for index, balance in enumerate(state.balances):
        _validate_balance(balance, assets, f"{path}.initial_state.balances[{index}]")
        if balance.asset in seen:
            raise ConfigError(f"{path}.initial_state.balances[{index}].asset: {balance.asset!r} has a balance already")
        seen.add(balance.asset)
    names = [instrument.name_exchange for instrument in traded]
    for index, snapshot in enumerate(state.instruments):
        if snapshot.instrument not in names:
            raise ConfigError(
                f"{path}.initial_state.instruments[{index}].instrument: {snapshot.instrument!r} is not configured, "
                f"expected one of: {', '.join(names)}"
            )


def _validate_balance(entry: AssetBalance, assets: list[AssetNameExchange], path: str) -> None:
    if entry.asset not in assets:
        raise ConfigError(
            f"{path}.asset: no instrument of the exchange uses {entry.asset!r}, expected one of: {', '.join(assets)}"
        )
    total, free = entry.balance.total, entry.balance.free
    if total < 0 or free < 0:
        raise ConfigError(f"{path}.balance: found total {total:f} and free {free:f}, expected numbers that are not negative")
    if free > total:
        raise ConfigError(f"{path}.balance.free: found {free:f}, expected at most the total of {total:f}")
