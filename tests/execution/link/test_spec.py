"""A configured specification against that of the venue."""

from __future__ import annotations

from decimal import Decimal

import pytest

from barter_python.execution.link.spec import contradictions
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.spec import InstrumentSpec, InstrumentSpecNotional, InstrumentSpecPrice, InstrumentSpecQuantity


def spec(price: str = "0.1", tick: str = "0.1", quantity: str = "0.01", lot: str = "0.01", notional: str = "5") -> InstrumentSpec:
    return InstrumentSpec(
        InstrumentSpecPrice(Decimal(price), Decimal(tick)),
        InstrumentSpecQuantity(AssetNameExchange("BTC"), Decimal(quantity), Decimal(lot)),
        InstrumentSpecNotional(Decimal(notional)),
    )


@pytest.mark.parametrize(
    ("expected", "configured", "venue"),
    [
        pytest.param([], spec(), spec(), id="the same"),
        pytest.param([], spec(tick="0.5", lot="0.1", quantity="0.1", notional="10"), spec(), id="stricter"),
        pytest.param([], spec(tick="0.25"), spec(tick="0"), id="the venue has no steps"),
        pytest.param([], spec(), None, id="the venue does not tell"),
        pytest.param(["price.min is 0.01, expected at least the 0.1 of the venue"], spec(price="0.01"), spec(), id="price"),
        pytest.param(
            ["quantity.min is 0.001, expected at least the 0.01 of the venue"], spec(quantity="0.001"), spec(), id="quantity"
        ),
        pytest.param(["notional.min is 1, expected at least the 5 of the venue"], spec(notional="1"), spec(), id="notional"),
        pytest.param(
            ["price.tick_size is 0.25, expected a multiple of the 0.1 of the venue"], spec(tick="0.25"), spec(), id="tick size"
        ),
        pytest.param(
            ["quantity.increment is 0.001, expected a multiple of the 0.01 of the venue"],
            spec(lot="0.001"),
            spec(),
            id="increment",
        ),
    ],
)
def test_what_the_venue_refuses(expected: list[str], configured: InstrumentSpec, venue: InstrumentSpec | None) -> None:
    assert expected == list(contradictions(configured, venue))
