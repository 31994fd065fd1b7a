"""What fills, fees and reservations of a spot instrument do to the account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.execution.exchange.simulated.venue import EXCHANGE, START, D, Venue, bnb_usdt, btc_usdt, key, snapshot

from barter_python.errors import ConfigError
from barter_python.execution.account import AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.exchange.model.fee import FeeAsset, Fees, PercentFees, ThirdAsset
from barter_python.execution.order.id import OrderId
from barter_python.execution.order.order import Order, OrderKind, TimeInForce
from barter_python.execution.order.state import Open
from barter_python.execution.trade import AssetFees, Trade
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

BOOK = "book 99x50 | 100x50"
QUOTE: FeeAsset = "quote"
BASE: FeeAsset = "base"
RECEIVED: FeeAsset = "received"
BNB = ThirdAsset(AssetNameExchange("BNB"), D("500"))


def venue(holds: str, asset: FeeAsset, maker: str = "0.01", taker: str = "0.02") -> Venue:
    found = Venue(holds, instruments=[btc_usdt(), bnb_usdt()], fee=PercentFees(D(maker), D(taker), asset))
    found.run(BOOK)
    return found


@pytest.mark.parametrize(
    ("expected", "asset", "order"),
    [
        pytest.param(["USDT 796 / 796", "BTC 12 / 12"], QUOTE, "buy 2 market #a", id="buyer, fee in quote: on top"),
        pytest.param(["USDT 1194.04 / 1194.04", "BTC 8 / 8"], QUOTE, "sell 2 market #a", id="seller, fee in quote: deducted"),
        pytest.param(["USDT 800 / 800", "BTC 11.96 / 11.96"], BASE, "buy 2 market #a", id="buyer, fee in base: deducted"),
        pytest.param(["USDT 1198 / 1198", "BTC 7.96 / 7.96"], BASE, "sell 2 market #a", id="seller, fee in base: on top"),
        pytest.param(["USDT 800 / 800", "BTC 11.96 / 11.96"], RECEIVED, "buy 2 market #a", id="buyer, fee in what it receives"),
        pytest.param(["USDT 1194.04 / 1194.04", "BTC 8 / 8"], RECEIVED, "sell 2 market #a", id="seller, fee in what it receives"),
        pytest.param(
            ["USDT 1000 / 910", "BTC 10 / 10"], RECEIVED, "buy 1 @ 90 #a", id="reserved: nothing for a fee in what is received"
        ),
        pytest.param(["USDT 1000 / 1000", "BTC 10 / 9"], RECEIVED, "sell 1 @ 110 #a", id="reserved: likewise by a seller"),
        pytest.param(["USDT 800 / 800", "BTC 12 / 12", "BNB 0.992 / 0.992"], BNB, "buy 2 market #a", id="fee in a third asset"),
        pytest.param(["USDT 1000 / 908.2", "BTC 10 / 10"], QUOTE, "buy 1 @ 90 #a", id="reserved: value and the larger fee"),
        pytest.param(["USDT 1000 / 1000", "BTC 10 / 8.98"], BASE, "sell 1 @ 110 #a", id="reserved: the fee in base too"),
        pytest.param(
            ["USDT 1000 / 910", "BTC 10 / 10", "BNB 1 / 0.9964"], BNB, "buy 1 @ 90 #a", id="reserved: the fee in a third asset"
        ),
    ],
)
def test_balances(expected: list[str], asset: FeeAsset, order: str) -> None:
    found = venue("USDT 1000, BTC 10, BNB 1", asset)
    found.run(order)

    assert expected == [line for line in found.balances() if line != "BNB 1 / 1"]


def test_what_a_maker_saves_in_fees_is_free_again() -> None:
    found = venue("USDT 1000", QUOTE)

    assert found.run("buy 1 @ 99 #a") == ["a open 0", "USDT 1000 / 899.02"]
    assert found.run("trade 99 x 50.5 sell") == [
        "USDT 950.005 / 899.515",
        "BTC 0.5 / 0.5",
        "a fill 0.5 @ 99 maker fee 0.495",
        "a open 0.5",
    ]
    assert found.run("trade 98 x 1 sell") == ["USDT 900.01 / 900.01", "BTC 1 / 1", "a fill 0.5 @ 99 maker fee 0.495", "a filled"]


def test_a_rebate_is_received() -> None:
    found = venue("USDT 1000", QUOTE, maker="-0.01")

    assert found.run("buy 1 @ 99 #a", "trade 98 x 1 sell")[2:] == [
        "USDT 901.99 / 901.99",
        "BTC 1 / 1",
        "a fill 1 @ 99 maker fee -0.99",
        "a filled",
    ]


def test_what_was_bought_less_the_fee_can_be_sold() -> None:
    found = venue("USDT 1000", RECEIVED, taker="0.001")

    assert found.run("buy 1 market #a")[1:3] == ["USDT 900 / 900", "BTC 0.999 / 0.999"]
    assert found.run("sell 0.999 market #b")[1:3] == ["BTC 0 / 0", "USDT 998.802099 / 998.802099"]


def test_a_fill_tells_what_was_charged_and_its_value_in_quote() -> None:
    found = venue("USDT 1000", RECEIVED)

    (trade,) = [event.kind for event in found.play("buy 2 market #a") if isinstance(event.kind, Trade)]

    assert AssetFees(AssetNameExchange("BTC"), D("0.04")) == trade.fees_charged
    assert AssetFees.quote_fees(D(4)) == trade.fees


def test_a_third_asset_must_cover_the_fee_when_the_order_arrives() -> None:
    found = venue("USDT 1000, BTC 10, BNB 0.001", BNB)

    assert found.run("buy 1 market #a") == [
        "a refused: asset BNB balance insufficient: free 0.001, required including fees 0.004"
    ]


def test_a_third_asset_that_nothing_uses_is_named() -> None:
    found = Venue(fee=PercentFees(D("0.01"), D("0.02"), BNB))
    found.run(BOOK)

    assert found.run("buy 1 market #a") == [
        "a refused: order rejected: fees of 0.004 BNB, which no instrument of the exchange uses"
    ]


def test_price_improvement_is_free_again() -> None:
    found = Venue()
    found.run("book 99x50 | 100x1")

    assert [
        "a open 0",
        *("USDT 900 / 800", "BTC 11 / 11", "a fill 1 @ 100 taker", "a open 1"),
    ] == found.run("buy 2 @ 100 #a")
    assert found.run("buy 1 @ 110 #b") == ["b open 0", "USDT 900 / 690"]  # nothing is left at 100 to improve it
    assert found.run("update | 105x1")[:4] == ["USDT 790 / 690", "BTC 12 / 12", "b fill 1 @ 110 maker", "b filled"]


RESTING = Order(
    key("old"), Side.BUY, D(50), D(2), OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_CANCELLED, Open(OrderId("0"), START, D("0.5"))
)


def initial(orders: list[Order], usdt: str = "1000/925") -> AccountSnapshot:
    return AccountSnapshot(
        EXCHANGE, snapshot(f"USDT {usdt}").balances, [InstrumentAccountSnapshot(InstrumentNameExchange("BTCUSDT"), orders)]
    )


@pytest.mark.parametrize(
    ("expected", "usdt"),
    [
        pytest.param("USDT 1000 / 925", "1000/925", id="exactly reserved"),
        pytest.param("USDT 1000 / 925", "1000/1000", id="not reserved yet"),
        pytest.param("USDT 1000 / 900", "1000/900", id="more is locked: stays locked for good"),
    ],
)
def test_open_orders_of_the_start_reserve(expected: str, usdt: str) -> None:
    found = Venue(initial_state=initial([RESTING], usdt))

    assert expected == found.balances()[0]


def test_an_open_order_of_the_start_lives_on() -> None:
    found = Venue(initial_state=initial([RESTING]))
    found.run("book 51x4 | 60x4")

    assert found.run("buy 1 @ 10 #new") == ["new open 0", "USDT 1000 / 915"]
    assert found.run("trade 49 x 1 sell") == [
        "USDT 925 / 915",
        "BTC 1.5 / 1.5",
        "old fill 1.5 @ 50 maker",
        "old filled",
    ]


class Surprise:
    """Charges 50 USDT where it has said that a fill is free."""

    def estimate(self, *_: object) -> Fees:
        return Fees(AssetNameExchange("USDT"), D(0))

    def fees(self, *_: object) -> Fees:
        return Fees(AssetNameExchange("USDT"), D(50))


@pytest.mark.parametrize(
    ("expected", "order"),
    [
        pytest.param(["USDT 0 / 0", "BTC 11 / 11"], "buy 1 market #a", id="buyer: the 20 that are left"),
        pytest.param(["USDT 169 / 169", "BTC 9 / 9"], "sell 1 market #a", id="seller: from what is received"),
    ],
)
def test_a_fee_beyond_its_estimate_takes_no_more_than_there_is(expected: list[str], order: str) -> None:
    found = Venue("USDT 120, BTC 10", fee=Surprise())
    found.run(BOOK, order)

    assert expected == found.balances()


def test_the_snapshot_lists_balances_and_open_orders() -> None:
    found = Venue(initial_state=initial([RESTING]))
    found.run("book 51x4 | 60x4", "buy 1 @ 10 #new", "buy 1 @ 11 #gone", "cancel gone")
    time = START + timedelta(hours=1)

    taken = found.exchange.account_snapshot(time)

    assert [AssetBalance(AssetNameExchange("USDT"), Balance(D(1000), D(915)), time)] == taken.balances[:1]
    assert [order.key.cid for order in taken.instruments[0].orders] == ["old", "new"]


@pytest.mark.parametrize(
    ("expected", "state"),
    [
        pytest.param("order 'old': asset USDT balance insufficient", initial([RESTING], "70"), id="not covered"),
        pytest.param(r"balance of 'USDT': total 1, free 2", initial([], "1/2"), id="more free than there is"),
        pytest.param(r"balance of 'USDT': total NaN", initial([], "NaN"), id="no number"),
    ],
)
def test_an_impossible_start_is_refused(expected: str, state: AccountSnapshot) -> None:
    with pytest.raises(ConfigError, match=expected):
        Venue(initial_state=state)
