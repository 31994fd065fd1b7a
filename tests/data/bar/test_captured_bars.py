"""Bars of recorded markets equal those computed from all trades at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest
from tests.support.captures import SPOT, USDM, captured_trades, needs_captures

from barter_python.data.bar import BarBuilder, TimeBars, candle_events
from barter_python.data.event import Candle, PublicTrade
from barter_python.data.exchange.named import NamedMarketEvent

SECONDS = 10


def trade(event: NamedMarketEvent) -> PublicTrade:
    assert isinstance(event.kind, PublicTrade)
    return event.kind


def computed(events: list[NamedMarketEvent]) -> Iterator[Candle]:
    for number, group in groupby(events, key=lambda event: int(event.time_exchange.timestamp()) // SECONDS):
        trades = [trade(event) for event in group]
        prices = [each.price for each in trades]
        volume = sum(Decimal(repr(each.amount)) for each in trades)
        close_time = datetime.fromtimestamp((number + 1) * SECONDS, UTC)
        interval = timedelta(seconds=SECONDS)
        yield Candle(close_time, prices[0], max(prices), min(prices), prices[-1], float(volume), len(trades), interval)


@pytest.mark.parametrize("capture", [SPOT, USDM], ids=["spot", "USD-M"])
@needs_captures(SPOT, USDM)
def test_bars_equal_those_computed_from_all_trades(capture: Path) -> None:
    trades = list(captured_trades(capture))
    ((*built,),) = candle_events([trades], [TimeBars(timedelta(seconds=SECONDS))])

    assert [*computed(trades)][:-1] == [event.kind for event in built if isinstance(event, NamedMarketEvent)]
    assert 10 < len(built)


@needs_captures(SPOT)
def test_longer_bars_equal_those_from_trades() -> None:
    minute, ten = TimeBars(timedelta(minutes=1)), TimeBars(timedelta(seconds=SECONDS))
    direct, shorter, longer = BarBuilder([minute]), BarBuilder([ten]), BarBuilder([minute])
    trades = list(captured_trades(SPOT))
    end = trades[-1].time_exchange + timedelta(minutes=1)

    expected = [bar for event in trades for bar in direct.update_from_market(event)] + [*direct.advance(end)]
    shorter_bars = [bar for event in trades for bar in shorter.update_from_market(event)] + [*shorter.advance(end)]

    assert expected == [bar for short in shorter_bars for bar in longer.update_from_bar(short)] + [*longer.advance(end)]
