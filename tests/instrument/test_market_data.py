"""Instruments of a market data subscription. Rust origin: barter_instrument::instrument::market_data (tests)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.support.builders import D

from barter_python.codec import instrument as codec
from barter_python.codec.json import decode
from barter_python.instrument.asset import Asset
from barter_python.instrument.kind import (
    FutureContract,
    InstrumentKind,
    OptionContract,
    OptionExercise,
    OptionKind,
    PerpetualContract,
    Spot,
)
from barter_python.instrument.market_data import (
    MarketDataFutureContract,
    MarketDataInstrument,
    MarketDataInstrumentKind,
    MarketDataOptionContract,
    MarketDataPerpetual,
    eq_market_data_instrument_kind,
    market_data_instrument_kind,
)

EXPIRY = datetime(2023, 12, 31, tzinfo=UTC)
"""1703980800000 milliseconds after 1970."""
USDT = Asset.new_from_exchange("USDT")
FUTURE = MarketDataFutureContract(EXPIRY)
CALL = MarketDataOptionContract(OptionKind.CALL, OptionExercise.AMERICAN, EXPIRY, D(50_000))
PUT = MarketDataOptionContract(OptionKind.PUT, OptionExercise.BERMUDAN, EXPIRY, D(50_000))


def document(kind: str) -> str:
    return f'{{"base": "btc", "quote": "usd", "instrument_kind": {kind}}}'


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param('"spot"', Spot(), id="spot"),
        pytest.param('{"future": {"expiry": 1703980800000}}', FUTURE, id="future"),
        pytest.param('"perpetual"', MarketDataPerpetual(), id="perpetual"),
        pytest.param(
            '{"option": {"kind": "CALL", "exercise": "American", "expiry": 1703980800000, "strike": 50000}}',
            CALL,
            id="american-call",
        ),
        pytest.param(
            '{"option": {"kind": "Put", "exercise": "BERMUDAN", "expiry": 1703980800000, "strike": 50000}}',
            PUT,
            id="bermudan-put",
        ),
    ],
)
def test_instrument_is_read_from_a_configuration(kind: str, expected: MarketDataInstrumentKind) -> None:
    assert MarketDataInstrument.new("btc", "usd", expected) == decode(document(kind), codec.market_data_instrument)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param(Spot(), "btc_usd_spot", id="spot"),
        pytest.param(MarketDataPerpetual(), "btc_usd_perpetual", id="perpetual"),
        pytest.param(FUTURE, "btc_usd_future_2023-12-31-UTC", id="future"),
        pytest.param(CALL, "btc_usd_option_call_american_2023-12-31-UTC_50000", id="option"),
    ],
)
def test_name_of_an_instrument(kind: MarketDataInstrumentKind, expected: str) -> None:
    assert expected == str(MarketDataInstrument.new("BTC", "usd", kind))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param(Spot(), Spot(), id="spot"),
        pytest.param(PerpetualContract(D(1), USDT), MarketDataPerpetual(), id="perpetual"),
        pytest.param(FutureContract(D(1), USDT, EXPIRY), FUTURE, id="future"),
        pytest.param(OptionContract(D(1), USDT, OptionKind.CALL, OptionExercise.AMERICAN, EXPIRY, D(50_000)), CALL, id="option"),
    ],
)
def test_kind_without_what_only_matters_for_settlement(kind: InstrumentKind, expected: MarketDataInstrumentKind) -> None:
    assert expected == market_data_instrument_kind(kind)
    assert eq_market_data_instrument_kind(kind, expected)
    assert not eq_market_data_instrument_kind(kind, PUT)
