"""The errors of barter-python.

Two kinds of failure are kept apart. An outcome that a trading system must expect (an order refused, a balance too small, a
channel down) is a plain value that travels inside an event: see `execution.error` and `engine.error`. Everything else is an
exception of this tree. A word before a colon is the module of an error that is defined elsewhere:

    BarterError
    ├── IndexLookupError                    an exchange, asset or instrument is not part of the IndexedInstruments
    │   ├── ExchangeIndexError
    │   ├── AssetIndexError
    │   └── InstrumentIndexError
    ├── KeyLookupError                      an index has no venue name in an ExecutionInstrumentMap
    │   ├── ExchangeKeyError
    │   ├── AssetKeyError
    │   └── InstrumentKeyError
    ├── InstrumentDefinitionError           two definitions contradict each other
    ├── DecodeError                         a document does not have the shape or the values it must have
    ├── ConfigError                         a configuration is well formed but cannot be run
    │   ├── UnsupportedSubscriptionError    data.subscription: the venue has no such data, or there is no decoder
    │   ├── UnsupportedSubKindError         data.streams.error: there are no streams of this kind of data
    │   └── SubscriptionsEmptyError         data.streams.error: there is nothing to stream
    ├── MarketDataError                     a market data file or stream is unusable
    │   ├── UnidentifiableError             data.subscription: data of a subscription that was not made
    │   ├── InvalidSequenceError            data.exchange.sequence: updates were lost, the book is unknown
    │   ├── SilentSubscriptionError         data.streams.error: a subscription brings nothing for longer than its kind allows
    │   ├── CrossedBookError                data.streams.error: the best bid of a book is not below its best ask
    │   └── InitialSnapshotError            data.streams.error: a book could not be started from its snapshot
    │       ├── InitialSnapshotMissingError
    │       └── InitialSnapshotInvalidError
    ├── SocketError                         integration.error: a connection or a request failed
    │   ├── WebSocketError
    │   │   ├── SinkError                   a message could not be sent
    │   │   ├── TerminatedError             the venue closed the connection
    │   │   ├── FrameSizeError              a message is too large
    │   │   └── StaleError                  nothing was received for too long
    │   ├── SubscribeError                  the venue refused subscriptions, or did not answer in time
    │   ├── HttpError                       a request got no answer
    │   │   ├── HttpNotSentError            no connection was made: the venue knows nothing of it
    │   │   └── HttpTimeoutError
    │   ├── HttpResponseError               an answer is a failure that the venue does not explain
    │   ├── ExchangeError                   an answer is a failure that the venue explains
    │   ├── DeserialiseError                a payload does not have the shape it must have
    │   ├── SerialiseError                  a request cannot be written
    │   └── UrlError                        a URL is malformed, not encrypted, or leads to another host
    ├── ChannelClosed                       integration.channel: the receiver is gone
    ├── ExecutionError                      execution.client.client: a client could not do what it was asked for
    ├── BinanceFailure                      execution.client.binance.error: a request to Binance failed
    ├── StrategyError                       a user's strategy could not be loaded, or raised while it ran
    ├── TxError                             execution.execution_tx: a request could not be handed over
    ├── InvalidEventError                   engine.state.state: an event carries a value that no venue can mean
    ├── AuditOutOfOrderError                engine.audit.replica: an audit is missing
    ├── AuditLostError                      system.audit: the reader of the audits was too slow
    ├── SystemBusyError                     system.feed: too many commands wait for the engine
    ├── SystemStoppedError                  system.parts: the system takes no more commands
    ├── SystemFailedError                   system.parts: a task of the system died
    ├── Refusal                             rehearsal.binance_spot.refusal: the venue in a box refuses a request
    ├── AccountRefusedError                 session.account: real orders were not clearly asked for
    ├── EngineStoppedError                  session.failure: the engine had to stop, or an account could not be connected
    └── ReplayDiffersError                  cli.outcome: a replay departs from its session

Rust origin: barter::error, barter_instrument::index::error, barter_execution::error::KeyError.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

__all__ = [
    "BarterError",
    "Retry",
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
    "shown",
]

_SHOWN_MAX: Final = 200


class Retry(Enum):
    """Whether what failed may be tried again. Every error of this tree, and every failure that travels as a value, says so.

    NEVER: It would fail in the same way.
    LATER: Nothing has come of it, and the next try may succeed.
    ANEW: With another connection.
    ONCE_KNOWN: The venue may have acted on it: a question may be asked again, a request once it is known what became of it.
    """

    NEVER = "never"
    LATER = "later"
    ANEW = "anew"
    ONCE_KNOWN = "once known"


class BarterError(Exception):
    """Base of every exception that barter-python raises on purpose.

    Two errors are equal when their type and their message are equal, so that errors recorded in audits can be compared.

    Attributes:
        retry: Whether what failed may be tried again.
    """

    retry: Retry = Retry.NEVER

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def is_terminal(self) -> bool:
        """Whether the connection on which it happened is of no use any more. Rust: `is_terminal`."""
        return self.retry is Retry.ANEW

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


def shown(value: object) -> str:
    """A value as messages show it: its `repr`, of which they show at most 200 characters."""
    text = repr(value)
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}..."
