"""Live market data of a session: which kinds of which instrument, one connection for each venue and kind."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from barter_python.data.exchange.registry import exchange_supports, validate
from barter_python.data.streams.dynamic import DynamicStreams
from barter_python.data.streams.environment import StreamEnvironment
from barter_python.data.streams.indexed import IndexedMarketStream, generate_indexed_market_data_subscription_batches
from barter_python.data.streams.status import ConnectionStatus
from barter_python.data.subscription import SubKind, Subscription, instrument_kind
from barter_python.errors import BarterError, ConfigError, MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.integration.error import SocketError

__all__ = ["MarketConnection", "open_market", "subscriptions"]

_LOG: Final = logging.getLogger(__name__)
_USUAL: Final = (SubKind.PUBLIC_TRADES, SubKind.ORDER_BOOKS_L1, SubKind.ORDER_BOOKS_L2)


@dataclass(slots=True, frozen=True)
class MarketConnection:
    """A connection for market data.

    Attributes:
        kind: What it carries.
        status: What is known about it, kept up to date.
    """

    kind: SubKind
    status: ConnectionStatus


def subscriptions(
    instruments: IndexedInstruments, kinds: Sequence[SubKind] | None
) -> dict[tuple[ExchangeId, SubKind], list[Subscription[Any]]]:
    """What to subscribe to, by venue and kind.

    Args:
        instruments: All of them.
        kinds: What to stream of each; None for trades, best prices and books, as far as the venue has them.

    Raises:
        UnsupportedSubscriptionError: A venue cannot stream one of `kinds`, or none of the usual ones.
    """
    found: dict[tuple[ExchangeId, SubKind], list[Subscription[Any]]] = {}
    for batch in generate_indexed_market_data_subscription_batches(instruments, _USUAL if kinds is None else kinds):
        for subscription in batch:
            kind = instrument_kind(subscription.instrument)
            is_optional = kinds is None and exchange_supports(subscription.exchange, kind)
            if not is_optional or exchange_supports(subscription.exchange, kind, subscription.kind):
                found.setdefault((subscription.exchange, subscription.kind), []).append(validate(subscription))
    return found


async def open_market(
    instruments: IndexedInstruments, kinds: Sequence[SubKind] | None, environment: StreamEnvironment | None
) -> tuple[IndexedMarketStream, tuple[MarketConnection, ...]]:
    """Connect and subscribe to all of it.

    Raises:
        ConfigError: A venue cannot stream it.
        MarketDataError: A venue cannot be reached, or refused.
    """
    wanted = subscriptions(instruments, kinds)
    try:
        streams = await DynamicStreams.init(wanted.values(), environment)
    except ConfigError:
        raise
    except SocketError as error:
        venues = ", ".join(dict.fromkeys(exchange.value for exchange, _ in wanted))
        raise MarketDataError(f"live market data of {venues}: {error.message}") from error
    connections = zip(wanted, streams.connections, strict=True)
    return IndexedMarketStream(streams, _warn), tuple(MarketConnection(kind, status) for (_, kind), status in connections)


def _warn(error: BarterError) -> None:
    _LOG.warning("market data: %s", error)
