"""What an exception that leaves the engine says: which event it was processing, and when. Rust origin: none; Rust panics.

Code of a user runs inside of the engine: strategy, risk manager, data. Whatever it raises ends the run, with everything known.
"""

from __future__ import annotations

from datetime import datetime

from barter_python.data.event import MarketEvent
from barter_python.engine.event import EngineEvent
from barter_python.errors import StrategyError
from barter_python.execution.account import AccountEvent

__all__ = ["with_event"]


def with_event(error: BaseException, event: EngineEvent | None, time: datetime) -> Exception:
    """The exception to raise in place of one that left the engine; it notes the event, and keeps its traceback.

    Args:
        error: What was raised. `sys.exit` in a strategy is a mistake of the strategy, no wish to end the process.
        event: The event that was being processed, None where it is not known.
        time: The engine's time, aware UTC.
    """
    if isinstance(error, SystemExit):
        raised: Exception = StrategyError(f"SystemExit: {error.code}").with_traceback(error.__traceback__)
    elif isinstance(error, Exception):
        raised = error
    else:
        raise error
    raised.add_note(f"at {time}" if event is None else f"while the engine processed {_describe(event)} at {time}")
    return raised


def _describe(event: EngineEvent) -> str:
    if isinstance(event, MarketEvent):
        return f"{type(event.kind).__name__} of instrument {event.instrument}"
    return type(event.kind if isinstance(event, AccountEvent) else event).__name__
