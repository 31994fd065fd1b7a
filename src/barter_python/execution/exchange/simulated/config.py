"""Configuration of a simulated exchange. Rust origin: none.

Latency is not part of it: whoever drives the exchange delivers requests when they arrive, and answers when they are due.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from barter_python.execution.account import AccountSnapshot
from barter_python.execution.exchange.model.fee import FeeModel
from barter_python.execution.exchange.model.slippage import NoSlippage, SlippageModel
from barter_python.execution.exchange.simulated.queue import ProportionalQueue, QueueModel
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.numeric import ONE

__all__ = ["FundingRate", "InstrumentMargin", "SimulatedExchangeConfig"]


@dataclass(slots=True, frozen=True)
class FundingRate:
    """A funding payment of a perpetual.

    Attributes:
        time: When it is due, aware UTC.
        rate: Fraction of the position's value. Positive: longs pay shorts; negative: shorts pay longs.
    """

    time: datetime
    rate: Decimal


@dataclass(slots=True, frozen=True)
class InstrumentMargin:
    """How a perpetual or a future is financed.

    Attributes:
        instrument: The venue's name.
        initial_margin_rate: Share of the notional that a position or an opening order reserves: 1 is fully funded, 0.1 is a
            leverage of ten. From above 0 to 1.
        funding: Payments in order of time, none for a future.
    """

    instrument: InstrumentNameExchange
    initial_margin_rate: Decimal = ONE
    funding: tuple[FundingRate, ...] = ()


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
    """

    exchange: ExchangeId
    initial_state: AccountSnapshot
    fee: FeeModel
    queue: QueueModel = field(default_factory=ProportionalQueue)
    slippage: SlippageModel = field(default_factory=NoSlippage)
    margins: tuple[InstrumentMargin, ...] = ()
