"""What an account at the simulated exchange holds, and what it tells of that."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.execution.exchange.simulated.venue import START, D

from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.exchange.simulated.account import Account
from barter_python.instrument.asset import AssetNameExchange
from barter_python.numeric import in_money_context


def account() -> Account:
    """100 USDT, of which 30 are locked by something that the exchange does not know, and no BTC."""
    found = Account([AssetBalance(AssetNameExchange("USDT"), Balance(D(100), D(70)), START)], ["BTC"])
    found.adopt_reservations()
    return found


@pytest.mark.parametrize(
    ("expected", "asset", "amount", "held"),
    [
        pytest.param(None, "USDT", "70", "0", id="all-that-is-free"),
        pytest.param("USDT", "USDT", "70.01", "0", id="more"),
        pytest.param(None, "USDT", "75", "5", id="what-is-held-already-counts"),
        pytest.param("BTC", "BTC", "1", "0", id="nothing-of-it"),
        pytest.param("BNB", "BNB", "1", "0", id="an-asset-that-is-not-there"),
        pytest.param(None, "BNB", "0", "0", id="nothing-is-needed-of-it"),
    ],
)
def test_shortage(expected: str | None, asset: str, amount: str, held: str) -> None:
    assert expected == account().shortage({asset: D(amount)}, {asset: D(held)})


def test_a_change_is_told_once() -> None:
    found = account()
    found.book("USDT", D(-10))
    holds = {"USDT": D(0)}
    found.hold(holds, "USDT", D(20))

    assert [AssetBalance(AssetNameExchange("USDT"), Balance(D(90), D(40)), START)] == found.changes(START)
    assert found.changes(START) == []


def test_what_changed_back_or_was_in_a_report_is_told_no_more() -> None:
    found = account()
    found.book("USDT", D(10))
    found.book("USDT", D(-10))
    assert found.changes(START) == []

    found.book("BTC", D(1))
    assert {"USDT": D(100), "BTC": D(1)} == {entry.asset: entry.balance.total for entry in found.report(START)}
    assert found.changes(START) == []


@in_money_context
def test_nothing_is_locked_by_nobody_whatever_was_rounded_on_the_way() -> None:
    found = account()
    large: dict[str, Decimal] = {}
    small: dict[str, Decimal] = {}
    found.hold(large, "USDT", D("1E10"))
    found.hold(small, "USDT", D("1E-25"))

    found.release(large)
    found.release(small)

    assert D(70) == found.free("USDT")
