"""What the account stream has not told: compared with the venue, and asked for. Rust origin: none.

A stream may lose a message and go on, or be dead without knowing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from logging import getLogger
from typing import Final

from barter_python.execution.client.client import CLIENT_FAILURES, ExecutionClient, FindsOrders
from barter_python.execution.link.account import AccountLink
from barter_python.execution.link.intake import AccountIntake
from barter_python.execution.link.tracked_order import TrackedOrder
from barter_python.execution.link.unknown import UnknownOutcomes
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["Reconciliation"]

_LOG: Final = getLogger(__name__)


class Reconciliation:
    """Keeps what the engine knows equal to what the venue knows.

    Args:
        client: The exchange.
        intake: Takes what it says.
        unknown: Asks about orders.
        account: The stream, which is opened anew where it is silent.
        assets: Whose balances are compared.
        every: How often open orders and balances are compared.
        second_look: After which pause a balance that differs is looked at again.
    """

    def __init__(
        self,
        client: ExecutionClient,
        intake: AccountIntake,
        unknown: UnknownOutcomes,
        account: AccountLink,
        *,
        assets: Sequence[AssetNameExchange],
        every: timedelta,
        second_look: timedelta,
    ) -> None:
        self._client = client
        self._intake = intake
        self._unknown = unknown
        self._account = account
        self._assets = assets
        self._every = every.total_seconds()
        self._second_look = second_look.total_seconds()
        self._group: asyncio.TaskGroup | None = None
        self._early: list[tuple[TrackedOrder, bool]] = []

    async def run(self) -> None:
        """Compare again and again, where the client finds orders, and ask about orders whose fills are missing."""
        async with asyncio.TaskGroup() as self._group:
            for order, is_silent in self._early:
                self.ask_about(order, is_silent=is_silent)
            while True:
                await asyncio.sleep(self._every)
                if self._account.is_connected and isinstance(self._client, FindsOrders):
                    await self._compare()

    def ask_about(self, order: TrackedOrder, *, is_silent: bool = False) -> None:
        """Ask the venue about an order whose fills or whose end are missing.

        Args:
            order: The order.
            is_silent: Whether an answer would mean that the account stream is silent.
        """
        if self._group is None:
            self._early.append((order, is_silent))
        else:
            self._group.create_task(self._ask(order, is_silent), name=f"question about {order.cid}")

    async def _ask(self, order: TrackedOrder, is_silent: bool) -> None:
        if await self._unknown.missing(order) and is_silent:
            _LOG.warning("order %s: the account stream has not told what became of it", order.cid)
            self._account.reopen()

    async def _compare(self) -> None:
        try:
            await self._compare_orders()
            await self._compare_balances()
        except CLIENT_FAILURES as error:
            _LOG.warning("the venue does not tell orders and balances: %s", error)

    async def _compare_orders(self) -> None:
        orders = self._intake.orders
        names = sorted({InstrumentNameExchange(str(order.instrument)) for order in orders.open_orders()})
        told = orders.take_list(names, await self._client.fetch_open_orders(names) if names else [])
        for order in orders.newly_due():
            self.ask_about(order, is_silent=True)
        self._intake.tell(told)

    async def _compare_balances(self) -> None:
        """A difference is told after a second look: the stream may be about to tell it."""
        balances = self._intake.balances
        differing = balances.compare(await self._client.fetch_balances(self._assets))
        if balances.has_differences and not differing:
            await asyncio.sleep(self._second_look)
            differing = balances.compare(await self._client.fetch_balances(self._assets))
        for found in differing:
            _LOG.warning("the account stream has not told that %s is %s", found.asset, found.balance)
            self._intake.take(found)
            self._account.reopen()
