"""Fast reading of market data lines gives what the general codec gives."""

from __future__ import annotations

import pytest

from barter_python.codec import decode
from barter_python.codec.data import market_stream_event
from barter_python.codec.line import decode_market_line
from barter_python.data.event import MarketEvent, OrderBookL1, PublicTrade
from barter_python.errors import DecodeError

_EVENT = '{"Item":{"time_exchange":"%s","time_received":"2024-01-01T00:00:00.5Z","exchange":"%s","instrument":%s,"kind":%s}}'
_TIME = "2024-01-01T00:00:00.123Z"
_TRADE = '{"Trade":{"id":"1","price":96962.51,"amount":0.00006,"side":"Buy"}}'
_LIQUIDATION = '{"Liquidation":{"side":"Sell","price":1.0,"quantity":2.0,"time":"2024-01-01T00:00:00Z"}}'
_L1 = '{"OrderBookL1":{"last_update_time":"%s","best_bid":{"price":"100.10","amount":"1"},"best_ask":%s}}'


def line(kind: str, time: str = _TIME, exchange: str = "binance_spot", instrument: str = "0") -> str:
    return _EVENT % (time, exchange, instrument, kind)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(line(_TRADE), id="trade"),
        pytest.param(line(_L1 % (_TIME, "null")), id="l1"),
        pytest.param(line(_L1 % (_TIME, '{"price":100.2,"amount":1}')), id="l1-with-numbers"),
        pytest.param(line(_L1 % (_TIME, '["100.2","1"]')), id="l1-with-levels-as-arrays"),
        pytest.param(line(_TRADE.replace("Buy", "s")), id="other-spelling-of-side"),
        pytest.param(line(_TRADE.replace("96962.51", "96962")), id="integer-price"),
        pytest.param(line(_TRADE, "2024-01-01T00:00:00.123456999Z"), id="nanoseconds"),
        pytest.param(line(_TRADE, "2024-01-01T01:00:00+01:00"), id="offset"),
        pytest.param(line(_TRADE, exchange="huobi"), id="old-name-of-exchange"),
        pytest.param(line(_TRADE)[:-2] + ',"venue":1}}', id="unknown-member"),
        pytest.param('{"Reconnecting":"binance_spot"}', id="reconnecting"),
        pytest.param(line(_LIQUIDATION), id="rarer-kind"),
    ],
)
def test_event(document: str) -> None:
    expected = decode(document, market_stream_event)
    assert expected == decode_market_line(document) == decode_market_line(document.encode())


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("", id="empty"),
        pytest.param("[]", id="other-shape"),
        pytest.param(line(_TRADE, instrument="-1"), id="negative-index"),
        pytest.param(line(_TRADE, "2024-01-01"), id="no-time"),
        pytest.param(line(_TRADE.replace("96962.51", '"96962.51"')), id="price-as-text"),
        pytest.param(line('{"Trade":null}'), id="null-trade"),
        pytest.param(line(_TRADE[:-1] + ',"OrderBookL1":null}'), id="two-kinds"),
        pytest.param(line(_TRADE)[:-1] + ',"Reconnecting":"okx"}', id="two-events"),
        pytest.param(line(_L1 % (_TIME, '{"price":"x","amount":"1"}')), id="no-decimal"),
        pytest.param(line("{}"), id="no-kind"),
    ],
)
def test_error_is_that_of_the_general_codec(document: str) -> None:
    with pytest.raises(DecodeError) as expected:
        decode(document, market_stream_event)
    with pytest.raises(DecodeError) as caught:
        decode_market_line(document)
    assert expected.value == caught.value


def test_kinds_are_those_of_the_engine() -> None:
    for document, kind in ((line(_TRADE), PublicTrade), (line(_L1 % (_TIME, "null")), OrderBookL1)):
        event = decode_market_line(document)
        assert isinstance(event, MarketEvent)
        assert type(event.kind) is kind
