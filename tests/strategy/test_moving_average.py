"""The moving average crossover on a venue that takes its fee from what is bought, and trades in lots."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.strategy.bars import START, instruments

from barter_python import Backtest, MarketEvent, MovingAverageCross, PublicTrade, Side
from barter_python.execution.exchange.model.fee import PercentFees
from barter_python.execution.order.state import OpenFailed
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex


def test_what_is_less_than_a_lot_neither_stops_it_nor_is_it_sold() -> None:
    events = []
    for number in range(120):
        time = START + timedelta(seconds=number)
        trade = PublicTrade(str(number), 100.0 + number // 10 % 2, 1000.0, Side.BUY if number % 2 else Side.SELL)
        events.append(MarketEvent(time, time, ExchangeId.BINANCE_SPOT, InstrumentIndex(0), trade))
    fees = PercentFees(Decimal("0.001"), Decimal("0.001"), "received")
    strategy = MovingAverageCross(2, 6, "1000")
    summary = Backtest(events, strategy, instruments=instruments("BTCUSDT"), cash=10_000, fees=fees).run()
    (position,) = summary.positions_open
    lot = Decimal("0.001")

    assert len(summary.record.trades) >= 8
    assert [] == [order for order in summary.record.orders if isinstance(order.state, OpenFailed)]
    assert all(not trade.quantity % lot for trade in summary.record.trades)
    assert position.quantity_abs % lot
