"""The errors of barter-python.

Two kinds of failure are kept apart. An outcome that a trading system must expect (an order refused, a balance too small, a
channel down) is a plain value that travels inside an event: see `execution.error` and `engine.error`. Everything else is an
exception of this tree:

    BarterError
    ├── IndexLookupError            an exchange, asset or instrument is not part of the IndexedInstruments
    │   ├── ExchangeIndexError
    │   ├── AssetIndexError
    │   └── InstrumentIndexError
    ├── KeyLookupError              an index has no venue name in an ExecutionInstrumentMap
    │   ├── ExchangeKeyError
    │   ├── AssetKeyError
    │   └── InstrumentKeyError
    ├── InstrumentDefinitionError   two definitions contradict each other
    ├── DecodeError                 a document does not have the shape or the values it must have
    ├── ConfigError                 a configuration is well formed but cannot be run
    ├── MarketDataError             a market data file or stream is unusable
    └── StrategyError               a user's strategy could not be loaded, or raised while it ran

Rust origin: barter::error, barter_instrument::index::error, barter_execution::error::KeyError.
"""

from __future__ import annotations

__all__ = [
    "BarterError",
    "IndexLookupError",
    "ExchangeIndexError",
    "AssetIndexError",
    "InstrumentIndexError",
    "KeyLookupError",
    "ExchangeKeyError",
    "AssetKeyError",
    "InstrumentKeyError",
    "InstrumentDefinitionError",
    "DecodeError",
    "ConfigError",
    "MarketDataError",
    "StrategyError",
]


class BarterError(Exception):
    """Base of every exception that barter-python raises on purpose.

    Two errors are equal when their type and their message are equal, so that errors recorded in audits can be compared.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, BarterError) and other.message == self.message

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.message))


class IndexLookupError(BarterError):
    """An exchange, asset or instrument is not indexed. Rust: `IndexError`."""


class ExchangeIndexError(IndexLookupError):
    """No such exchange in the index."""


class AssetIndexError(IndexLookupError):
    """No such asset in the index."""


class InstrumentIndexError(IndexLookupError):
    """No such instrument in the index."""


class KeyLookupError(BarterError):
    """An index has no counterpart at the venue. Rust: `KeyError`."""


class ExchangeKeyError(KeyLookupError):
    """The exchange index belongs to another venue."""


class AssetKeyError(KeyLookupError):
    """The asset index has no name at the venue."""


class InstrumentKeyError(KeyLookupError):
    """The instrument index has no name at the venue."""


class InstrumentDefinitionError(BarterError):
    """Two instruments or assets contradict each other, for example by sharing one internal name."""


class DecodeError(BarterError):
    """A document does not have the expected shape.

    Attributes:
        path: Where in the document, for example `$.instruments[0].exchange`.
        problem: What was found there and what was expected.
    """

    def __init__(self, problem: str, path: str = "$") -> None:
        super().__init__(f"{path}: {problem}")
        self.problem = problem
        self.path = path

    def inside(self, step: str) -> DecodeError:
        """The same error seen from one level further out."""
        return DecodeError(self.problem, f"${step}{self.path[1:]}")


class ConfigError(BarterError):
    """A configuration is well formed, but what it describes cannot be run."""


class MarketDataError(BarterError):
    """A market data file or stream is unusable: empty, truncated, out of order, or with impossible values."""


class StrategyError(BarterError):
    """A user's strategy could not be loaded, or raised while it ran."""
