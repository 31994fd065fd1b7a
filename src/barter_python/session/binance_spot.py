"""The account at Binance spot, and the market that belongs to it: real ones, of the test network, or a venue in a box."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from barter_python.config.system import InstrumentConfig
from barter_python.data.exchange.binance.connector import snapshot_url
from barter_python.data.exchange.connector import Connector
from barter_python.data.exchange.registry import connector_of
from barter_python.data.streams.environment import StreamEnvironment, venue_hosts
from barter_python.errors import ConfigError
from barter_python.execution.client.binance.client import BinanceSpot
from barter_python.execution.client.binance.config import BinanceNetwork, BinanceSpotConfig
from barter_python.execution.client.client import ExecutionClient, ExecutionError
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import Underlying
from barter_python.instrument.spec import ContractUnits, QuoteUnits
from barter_python.integration.transport import Transport
from barter_python.session.account import AccountRefusedError

__all__ = ["REHEARSAL_URL", "TESTNET", "as_binance_spells", "binance_market", "binance_spot", "check_account", "rehearsal_url"]

TESTNET: Final = "testnet"
"""Names the account on the test network, whose money is not real."""
REHEARSAL_URL: Final = "BARTER_REHEARSAL_URL"
"""Environment variable with the address of a venue in a box, which then takes the place of Binance spot."""

# Source: https://github.com/binance/binance-spot-api-docs/blob/master/testnet/web-socket-streams.md
_TESTNET_STREAM: Final = "wss://stream.testnet.binance.vision/ws"
_TESTNET_DEPTH: Final = "https://testnet.binance.vision/api/v3/depth"
_THIS_MACHINE: Final = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.ASCII)


def rehearsal_url(environment: Mapping[str, str]) -> str | None:
    """The address of the venue in a box that takes the place of Binance spot, None where there is none.

    Raises:
        ConfigError: It is not one of this machine.
    """
    url = environment.get(REHEARSAL_URL, "").rstrip("/")
    if not url:
        return None
    if not _THIS_MACHINE.fullmatch(url):
        raise ConfigError(f"environment variable {REHEARSAL_URL} is not of the form http://127.0.0.1:port, expected that")
    return url


def as_binance_spells(item: InstrumentConfig) -> InstrumentConfig:
    """An instrument with the names of its assets in upper case, as the account has them; one of another venue as it is."""
    if item.exchange is not ExchangeId.BINANCE_SPOT:
        return item
    base, quote = (AssetNameExchange(name.upper()) for name in (item.underlying.base, item.underlying.quote))
    spec = item.spec
    if spec is not None and not isinstance(spec.quantity.unit, ContractUnits | QuoteUnits):
        unit = AssetNameExchange(str(spec.quantity.unit).upper())
        spec = replace(spec, quantity=replace(spec.quantity, unit=unit))
    return replace(item, underlying=Underlying(base, quote), spec=spec)


@asynccontextmanager
async def binance_spot(account: str) -> AsyncIterator[ExecutionClient]:
    """The account with the keys in the environment; the word `testnet` means that of the test network.

    Raises:
        ConfigError: The keys are missing.
        AccountRefusedError: The keys are those of another account, it may not trade, or it cannot be checked.
    """
    network = BinanceNetwork.TESTNET if account == TESTNET else BinanceNetwork.PRODUCTION
    config = BinanceSpotConfig.from_environment(network, os.environ)
    rehearsal = rehearsal_url(os.environ)
    if rehearsal is not None:
        config = replace(config, rest_url=rehearsal, websocket_url=f"{_websocket(rehearsal)}/ws-api/v3")
    async with BinanceSpot(config) as client:
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
        raise AccountRefusedError(
            f"--account {account}: binance_spot does not tell whose keys these are: {error.reason}"
        ) from None
    if account not in (TESTNET, str(rights.uid)):
        raise AccountRefusedError(f"--account: found {account!r}, expected the uid of the account of these keys, or {TESTNET!r}")
    if not rights.can_trade:
        raise AccountRefusedError(f"--account {account}: binance_spot does not let this account trade, expected one that may")


@asynccontextmanager
async def binance_market(account: str | None) -> AsyncIterator[StreamEnvironment | None]:
    """Market data of where the orders go, so that prices are those at which they are filled.

    Args:
        account: As in `binance_spot`, None where no orders are sent.

    Yields:
        The environment, None for the real one.

    Raises:
        ConfigError: The address of the venue in a box is not one of this machine.
    """
    rehearsal = rehearsal_url(os.environ)
    if rehearsal is not None:
        stream, depth = f"{_websocket(rehearsal)}/ws", f"{rehearsal}/api/v3/depth"
    elif account == TESTNET:
        stream, depth = _TESTNET_STREAM, _TESTNET_DEPTH
    else:
        yield None
        return

    def connector(exchange: ExchangeId) -> Connector:
        found = connector_of(exchange)
        if exchange is not ExchangeId.BINANCE_SPOT:
            return found
        return replace(found, url=stream, snapshot_url=partial(snapshot_url, depth))

    async with Transport(hosts=venue_hosts() | _hosts(stream, depth)) as transport:
        yield StreamEnvironment.live(transport, connector)


def _websocket(url: str) -> str:
    return url.replace("http", "ws", 1)


def _hosts(*urls: str) -> frozenset[str]:
    return frozenset(urlsplit(url).hostname or "" for url in urls)
