"""What can go wrong on schedule. Every fault is a frozen description; `fault_plan` decides when it strikes. Rust origin: none.

A fault strikes the first thing that it concerns once it is due, and as many more in a row as its `count` says. Counting starts at
1, and each fault counts for itself: `SkipMessages(AtMessage(3), stream="depth")` skips the third order book update.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from random import Random
from typing import TypeAlias

from barter_python.errors import ConfigError

__all__ = [
    "AtMessage",
    "AtRequest",
    "AtTime",
    "VenueChannel",
    "DelayMessages",
    "DropConnections",
    "DuplicateMessages",
    "Fault",
    "GarbleAnswers",
    "GarbleMessages",
    "GoSilent",
    "LateAnswers",
    "LimitRate",
    "NoAnswers",
    "RefuseConnections",
    "ReorderMessages",
    "RequestFault",
    "ServerErrors",
    "SkipMessages",
    "StreamFault",
    "When",
    "faults_from_seed",
]


@dataclass(slots=True, frozen=True)
class AtMessage:
    """Due with a message: of those that a stream fault concerns, or for a request fault once that many were sent at all.

    Attributes:
        number: From 1; 0 is due from the start.
    """

    number: int


@dataclass(slots=True, frozen=True)
class AtRequest:
    """Due with a REST request: of those that a request fault concerns, or for a stream fault once that many came at all.

    Attributes:
        number: From 1; 0 is due from the start.
    """

    number: int


@dataclass(slots=True, frozen=True)
class AtTime:
    """Due at a venue time.

    Attributes:
        elapsed: Since the first message of the market.
    """

    elapsed: timedelta


When: TypeAlias = AtMessage | AtRequest | AtTime


class VenueChannel(Enum):
    """Which websockets a fault strikes."""

    MARKET = "market"
    USER = "user"


@dataclass(slots=True, frozen=True)
class DropConnections:
    """End all connections of a channel; the message with which it happens is lost to them.

    Attributes:
        when: When.
        channel: Which connections.
        is_abrupt: Whether the connection is just gone, without the closing handshake.
        count: How often in a row.
    """

    when: When
    channel: VenueChannel = VenueChannel.MARKET
    is_abrupt: bool = False
    count: int = 1


@dataclass(slots=True, frozen=True)
class RefuseConnections:
    """RestAnswer attempts to connect with HTTP status 503.

    Attributes:
        when: When; messages are those of the channel.
        channel: Which connections.
        count: How many attempts, where there is no duration.
        duration: In venue time, from when it is due; None to count attempts.
    """

    when: When
    channel: VenueChannel = VenueChannel.MARKET
    count: int = 1
    duration: timedelta | None = None


@dataclass(slots=True, frozen=True)
class GoSilent:
    """Half-open: the connections there are stay open, and nothing is ever sent on them again, not even pongs.

    Attributes:
        when: When.
        channel: Which connections.
        count: How often in a row.
    """

    when: When
    channel: VenueChannel = VenueChannel.MARKET
    count: int = 1


@dataclass(slots=True, frozen=True)
class SkipMessages:
    """Never send messages; of order book updates that makes a gap in the sequence.

    Attributes:
        when: When.
        channel: Of which channel.
        stream: Only of this stream: `trade`, `bookTicker`, `depth`, or the name of an event of the account; None for any.
        count: How many in a row.
    """

    when: When
    channel: VenueChannel = VenueChannel.MARKET
    stream: str | None = None
    count: int = 1


@dataclass(slots=True, frozen=True)
class DuplicateMessages:
    """Send messages twice; the members are those of `SkipMessages`."""

    when: When
    channel: VenueChannel = VenueChannel.MARKET
    stream: str | None = None
    count: int = 1


@dataclass(slots=True, frozen=True)
class GarbleMessages:
    """Send the first half of messages, which is no JSON; the members are those of `SkipMessages`."""

    when: When
    channel: VenueChannel = VenueChannel.MARKET
    stream: str | None = None
    count: int = 1


@dataclass(slots=True, frozen=True)
class ReorderMessages:
    """Let later messages of the channel overtake.

    Attributes:
        when: When.
        channel: Of which channel.
        stream: As in `SkipMessages`.
        overtaken_by: How many messages.
        count: How many in a row.
    """

    when: When
    channel: VenueChannel = VenueChannel.MARKET
    stream: str | None = None
    overtaken_by: int = 1
    count: int = 1


@dataclass(slots=True, frozen=True)
class DelayMessages:
    """Hold back the channel: from this message on everything is sent, in order, when the duration is over.

    Attributes:
        when: When.
        duration: In venue time.
        channel: Which channel.
        stream: As in `SkipMessages`.
        count: How often in a row.
    """

    when: When
    duration: timedelta
    channel: VenueChannel = VenueChannel.MARKET
    stream: str | None = None
    count: int = 1


@dataclass(slots=True, frozen=True)
class LimitRate:
    """Refuse REST requests with 429, or with 418 for a ban; nothing is done.

    Attributes:
        when: When.
        status: 429 or 418.
        retry_after: Seconds that the venue asks to wait.
        method: Only of this HTTP method; None for any.
        path: Only of this path, such as `/api/v3/order`; None for any.
        count: How many in a row.
    """

    when: When
    status: int = 429
    retry_after: int = 1
    method: str | None = None
    path: str | None = None
    count: int = 1


@dataclass(slots=True, frozen=True)
class ServerErrors:
    """RestAnswer REST requests with a status of 5xx.

    Attributes:
        when: When.
        acts: Whether the venue has done what was requested.
        status: HTTP status.
        method: As in `LimitRate`.
        path: As in `LimitRate`.
        count: How many in a row.
    """

    when: When
    acts: bool
    status: int = 503
    method: str | None = None
    path: str | None = None
    count: int = 1


@dataclass(slots=True, frozen=True)
class NoAnswers:
    """Never answer REST requests; the members are those of `ServerErrors`."""

    when: When
    acts: bool
    method: str | None = None
    path: str | None = None
    count: int = 1


@dataclass(slots=True, frozen=True)
class LateAnswers:
    """Do what REST requests ask for, and answer when a duration is over.

    Attributes:
        when: When.
        duration: In venue time.
        method: As in `LimitRate`.
        path: As in `LimitRate`.
        count: How many in a row.
    """

    when: When
    duration: timedelta
    method: str | None = None
    path: str | None = None
    count: int = 1


@dataclass(slots=True, frozen=True)
class GarbleAnswers:
    """Do what REST requests ask for, and answer with the first half of the text; the members are those of `LimitRate`."""

    when: When
    method: str | None = None
    path: str | None = None
    count: int = 1


StreamFault: TypeAlias = (
    DropConnections | GoSilent | SkipMessages | DuplicateMessages | GarbleMessages | ReorderMessages | DelayMessages
)
RequestFault: TypeAlias = LimitRate | ServerErrors | NoAnswers | LateAnswers | GarbleAnswers
Fault: TypeAlias = StreamFault | RequestFault | RefuseConnections


def faults_from_seed(seed: int, *, faults: int, messages: int, requests: int) -> tuple[Fault, ...]:
    """A schedule drawn from a seed: the same seed gives the same schedule everywhere.

    Args:
        seed: Start of the random numbers.
        faults: How many.
        messages: Stream faults strike one of so many messages of the market or of the account.
        requests: Request faults strike one of so many requests.

    Raises:
        ConfigError: There is no message or no request to choose from.
    """
    if messages < 1 or requests < 1:
        raise ConfigError(f"messages is {messages}, requests is {requests}, expected at least 1 of each")
    random = Random(seed)
    return tuple(_draw(random, messages, requests) for _ in range(faults))


def _draw(random: Random, messages: int, requests: int) -> Fault:
    at_message = AtMessage(1 + int(random.random() * messages))
    at_request = AtRequest(1 + int(random.random() * requests))
    channel = VenueChannel.MARKET if random.random() < 0.5 else VenueChannel.USER
    acts = random.random() < 0.5
    choices: tuple[Fault, ...] = (
        DropConnections(at_message, channel, is_abrupt=acts),
        RefuseConnections(at_message, channel),
        GoSilent(at_message, channel),
        SkipMessages(at_message, channel),
        DuplicateMessages(at_message, channel),
        GarbleMessages(at_message, channel),
        ReorderMessages(at_message, channel),
        DelayMessages(at_message, timedelta(seconds=1), channel),
        LimitRate(at_request),
        ServerErrors(at_request, acts),
        NoAnswers(at_request, acts),
        LateAnswers(at_request, timedelta(seconds=1)),
        GarbleAnswers(at_request),
    )
    return choices[int(random.random() * len(choices))]
