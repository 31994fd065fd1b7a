"""What holds for every series of fills: money is neither made nor lost by the accounting.

The expected side is computed with exact fractions from the fills alone, never from the position.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import D, trade
from tests.support.properties import PROPERTY

from barter_python.execution.position import Position, PositionExited, PositionManager
from barter_python.execution.trade import Trade
from barter_python.instrument.side import Side

LAST_DIGIT = Fraction(1, 10**24)
ROUNDING = Fraction(1, 10**18)
"""What the average entry price, cut at its 28th decimal, can cost over a series of fills."""

sides = st.sampled_from(Side)
prices = st.decimals(min_value="0.01", max_value="100000", places=2)
quantities = st.decimals(min_value="0.001", max_value="1000", places=3)
fees = st.decimals(min_value="-10", max_value="1000", places=4)
fills = st.builds(trade, sides, prices, quantities, fees)
free_fills = st.builds(trade, sides, prices, quantities)
same_price_fills = st.builds(trade, sides, st.just(D("123.45")), quantities)


@dataclass
class Account:
    """What a series of fills led to."""

    manager: PositionManager
    exits: list[PositionExited]

    def realised(self) -> Fraction:
        open_part = Fraction(self.manager.current.pnl_realised) if self.manager.current else Fraction()
        return open_part + sum((Fraction(exit_.pnl_realised) for exit_ in self.exits), Fraction())

    def unrealised(self, mark: Decimal) -> Fraction:
        if self.manager.current is None:
            return Fraction()
        self.manager.current.update_pnl_unrealised(mark)
        return Fraction(self.manager.current.pnl_unrealised)

    def exit_fee_estimate(self) -> Fraction:
        position = self.manager.current
        if position is None:
            return Fraction()
        return Fraction(position.quantity_abs) / Fraction(position.quantity_abs_max) * Fraction(position.fees_enter.fees)

    def signed_quantity(self) -> Fraction:
        position = self.manager.current
        return Fraction() if position is None else signed(position.side, position.quantity_abs)


def account(trades: list[Trade]) -> Account:
    manager = PositionManager()
    exits = [exited for fill in trades if (exited := manager.update_from_trade(fill)) is not None]
    return Account(manager, exits)


def signed(side: Side, quantity: Decimal) -> Fraction:
    return Fraction(quantity) if side is Side.BUY else -Fraction(quantity)


def held(trades: list[Trade]) -> Fraction:
    return sum((signed(fill.side, fill.quantity) for fill in trades), Fraction())


def cash(trades: list[Trade]) -> Fraction:
    """What the fills brought in, after fees."""
    paid = (signed(fill.side, fill.quantity) * Fraction(fill.price) + Fraction(fill.fees.fees) for fill in trades)
    return -sum(paid, Fraction())


@PROPERTY
@given(st.lists(same_price_fills, max_size=30), prices)
def test_pnl_identity_without_fees_is_exact(trades: list[Trade], mark: Decimal) -> None:
    """One entry price, so that no average has to be rounded."""
    actual = account(trades)
    assert cash(trades) + held(trades) * Fraction(mark) == actual.realised() + actual.unrealised(mark)


@PROPERTY
@given(st.lists(free_fills, max_size=30), prices)
def test_pnl_identity_without_fees(trades: list[Trade], mark: Decimal) -> None:
    actual = account(trades)
    expected = cash(trades) + held(trades) * Fraction(mark)
    assert abs(expected - actual.realised() - actual.unrealised(mark)) <= ROUNDING


@PROPERTY
@given(st.lists(fills, max_size=30), prices)
def test_pnl_identity_with_fees_is_off_by_the_estimated_exit_fee(trades: list[Trade], mark: Decimal) -> None:
    actual = account(trades)
    expected = cash(trades) + held(trades) * Fraction(mark) - actual.exit_fee_estimate()
    assert abs(expected - actual.realised() - actual.unrealised(mark)) <= ROUNDING


@PROPERTY
@given(st.lists(fills, max_size=30))
def test_quantity_is_the_sum_of_the_fills(trades: list[Trade]) -> None:
    assert held(trades) == account(trades).signed_quantity()


@PROPERTY
@given(st.lists(fills, max_size=30))
def test_fees_are_the_sum_of_the_fees_of_the_fills(trades: list[Trade]) -> None:
    actual = account(trades)
    parts = [*actual.exits, *([actual.manager.current] if actual.manager.current else [])]
    paid = sum((Fraction(part.fees_enter.fees) + Fraction(part.fees_exit.fees) for part in parts), Fraction())
    assert abs(sum((Fraction(fill.fees.fees) for fill in trades), Fraction()) - paid) <= LAST_DIGIT


@PROPERTY
@given(st.lists(fills, max_size=30))
def test_open_position_is_never_empty_and_never_above_its_maximum(trades: list[Trade]) -> None:
    manager = PositionManager()
    for fill in trades:
        manager.update_from_trade(fill)
        if manager.current is not None:
            assert 0 < manager.current.quantity_abs <= manager.current.quantity_abs_max


@PROPERTY
@given(st.lists(free_fills, min_size=1, max_size=30))
def test_entry_price_lies_between_the_prices_of_the_fills_on_its_side(trades: list[Trade]) -> None:
    actual = account(trades)
    for part in [*actual.exits, *([actual.manager.current] if actual.manager.current else [])]:
        own = [fill.price for fill in trades if fill.side is part.side]
        assert min(own) - D("1e-20") <= part.price_entry_average <= max(own) + D("1e-20")


opposite_pairs = st.tuples(sides, quantities, quantities, prices, prices, fees, fees).filter(lambda pair: pair[1] < pair[2])


def flip(pair: tuple[Side, Decimal, Decimal, Decimal, Decimal, Decimal, Decimal]) -> tuple[Trade, Position, PositionExited]:
    side, small, large, price, price_flip, fee, fee_flip = pair
    fill = trade(side.opposite, price_flip, large, fee_flip)
    opened, exited = Position.from_trade(trade(side, price, small, fee)).update_from_trade(fill)
    assert opened is not None
    assert exited is not None
    return fill, opened, exited


@PROPERTY
@given(opposite_pairs)
def test_flip_conserves_quantity(pair: tuple[Side, Decimal, Decimal, Decimal, Decimal, Decimal, Decimal]) -> None:
    fill, opened, exited = flip(pair)
    assert Fraction(fill.quantity) == Fraction(exited.quantity_abs_max) + Fraction(opened.quantity_abs)


@PROPERTY
@given(opposite_pairs)
def test_flip_conserves_fees(pair: tuple[Side, Decimal, Decimal, Decimal, Decimal, Decimal, Decimal]) -> None:
    fill, opened, exited = flip(pair)
    parts = Fraction(exited.fees_exit.fees) + Fraction(opened.fees_enter.fees)
    assert abs(Fraction(fill.fees.fees) - parts) <= LAST_DIGIT


@PROPERTY
@given(opposite_pairs)
def test_flip_opens_the_other_side_at_the_price_of_the_fill(
    pair: tuple[Side, Decimal, Decimal, Decimal, Decimal, Decimal, Decimal],
) -> None:
    fill, opened, exited = flip(pair)
    assert (exited.side.opposite, fill.price, [fill.id]) == (opened.side, opened.price_entry_average, opened.trades)
