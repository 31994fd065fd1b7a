"""Holds everything between two hours of the day, in UTC."""

from datetime import time, timedelta

from barter_python import BarData, BarStrategy, InstrumentState, Trader
from barter_python.data.bar import Bar


class TimeOfDay(BarStrategy[BarData]):
    frames = (timedelta(minutes=30),)

    def __init__(self, enter: int = 2, leave: int = 5) -> None:
        super().__init__("time-of-day")
        self.enter, self.leave = time(enter), time(leave)

    def on_bar(self, bar: Bar, instrument: InstrumentState[BarData], trader: Trader) -> None:
        is_time_to_hold = self.enter <= bar.close_time.time() < self.leave
        if is_time_to_hold and not trader.position(instrument):
            trader.order_to_weight(instrument, 0.2)
        elif not is_time_to_hold:
            trader.close(instrument)
