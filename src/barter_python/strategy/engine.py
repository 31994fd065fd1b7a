"""What a strategy's hooks can do with the engine. Rust origin: none, its hooks get the engine itself, in a circle of modules."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, TypeVar

from barter_python.engine.action.output import ActionOutput, SendCancelsAndOpensOutput, SendRequestsOutput
from barter_python.engine.command import Command
from barter_python.engine.state.global_data import GlobalData
from barter_python.engine.state.instrument.data import InstrumentDataState
from barter_python.engine.state.instrument.filter import InstrumentFilter
from barter_python.engine.state.state import EngineState
from barter_python.execution.order.request import OrderRequestCancel

__all__ = ["StrategyEngine"]

GlobalT = TypeVar("GlobalT", bound=GlobalData)
DataT = TypeVar("DataT", bound=InstrumentDataState)


class StrategyEngine(Protocol[GlobalT, DataT]):
    """The engine as a strategy's hook gets it. What a hook sends is recorded and audited like any other request."""

    @property
    def state(self) -> EngineState[GlobalT, DataT]:
        """Everything the engine knows. Look at it, and change it through requests only."""
        ...

    def time(self) -> datetime:
        """Now, by the engine's clock, aware UTC."""
        ...

    def action(self, command: Command) -> ActionOutput:
        """Obey a command, for example `SendOpenRequests`. Bypasses the risk manager."""
        ...

    def cancel_orders(self, filter: InstrumentFilter = None) -> SendRequestsOutput[OrderRequestCancel]:  # noqa: A002
        """Cancel every order of the selected instruments that is not being cancelled yet."""
        ...

    def close_positions(self, filter: InstrumentFilter = None) -> SendCancelsAndOpensOutput:  # noqa: A002
        """Send what the strategy answers to close the positions of the selected instruments. Bypasses the risk manager."""
        ...
