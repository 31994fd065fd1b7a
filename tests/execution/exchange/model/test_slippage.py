"""Slippage: never better for the taker, and on the price grid."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barter_python.execution.exchange.model.slippage import (
    NoSlippage,
    PercentSlippage,
    SlippageModel,
    TickSlippage,
    slipped_price,
)
from barter_python.instrument.side import Side

D = Decimal
TICK = D("0.05")


@pytest.mark.parametrize(
    ("model", "tick_size", "expected_buy", "expected_sell"),
    [
        pytest.param(NoSlippage(), TICK, "100", "100", id="none"),
        pytest.param(TickSlippage(3), TICK, "100.15", "99.85", id="three-ticks"),
        pytest.param(TickSlippage(3), None, "100", "100", id="ticks-without-a-tick-size"),
        pytest.param(PercentSlippage(D("0.0012")), TICK, "100.15", "99.85", id="percent-is-rounded-away-from-the-taker"),
        pytest.param(PercentSlippage(D("0.0012")), None, "100.12", "99.88", id="percent-without-a-tick-size"),
        pytest.param(TickSlippage(5_000), TICK, "350", "0.05", id="not-below-one-tick"),
    ],
)
def test_price_of_a_taker(model: SlippageModel, tick_size: Decimal | None, expected_buy: str, expected_sell: str) -> None:
    assert D(expected_buy) == slipped_price(model, Side.BUY, D(100), tick_size)
    assert D(expected_sell) == slipped_price(model, Side.SELL, D(100), tick_size)


MODELS = st.one_of(
    st.just(NoSlippage()),
    st.builds(TickSlippage, st.integers(0, 100)),
    st.builds(PercentSlippage, st.decimals(0, "0.99", places=4)),
)


@given(MODELS, st.sampled_from(Side), st.integers(1, 10_000), st.sampled_from([D("0.01"), D("0.05"), D("0.5"), None]))
def test_the_price_is_positive_and_never_better(model: SlippageModel, side: Side, ticks: int, tick_size: Decimal | None) -> None:
    shown = ticks * (tick_size or D("0.01"))

    price = slipped_price(model, side, shown, tick_size)

    assert price >= shown if side is Side.BUY else 0 < price <= shown


class Generous:
    """Wrong: better than what the data shows."""

    def price(self, side: Side, price: Decimal, tick_size: Decimal | None, /) -> Decimal:
        return price - 1 if side is Side.BUY else price + 1


@pytest.mark.parametrize("side", Side)
def test_a_better_price_is_not_used(side: Side) -> None:
    assert D(100) == slipped_price(Generous(), side, D(100), TICK)
