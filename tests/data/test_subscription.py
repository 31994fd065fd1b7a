"""What to stream of which instrument. Rust origin: barter_data::subscription (tests), barter_data::instrument."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from barter_python.data.subscription import (
    MarketInstrumentData,
    SubKind,
    Subscription,
    SubscriptionId,
    UnidentifiableError,
    display_subscriptions_without_exchange,
    find_instrument,
    instrument_key,
    instrument_kind,
)
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import Instrument, InstrumentIndex
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import (
    MarketDataFutureContract,
    MarketDataInstrument,
)
from barter_python.instrument.name import InstrumentNameExchange

PAIR = MarketDataInstrument.new("base", "quote", Spot())
TRADES = SubKind.PUBLIC_TRADES


def test_find_instrument() -> None:
    instruments = {SubscriptionId("present"): PAIR}
    assert find_instrument(instruments, SubscriptionId("present")) is PAIR
    with pytest.raises(UnidentifiableError) as error:
        find_instrument(instruments, SubscriptionId("not present"))
    assert error.value.subscription_id == "not present"
    assert not error.value.is_terminal


def test_the_three_ways_to_name_an_instrument() -> None:
    keyed = Keyed(InstrumentIndex(3), PAIR)
    named = MarketInstrumentData(InstrumentIndex(3), InstrumentNameExchange("BASE-QUOTE"), Spot())
    assert [instrument_key(instrument) for instrument in (PAIR, keyed, named)] == [PAIR, 3, 3]
    assert [instrument_kind(instrument) for instrument in (PAIR, keyed, named)] == [Spot(), Spot(), Spot()]


def test_the_market_data_view_of_an_indexed_instrument() -> None:
    instrument = Instrument.spot(ExchangeId.OKX, "okx-base_quote", "BASE-QUOTE", ("base", "quote"))
    actual = MarketInstrumentData.from_indexed(Keyed(InstrumentIndex(3), instrument))
    assert actual == MarketInstrumentData(InstrumentIndex(3), InstrumentNameExchange("BASE-QUOTE"), Spot())
    assert str(actual) == "3_BASE-QUOTE_spot"


def test_text() -> None:
    first = Subscription.of_pair(ExchangeId.BINANCE_SPOT, "btc", "usdt", Spot(), TRADES)
    future = MarketDataFutureContract(datetime(2023, 12, 29, 8, tzinfo=UTC))
    second = Subscription.of_pair(ExchangeId.OKX, "btc", "usd", future, TRADES)
    assert str(first) == "(BinanceSpot|PublicTrades|btc_usdt_spot)"
    assert display_subscriptions_without_exchange([first, second]) == (
        "(btc_usdt_spot, PublicTrades),(btc_usd_future_2023-12-29-UTC, PublicTrades)"
    )


def test_subscriptions_are_equal_by_their_members() -> None:
    twice = {Subscription(ExchangeId.OKX, PAIR, TRADES), Subscription(ExchangeId.OKX, PAIR, TRADES)}
    assert len(twice) == 1
    assert Subscription(ExchangeId.OKX, PAIR, SubKind.CANDLES) not in twice


@pytest.mark.parametrize(
    ("kind", "wire", "short"),
    [
        (SubKind.PUBLIC_TRADES, "PublicTrades", "public_trades"),
        (SubKind.ORDER_BOOKS_L1, "OrderBooksL1", "l1"),
        (SubKind.ORDER_BOOKS_L2, "OrderBooksL2", "l2"),
        (SubKind.ORDER_BOOKS_L3, "OrderBooksL3", "l3"),
        (SubKind.LIQUIDATIONS, "Liquidations", "liquidations"),
        (SubKind.CANDLES, "Candles", "candles"),
    ],
)
def test_names_of_kinds(kind: SubKind, wire: str, short: str) -> None:
    assert (str(kind), kind.as_str()) == (wire, short)
