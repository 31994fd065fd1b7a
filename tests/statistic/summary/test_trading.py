"""Summaries of sessions. No Rust tests; what they are made of is tested beside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.support.builders import D, plus_days

from barter_python.errors import AssetIndexError, InstrumentIndexError
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.position import PositionExited
from barter_python.execution.trade import AssetFees
from barter_python.instrument.asset import AssetNameInternal, ExchangeAsset
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.instrument.side import Side
from barter_python.statistic.summary.asset import TearSheetAssetGenerator
from barter_python.statistic.summary.instrument import TearSheetGenerator
from barter_python.statistic.summary.trading import TradingSummaryGenerator
from barter_python.statistic.time import DAILY

BTC_USDT, ETH_USDT = InstrumentNameInternal("btc_usdt"), InstrumentNameInternal("eth_usdt")
BTC, USDT = (ExchangeAsset(ExchangeId.MOCK, AssetNameInternal(name)) for name in ("btc", "usdt"))


def session() -> TradingSummaryGenerator:
    """Two instruments and two assets; it began on day 0 and is on day 2."""
    return TradingSummaryGenerator.init(
        D(0),
        plus_days(0),
        plus_days(2),
        {name: TearSheetGenerator.init(plus_days(0)) for name in (BTC_USDT, ETH_USDT)},
        {key: TearSheetAssetGenerator() for key in (BTC, USDT)},
    )


def exited(instrument: int | str, day: int) -> PositionExited:
    """One unit, bought at 100 and sold at 110."""
    no_fees = AssetFees.quote_fees(D(0))
    return PositionExited(instrument, Side.BUY, D(100), D(1), D(10), no_fees, no_fees, plus_days(0), plus_days(day), ["trade"])


def balance(asset: Any, day: int) -> AssetBalance:
    return AssetBalance(asset, Balance(D(7), D(6)), plus_days(day))


@pytest.mark.parametrize("key", [pytest.param(1, id="index"), pytest.param(ETH_USDT, id="name")])
def test_a_position_is_counted_with_its_instrument(key: int | str) -> None:
    actual = session()
    actual.update_from_position(exited(key, 3))

    sheets = actual.generate(DAILY).instruments
    assert {BTC_USDT: D(0), ETH_USDT: D(10)} == {name: sheet.pnl for name, sheet in sheets.items()}


@pytest.mark.parametrize("key", [pytest.param(1, id="index"), pytest.param(USDT, id="name")])
def test_a_balance_is_that_of_its_asset(key: object) -> None:
    actual = session()
    actual.update_from_balance(balance(key, 3))

    sheets = actual.generate(DAILY).assets
    assert {BTC: None, USDT: Balance(D(7), D(6))} == {name: sheet.balance_end for name, sheet in sheets.items()}


@pytest.mark.parametrize(
    ("expected", "day"), [pytest.param(3, 3, id="later"), pytest.param(2, 1, id="what comes late does not turn time back")]
)
def test_the_session_lasts_until_the_latest_update(expected: int, day: int) -> None:
    by_position, by_balance = session(), session()
    by_position.update_from_position(exited(0, day))
    by_balance.update_from_balance(balance(0, day))

    assert timedelta(days=expected) == by_position.generate(DAILY).trading_duration()
    assert timedelta(days=expected) == by_balance.generate(DAILY).trading_duration()


@pytest.mark.parametrize("key", [-1, 2, "xrp_usdt"])
def test_an_instrument_that_is_not_part_of_the_session_is_refused(key: int | str) -> None:
    with pytest.raises(InstrumentIndexError, match=f"instrument {key!r} is not part of the summary of 2 instruments"):
        session().instrument(key)


@pytest.mark.parametrize("key", [-1, 2, "usdt", ExchangeAsset(ExchangeId.OKX, AssetNameInternal("usdt"))])
def test_an_asset_that_is_not_part_of_the_session_is_refused(key: int | str | ExchangeAsset[AssetNameInternal]) -> None:
    with pytest.raises(AssetIndexError, match="is not part of the summary of 2 assets"):
        session().asset(key)


def test_a_generator_keeps_apart_from_what_it_was_started_with() -> None:
    sheet, asset = TearSheetGenerator.init(plus_days(0)), TearSheetAssetGenerator()
    actual = TradingSummaryGenerator.init(D(0), plus_days(0), plus_days(0), {BTC_USDT: sheet}, {BTC: asset})
    actual.update_from_position(exited(0, 1))
    actual.update_from_balance(balance(0, 1))

    assert TearSheetGenerator.init(plus_days(0)) == sheet
    assert TearSheetAssetGenerator() == asset
