"""What was earned in cases whose right values are known."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.statistic.portfolio.account_feed import START, AccountFeed, D, pair

from barter_python.errors import ConfigError
from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.instrument.exchange import ExchangeIndex
from barter_python.numeric import EXACT
from barter_python.statistic.portfolio.portfolio import Portfolio, portfolio
from barter_python.statistic.portfolio.statistics import PortfolioStatistics, portfolio_statistics
from barter_python.statistic.portfolio.tracker import PortfolioTracker

BTC = pair("BTC", "USDT")


def trade_in_turn(prices: list[tuple[str, str]], cash: str = "100000") -> AccountFeed:
    """Buys and sells one unit at each pair of prices, an hour apart."""
    feed = AccountFeed([BTC], {"USDT": cash})
    for bought, sold in prices:
        for price, quantity in ((bought, "1"), (sold, "-1")):
            feed.price("BTCUSDT", price)
            feed.fill("BTCUSDT", quantity, price)
            feed.wait(hours=1)
            feed.price("BTCUSDT", price)
    return feed


def statistics(found: Portfolio) -> PortfolioStatistics:
    return portfolio_statistics(found)


@pytest.mark.parametrize(
    ("cash", "prices", "drawdown"),
    [
        pytest.param("100000", [("1000", "900")], 100 / 100_000, id="one loser"),
        pytest.param("100000", [("1000", "900")] * 3, 300 / 100_000, id="three losers"),
        pytest.param("100000", [("1000", "1001"), ("1001", "901")], 100 / 100_001, id="a small winner, then a loser"),
        pytest.param(
            "1000000", [("1000", "1000.01"), ("1000.01", "970.01")], 30 / 1_000_000.01, id="a tiny winner, then a loser"
        ),
        pytest.param("100000", [], 0.0, id="nothing traded"),
    ],
)
def test_drawdown_is_of_equity_and_ratios_need_days(cash: str, prices: list[tuple[str, str]], drawdown: float) -> None:
    found = statistics(trade_in_turn(prices, cash).portfolio())

    assert drawdown == pytest.approx(found.drawdown_max.value, rel=1e-12)
    assert [None] * 4 == [
        figure.value for figure in (found.sharpe_ratio, found.sortino_ratio, found.calmar_ratio, found.annual_return)
    ]
    assert "at least 2 are needed" in str(found.sharpe_ratio)


def test_an_open_position_is_worth_its_price() -> None:
    feed = AccountFeed([BTC], {"USDT": "100000"})
    feed.price("BTCUSDT", "100")
    feed.fill("BTCUSDT", "100", "100")
    feed.wait(hours=1)
    feed.price("BTCUSDT", "200")
    found = feed.portfolio()

    assert (D(110_000), D(10_000), D(0)) == (
        found.explanation.end,
        found.explanation.earnings.pnl_unrealised,
        found.explanation.earnings.pnl_realised,
    )
    assert [(D(100), D(10_000), D(0), D(1))] == [(trip.quantity, trip.pnl, trip.mae, trip.mfe) for trip in found.trips_open]
    assert found.trips == []


def test_what_was_there_at_the_start_is_a_position_of_nobody() -> None:
    feed = AccountFeed([BTC], {"USDT": "100", "BTC": "2"})
    feed.wait(hours=1)
    feed.price("BTCUSDT", "1000")
    feed.wait(hours=1)
    feed.price("BTCUSDT", "1100")
    feed.fill("BTCUSDT", "-1", "1100")
    found = feed.portfolio()

    assert (D(2100), D(2300)) == (found.explanation.start, found.explanation.end)
    assert {None: D(200), "a": D(0)} == {row.strategy: row.earnings.net for row in found.rows}
    assert found.unvalued == []


def test_a_loss_in_another_quote_currency_keeps_its_digits() -> None:
    feed = AccountFeed([BTC, pair("ETH", "BTC")], {"USDT": "1000", "BTC": "1"}, valuation="usdt")
    feed.price("BTCUSDT", "60000")
    feed.price("ETHBTC", "0.05")
    feed.fill("ETHBTC", "1", "0.05")
    feed.wait(hours=1)
    feed.price("ETHBTC", "0.04796")
    feed.fill("ETHBTC", "-1", "0.04796")
    found = feed.portfolio()
    (row,) = [row for row in found.rows if row.strategy == "a"]

    assert (D("-0.00204"), D("-122.4")) == (row.earnings.net, found.explanation.earnings.net)
    assert (D(61_000), D("60877.6"), D(0), D(0)) == (
        found.explanation.start,
        found.explanation.end,
        found.explanation.conversions,
        found.explanation.unexplained,
    )


@pytest.mark.parametrize(
    ("size", "fills", "parts"),
    [
        pytest.param(
            "0.001", [("1000", "100", "0"), ("-1000", "100.01", "0.01")], {"pnl_price": "0.01", "fees": "-0.20001"}, id="small"
        ),
        pytest.param("100", [("1", "100", "0"), ("-1", "100.5", "50")], {"pnl_price": "50", "fees": "-20.05"}, id="large"),
    ],
)
def test_the_size_of_a_contract_counts(size: str, fills: list[tuple[str, str, str]], parts: dict[str, str]) -> None:
    feed = AccountFeed([pair("BTC", "USDT", size)], {"USDT": "100000"}, fee="0.001")
    for quantity, price, realised in fills:
        feed.price("BTCUSDT", price)
        feed.fill("BTCUSDT", quantity, price, realised)
        feed.wait(hours=1)
    found = feed.portfolio()
    (trip,) = found.trips

    for name, amount in parts.items():
        assert D(amount) == getattr(found.explanation.earnings, name)
    assert EXACT.subtract(found.explanation.end, D(100_000)) == trip.pnl == EXACT.add(*map(D, parts.values()))
    assert found.explanation.unexplained == 0


def test_funding_is_no_price_pnl() -> None:
    feed = AccountFeed([pair("BTC", "USDT", "1")], {"USDT": "1000"})
    feed.price("BTCUSDT", "100")
    feed.fill("BTCUSDT", "1", "100", "0")
    feed.wait(hours=1)
    feed.fund("BTCUSDT", "-1")
    feed.wait(hours=1)
    feed.fill("BTCUSDT", "-1", "100", "0")
    found = feed.portfolio()
    (trip,) = found.trips

    assert (D(0), D(-1), D(-1)) == (trip.pnl_price, trip.funding, trip.pnl)
    assert (D(0), D(-1), D(999)) == (
        found.explanation.earnings.pnl_price,
        found.explanation.earnings.funding,
        found.explanation.end,
    )


def test_funding_is_shared_by_what_each_strategy_holds() -> None:
    feed = AccountFeed([pair("BTC", "USDT", "1")], {"USDT": "1000"})
    feed.price("BTCUSDT", "100")
    feed.fill("BTCUSDT", "3", "100", "0", strategy="a")
    feed.fill("BTCUSDT", "-1", "100", "0", strategy="b")
    feed.fund("BTCUSDT", "-2")

    assert {"a": D(-3), "b": D(1)} == {row.strategy: row.earnings.funding for row in feed.portfolio().rows}


def test_a_deposit_is_explained_by_no_trade() -> None:
    feed = AccountFeed([BTC], {"USDT": "1000"})
    feed.price("BTCUSDT", "100")
    feed.wait(hours=1)
    feed.book("USDT", D("12.5"))
    found = feed.portfolio().explanation

    assert (D("12.5"), D(0), D("1012.5")) == (found.unexplained, found.earnings.net, found.end)


def test_a_fee_in_a_third_asset_is_valued_when_it_is_paid() -> None:
    feed = AccountFeed([BTC, pair("BNB", "USDT")], {"USDT": "1000", "BNB": "10"})
    feed.price("BTCUSDT", "100")
    feed.price("BNBUSDT", "50")
    feed.fill("BTCUSDT", "1", "100", charged=("BNB", "0.1"))
    feed.wait(hours=1)
    feed.price("BNBUSDT", "60")
    found = feed.portfolio()

    # 0.1 BNB went at 50; the rest is worth 10 more each.
    assert (D(-5), D(99), D(0)) == (
        found.explanation.earnings.fees,
        found.explanation.earnings.pnl_price,
        found.explanation.conversions,
    )
    assert D("9.9") * 60 + 900 + 100 == found.explanation.end


def test_an_asset_without_a_way_to_a_price_is_named_and_not_counted() -> None:
    feed = AccountFeed([BTC, pair("LUNA", "TRY")], {"USDT": "1000", "LUNA": "7"})
    feed.price("BTCUSDT", "100")
    feed.price("LUNATRY", "3")
    feed.fill("LUNATRY", "1", "3", charged=("LUNA", "0.01"))
    found = feed.portfolio()

    assert (["luna", "try"], D(1000)) == (found.unvalued, found.explanation.end)


def test_a_flip_closes_one_trip_and_opens_another_with_its_share_of_the_fee() -> None:
    feed = AccountFeed([pair("BTC", "USDT", "1")], {"USDT": "1000"}, fee="0.01")
    feed.price("BTCUSDT", "100")
    feed.fill("BTCUSDT", "1", "100", "0")
    feed.price("BTCUSDT", "90")
    feed.fill("BTCUSDT", "-3", "110", "10")
    found = feed.portfolio()

    assert [(D(10), D("2.1"), D("-0.1"), D("0.1"))] == [(trip.pnl_price, trip.fees, trip.mae, trip.mfe) for trip in found.trips]
    # Short two from 110; the price that the market shows is 90.
    assert [(D(40), D("2.2"), D(2))] == [(trip.pnl_price, trip.fees, trip.quantity) for trip in found.trips_open]


def test_one_a_day_has_the_same_sharpe_ratio_whatever_the_length() -> None:
    found = []
    for days in (10, 30, 364):
        feed, price = AccountFeed([BTC], {"USDT": "100"}), Decimal(100)
        feed.price("BTCUSDT", "100")
        feed.fill("BTCUSDT", "1", "100")
        for day in range(days):
            feed.wait(days=1)
            price = round(price * (Decimal("1.01") if day % 2 == 0 else Decimal("0.995")), 8)
            feed.price("BTCUSDT", str(price))
        found.append(statistics(feed.portfolio()).sharpe_ratio)

    assert [10, 30, 364] == [figure.observations for figure in found]
    assert [pytest.approx(6.4, abs=0.4)] * 3 == [figure.value for figure in found]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: AccountFeed([BTC], {}, valuation="eur"), "valuation: found 'eur', expected an asset of the run: btc, usdt"),
    ],
)
def test_what_cannot_be_valued_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        make()


def test_a_late_balance_changes_nothing() -> None:
    feed = AccountFeed([BTC], {"USDT": "1000"})
    feed.price("BTCUSDT", "100")
    feed.wait(hours=1)
    feed.book("USDT", D(5))
    feed.time = START + timedelta(minutes=30)
    feed.book("USDT", D(100))
    feed.time = START + timedelta(hours=2)

    assert D(1005) == feed.portfolio().explanation.end


def test_an_account_that_is_not_known_yet_is_not_an_empty_one() -> None:
    feed = AccountFeed([BTC], {})
    tracker = PortfolioTracker(feed.instruments)
    tracker.start(START, feed.states, [])
    tracker.on_time(START + timedelta(hours=25))
    cash = AssetBalance(feed.asset("USDT"), Balance(D(1000), D(1000)), START + timedelta(hours=26))
    tracker.update_from_account(AccountEvent(ExchangeIndex(0), AccountSnapshot(ExchangeIndex(0), [cash], [])))
    tracker.on_time(START + timedelta(hours=28))
    found = portfolio(tracker, START + timedelta(hours=29))

    assert {D(1000)} == {point.equity for point in found.curve}
    assert 0.0 == statistics(found).drawdown_max.value
