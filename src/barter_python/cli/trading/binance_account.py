"""The account at Binance spot, and the market that belongs to it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from barter_python.cli.trading.account import AccountRefusedError
from barter_python.data.exchange.binance.connector import snapshot_url
from barter_python.data.exchange.connector import Connector
from barter_python.data.exchange.registry import connector_of
from barter_python.data.streams.environment import StreamEnvironment, venue_hosts
from barter_python.execution.client.binance.client import BinanceSpot
from barter_python.execution.client.binance.config import BinanceNetwork, BinanceSpotConfig
from barter_python.execution.client.client import ExecutionClient, ExecutionError
from barter_python.instrument.exchange import ExchangeId
from barter_python.integration.transport import Transport

__all__ = ["TESTNET", "binance_spot", "check_account", "testnet_environment"]

TESTNET: Final = "testnet"
"""Names the account on the test network, whose money is not real."""

# Source: https://github.com/binance/binance-spot-api-docs/blob/master/testnet/web-socket-streams.md
_TESTNET_STREAM: Final = "wss://stream.testnet.binance.vision/ws"
_TESTNET_DEPTH: Final = "https://testnet.binance.vision/api/v3/depth"


@asynccontextmanager
async def binance_spot(account: str) -> AsyncIterator[ExecutionClient]:
    """The account with the keys in the environment; the word `testnet` means that of the test network.

    Raises:
        ConfigError: The keys are missing.
        AccountRefusedError: The keys are those of another account, it may not trade, or it cannot be checked.
    """
    network = BinanceNetwork.TESTNET if account == TESTNET else BinanceNetwork.PRODUCTION
    async with BinanceSpot(BinanceSpotConfig.from_environment(network, os.environ)) as client:
        await check_account(client, account)
        yield client


async def check_account(client: BinanceSpot, account: str) -> None:
    """See that the keys are those of an account, and that it may trade.

    Raises:
        AccountRefusedError: They are those of another one, it may not trade, or the venue does not answer.
    """
    try:
        rights = await client.fetch_account_rights()
    except ExecutionError as error:
        raise AccountRefusedError(f"--account {account}: the venue does not tell whose keys these are: {error.message}") from None
    if account not in (TESTNET, str(rights.uid)):
        raise AccountRefusedError(f"--account: found {account!r}, expected the uid of the account of these keys, or {TESTNET!r}")
    if not rights.can_trade:
        raise AccountRefusedError(f"--account {account}: the venue does not let this account trade, expected one that may")


@asynccontextmanager
async def testnet_environment() -> AsyncIterator[StreamEnvironment]:
    """Market data of the test network, so that prices are those at which orders are filled there."""
    hosts = venue_hosts() | _hosts(_TESTNET_STREAM, _TESTNET_DEPTH)
    async with Transport(hosts=hosts) as transport:
        yield StreamEnvironment.live(transport, _testnet_connector)


def _testnet_connector(exchange: ExchangeId) -> Connector:
    connector = connector_of(exchange)
    if exchange is not ExchangeId.BINANCE_SPOT:
        return connector
    return replace(connector, url=_TESTNET_STREAM, snapshot_url=partial(snapshot_url, _TESTNET_DEPTH))


def _hosts(*urls: str) -> frozenset[str]:
    return frozenset(urlsplit(url).hostname or "" for url in urls)
