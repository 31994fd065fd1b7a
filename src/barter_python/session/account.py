"""Accounts of venues for real orders: opened only once it is certain that they are the ones the user named."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TypeAlias

from barter_python.errors import BarterError, ConfigError
from barter_python.execution.builder import LiveExecution
from barter_python.execution.client.client import ExecutionClient
from barter_python.instrument.exchange import ExchangeId

__all__ = ["AccountRefusedError", "OpenAccount", "Venues", "open_accounts", "traded_venues"]

OpenAccount: TypeAlias = Callable[[str], AbstractAsyncContextManager[ExecutionClient]]
"""Opens the account of that name, and closes it; raises an `AccountRefusedError` where it is another one."""
Venues: TypeAlias = Mapping[ExchangeId, OpenAccount]
"""The venues to which orders can be sent."""


class AccountRefusedError(BarterError):
    """Real orders were not clearly asked for, or the account is not the one that was named. Nothing was ordered."""


def traded_venues(configured: Sequence[ExchangeId], venues: Venues) -> tuple[ExchangeId, ...]:
    """The venues of a configuration to which orders shall be sent.

    Raises:
        ConfigError: There is none, there are several, or orders cannot be sent there.
    """
    for index, venue in enumerate(configured):
        if venue not in venues:
            known = ", ".join(sorted(known.value for known in venues))
            raise ConfigError(f"executions[{index}]: orders cannot be sent to {venue.value!r}, expected one of: {known}")
    if len(configured) != 1:
        raise ConfigError(f"executions: found {len(configured)}, expected one: --account names the account of one venue")
    return tuple(configured)


@asynccontextmanager
async def open_accounts(configured: Sequence[ExchangeId], venues: Venues, account: str) -> AsyncIterator[list[LiveExecution]]:
    """The account of each venue, checked.

    Raises:
        AccountRefusedError: It is another account than the one that was named, or cannot be checked.
        ConfigError: The keys are missing.
    """
    async with AsyncExitStack() as stack:
        yield [LiveExecution(await stack.enter_async_context(venues[venue](account))) for venue in configured]
