"""How the orders of an exchange are executed in a simulation. Rust origin: barter_execution::client::mock::MockExecutionConfig.

A configuration is asked what it stands for: it checks itself, makes its venue, and the latency of the way there.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final, TypeAlias

from barter_python.errors import ConfigError
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.exchange.mock import MockExchange
from barter_python.execution.exchange.model.fee import PAIR_ASSETS, PairAsset, PercentFees
from barter_python.execution.exchange.model.latency import ConstantLatency, LatencyModel
from barter_python.execution.exchange.model.validation import check_fraction, validate_model
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.execution.exchange.simulated.exchange import SimulatedExchange
from barter_python.execution.exchange.venue import SimulatedVenue
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentDefinition

__all__ = ["ExecutionConfig", "MockExecutionConfig", "SimulatedExecutionConfig"]

_NO_LATENCY: Final = ConstantLatency()


@dataclass(slots=True, frozen=True)
class MockExecutionConfig:
    """Which venue is mocked, and with what account: every market order is filled at its own price.

    Attributes:
        mocked_exchange: The venue.
        initial_state: Balances and orders to start with, under the venue's names.
        latency_ms: Time from the engine to the venue and back, in milliseconds.
        fees_percent: Fee of a trade as a fraction of its value: 0.05 charges five percent.
        fee_asset: In which asset of the pair fees are charged. Rust has none: there it is the quote asset.
        venue_member: The member that names the venue in a document.
    """

    mocked_exchange: ExchangeId
    initial_state: AccountSnapshot
    latency_ms: int
    fees_percent: Decimal
    fee_asset: PairAsset = "quote"
    venue_member: ClassVar[str] = "mocked_exchange"

    def validate(self, _: Sequence[InstrumentDefinition], path: str) -> None:
        """Check the fee.

        Args:
            path: Where the configuration stands, for messages.

        Raises:
            ConfigError: It is impossible.
        """
        check_fraction(f"{path}.fees_percent", self.fees_percent, example="0.001 is 0.1 percent")
        if self.fee_asset not in PAIR_ASSETS:
            raise ConfigError(f"{path}.fee_asset: found {self.fee_asset!r:.200}, expected one of: {', '.join(PAIR_ASSETS)}")

    def new_venue(self, instruments: IndexedInstruments) -> SimulatedVenue:
        """The mock exchange of one run.

        Raises:
            ConfigError: An instrument of the venue is not spot.
        """
        definitions = (keyed.value for keyed in instruments.definitions(self.mocked_exchange))
        return MockExchange(self.mocked_exchange, self.initial_state, self.fees_percent, definitions, self.fee_asset)

    def new_latency(self) -> LatencyModel:
        """Rust's: half of `latency_ms` to the venue, the rest back."""
        return ConstantLatency.round_trip(self.latency_ms)

    def matching(self) -> SimulatedExchangeConfig:
        """The simulated exchange with the same account and fees, which matches orders against the market."""
        fees = PercentFees(self.fees_percent, self.fees_percent, self.fee_asset)
        return SimulatedExchangeConfig(self.mocked_exchange, self.initial_state, fees)


@dataclass(slots=True, frozen=True)
class SimulatedExecutionConfig:
    """Which venue is simulated, with what account and by which models, and how far away it is.

    Each run works on copies of the models, so that a model may have a state of its own. Your own models go in as they are.

    Attributes:
        exchange: The exchange.
        latency: How long messages travel.
        venue_member: The member that names the venue in a document.
    """

    exchange: SimulatedExchangeConfig
    latency: LatencyModel = _NO_LATENCY
    venue_member: ClassVar[str] = "simulated_exchange"

    def validate(self, instruments: Sequence[InstrumentDefinition], path: str) -> None:
        """Check the exchange, its models, and the latency.

        Args:
            instruments: Of the venue, under its names.
            path: Where the configuration stands, for messages.

        Raises:
            ConfigError: It cannot be run; the message names the member.
        """
        validate_model(self.latency, instruments, f"{path}.latency")
        self.exchange.validate(instruments, path)

    @property
    def mocked_exchange(self) -> ExchangeId:
        """The venue; named as in `MockExecutionConfig`, so that both are read alike."""
        return self.exchange.exchange

    @property
    def initial_state(self) -> AccountSnapshot:
        """Balances and orders to start with, under the venue's names."""
        return self.exchange.initial_state

    def new_venue(self, instruments: IndexedInstruments) -> SimulatedVenue:
        """The simulated exchange of one run.

        Raises:
            ConfigError: An instrument cannot be simulated, or the account cannot have been in its initial state.
        """
        return SimulatedExchange(deepcopy(self.exchange), instruments)

    def new_latency(self) -> LatencyModel:
        """The latency of one run."""
        return deepcopy(self.latency)

    def matching(self) -> SimulatedExchangeConfig:
        """The simulated exchange."""
        return self.exchange


ExecutionConfig: TypeAlias = MockExecutionConfig | SimulatedExecutionConfig
"""How orders of one exchange are executed."""
