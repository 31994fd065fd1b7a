"""The mock exchange: orders and what they do to the account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barter_python.config.execution import MockExecutionConfig
from barter_python.data.event import MarketEvent, PublicTrade
from barter_python.errors import ConfigError
from barter_python.execution.account import AccountEvent, AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.error import (
    BalanceInsufficient,
    InstrumentInvalid,
    OrderAlreadyCancelled,
    OrderAlreadyFullyFilled,
    OrderRejected,
)
from barter_python.execution.exchange.mock import MockExchange
from barter_python.execution.exchange.model.fee import PairAsset
from barter_python.execution.order.id import ClientOrderId, OrderId, StrategyId
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import (
    OrderRequestCancel,
    OrderRequestOpen,
    OrderResponseCancel,
    RequestCancel,
    RequestOpen,
)
from barter_python.execution.order.state import Cancelled, Open, OpenFailed
from barter_python.execution.trade import AssetFees, Trade
from barter_python.instrument.asset import Asset, AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import Instrument, InstrumentIndex, InstrumentQuoteAsset, Underlying
from barter_python.instrument.kind import PerpetualContract
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

D = Decimal
EXCHANGE = ExchangeId.BINANCE_SPOT
TIME = datetime(2025, 1, 1, tzinfo=UTC)
BTC = Instrument.spot(EXCHANGE, "binance_spot-btcusdt", "BTCUSDT", ("BTC", "USDT"))


def key(cid: str, instrument: str = "BTCUSDT") -> OrderKey:
    return OrderKey(EXCHANGE, InstrumentNameExchange(instrument), StrategyId("s"), ClientOrderId(cid))


def exchange(
    usdt: str = "1000",
    btc: str = "2",
    fees: str = "0.01",
    orders: list[Order] | None = None,
    free: str | None = None,
    fee_asset: PairAsset = "quote",
) -> MockExchange:
    balances = [
        AssetBalance(AssetNameExchange("USDT"), Balance(D(usdt), D(free or usdt)), TIME),
        AssetBalance(AssetNameExchange("BTC"), Balance(D(btc), D(btc)), TIME),
    ]
    snapshot = AccountSnapshot(EXCHANGE, balances, [InstrumentAccountSnapshot(InstrumentNameExchange("BTCUSDT"), orders or [])])
    return MockExchange(EXCHANGE, snapshot, D(fees), [BTC], fee_asset)


def request(
    side: Side = Side.BUY,
    quantity: str = "1",
    price: str = "100",
    kind: OrderKind = OrderKind.MARKET,
    cid: str = "c",
    instrument: str = "BTCUSDT",
) -> OrderRequestOpen:
    return OrderRequestOpen(key(cid, instrument), RequestOpen(side, D(price), D(quantity), kind, TimeInForce.IMMEDIATE_OR_CANCEL))


def kinds(answers: list[AccountEvent]) -> list[object]:
    return [event.kind for event in answers]


@pytest.mark.parametrize(
    ("side", "quantity", "usdt", "btc", "fees"),
    [
        pytest.param(Side.BUY, "1", "899.00", "3", "1.00", id="buyer-pays-price-and-fee-and-receives-the-quantity"),
        pytest.param(Side.SELL, "1", "1099.00", "1", "1.00", id="seller-pays-the-quantity-and-receives-price-less-fee"),
        pytest.param(Side.SELL, "2", "1198.00", "0", "2.00", id="seller-may-sell-all"),
        pytest.param(Side.BUY, "9.9", "0.100", "11.9", "9.900", id="buyer-may-spend-all-but-change"),
    ],
)
def test_a_market_order_books_both_legs(side: Side, quantity: str, usdt: str, btc: str, fees: str) -> None:
    mock = exchange()

    answers = mock.on_request(request(side, quantity), TIME)

    base, quote, trade, order = kinds(answers)
    assert {"USDT": Balance(D(usdt), D(usdt)), "BTC": Balance(D(btc), D(btc))} == mock.balances()
    assert (mock.balances()["BTC"], mock.balances()["USDT"]) == (base.balance, quote.balance)
    assert isinstance(trade, Trade)
    assert (D(fees), D(quantity), D(100), TIME) == (
        trade.fees.fees,
        trade.quantity,
        trade.price,
        trade.time_exchange,
    )
    assert Open(OrderId("0"), TIME, D(quantity)) == order.state


@pytest.mark.parametrize(
    ("expected", "asset", "side"),
    [
        pytest.param(("900", "2.99", "BTC", "0.01"), "received", Side.BUY, id="a buyer receives base"),
        pytest.param(("1099", "1", "USDT", "1"), "received", Side.SELL, id="a seller receives quote"),
        pytest.param(("1100", "0.99", "BTC", "0.01"), "base", Side.SELL, id="base on top"),
    ],
)
def test_fees_in_another_asset(expected: tuple[str, str, str, str], asset: PairAsset, side: Side) -> None:
    mock = exchange(fee_asset=asset)

    trade = kinds(mock.on_request(request(side), TIME))[2]

    usdt, btc, charged, amount = expected
    assert {"USDT": Balance(D(usdt), D(usdt)), "BTC": Balance(D(btc), D(btc))} == mock.balances()
    assert isinstance(trade, Trade)
    assert (AssetFees(AssetNameExchange(charged), D(amount)), AssetFees.quote_fees(D(1))) == (trade.fees_charged, trade.fees)


def test_balances_reconcile_to_the_last_digit_whatever_the_price_was_computed_with() -> None:
    mock = exchange(fees="0.00075")
    trades: list[Trade] = []
    for number in range(50):
        side = Side.BUY if number % 2 else Side.SELL
        wanted = request(side, "0.0123", f"97.{number}123456789012345678901234", cid=str(number))
        trades += [kind for kind in kinds(mock.on_request(wanted, TIME)) if isinstance(kind, Trade)]

    paid = sum((trade.price * trade.quantity * (1 if trade.side is Side.BUY else -1) for trade in trades), D(0))
    assert len(trades) == 50
    assert D(1000) - paid - sum((trade.fees.fees for trade in trades), D(0)) == mock.balances()["USDT"].total
    assert D("97.0123456789") == trades[0].price


def test_half_of_the_latency_is_spent_on_the_way_to_the_venue() -> None:
    latency = MockExecutionConfig(EXCHANGE, AccountSnapshot(EXCHANGE, [], []), 15, D(0)).new_latency()

    assert tuple(
        time // timedelta(milliseconds=1) for time in (latency.request(), latency.response(), latency.market_data())
    ) == (7, 8, 0)


def test_neither_market_nor_time_concern_it() -> None:
    mock = exchange(orders=[RESTING])
    trade = MarketEvent(TIME, TIME, EXCHANGE, InstrumentIndex(0), PublicTrade("1", 1.0, 1_000.0, Side.SELL))

    assert (mock.time_next, mock.on_market(trade), mock.on_time(TIME)) == (None, (), [])


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        pytest.param(request(quantity="9.91"), BalanceInsufficient, id="fee-is-not-covered"),
        pytest.param(request(Side.SELL, quantity="2.1"), BalanceInsufficient, id="base-is-not-covered"),
        pytest.param(request(kind=OrderKind.LIMIT), OrderRejected, id="limit-order"),
        pytest.param(request(instrument="ETHUSDT"), InstrumentInvalid, id="unknown-instrument"),
        pytest.param(request(quantity="0"), OrderRejected, id="zero-quantity"),
        pytest.param(request(quantity="-1"), OrderRejected, id="negative-quantity"),
        pytest.param(request(price="-1"), OrderRejected, id="negative-price"),
        pytest.param(request(quantity="NaN"), OrderRejected, id="nan-quantity"),
        pytest.param(request(price="Infinity"), OrderRejected, id="infinite-price"),
    ],
)
def test_a_refused_order_changes_nothing(wanted: OrderRequestOpen, error: type[object]) -> None:
    mock = exchange()
    before = mock.balances()

    (answer,) = kinds(mock.on_request(wanted, TIME))

    assert isinstance(answer, Order)
    assert isinstance(answer.state, OpenFailed)
    assert error is type(answer.state.error)
    assert before == mock.balances()


def test_a_client_order_id_is_accepted_once() -> None:
    mock = exchange()
    mock.on_request(request(), TIME)

    (answer,) = kinds(mock.on_request(request(), TIME))

    assert isinstance(answer, Order)
    assert isinstance(answer.state, OpenFailed)


RESTING = Order(
    key("resting"), Side.BUY, D(50), D(2), OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_CANCELLED, Open(OrderId("7"), TIME, D("0.5"))
)


def cancel(mock: MockExchange, cid: str) -> object:
    answers = kinds(mock.on_request(OrderRequestCancel(key(cid), RequestCancel()), TIME))
    assert isinstance(answers[0], OrderResponseCancel)
    return answers[0].state


def test_cancelling_an_open_order_frees_what_it_reserved() -> None:
    mock = exchange(orders=[RESTING], free="900")

    assert Cancelled(OrderId("7"), TIME) == cancel(mock, "resting")
    assert Balance(D(1000), D(975)) == mock.balances()["USDT"]
    assert OrderAlreadyCancelled() == cancel(mock, "resting")


def test_cancelling_what_is_not_open_is_refused_with_the_reason() -> None:
    mock = exchange()
    mock.on_request(request(cid="filled"), TIME)

    assert OrderAlreadyFullyFilled() == cancel(mock, "filled")
    assert OrderRejected("unknown order 'never'") == cancel(mock, "never")


def test_only_spot_can_be_mocked() -> None:
    usdt = Asset.new_from_exchange("USDT")
    perpetual = Instrument(
        EXCHANGE,
        "p",
        "BTCUSDT",
        Underlying(Asset.new_from_exchange("BTC"), usdt),
        InstrumentQuoteAsset.UNDERLYING_QUOTE,
        PerpetualContract(D(1), usdt),
    )

    with pytest.raises(ConfigError, match=r"'BTCUSDT' of 'binance_spot': kind PerpetualContract, expected spot"):
        MockExchange(EXCHANGE, AccountSnapshot(EXCHANGE, [], []), D(0), [perpetual])


AMOUNT = st.decimals("0.00000001", "100", places=8)


@given(st.lists(st.tuples(st.sampled_from(Side), AMOUNT, AMOUNT), max_size=30))
def test_no_asset_is_lost_made_or_overdrawn(orders: list[tuple[Side, Decimal, Decimal]]) -> None:
    mock = exchange()
    usdt, btc = D(1000), D(2)
    for number, (side, quantity, price) in enumerate(orders):
        for kind in kinds(mock.on_request(request(side, str(quantity), str(price), cid=str(number)), TIME)):
            if isinstance(kind, Trade):
                sign = 1 if side is Side.BUY else -1
                usdt -= sign * kind.price * kind.quantity + kind.fees.fees
                btc += sign * kind.quantity

        assert {"USDT": Balance(usdt, usdt), "BTC": Balance(btc, btc)} == mock.balances()
        assert usdt >= 0 <= btc
