"""The account at Binance spot, and the market that belongs to it: real ones, of the test network, or a venue in a box."""

from __future__ import annotations

import asyncio
import os
import random
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import msgspec

from barter_python.cli.trading.account import AccountRefusedError
from barter_python.data.exchange.binance.connector import snapshot_url
from barter_python.data.exchange.connector import Connector
from barter_python.data.exchange.registry import connector_of
from barter_python.data.streams.environment import StreamEnvironment, venue_hosts
from barter_python.errors import ConfigError
from barter_python.execution.client.binance.client import BinanceSpot
from barter_python.execution.client.binance.config import BinanceNetwork, BinanceSpotConfig
from barter_python.execution.client.binance.error import BinanceFailure
from barter_python.execution.client.binance.rate_limit import Cost
from barter_python.execution.client.binance.request import Call
from barter_python.execution.client.binance.rest import BinanceRest
from barter_python.execution.client.client import ExecutionClient
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import Underlying
from barter_python.instrument.spec import ContractUnits, QuoteUnits
from barter_python.integration.http import RestRequest
from barter_python.integration.rest_client import HttpTransport
from barter_python.integration.transport import Transport
from barter_python.system.config import InstrumentConfig

__all__ = [
    "REHEARSAL_URL",
    "TESTNET",
    "account_uid",
    "as_binance_spells",
    "binance_market",
    "binance_spot",
    "check_account",
    "rehearsal_url",
]

TESTNET: Final = "testnet"
"""Names the account on the test network, whose money is not real."""
REHEARSAL_URL: Final = "BARTER_REHEARSAL_URL"
"""Environment variable with the address of a venue in a box, which then takes the place of Binance spot."""

# Source: https://github.com/binance/binance-spot-api-docs/blob/master/testnet/web-socket-streams.md
_TESTNET_STREAM: Final = "wss://stream.testnet.binance.vision/ws"
_TESTNET_DEPTH: Final = "https://testnet.binance.vision/api/v3/depth"
_THIS_MACHINE: Final = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.ASCII)


class _Account(msgspec.Struct):
    uid: int


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
        AccountRefusedError: The keys are those of another account, or it cannot be checked.
    """
    network = BinanceNetwork.TESTNET if account == TESTNET else BinanceNetwork.PRODUCTION
    config = BinanceSpotConfig.from_environment(network, os.environ)
    rehearsal = rehearsal_url(os.environ)
    if rehearsal is not None:
        config = replace(config, rest_url=rehearsal, websocket_url=f"{_websocket(rehearsal)}/ws-api/v3")
    async with Transport(hosts=_hosts(config.rest_url, config.websocket_url)) as transport:
        if network is BinanceNetwork.PRODUCTION:
            await check_account(config, transport, account)
        async with BinanceSpot(config, transport=transport) as client:
            yield client


async def check_account(config: BinanceSpotConfig, transport: HttpTransport, account: str) -> None:
    """See that the keys are those of an account.

    Raises:
        AccountRefusedError: They are those of another one, or the venue does not answer.
    """
    try:
        uid = await account_uid(config, transport)
    except BinanceFailure as failure:
        raise AccountRefusedError(
            f"--account {account}: binance_spot does not tell whose keys these are: {failure.message}"
        ) from None
    if account != str(uid):
        raise AccountRefusedError(f"--account: found {account!r}, expected the uid of the account of these keys, or {TESTNET!r}")


async def account_uid(config: BinanceSpotConfig, transport: HttpTransport) -> int:
    """Ask the venue whose keys these are.

    Raises:
        BinanceFailure: There is no answer, or a refusal.
    """
    rest = BinanceRest(
        config,
        transport=transport,
        now=lambda: datetime.now(UTC),
        monotonic=time.monotonic,
        sleep=asyncio.sleep,
        random=random.random,
        on_metric=lambda _: None,
    )
    request = RestRequest("GET", "/api/v3/account", _uid, (("omitZeroBalances", "true"),), timeout=config.request_timeout)
    return await rest.get(Call(request, Cost(20)))


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


def _uid(document: bytes) -> int:
    return msgspec.json.decode(document, type=_Account).uid


def _hosts(*urls: str) -> frozenset[str]:
    return frozenset(urlsplit(url).hostname or "" for url in urls)
