"""What the tests of all venues share: expected events, and messages that a venue would never send."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from barter_python.data.event import PublicTrade
from barter_python.data.exchange.connector import Connector, ExchangeSub
from barter_python.data.exchange.named import DecodedMarketEvent, NamedMarketEvent
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.timed import EPOCH

RECEIVED = EPOCH + timedelta(days=20_000, microseconds=7)

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["", "0", "-1", "NaN", "1e9"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


def at(milliseconds: float) -> datetime:
    return EPOCH + timedelta(milliseconds=milliseconds)


def trade(
    exchange: ExchangeId, name: str, time: datetime, trade_id: str, price: float, amount: float, side: Side
) -> NamedMarketEvent:
    return NamedMarketEvent(time, RECEIVED, exchange, InstrumentNameExchange(name), PublicTrade(trade_id, price, amount, side))


@st.composite
def mutated(draw: st.DrawFn, payloads: Sequence[bytes]) -> bytes:
    """One of the payloads with some bytes, or one of its values, changed."""
    payload = draw(st.sampled_from(list(payloads)))
    if draw(st.booleans()) and payload[:1] in b"{[":
        return json.dumps(_with_another_value(draw, json.loads(payload))).encode("utf-8", "surrogatepass")
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(payload)))
        end = draw(st.integers(start, min(len(payload), start + 8)))
        payload = payload[:start] + draw(st.binary(max_size=4)) + payload[end:]
    return payload


def _with_another_value(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict) and value and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(value)))
        if draw(st.booleans()) and draw(st.booleans()):
            return {other: value[other] for other in value if other != key}
        return {**value, key: _with_another_value(draw, value[key])}
    if isinstance(value, list) and value and draw(st.booleans()):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], _with_another_value(draw, value[place]), *value[place + 1 :]]
    return draw(_JSON)


def problem(decode: Callable[[], Sequence[DecodedMarketEvent]]) -> str:
    """What is wrong with a message: the error that is raised, or that of its first bad entry."""
    try:
        return next(str(event) for event in decode() if isinstance(event, MarketDataError))
    except MarketDataError as raised:
        return str(raised)


def raises_nothing_else(connector: Connector, message: bytes, before: Sequence[bytes] = ()) -> None:
    """Whatever the message, the only exception is MarketDataError, and what comes out is of the connector's venue."""
    transformer = connector.transformer()
    for earlier in before:
        transformer.transform(earlier, RECEIVED)
    try:
        events = transformer.transform(message, RECEIVED)
    except MarketDataError:
        events = []
    good = [event for event in events if not isinstance(event, MarketDataError)]
    assert all(event.exchange is connector.exchange and event.time_received is RECEIVED for event in good)
    for function in (connector.acknowledge, connector.subscription_id, connector.announces_end):
        with suppress(MarketDataError):
            function(message)


def subs(*pairs: tuple[str, str]) -> list[ExchangeSub]:
    return [ExchangeSub(channel, market) for channel, market in pairs]
