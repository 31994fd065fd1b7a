"""Messages of Binance are read in one pass where they begin as usual, and in several where they do not, with the same outcome."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.data.exchange.binance.test_connector import PAYLOADS
from tests.data.exchange.venue import mutated
from tests.support.properties import PROPERTY

from barter_python.data.exchange.binance.message import BinanceMessage, parse
from barter_python.errors import MarketDataError

COMBINED = [b'{"stream":"any@stream","data":%b}' % payload for payload in PAYLOADS]


def outcome(message: bytes) -> BinanceMessage | type[MarketDataError] | None:
    try:
        return parse(message)
    except MarketDataError:
        return MarketDataError


@pytest.mark.parametrize("message", PAYLOADS + COMBINED)
def test_a_blank_before_a_message_changes_nothing(message: bytes) -> None:
    assert parse(message) is not None
    assert parse(b" " + message) == parse(message)


@PROPERTY
@given(message=mutated(PAYLOADS + COMBINED))
def test_a_blank_before_a_mutated_message_changes_nothing(message: bytes) -> None:
    assert outcome(b" " + message) == outcome(message)


CONTRADICTIONS = {
    "trade named otherwise": b'{"u":1,"e":"trade","s":"X","b":"1","B":"1","a":"1","A":"1"}',
    "name is no text": b'{"e":5,"s":"X","b":"1","B":"1","a":"1","A":"1"}',
    "wrapper is cut off": COMBINED[0][:-1],
    "wrapper without data": b'{"stream":"any@stream","data":1}',
}


@pytest.mark.parametrize("message", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_the_beginning_of_a_message_does_not_decide_what_it_is(message: bytes) -> None:
    with pytest.raises(MarketDataError, match="not a message of Binance"):
        parse(message)
