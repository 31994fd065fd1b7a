"""Positions, fill by fill. Rust origin: barter::engine::state::position (tests and doc-tests)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.builders import TIME_MIN, D, plus_days, trade

from barter_python.execution.position import (
    TRADES_MAX,
    Position,
    PositionExited,
    PositionManager,
    calculate_pnl_realised,
    calculate_pnl_return,
    calculate_pnl_unrealised,
    calculate_price_entry_average,
)
from barter_python.execution.trade import AssetFees, Trade
from barter_python.instrument.side import Side

BUY, SELL = Side.BUY, Side.SELL
DAY_1 = plus_days(1)


def position(
    side: Side,
    price_entry_average: str,
    quantity_abs: str,
    quantity_abs_max: str,
    pnl_unrealised: str,
    pnl_realised: str,
    fees_enter: str,
    fees_exit: str,
    *,
    time_enter: datetime = TIME_MIN,
    time_update: datetime = TIME_MIN,
    trades: int = 2,
) -> Position:
    return Position(
        0,
        side,
        D(price_entry_average),
        D(quantity_abs),
        D(quantity_abs_max),
        D(pnl_unrealised),
        D(pnl_realised),
        AssetFees.quote_fees(D(fees_enter)),
        AssetFees.quote_fees(D(fees_exit)),
        time_enter,
        time_update,
        ["trade_id"] * trades,
    )


def exited(side: Side, pnl_realised: str, *, time_exit: datetime = TIME_MIN) -> PositionExited:
    """One unit entered at 100, with a fee of 10 on the way in and 10 on the way out."""
    return PositionExited(
        0,
        side,
        D(100),
        D(1),
        D(pnl_realised),
        AssetFees.quote_fees(D(10)),
        AssetFees.quote_fees(D(10)),
        TIME_MIN,
        time_exit,
        ["trade_id", "trade_id"],
    )


UPDATES = [
    pytest.param(
        trade(BUY, "100", "1", "10"),
        trade(BUY, "120", "1", "10", time=DAY_1),
        position(BUY, "110", "2", "2", "0", "-20", "20", "0", time_update=DAY_1),
        None,
        id="long-increased",
    ),
    pytest.param(
        trade(BUY, "100", "2", "10"),
        trade(SELL, "150", "0.5", "5", time=DAY_1),
        position(BUY, "100", "1.5", "2", "67.5", "10", "10", "5", time_update=DAY_1),
        None,
        id="long-reduced",
    ),
    pytest.param(
        trade(BUY, "100", "1", "10"),
        trade(SELL, "150", "1", "10", time=DAY_1),
        None,
        exited(BUY, "30", time_exit=DAY_1),
        id="long-closed",
    ),
    pytest.param(
        trade(BUY, "100", "1", "10"),
        trade(SELL, "150", "2", "20", time=DAY_1),
        position(SELL, "150", "1", "1", "0", "-10", "10", "0", time_enter=DAY_1, time_update=DAY_1, trades=1),
        exited(BUY, "30", time_exit=DAY_1),
        id="long-flipped",
    ),
    pytest.param(
        trade(SELL, "100", "1", "10"),
        trade(SELL, "80", "1", "10"),
        position(SELL, "90", "2", "2", "0", "-20", "20", "0"),
        None,
        id="short-increased",
    ),
    pytest.param(
        trade(SELL, "100", "2", "10"),
        trade(BUY, "80", "0.5", "5"),
        position(SELL, "100", "1.5", "2", "22.5", "-5", "10", "5"),
        None,
        id="short-reduced",
    ),
    pytest.param(
        trade(SELL, "100", "1", "10"),
        trade(BUY, "80", "1", "10"),
        None,
        exited(SELL, "0"),
        id="short-closed",
    ),
    pytest.param(
        trade(SELL, "100", "1", "10"),
        trade(BUY, "80", "2", "20"),
        position(BUY, "80", "1", "1", "0", "-10", "10", "0", trades=1),
        exited(SELL, "0"),
        id="short-flipped",
    ),
]


@pytest.mark.parametrize(("first", "second", "expected_position", "expected_exited"), UPDATES)
def test_update_from_trade(
    first: Trade, second: Trade, expected_position: Position | None, expected_exited: PositionExited | None
) -> None:
    assert (expected_position, expected_exited) == Position.from_trade(first).update_from_trade(second)


@pytest.mark.parametrize(("first", "second", "expected_position", "expected_exited"), UPDATES)
def test_position_manager_keeps_what_is_open_and_returns_what_was_closed(
    first: Trade, second: Trade, expected_position: Position | None, expected_exited: PositionExited | None
) -> None:
    manager = PositionManager()
    assert manager.update_from_trade(first) is None
    assert expected_exited == manager.update_from_trade(second)
    assert expected_position == manager.current


@pytest.mark.parametrize(
    ("side", "quantity"),
    [pytest.param(BUY, "2", id="long"), pytest.param(SELL, "2", id="short"), pytest.param(SELL, "-2", id="sign-is-ignored")],
)
def test_from_trade_opens_with_the_fee_as_realised_loss(side: Side, quantity: str) -> None:
    expected = position(side, "100", "2", "2", "0", "-10", "10", "0", trades=1)
    assert expected == Position.from_trade(trade(side, "100", quantity, "10"))


def test_trade_of_another_instrument_changes_nothing() -> None:
    current = Position.from_trade(trade(BUY, "100", "1", "10"))
    assert (current, None) == current.update_from_trade(trade(SELL, "150", "1", "10", instrument=1))
    assert position(BUY, "100", "1", "1", "0", "-10", "10", "0", trades=1) == current


def test_exit_record_does_not_share_the_trades_of_the_position() -> None:
    current = Position.from_trade(trade(BUY, "100", "1"))
    record = PositionExited.from_position(current)
    current.trades.append("later")
    assert record.trades == ["trade_id"]


def test_long_reduced_stays_open_with_realised_profit() -> None:
    """Rust: the first example in the documentation of `Position`."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    current = Position.from_trade(trade(BUY, "50000", "0.1", "5", time=start))
    updated, closed = current.update_from_trade(trade(SELL, "60000", "0.05", "2.5", time=start + timedelta(hours=1)))
    assert updated is not None
    assert closed is None
    assert (BUY, D("0.05"), D("0.1"), D("492.5")) == (
        updated.side,
        updated.quantity_abs,
        updated.quantity_abs_max,
        updated.pnl_realised,
    )


