"""Connecting and subscribing. Rust origin: barter_data::subscriber.

Rust waits for each answer anew, so that a venue that keeps sending data is never late; here the time limit is for all answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from barter_python.data.exchange.connector import Accepted, Connector, Refused, SubscriptionMeta, subscription_meta
from barter_python.data.streams.environment import StreamEnvironment, StreamSettings
from barter_python.data.streams.error import SubscriptionsEmptyError
from barter_python.data.subscription import Subscription, display_subscriptions_without_exchange
from barter_python.errors import ConfigError, MarketDataError
from barter_python.integration.error import SubscribeError, WebSocketError
from barter_python.integration.timeout import within
from barter_python.integration.websocket import WebSocket

__all__ = ["Received", "Subscribed", "subscribe", "validate"]

_REASON_MAX: Final = 200
"""Characters of the venue's reason that an error repeats."""


@dataclass(slots=True, frozen=True)
class Received:
    """A message and when it was received, aware UTC."""

    message: bytes
    time: datetime


@dataclass(slots=True)
class Subscribed:
    """A connection whose subscriptions the venue has accepted.

    Attributes:
        websocket: Yours to close.
        meta: What was subscribed.
        buffered: What was received meanwhile, answers included, in order.
    """

    websocket: WebSocket
    meta: SubscriptionMeta
    buffered: list[Received] = field(default_factory=list)


async def subscribe(
    connector: Connector,
    subscriptions: Sequence[Subscription[Any]],
    environment: StreamEnvironment,
    settings: StreamSettings,
) -> Subscribed:
    """Connect, send the requests, and wait until the venue has accepted all of them. Rust: `WebSocketSubscriber::subscribe`.

    Raises:
        SubscriptionsEmptyError: There is nothing to subscribe to.
        UnsupportedSubscriptionError: The venue cannot stream one of them.
        ConfigError: A subscription is of another venue, or two instruments have the same market.
        WebSocketError: The venue cannot be reached, or the connection was lost.
        SubscribeError: The venue refused a subscription, or was late.
    """
    if not subscriptions:
        raise SubscriptionsEmptyError
    meta = subscription_meta(connector, subscriptions, environment.now())
    _check_keys(meta)
    websocket = await environment.connect(connector.url, connector.headers)
    try:
        for number, request in enumerate(meta.requests):
            if number:
                await environment.sleep(settings.request_pause.total_seconds())
            await websocket.send(request)
        buffered = await _validate_in_time(connector, meta, websocket, environment, subscriptions)
    except BaseException:
        await websocket.close()
        raise
    return Subscribed(websocket, meta, buffered)


async def validate(
    connector: Connector, meta: SubscriptionMeta, websocket: WebSocket, environment: StreamEnvironment
) -> list[Received]:
    """Receive until the venue has accepted all requests. Rust: `WebSocketSubValidator::validate`.

    Returns:
        All that was received.

    Raises:
        SubscribeError: The venue refused a request, sent something unreadable, or ended the connection.
    """
    accepted, buffered = 0, list[Received]()
    while accepted < meta.expected_responses:
        try:
            message = await websocket.receive()
            buffered.append(Received(message, environment.now()))
            acknowledgement = connector.acknowledge(message)
        except WebSocketError as error:
            raise SubscribeError(f"{connector.exchange.value} did not answer a subscription: {error}") from error
        except MarketDataError as error:
            raise SubscribeError(f"an answer of {connector.exchange.value} cannot be read: {error}") from error
        match acknowledgement:
            case Accepted():
                accepted += 1
            case Refused(reason=reason):
                raise SubscribeError(f"{connector.exchange.value} refused a subscription: {reason[:_REASON_MAX]}")
            case None:
                pass
    return buffered


def _check_keys(meta: SubscriptionMeta) -> None:
    keys: dict[str, Any] = {}
    for sub in meta.exchange_subs:
        key = meta.instrument_map[sub.id()]
        if keys.setdefault(sub.market, key) != key:
            raise ConfigError(f"market {sub.market} has the keys {keys[sub.market]} and {key}, expected one")


async def _validate_in_time(
    connector: Connector,
    meta: SubscriptionMeta,
    websocket: WebSocket,
    environment: StreamEnvironment,
    subscriptions: Sequence[Subscription[Any]],
) -> list[Received]:
    seconds = connector.subscription_timeout.total_seconds()
    try:
        return await within(seconds, validate(connector, meta, websocket, environment), environment.sleep)
    except TimeoutError:
        asked = display_subscriptions_without_exchange(subscriptions)
        raise SubscribeError(
            f"{connector.exchange.value} did not accept {asked} within {seconds:g} s, expected {meta.expected_responses} answers"
        ) from None
