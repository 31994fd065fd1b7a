from __future__ import annotations

from typing import Any

import pytest
from tests.data.bar.trades import MINUTE, Trade, at, built, minutes, shown

from barter_python.data.bar import BarBuilder, BarSpec, TickBars, TimeBars, ValueBars, VolumeBars
from barter_python.errors import ConfigError, MarketDataError

CASES: dict[str, tuple[BarSpec, list[Trade], list[tuple[float, ...]]]] = {
    "so many trades": (TickBars(2), [(0, 10, 1), (5, 12, 1), (6, 9, 1)], [(5, 10, 12, 10, 12, 2, 2)]),
    "every trade": (TickBars(1), [(0, 10, 1), (5, 12, 2)], [(0, 10, 10, 10, 10, 1, 1), (5, 12, 12, 12, 12, 2, 1)]),
    "volume is reached": (VolumeBars(3), [(0, 10, 1), (5, 12, 2), (6, 9, 1)], [(5, 10, 12, 10, 12, 3, 2)]),
    "a trade is not split": (
        VolumeBars(3),
        [(0, 10, 1), (5, 12, 9), (6, 9, 1), (7, 8, 2)],
        [(5, 10, 12, 10, 12, 10, 2), (7, 9, 9, 8, 8, 3, 2)],
    ),
    "volume as decimals: 0.7 and 0.1 are 0.8": (VolumeBars(0.8), [(0, 10, 0.7), (5, 10, 0.1)], [(5, 10, 10, 10, 10, 0.8, 2)]),
    "value is reached": (ValueBars(100), [(0, 10, 4), (5, 12, 5), (6, 9, 1)], [(5, 10, 12, 10, 12, 9, 2)]),
    "what is stamped earlier counts as it comes": (TickBars(2), [(8, 10, 1), (5, 12, 1)], [(8, 10, 12, 10, 12, 2, 2)]),
}


@pytest.mark.parametrize(("spec", "trades", "expected"), CASES.values(), ids=CASES)
def test_trades_give_bars(spec: BarSpec, trades: list[Trade], expected: list[tuple[float, ...]]) -> None:
    assert expected == shown(built(BarBuilder([spec]), trades))


def test_bars_of_all_kinds_at_once() -> None:
    builder = BarBuilder([TickBars(3), minutes(), VolumeBars(2), ValueBars(25)])

    bars = built(builder, [(0, 10, 1), (30, 10, 1), (61, 10, 1)])

    assert [(30, VolumeBars(2)), (60, minutes()), (61, TickBars(3)), (61, ValueBars(25))] == [
        ((bar.close_time - at(0)).total_seconds(), bar.spec) for bar in bars
    ]


BAD: dict[str, tuple[Any, str]] = {
    "no specs": (lambda: BarBuilder([]), r"specs is \(\), expected at least one, and no two the same"),
    "a spec twice": (lambda: BarBuilder([TickBars(2), TickBars(2)]), "specs is .* expected at least one, and no two the same"),
    "candles without a length": (
        lambda: BarBuilder([TickBars(2)], -MINUTE),
        r"candles is datetime.timedelta\(days=-1, seconds=86340\), expected a positive timedelta or None",
    ),
    "no interval": (lambda: TimeBars(0 * MINUTE), r"interval is datetime.timedelta\(0\), expected a positive timedelta"),
    "interval as a number": (lambda: TimeBars(60), "interval is 60, expected a positive timedelta"),  # type: ignore[arg-type]
    "no trades": (lambda: TickBars(0), "trades is 0, expected an integer of at least 1"),
    "half a trade": (lambda: TickBars(1.5), "trades is 1.5, expected an integer of at least 1"),  # type: ignore[arg-type]
    "no volume": (lambda: VolumeBars(0.0), "volume is 0.0, expected a positive number"),
    "not a volume": (lambda: VolumeBars(float("nan")), "volume is nan, expected a positive number"),
    "endless value": (lambda: ValueBars(float("inf")), "value is inf, expected a positive number"),
}


@pytest.mark.parametrize(("make", "message"), BAD.values(), ids=BAD)
def test_what_makes_no_bars_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        make()


@pytest.mark.parametrize(
    ("price", "amount", "message"),
    [
        (float("nan"), 1.0, "price is nan, expected a positive number"),
        (0.0, 1.0, "price is 0.0, expected a positive number"),
        (float("inf"), 1.0, "price is inf, expected a positive number"),
        (1e200, 1e200, r"price is 1e\+200 and amount is 1e\+200, expected numbers whose product is one"),
        (10.0, -1.0, "amount is -1.0, expected zero or a positive number"),
        (10.0, float("nan"), "amount is nan, expected zero or a positive number"),
    ],
)
def test_an_impossible_trade_is_refused_and_changes_nothing(price: float, amount: float, message: str) -> None:
    builder = BarBuilder([minutes(), TickBars(2)])

    with pytest.raises(MarketDataError, match=message):
        builder.update_from_trade(at(90), price, amount)

    assert BarBuilder([minutes(), TickBars(2)]) == builder
