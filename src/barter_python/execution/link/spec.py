"""What a configuration says of an instrument, against what the venue says. Pure. Rust origin: none."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from barter_python.instrument.spec import InstrumentSpec
from barter_python.numeric import in_money_context

__all__ = ["contradictions"]


def contradictions(configured: InstrumentSpec, venue: InstrumentSpec | None) -> Iterator[str]:
    """Where a configuration accepts what the venue refuses. To be stricter than the venue is no contradiction.

    Args:
        configured: What is configured.
        venue: What the venue accepts, None where it does not limit that.
    """
    if venue is None:
        return
    for name, found, least in (
        ("price.min", configured.price.min, venue.price.min),
        ("quantity.min", configured.quantity.min, venue.quantity.min),
        ("notional.min", configured.notional.min, venue.notional.min),
    ):
        if found < least:
            yield f"{name} is {found}, expected at least the {least} of the venue"
    for name, found, step in (
        ("price.tick_size", configured.price.tick_size, venue.price.tick_size),
        ("quantity.increment", configured.quantity.increment, venue.quantity.increment),
    ):
        if not _is_multiple(found, step):
            yield f"{name} is {found}, expected a multiple of the {step} of the venue"


@in_money_context
def _is_multiple(found: Decimal, step: Decimal) -> bool:
    return not step or (found > 0 and not found % step)
