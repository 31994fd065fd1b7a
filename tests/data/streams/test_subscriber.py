"""Connecting and subscribing, without sockets."""

from __future__ import annotations

import asyncio
import re

import pytest
from tests.data.streams.venue import ACK, BTC, DROP, ETH, REFUSED, START, FakeVenue, Script, sub, trade
from tests.support.virtual_time import in_virtual_time

from barter_python.data.exchange.registry import connector_of
from barter_python.data.streams.environment import StreamSettings
from barter_python.data.streams.error import SubscriptionsEmptyError
from barter_python.data.streams.subscriber import Subscribed, subscribe
from barter_python.data.subscription import SubKind
from barter_python.errors import ConfigError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument, MarketDataInstrumentKind, MarketDataPerpetual
from barter_python.integration.error import SubscribeError, WebSocketError


async def subscribed(venue: FakeVenue, *subscriptions: object, exchange: ExchangeId = ExchangeId.BINANCE_SPOT) -> Subscribed:
    return await subscribe(connector_of(exchange), list(subscriptions), venue.environment(), StreamSettings())  # type: ignore[arg-type]


@in_virtual_time
async def test_requests_are_sent_and_answers_awaited() -> None:
    venue = FakeVenue([[1.0, ACK]])

    result = await subscribed(venue, sub(), sub(SubKind.ORDER_BOOKS_L1))

    assert venue.sockets[0].sent == ['{"method":"SUBSCRIBE","params":["btcusdt@trade","btcusdt@bookTicker"],"id":1}']
    assert result.meta.instrument_map == {"@trade|BTCUSDT": BTC, "@bookTicker|BTCUSDT": BTC}
    assert venue.open_sockets == 1


@in_virtual_time
async def test_what_arrives_before_the_answer_is_kept_with_its_time() -> None:
    venue = FakeVenue([[1.0, trade(1), 2.0, trade(2), ACK, trade(3)]])

    result = await subscribed(venue, sub())

    assert [trade(1), trade(2), ACK] == [received.message for received in result.buffered]
    assert [(received.time - START).total_seconds() for received in result.buffered] == [1.0, 3.0, 3.0]


GATE_ACK = b'{"channel":"futures.trades","event":"subscribe","result":{"status":"success"}}'
HEADERS = {
    "contracts of Gate.io": (ExchangeId.GATEIO_PERPETUALS_USD, MarketDataPerpetual(), {"X-Gate-Size-Decimal": "1"}),
    "pairs of Gate.io": (ExchangeId.GATEIO_SPOT, Spot(), {}),
}


@pytest.mark.parametrize(("exchange", "kind", "expected"), HEADERS.values(), ids=HEADERS)
@in_virtual_time
async def test_a_connection_is_asked_for_with_the_venue_s_headers(
    exchange: ExchangeId, kind: MarketDataInstrumentKind, expected: dict[str, str]
) -> None:
    venue = FakeVenue([[GATE_ACK]])
    instrument = MarketDataInstrument.new("btc", "usdt", kind)

    await subscribed(venue, sub(instrument=instrument, exchange=exchange), exchange=exchange)

    assert venue.asked == [(connector_of(exchange).url, expected)]


REFUSALS: dict[str, tuple[Script, type[Exception], str]] = {
    "refused": ([REFUSED], SubscribeError, "binance_spot refused a subscription: code -1121: Invalid symbol."),
    "silent": ([], SubscribeError, r"did not accept (btc_usdt_spot, PublicTrades) within 10 s, expected 1 answers"),
    "closed": ([DROP], SubscribeError, "did not answer a subscription: the connection was closed with code 1006"),
    "unreadable": ([b"<html>"], SubscribeError, "an answer of binance_spot cannot be read"),
    "unreachable": (WebSocketError("no route"), WebSocketError, "no route"),
}


@pytest.mark.parametrize(("script", "error", "said"), REFUSALS.values(), ids=REFUSALS)
@in_virtual_time
async def test_a_failure_says_why_and_leaves_nothing_open(script: Script, error: type[Exception], said: str) -> None:
    venue = FakeVenue([script])

    with pytest.raises(error, match=re.escape(said).replace(r"\(", r".?\(")):
        await subscribed(venue, sub())
    assert venue.open_sockets == 0


@in_virtual_time
async def test_data_does_not_prolong_the_time_for_an_answer() -> None:
    """Rust starts its timeout anew with each message."""
    venue = FakeVenue([[step for number in range(100) for step in (1.0, trade(number))]])

    with pytest.raises(SubscribeError, match="within 10 s"):
        await subscribed(venue, sub())
    assert asyncio.get_running_loop().time() == 10.0


@in_virtual_time
async def test_several_requests_keep_their_distance() -> None:
    accepted = b'{"event":"subscribed","channel":"trades","chanId":%d,"symbol":"tBTCUST","pair":"BTCUST"}'
    venue = FakeVenue([[accepted % 1, accepted % 2]])
    subscriptions = [sub(instrument=instrument, exchange=ExchangeId.BITFINEX) for instrument in (BTC, ETH)]

    await subscribed(venue, *subscriptions, exchange=ExchangeId.BITFINEX)

    assert venue.sockets[0].sent_at == [0.0, 0.25]


@in_virtual_time
async def test_a_cancelled_subscription_closes_its_connection() -> None:
    venue = FakeVenue([[]])
    task = asyncio.ensure_future(subscribed(venue, sub()))
    await asyncio.sleep(1)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert venue.open_sockets == 0


@in_virtual_time
async def test_impossible_subscriptions_never_connect() -> None:
    venue = FakeVenue([])

    with pytest.raises(SubscriptionsEmptyError, match="subscriptions are empty, expected at least one"):
        await subscribed(venue)
    with pytest.raises(ConfigError, match="binance_spot cannot stream Liquidations of spot"):
        await subscribed(venue, sub(SubKind.LIQUIDATIONS))
    with pytest.raises(ConfigError, match="market BTCUSDT has the keys btc_usdt_spot and 7, expected one"):
        await subscribed(venue, sub(), sub(SubKind.ORDER_BOOKS_L1, Keyed(7, BTC)))
    assert venue.connected_at == []
