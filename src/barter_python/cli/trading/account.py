"""Accounts of venues for real orders: opened only once it is certain that they are the ones the user named."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from secrets import token_hex
from typing import Final, TypeAlias

from barter_python.errors import BarterError, ConfigError
from barter_python.execution.builder import LiveExecution
from barter_python.execution.client.client import ExecutionClient
from barter_python.execution.order.id import ClientOrderIdSequence
from barter_python.instrument.exchange import ExchangeId
from barter_python.strategy.strategy import DefaultStrategy

__all__ = ["AccountRefusedError", "OpenAccount", "Venues", "name_orders_anew", "open_accounts", "traded_venues"]

OpenAccount: TypeAlias = Callable[[str], AbstractAsyncContextManager[ExecutionClient]]
"""Opens the account of that name, and closes it; raises an `AccountRefusedError` where it is another one."""
Venues: TypeAlias = Mapping[ExchangeId, OpenAccount]
"""The venues to which orders can be sent."""

_PREFIX_LENGTH: Final = 20
"""Binance takes 36 characters: this, eight at random, and a number of six digits."""


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


def name_orders_anew(strategy: object) -> None:
    """Let a strategy name its orders as no earlier session did: orders that one left may rest still, and have their names.

    Concerns those that take the names of `DefaultStrategy`, whose prefix is cut so that venues with short names accept them.
    """
    if isinstance(strategy, DefaultStrategy):
        strategy.cids = ClientOrderIdSequence(f"{strategy.id[:_PREFIX_LENGTH]}-{token_hex(4)}")


@asynccontextmanager
async def open_accounts(configured: Sequence[ExchangeId], venues: Venues, account: str) -> AsyncIterator[list[LiveExecution]]:
    """The account of each venue, checked.

    Raises:
        AccountRefusedError: It is another account than the one that was named, or cannot be checked.
        ConfigError: The keys are missing.
    """
    async with AsyncExitStack() as stack:
        yield [LiveExecution(await stack.enter_async_context(venues[venue](account))) for venue in configured]
