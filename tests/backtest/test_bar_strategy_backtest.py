"""Orders by intent on the simulated exchange: what a strategy on bars sends is taken, and does what was meant."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.strategy.bars import MINUTE, candles, instruments, perpetuals

from barter_python import Backtest, BarData, BarStrategy, InstrumentState, Side, Trade, Trader
from barter_python.data.bar import Bar
from barter_python.execution.order.state import OpenFailed
from barter_python.instrument.index import IndexedInstruments


class ProtectedEntry(BarStrategy[BarData]):
    """Enters once, and protects what was filled with a stop 5 below."""

    def instrument_data(self, instrument: object) -> BarData:
        return BarData(MINUTE)

    def on_bar(self, bar: Bar, instrument: InstrumentState[BarData], trader: Trader, /) -> None:
        if bar.close == 100 and not trader.position(instrument) and not len(instrument.orders):
            trader.buy(instrument, trader.quantity_for_risk(instrument, 100, 95))

    def on_fill(self, fill: Trade, instrument: InstrumentState[BarData], trader: Trader, /) -> None:
        if fill.side is Side.BUY:
            trader.stop(instrument, Side.SELL, fill.quantity, fill.price - 5)
        else:
            trader.cancel_all(instrument)


CLOSES = [100.0, 101.0, 102.0, 99.0, 94.0, 93.0, 94.0, 95.0]


@pytest.mark.parametrize(
    ("indexed", "quantity"),
    [pytest.param(instruments("BTCUSDT"), "20", id="spot"), pytest.param(perpetuals(), "200", id="perpetual")],
)
def test_a_stop_sent_at_the_fill_leaves_the_position(indexed: IndexedInstruments, quantity: str) -> None:
    summary = Backtest(candles(CLOSES), ProtectedEntry(), instruments=indexed, cash=10_000, fees=0).run()

    assert [(Side.BUY, Decimal(quantity)), (Side.SELL, Decimal(quantity))] == [
        (trade.side, trade.quantity) for trade in summary.record.trades
    ]
    assert [] == [order for order in summary.record.orders if isinstance(order.state, OpenFailed)]
    assert [] == summary.orders_open
    assert [] == summary.positions_open
