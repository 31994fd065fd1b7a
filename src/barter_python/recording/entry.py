"""What a recording consists of. Rust origin: none.

A file has one entry on each line: the header, then what happened, in order, and at last the end, which is missing where a session
was cut off. Every entry has a moment of its own. Events and requests have the form of the wire format; the engine's indexes count
as the configuration does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final, TypeAlias, cast

from barter_python.codec.data import market_stream_event
from barter_python.codec.engine import engine_event
from barter_python.codec.execution import INDEXED
from barter_python.codec.instrument import exchange_id, instrument_name_exchange
from barter_python.codec.problem import mismatch
from barter_python.codec.scalar import enumeration, instant, text, unsigned
from barter_python.codec.shape import Codec, addition, option, sequence, struct, union, variant
from barter_python.data.event import MarketStreamEvent
from barter_python.engine.event import EngineEvent
from barter_python.execution.account import AccountEvent
from barter_python.execution.order.id import ClientOrderId
from barter_python.execution.order.request import OrderRequest, OrderRequestCancel, OrderRequestOpen
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["Answered", "Arrived", "End", "Entry", "Header", "Late", "Market", "Processed", "RequestKind", "Sent", "SnapshotTaken"]
__all__ += ["session_entry"]

FORM: Final = 1
"""The form of the file; a later one may differ."""


class RequestKind(Enum):
    """What a request wants."""

    OPEN = "Open"
    CANCEL = "Cancel"

    @classmethod
    def of(cls, request: OrderRequest) -> RequestKind:
        """The kind of a request."""
        return cls.OPEN if isinstance(request, OrderRequestOpen) else cls.CANCEL


@dataclass(slots=True)
class Header:
    """The first entry.

    Attributes:
        time: When the session began, aware UTC: the engine's clock before its first event.
        venues: To which requests could be sent.
        session: What was run, a JSON object for whoever replays it.
        form: Of the file.
    """

    time: datetime
    venues: list[ExchangeId]
    session: dict[str, Any]
    form: int = FORM


@dataclass(slots=True)
class Market:
    """Market data has reached the system, and the simulated exchange of its venue if there is one."""

    time: datetime
    event: MarketStreamEvent


@dataclass(slots=True)
class Processed:
    """The engine begins to process an event.

    Attributes:
        time: When, aware UTC; what the engine's clock tells meanwhile.
        market: Which of the market entries it was, from 0; None for any other event.
        event: Any other event; market data is among them where events were merged because the engine was too slow.
    """

    time: datetime
    market: int | None
    event: EngineEvent | None


@dataclass(slots=True)
class Sent:
    """The engine has sent a request. It belongs to the event before it."""

    time: datetime
    request: OrderRequest


@dataclass(slots=True)
class Arrived:
    """A request has reached a simulated exchange."""

    time: datetime
    exchange: ExchangeId
    kind: RequestKind
    instrument: InstrumentNameExchange
    cid: ClientOrderId


@dataclass(slots=True)
class SnapshotTaken:
    """A simulated exchange is asked for its account."""

    time: datetime
    exchange: ExchangeId


@dataclass(slots=True)
class Answered:
    """A simulated exchange sends account events on their way: so many, all at once."""

    time: datetime
    exchange: ExchangeId
    count: int


@dataclass(slots=True)
class Late:
    """An account event came after the engine had stopped: it was applied to the state, and nobody decided on it."""

    time: datetime
    event: AccountEvent


@dataclass(slots=True)
class End:
    """The last entry.

    Attributes:
        time: When the session ended.
        result: Its result as a document, see `result.document`; None where it was not summed up.
    """

    time: datetime
    result: dict[str, Any] | None = None


Entry: TypeAlias = Header | Market | Processed | Sent | Arrived | SnapshotTaken | Answered | Late | End


def _read_object(document: object) -> dict[str, Any]:
    if isinstance(document, dict):
        return cast("dict[str, Any]", document)
    raise mismatch(document, "an object")


_request: Final[Codec[OrderRequest]] = union(
    variant("Open", INDEXED.order_request_open, OrderRequestOpen),
    variant("Cancel", INDEXED.order_request_cancel, OrderRequestCancel),
)
_arrived: Final = struct(
    Arrived, time=instant, exchange=exchange_id, kind=enumeration(RequestKind), instrument=instrument_name_exchange, cid=text
)
_object: Final[Codec[dict[str, Any]]] = Codec(_read_object, lambda value: value)
_header: Final = struct(Header, time=instant, venues=sequence(exchange_id), session=_object, form=unsigned)

session_entry: Final[Codec[Entry]] = union(
    variant("Header", _header, Header),
    variant("Market", struct(Market, time=instant, event=market_stream_event), Market),
    variant("Processed", struct(Processed, time=instant, market=option(unsigned), event=option(engine_event)), Processed),
    variant("Sent", struct(Sent, time=instant, request=_request), Sent),
    variant("Arrived", _arrived, Arrived),
    variant("SnapshotTaken", struct(SnapshotTaken, time=instant, exchange=exchange_id), SnapshotTaken),
    variant("Answered", struct(Answered, time=instant, exchange=exchange_id, count=unsigned), Answered),
    variant("Late", struct(Late, time=instant, event=INDEXED.account_event), Late),
    variant("End", struct(End, time=instant, result=addition(option(_object))), End),
)
"""Codec of an entry."""
