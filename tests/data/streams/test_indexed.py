"""Streams whose events carry indexes, without sockets."""

from __future__ import annotations

import asyncio
import logging

import pytest
from tests.data.streams.venue import ACK, BINANCE, BTC, BYBIT, BYBIT_ACK, ETH, FakeVenue, bybit_trade, sub, trade
from tests.support.builders import spot
from tests.support.virtual_time import in_virtual_time

from barter_python.data.streams.indexed import (
    generate_indexed_market_data_subscription_batches,
    index_market_data_subscription_batches,
    init_indexed_multi_exchange_market_stream,
)
from barter_python.data.subscription import MarketInstrumentData, SubKind
from barter_python.errors import AssetIndexError, BarterError, InstrumentIndexError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentDefinition, InstrumentIndex
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument, MarketDataPerpetual
from barter_python.instrument.name import InstrumentNameExchange

TRADES, L1 = SubKind.PUBLIC_TRADES, SubKind.ORDER_BOOKS_L1


def instrument(exchange: ExchangeId, base: str, quote: str) -> InstrumentDefinition:
    definition = spot(exchange, base, quote)
    definition.name_exchange = InstrumentNameExchange(f"{base}{quote}".upper())
    return definition


INSTRUMENTS = IndexedInstruments.new(
    [instrument(BYBIT, "btc", "usdt"), instrument(BINANCE, "eth", "usdt"), instrument(BINANCE, "btc", "usdt")]
)


def test_every_kind_of_every_instrument_is_subscribed_by_venue() -> None:
    def data(index: int, name: str) -> MarketInstrumentData[InstrumentIndex]:
        return MarketInstrumentData(InstrumentIndex(index), InstrumentNameExchange(name), Spot())

    batches = generate_indexed_market_data_subscription_batches(INSTRUMENTS, [TRADES, L1])

    btc, eth, bybit_btc = data(0, "BTCUSDT"), data(1, "ETHUSDT"), data(2, "BTCUSDT")
    assert [
        [sub(TRADES, btc), sub(L1, btc), sub(TRADES, eth), sub(L1, eth)],
        [sub(TRADES, bybit_btc, BYBIT), sub(L1, bybit_btc, BYBIT)],
    ] == batches


def test_subscriptions_get_the_index_of_their_instrument() -> None:
    batches = index_market_data_subscription_batches(INSTRUMENTS, [[sub(instrument=ETH)], [sub(exchange=BYBIT)]])

    assert [[sub(instrument=Keyed(1, ETH))], [sub(instrument=Keyed(2, BTC), exchange=BYBIT)]] == batches


@pytest.mark.parametrize(
    ("base", "kind", "error"),
    [("doge", Spot(), AssetIndexError), ("btc", MarketDataPerpetual(), InstrumentIndexError)],
    ids=["asset", "kind"],
)
def test_an_instrument_without_index_is_an_error(base: str, kind: Spot | MarketDataPerpetual, error: type[Exception]) -> None:
    with pytest.raises(error, match="is not indexed"):
        index_market_data_subscription_batches(INSTRUMENTS, [[sub(instrument=MarketDataInstrument.new(base, "usdt", kind))]])


@in_virtual_time
async def test_events_carry_the_index() -> None:
    venue = FakeVenue([[ACK, 1.0, trade(1, symbol="ETHUSDT"), 2.0, trade(2)], [BYBIT_ACK, 2.0, bybit_trade("3")]])

    async with await init_indexed_multi_exchange_market_stream(INSTRUMENTS, [TRADES], venue.environment()) as stream:
        events = [await anext(stream) for _ in range(3)]
        assert [(event.exchange, event.instrument) for event in events] == [(BINANCE, 1), (BYBIT, 2), (BINANCE, 0)]  # type: ignore[union-attr]
        assert len(stream.connections) == 2
    await stream.aclose()
    assert [event async for event in stream] == []
    assert venue.open_sockets == 0


@in_virtual_time
async def test_unreadable_messages_are_told_and_left_out() -> None:
    venue = FakeVenue([[ACK, b"{", trade(1), b"[", trade(2)], [BYBIT_ACK]])
    errors: list[BarterError] = []

    stream = await init_indexed_multi_exchange_market_stream(INSTRUMENTS, [TRADES], venue.environment(), on_error=errors.append)
    async with stream:
        await asyncio.sleep(1)
        assert len(await stream.next_batch()) == 2
    assert len(errors) == 2


@in_virtual_time
async def test_unreadable_messages_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    venue = FakeVenue([[ACK, b"{"], [BYBIT_ACK]])

    with caplog.at_level(logging.WARNING):
        async with await init_indexed_multi_exchange_market_stream(INSTRUMENTS, [TRADES], venue.environment()):
            await asyncio.sleep(1)
    assert "market data: not a message of Binance" in caplog.text
