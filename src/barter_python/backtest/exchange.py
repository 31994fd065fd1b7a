"""A simulated exchange as the kernel of a backtest sees it: what it does, what it calls things, and how far away it is."""

from __future__ import annotations

from dataclasses import dataclass

from barter_python.config.execution import ExecutionConfig
from barter_python.execution.exchange.transit import ModelledTransit, Transit
from barter_python.execution.exchange.venue import SimulatedVenue
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.map import generate_execution_instrument_map
from barter_python.instrument.index import IndexedInstruments

__all__ = ["ExchangeLink"]


@dataclass(slots=True, eq=False)
class ExchangeLink:
    """An exchange, and the way to it and back.

    Attributes:
        exchange: Decides what happens.
        indexer: Translates between its names and the engine's indexes.
        transit: Tells when messages arrive; belongs to one run.
    """

    exchange: SimulatedVenue
    indexer: AccountEventIndexer
    transit: Transit

    @classmethod
    def configured(cls, instruments: IndexedInstruments, execution: ExecutionConfig) -> ExchangeLink:
        """The exchange of an execution, made for one run."""
        indexer = AccountEventIndexer(generate_execution_instrument_map(instruments, execution.mocked_exchange))
        return cls(execution.new_venue(instruments), indexer, ModelledTransit(execution.new_latency()))
