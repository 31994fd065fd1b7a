"""The limits of venues on orders, asked for before the first order of a live session. Rust origin: none."""

from __future__ import annotations

from collections.abc import Iterable

from barter_python.execution.builder import LiveExecution
from barter_python.execution.client.client import ChecksOrders
from barter_python.instrument.index import IndexedInstruments

__all__ = ["with_venue_specs"]


async def with_venue_specs(instruments: IndexedInstruments, executions: Iterable[object]) -> IndexedInstruments:
    """The instruments with what their venues accept, where nothing is configured and the client of the venue can tell.

    Strategies so round to lots and ticks, and know what is dust, as the venue does.

    Args:
        instruments: As configured.
        executions: Those that are clients of venues are asked.

    Raises:
        ExecutionError: A venue does not tell.
    """
    for execution in executions:
        client = execution.client if isinstance(execution, LiveExecution) else None
        if client is not None and isinstance(client, ChecksOrders):
            names = [keyed.value.name_exchange for keyed in instruments.definitions(client.EXCHANGE)]
            instruments = instruments.with_specs(client.EXCHANGE, await client.fetch_specs(names))
    return instruments
