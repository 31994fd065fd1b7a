"""The moving average crossover on a venue that takes its fee from what is bought, and trades in lots."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.strategy.bars import SPEC, START, instruments

from barter_python import Backtest, BacktestSummary, InstrumentSpec, MarketEvent, MovingAverageCross, PublicTrade, Side
from barter_python.execution.exchange.model.fee import PercentFees
from barter_python.execution.order.state import OpenFailed
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex


def run(spec: InstrumentSpec | None) -> BacktestSummary:
    events = []
    for number in range(120):
        time = START + timedelta(seconds=number)
        trade = PublicTrade(str(number), 100.0 + number // 10 % 2, 1000.0, Side.BUY if number % 2 else Side.SELL)
        events.append(MarketEvent(time, time, ExchangeId.BINANCE_SPOT, InstrumentIndex(0), trade))
    fees = PercentFees(Decimal("0.0012345"), Decimal("0.0012345"), "received")
    indexed = instruments("BTCUSDT", spec=spec)
    return Backtest(events, MovingAverageCross(2, 6, "1000"), instruments=indexed, cash=10_000, fees=fees).run()


def test_what_is_less_than_a_lot_neither_stops_it_nor_is_it_sold() -> None:
    summary = run(SPEC)
    (position,) = summary.positions_open
    lot = Decimal("0.001")

    assert 12 == len(summary.record.trades)
    assert [] == [order for order in summary.record.orders if isinstance(order.state, OpenFailed)]
    assert all(not trade.quantity % lot for trade in summary.record.trades)
    assert position.quantity_abs % lot


def test_without_lots_all_of_it_is_sold() -> None:
    summary = run(None)

    assert 12 == len(summary.record.trades)
    assert [] == summary.positions_open
