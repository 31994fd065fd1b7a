"""The figures of execution quality, from records written by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TypeAlias

from tests.backtest.market import INSTRUMENTS, at

from barter_python import (
    AssetFees,
    AssetIndex,
    AssetNameExchange,
    ClientOrderId,
    ExchangeIndex,
    InstrumentIndex,
    Order,
    OrderId,
    OrderKey,
    OrderKind,
    OrderRequestOpen,
    RequestOpen,
    Side,
    StrategyId,
    TimeInForce,
    Trade,
    TradeId,
)
from barter_python.execution.order.state import Open
from barter_python.execution.trade import Liquidity
from barter_python.result.execution_quality import ExecutionQuality, execution_quality
from barter_python.result.record import BacktestRecord

D = Decimal
Detail: TypeAlias = tuple[Liquidity | None, AssetFees | None]
BTC = InstrumentIndex(0)
MS = timedelta(milliseconds=1)


class Record:
    """Writes a record."""

    def __init__(self) -> None:
        self.record = BacktestRecord()

    def order(self, cid: str, side: Side, quantity: int, *, at_ms: int, price: int | None, known: bool = True) -> Record:
        key = OrderKey(ExchangeIndex(0), BTC, StrategyId("s"), ClientOrderId(cid))
        wanted = RequestOpen(side, D(100), D(quantity), OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_CANCELLED)
        request = OrderRequestOpen(key, wanted)
        self.record.requests.append((at(at_ms), request))
        self.record.prices.append(None if price is None else D(price))
        if known:
            state = Open(OrderId(f"venue-{cid}"), at(at_ms), D(0))
            self.record.orders.append(Order(key, side, wanted.price, wanted.quantity, wanted.kind, wanted.time_in_force, state))
        return self

    def fill(self, cid: str, side: Side, quantity: int, price: str, *, at_ms: int, fees: str = "0", detail: Detail) -> Record:
        trade_id = TradeId(str(len(self.record.trades)))
        self.record.trades.append(
            Trade(
                trade_id,
                OrderId(f"venue-{cid}"),
                BTC,
                StrategyId("s"),
                at(at_ms),
                side,
                D(price),
                D(quantity),
                AssetFees.quote_fees(D(fees)),
                *detail,
            )
        )
        return self

    def quality(self) -> ExecutionQuality:
        (quality,) = execution_quality(self.record, INSTRUMENTS).values()
        return quality


MAKER, TAKER, UNKNOWN = (Liquidity.MAKER, None), (Liquidity.TAKER, None), (None, None)


def test_nothing_ordered_has_no_figures() -> None:
    assert execution_quality(BacktestRecord(), INSTRUMENTS) == {}


def test_an_order_without_fills_has_no_ratios_but_one() -> None:
    quality = Record().order("a", Side.BUY, 2, at_ms=0, price=100).quality()

    assert ExecutionQuality(1, 0, {}, None, D(0), None, None, None, None) == quality


def test_fill_ratio_counts_refused_orders_as_ordered() -> None:
    record = Record().order("a", Side.BUY, 3, at_ms=0, price=100).order("refused", Side.BUY, 1, at_ms=0, price=100, known=False)

    quality = record.fill("a", Side.BUY, 1, "100", at_ms=1, detail=TAKER).quality()

    assert (2, 1, D("0.25")) == (quality.orders, quality.trades, quality.fill_ratio)


def test_maker_share_is_by_value() -> None:
    record = Record().order("a", Side.BUY, 3, at_ms=0, price=100)

    quality = (
        record.fill("a", Side.BUY, 1, "100", at_ms=1, detail=TAKER).fill("a", Side.BUY, 2, "150", at_ms=2, detail=MAKER).quality()
    )

    assert D("0.75") == quality.maker_share


def test_slippage_is_the_cost_against_the_price_at_sending() -> None:
    record = Record().order("buy", Side.BUY, 2, at_ms=0, price=100).order("sell", Side.SELL, 1, at_ms=5, price=200)

    quality = (
        record.fill("buy", Side.BUY, 2, "101", at_ms=1, detail=TAKER).fill("sell", Side.SELL, 1, "202", at_ms=6, detail=MAKER)
    ).quality()

    assert D(0) == quality.slippage  # two lost by the buyer, two won by the seller
    assert D(0) == quality.slippage_basis_points

    worse = (
        record.order("late", Side.SELL, 1, at_ms=7, price=100).fill("late", Side.SELL, 1, "98", at_ms=8, detail=TAKER).quality()
    )

    assert D(2) == worse.slippage
    assert D(40) == worse.slippage_basis_points


def test_fills_of_orders_sent_without_a_price_have_no_slippage() -> None:
    quality = Record().order("a", Side.BUY, 1, at_ms=0, price=None).fill("a", Side.BUY, 1, "101", at_ms=1, detail=TAKER).quality()

    assert (quality.slippage, quality.slippage_basis_points) == (None, None)


def test_time_to_fill_is_that_of_orders_filled_completely() -> None:
    record = Record().order("quick", Side.BUY, 1, at_ms=0, price=100).order("slow", Side.BUY, 2, at_ms=10, price=100)
    record.order("part", Side.BUY, 2, at_ms=10, price=100)

    record.fill("quick", Side.BUY, 1, "100", at_ms=10, detail=TAKER).fill("slow", Side.BUY, 1, "100", at_ms=20, detail=MAKER)
    quality = (
        record.fill("slow", Side.BUY, 1, "100", at_ms=40, detail=MAKER).fill("part", Side.BUY, 1, "100", at_ms=900, detail=MAKER)
    ).quality()

    assert (quality.time_to_fill_mean, quality.time_to_fill_max) == (20 * MS, 30 * MS)


def test_fees_are_in_the_assets_in_which_they_were_charged() -> None:
    record = Record().order("a", Side.BUY, 3, at_ms=0, price=100)
    in_base = (Liquidity.TAKER, AssetFees(AssetIndex(0), D("0.01")))
    in_unknown = (Liquidity.TAKER, AssetFees(AssetNameExchange("BNB"), D("0.02")))

    quality = (
        record.fill("a", Side.BUY, 1, "100", at_ms=1, fees="0.5", detail=TAKER)
        .fill("a", Side.BUY, 1, "100", at_ms=2, fees="1", detail=in_base)
        .fill("a", Side.BUY, 1, "100", at_ms=3, fees="-0.1", detail=MAKER)
        .fill("a", Side.BUY, 1, "100", at_ms=4, fees="0", detail=in_unknown)
        .quality()
    )

    assert {"usdt": D("0.4"), "btc": D("0.01"), "bnb": D("0.02")} == quality.fees


def test_a_fill_of_which_the_venue_did_not_tell_is_neither_maker_nor_taker() -> None:
    record = Record().order("a", Side.BUY, 3, at_ms=0, price=100)

    quality = (
        record.fill("a", Side.BUY, 1, "100", at_ms=1, detail=MAKER)
        .fill("a", Side.BUY, 1, "100", at_ms=2, detail=TAKER)
        .fill("a", Side.BUY, 1, "100", at_ms=3, detail=UNKNOWN)
        .quality()
    )

    assert D("0.5") == quality.maker_share


def test_a_name_used_twice_is_the_first_order_of_that_name() -> None:
    record = Record().order("a", Side.BUY, 1, at_ms=0, price=100).order("a", Side.BUY, 1, at_ms=9, price=300, known=False)

    quality = record.fill("a", Side.BUY, 1, "101", at_ms=10, detail=TAKER).quality()

    assert (D(1), 10 * MS) == (quality.slippage, quality.time_to_fill_max)


def test_a_fill_of_an_order_that_was_open_at_the_start_counts_as_a_fill_alone() -> None:
    quality = Record().fill("old", Side.BUY, 1, "100", at_ms=1, fees="2", detail=MAKER).quality()

    assert ExecutionQuality(0, 1, {"usdt": D(2)}, D(1), None, None, None, None, None) == quality  # type: ignore[dict-item]
