"""Configuration of a simulated exchange, with the checks to make before a run. Rust origin: none.

Latency is not part of it: whoever drives the exchange delivers requests when they arrive, and answers when they are due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Final

from barter_python.errors import ConfigError
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.exchange.model.fee import FeeModel
from barter_python.execution.exchange.model.slippage import NoSlippage, SlippageModel
from barter_python.execution.exchange.model.validation import check_fraction, validate_model
from barter_python.execution.exchange.simulated.queue import ProportionalQueue, QueueModel
from barter_python.execution.exchange.simulated.self_trade import SelfTradePrevention
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentDefinition, InstrumentQuoteAsset
from barter_python.instrument.kind import InstrumentKind, OptionContract, PerpetualContract, Spot
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.spec import QuoteUnits
from barter_python.numeric import ONE, ZERO

__all__ = ["FundingRate", "InstrumentMargin", "MarginMode", "SimulatedExchangeConfig"]


@dataclass(slots=True, frozen=True)
class FundingRate:
    """A funding payment of a perpetual.

    Attributes:
        time: When it is due, aware UTC.
        rate: Fraction of the position's value. Positive: longs pay shorts; negative: shorts pay longs.
    """

    time: datetime
    rate: Decimal


class MarginMode(Enum):
    """What a position can lose.

    CROSS: All that the account has of the settlement asset, beyond the margins of isolated positions.
    ISOLATED: Its own margin.
    """

    CROSS = "cross"
    ISOLATED = "isolated"


_LIQUIDATION_FEE_RATE: Final = Decimal("0.005")


@dataclass(slots=True, frozen=True)
class InstrumentMargin:
    """How a perpetual or a future is financed.

    Attributes:
        instrument: The venue's name.
        initial_margin_rate: Share of the notional that a position or an opening order reserves: 1 is fully funded, 0.1 is a
            leverage of ten. From above 0 to 1.
        funding: Payments in order of time, none for a future.
        mode: What a position can lose.
        maintenance_margin_rate: Share of the notional at the mark that has to back a position, from 0. A position that is backed
            by no more than this and the fee of a liquidation is liquidated.
        liquidation_fee_rate: What the venue takes of the notional for that, from 0. Together with the maintenance margin less
            than the initial margin.
    """

    instrument: InstrumentNameExchange
    initial_margin_rate: Decimal = ONE
    funding: tuple[FundingRate, ...] = ()
    mode: MarginMode = MarginMode.CROSS
    maintenance_margin_rate: Decimal = ZERO
    liquidation_fee_rate: Decimal = _LIQUIDATION_FEE_RATE

    def validate(self, kinds: Mapping[str, InstrumentKind], path: str) -> None:
        """Check the terms.

        Args:
            kinds: Of the exchange's instruments, by the venue's names.
            path: Where the terms stand, for messages.

        Raises:
            ConfigError: They are impossible; the message names the member.
        """
        kind = kinds.get(str(self.instrument))
        if kind is None:
            known = ", ".join(sorted(kinds)) or "none"
            raise ConfigError(f"{path}.instrument: {self.instrument!r} is not configured, expected one of: {known}")
        if isinstance(kind, Spot):
            raise ConfigError(f"{path}.instrument: {self.instrument!r} is spot, expected a perpetual or a future")
        rate = self.initial_margin_rate
        if not rate.is_finite() or not ZERO < rate <= ONE:
            raise ConfigError(
                f"{path}.initial_margin_rate: found {rate:f}, expected a fraction above 0 and at most 1 "
                "(0.1 is a leverage of ten)"
            )
        check_fraction(f"{path}.maintenance_margin_rate", self.maintenance_margin_rate, example="0.005 is 0.5 percent")
        check_fraction(f"{path}.liquidation_fee_rate", self.liquidation_fee_rate, example="0.005 is 0.5 percent")
        required = self.maintenance_margin_rate + self.liquidation_fee_rate
        if required >= rate:
            raise ConfigError(
                f"{path}.initial_margin_rate: found {rate:f}, expected more than the {required:f} of maintenance_margin_rate and "
                "liquidation_fee_rate: else a position is liquidated when it is opened"
            )
        if self.funding and not isinstance(kind, PerpetualContract):
            raise ConfigError(f"{path}.funding: {self.instrument!r} is a future, expected a perpetual: nothing else pays funding")
        before = None
        for index, payment in enumerate(self.funding):
            place, time = f"{path}.funding[{index}]", payment.time
            check_fraction(f"{place}.rate", payment.rate, above=-1, example="0.0001 is 0.01 percent")
            if before is not None and time <= before:
                raise ConfigError(f"{place}.time: found {time}, expected a time after the {before} before it")
            before = time


@dataclass(slots=True, frozen=True)
class SimulatedExchangeConfig:
    """Which venue is simulated, with what account, and how.

    Attributes:
        exchange: The venue.
        initial_state: Balances and open orders to start with, under the venue's names. What a balance has locked beyond the
            reservations of these orders stays locked for good.
        fee: Who pays how much.
        queue: How a resting order moves to the front of its price level.
        slippage: How much worse a taker's price is than what the data shows.
        margins: One entry per contract that is not fully funded or that has funding payments.
        candle_volume_share: Share of the volume of a candle that our orders of the instrument may have together, above 0 and at
            most 1; None where nothing limits them.
        self_trade_prevention: Which of two orders of ours that would trade with each other gives way.
    """

    exchange: ExchangeId
    initial_state: AccountSnapshot
    fee: FeeModel
    queue: QueueModel = field(default_factory=ProportionalQueue)
    slippage: SlippageModel = field(default_factory=NoSlippage)
    margins: tuple[InstrumentMargin, ...] = ()
    candle_volume_share: Decimal | None = None
    self_trade_prevention: SelfTradePrevention = SelfTradePrevention.CANCEL_NEWEST

    def validate(self, instruments: Sequence[InstrumentDefinition], path: str) -> None:
        """Check the models, and what `validate_instruments` does; arguments and errors are the same."""
        validate_model(self.fee, instruments, f"{path}.fees")
        validate_model(self.slippage, instruments, f"{path}.slippage")
        validate_model(self.queue, instruments, f"{path}.queue")
        share = self.candle_volume_share
        if share is not None and not (share.is_finite() and ZERO < share <= ONE):
            raise ConfigError(f"{path}.candle_volume_share: found {share:f}, expected a fraction above 0 and at most 1")
        self.validate_instruments(instruments, path)

    def validate_instruments(self, instruments: Sequence[InstrumentDefinition], path: str) -> None:
        """Check the terms of contracts, and that the instruments can be simulated.

        Args:
            instruments: Of the exchange, under the venue's names.
            path: Where the configuration stands, for messages.

        Raises:
            ConfigError: It cannot be run; the message names the member.
        """
        for instrument in instruments:
            _check_instrument(instrument, path)
        kinds = {str(instrument.name_exchange): instrument.kind for instrument in instruments}
        seen: set[str] = set()
        for index, margin in enumerate(self.margins):
            margin.validate(kinds, f"{path}.margins[{index}]")
            if margin.instrument in seen:
                raise ConfigError(f"{path}.margins[{index}].instrument: {margin.instrument!r} has an entry already")
            seen.add(margin.instrument)


def _check_instrument(instrument: InstrumentDefinition, path: str) -> None:
    kind, name = instrument.kind, instrument.name_exchange
    if instrument.spec is not None and isinstance(instrument.spec.quantity.unit, QuoteUnits):
        raise ConfigError(f"{path}: {name!r} has quantities in quote units, expected base units or contracts")
    if isinstance(kind, Spot):
        return
    if isinstance(kind, OptionContract):
        raise ConfigError(
            f"{path}: {name!r} is an option, expected spot, perpetuals and futures: the simulated exchange trades nothing else"
        )
    if instrument.quote is not InstrumentQuoteAsset.UNDERLYING_QUOTE or kind.settlement_asset != instrument.underlying.quote:
        raise ConfigError(
            f"{path}: {name!r} is an inverse or a quanto contract, expected one that is priced and settled in its quote asset"
        )
    if not kind.contract_size.is_finite() or kind.contract_size <= ZERO:
        raise ConfigError(f"{path}: {name!r} has the contract_size {kind.contract_size}, expected a positive number")