def test_short_flipped_opens_a_long_with_its_share_of_the_fee() -> None:
    """Rust: the second example in the documentation of `Position`."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    current = Position.from_trade(trade(SELL, "50000", "0.1", "5", time=start))
    opened, closed = current.update_from_trade(trade(BUY, "40000", "0.2", "10", time=start + timedelta(hours=1)))
    assert opened is not None
    assert closed is not None
    assert (SELL, D("0.1"), D("990")) == (closed.side, closed.quantity_abs_max, closed.pnl_realised)
    assert (BUY, D("0.1"), D("40000"), D("-5")) == (
        opened.side,
        opened.quantity_abs,
        opened.price_entry_average,
        opened.pnl_realised,
    )


@pytest.mark.parametrize(
    ("current_price", "current_quantity", "trade_price", "trade_quantity", "expected"),
    [
        pytest.param("100", "2", "200", "2", "150", id="equal-weights"),
        pytest.param("100", "2", "200", "4", "166.66666666666666666666666667", id="trade-weighs-more"),
        pytest.param("100", "20", "200", "1", "104.76190476190476190476190476", id="position-weighs-more"),
        pytest.param("100", "0", "200", "4", "200", id="nothing-held"),
        pytest.param("100", "10", "0", "0", "100", id="nothing-traded"),
        pytest.param("100", "0", "200", "0", "0", id="nothing-at-all"),
    ],
)
def test_calculate_price_entry_average(
    current_price: str, current_quantity: str, trade_price: str, trade_quantity: str, expected: str
) -> None:
    assert D(expected) == calculate_price_entry_average(D(current_price), D(current_quantity), D(trade_price), D(trade_quantity))


@pytest.mark.parametrize(
    ("side", "quantity", "price", "expected"),
    [
        pytest.param(BUY, "1", "150", "40", id="long-in-profit"),
        pytest.param(BUY, "1", "80", "-30", id="long-in-loss"),
        pytest.param(SELL, "1", "80", "10", id="short-in-profit"),
        pytest.param(SELL, "1", "150", "-60", id="short-in-loss"),
        pytest.param(BUY, "0.5", "150", "20", id="half-of-a-long-is-left"),
        pytest.param(BUY, "0", "150", "0", id="nothing-is-left"),
    ],
)
def test_calculate_pnl_unrealised(side: Side, quantity: str, price: str, expected: str) -> None:
    """Entered one unit at 100 for a fee of 10."""
    assert D(expected) == calculate_pnl_unrealised(side, D(100), D(quantity), D(1), D(10), D(price))


@pytest.mark.parametrize("side", [pytest.param(BUY, id="long"), pytest.param(SELL, id="short")])
@pytest.mark.parametrize(
    ("quantity", "expected_fees"),
    [
        pytest.param("1", "10", id="whole"),
        pytest.param("0.5", "5", id="half"),
        pytest.param("0", "0", id="nothing"),
        pytest.param("2", "20", id="more-than-the-largest-is-not-capped"),
    ],
)
def test_exit_fees_are_estimated_from_the_entry_fees_per_quantity(side: Side, quantity: str, expected_fees: str) -> None:
    """At the entry price the estimate is all that is left of the unrealised profit."""
    assert D(expected_fees) == -calculate_pnl_unrealised(side, D(100), D(quantity), D(1), D(10), D(100))


@pytest.mark.parametrize(
    ("side", "price", "fee", "expected"),
    [
        pytest.param(BUY, "150", "5", "495", id="long-wins-with-fee"),
        pytest.param(BUY, "150", "0", "500", id="long-wins-without-fee"),
        pytest.param(BUY, "150", "-5", "505", id="long-wins-with-rebate"),
        pytest.param(BUY, "50", "5", "-505", id="long-loses-with-fee"),
        pytest.param(BUY, "50", "0", "-500", id="long-loses-without-fee"),
        pytest.param(BUY, "50", "-5", "-495", id="long-loses-with-rebate"),
        pytest.param(SELL, "50", "5", "495", id="short-wins-with-fee"),
        pytest.param(SELL, "50", "0", "500", id="short-wins-without-fee"),
        pytest.param(SELL, "50", "-5", "505", id="short-wins-with-rebate"),
        pytest.param(SELL, "150", "5", "-505", id="short-loses-with-fee"),
        pytest.param(SELL, "150", "0", "-500", id="short-loses-without-fee"),
        pytest.param(SELL, "150", "-5", "-495", id="short-loses-with-rebate"),
    ],
)
@pytest.mark.parametrize("quantity", [pytest.param("10", id="positive"), pytest.param("-10", id="sign-is-ignored")])
def test_calculate_pnl_realised(side: Side, price: str, fee: str, expected: str, quantity: str) -> None:
    """Ten units entered at 100."""
    assert D(expected) == calculate_pnl_realised(side, D(100), D(quantity), D(price), D(fee))


@pytest.mark.parametrize(
    ("pnl_realised", "price_entry_average", "quantity_abs_max", "expected"),
    [
        pytest.param("0", "100", "1", "0", id="break-even"),
        pytest.param("100", "100", "1", "1", id="doubled"),
        pytest.param("-50", "100", "1", "-0.5", id="halved"),
        pytest.param("500", "100", "10", "0.5", id="ten-units"),
        pytest.param("500", "0", "10", "0", id="divergence-8-entered-for-nothing"),
    ],
)
def test_calculate_pnl_return(pnl_realised: str, price_entry_average: str, quantity_abs_max: str, expected: str) -> None:
    assert D(expected) == calculate_pnl_return(D(pnl_realised), D(price_entry_average), D(quantity_abs_max))


@pytest.mark.parametrize(
    ("side", "size", "entry", "exit_", "quantity", "fee", "expected"),
    [
        pytest.param(BUY, "0.001", "100", "100.01", "1000", "0.1", "-0.19", id="small"),
        pytest.param(BUY, "100", "100", "100.5", "1", "10", "30", id="large"),
        pytest.param(SELL, "10", "100", "90", "2", "1", "198", id="short"),
        pytest.param(SELL, "1", "100", "90", "2", "1", "18", id="one"),
    ],
)
def test_divergence_19_profit_counts_the_contract_size(
    side: Side, size: str, entry: str, exit_: str, quantity: str, fee: str, expected: str
) -> None:
    manager = PositionManager(contract_size=D(size))
    manager.update_from_trade(trade(side, entry, quantity, fee))
    assert manager.current is not None
    manager.current.update_pnl_unrealised(D(exit_))
    assert D(expected) + D(fee) == manager.current.pnl_unrealised
    closed = manager.update_from_trade(trade(side.opposite, exit_, quantity, fee))
    assert closed is not None
    assert D(expected) == closed.pnl_realised
    assert D(expected) / (D(entry) * D(quantity) * D(size)) == closed.pnl_return()


def test_divergence_19_the_other_side_of_a_flip_has_the_same_contract_size() -> None:
    manager = PositionManager(contract_size=D(10))
    manager.update_from_trade(trade(BUY, "100", "1"))
    manager.update_from_trade(trade(SELL, "100", "2"))
    assert manager.current is not None
    manager.current.update_pnl_unrealised(D(90))
    assert D(100) == manager.current.pnl_unrealised


def test_divergence_21_funding_is_part_of_the_realised_profit_and_told_apart() -> None:
    manager = PositionManager()
    manager.update_from_trade(trade(BUY, "100", "2", "1"))
    for amount in ("-3", "0.5"):
        manager.update_from_funding(D(amount))
    assert manager.current is not None
    assert (D("-2.5"), D("-3.5")) == (manager.current.funding, manager.current.pnl_realised)
    closed = manager.update_from_trade(trade(SELL, "110", "2", "1"))
    assert closed is not None
    assert (D("-2.5"), D("15.5")) == (closed.funding, closed.pnl_realised)


def test_funding_stays_with_the_position_that_a_flip_closes() -> None:
    manager = PositionManager()
    manager.update_from_trade(trade(BUY, "100", "1"))
    manager.update_from_funding(D(7))
    closed = manager.update_from_trade(trade(SELL, "100", "3"))
    assert closed is not None
    assert manager.current is not None
    assert (D(7), D(0), D(0)) == (closed.funding, manager.current.funding, manager.current.pnl_realised)


def test_funding_while_flat_changes_nothing() -> None:
    manager = PositionManager()
    manager.update_from_funding(D(7))
    assert PositionManager() == manager


def test_of_very_many_fills_the_latest_ids_are_kept() -> None:
    current = Position.from_trade(trade(BUY, "100", "1", id="0"))
    for number in range(1, TRADES_MAX + 2):
        current.update_from_trade(trade(BUY, "100", "1", id=str(number)))
    assert (TRADES_MAX, "2", str(TRADES_MAX + 1)) == (len(current.trades), current.trades[0], current.trades[-1])
