"""Fees in the asset that is traded, and funding, in the state of an instrument."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import D, plus_days, trade
from tests.support.engine import account_trade, build_state
from tests.support.properties import PROPERTY

from barter_python.codec.state import position as position_codec
from barter_python.engine.state.state import InvalidEventError
from barter_python.execution.account import AccountEvent, Funding
from barter_python.execution.trade import AssetFees, Trade
from barter_python.instrument.side import Side

BUY, SELL = Side.BUY, Side.SELL
BTC, USDT = 0, 2


def paid_in(asset: int, fee: str | Decimal, fill: Trade) -> Trade:
    """The fill, with a fee that the venue took in an asset; its worth in quote currency is told as venues do."""
    fee = D(fee)
    return replace(fill, fees=AssetFees.quote_fees(fee * fill.price), fees_charged=AssetFees(asset, fee))


@pytest.mark.parametrize(
    ("fill", "quantity", "realised"),
    [
        pytest.param(paid_in(BTC, "0.001", trade(BUY, "100", "1")), "0.999", "-0.1", id="bought"),
        pytest.param(paid_in(BTC, "-0.001", trade(BUY, "100", "1")), "1.001", "0.1", id="bought-with-rebate"),
        pytest.param(paid_in(BTC, "0.001", trade(SELL, "100", "1")), "1.001", "-0.1", id="sold"),
        pytest.param(replace(trade(BUY, "100", "1", "0.1"), fees_charged=AssetFees(USDT, D("0.1"))), "1", "-0.1", id="quote"),
        pytest.param(replace(trade(BUY, "100", "1", "0.1"), fees_charged=AssetFees("BNB", D("3"))), "1", "-0.1", id="third"),
        pytest.param(trade(BUY, "100", "1", "0.1"), "1", "-0.1", id="not-told"),
    ],
)
def test_divergence_22_a_fee_in_base_changes_what_is_held(fill: Trade, quantity: str, realised: str) -> None:
    state = build_state()
    state.update_from_account(AccountEvent(0, fill))
    position = state.instruments.instrument_index(0).position.current
    assert position is not None
    assert (D(quantity), D(realised), D("100")) == (position.quantity_abs, position.pnl_realised, position.price_entry_average)


def test_what_is_held_after_a_fee_in_base_can_be_sold() -> None:
    state = build_state()
    state.update_from_account(AccountEvent(0, paid_in(BTC, "0.001", trade(BUY, "100", "1"))))
    exited = state.update_from_account(AccountEvent(0, trade(SELL, "110", "0.999", "0.10989")))
    assert exited is not None
    assert (D("0.1"), D("0.10989"), D("9.78011")) == (exited.fees_enter.fees, exited.fees_exit.fees, exited.pnl_realised)


@pytest.mark.parametrize("fee", ["1", "2", "-1", "NaN", "Infinity"])
def test_a_fee_of_the_whole_fill_is_refused(fee: str) -> None:
    state = build_state()
    fill = replace(trade(BUY, "100", "1"), fees_charged=AssetFees(BTC, D(fee)))
    with pytest.raises(InvalidEventError, match="fees_charged"):
        state.update_from_account(AccountEvent(0, fill))
    assert build_state() == state


fills = st.tuples(
    st.sampled_from(Side),
    st.decimals("0.01", "100000", places=2),
    st.decimals("0.001", "100", places=3),
    st.decimals("-0.0005", "0.0009", places=7),
    st.sampled_from([BTC, USDT]),
)


@PROPERTY
@given(st.lists(fills, max_size=25), st.decimals("0.01", "100000", places=2))
def test_profit_is_the_change_of_equity_whatever_asset_pays_the_fees(
    given_fills: list[tuple[Side, Decimal, Decimal, Decimal, int]], mark: Decimal
) -> None:
    state, base, quote, realised = build_state(), Fraction(), Fraction(), Fraction()
    for side, price, quantity, fee, asset in given_fills:
        sign = 1 if side is BUY else -1
        worth = fee * price if asset == BTC else fee
        fill = replace(trade(side, price, quantity), fees=AssetFees.quote_fees(worth), fees_charged=AssetFees(asset, fee))
        base += sign * Fraction(quantity) - (Fraction(fee) if asset == BTC else 0)
        quote -= sign * Fraction(quantity) * Fraction(price) + (Fraction(fee) if asset == USDT else 0)
        exited = state.update_from_account(AccountEvent(0, fill))
        realised += 0 if exited is None else Fraction(exited.pnl_realised)
    position = state.instruments.instrument_index(0).position.current
    held = Fraction()
    if position is not None:
        held = Fraction(position.quantity_abs) * (1 if position.side is BUY else -1)
        realised += Fraction(position.pnl_realised) + held * (Fraction(mark) - Fraction(position.price_entry_average))
    assert base == held
    assert abs(base * Fraction(mark) + quote - realised) <= Fraction(1, 10**18)  # averages are cut at their 28th decimal


def test_funding_reaches_the_position_of_its_instrument() -> None:
    state = build_state()
    state.update_from_account(account_trade(1, 0, BUY, "100"))
    state.update_from_account(AccountEvent(0, Funding(0, plus_days(2), D("-1.5"))))
    position = state.instruments.instrument_index(0).position.current
    assert position is not None
    document = position_codec.write(position)
    assert isinstance(document, dict)
    assert ("-1.5", position) == (document["funding"], position_codec.read(document))


def test_a_position_without_funding_is_written_as_by_rust() -> None:
    state = build_state()
    state.update_from_account(account_trade(1, 0, BUY, "100"))
    assert "funding" not in str(position_codec.write(state.instruments.instrument_index(0).position.current))


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e27"])
def test_impossible_funding_is_refused(amount: str) -> None:
    state = build_state()
    with pytest.raises(InvalidEventError, match="funding"):
        state.update_from_account(AccountEvent(0, Funding(0, plus_days(2), D(amount))))
    assert build_state() == state
