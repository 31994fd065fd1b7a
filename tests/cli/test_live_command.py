"""`barter live`: nothing is ordered before it is certain that real orders are wanted, and of which account they are."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.cli.trading_session import Session, tasks_left
from tests.execution.fake_client import FakeClient

from barter_python.errors import ConfigError
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.client.binance.client import BinanceSpot
from barter_python.execution.client.binance.config import BinanceNetwork, BinanceSpotConfig
from barter_python.execution.client.client import ExecutionClient
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.integration.http import HttpRequest, HttpResponse
from barter_python.integration.secret import Secret
from barter_python.integration.websocket import WebSocket
from barter_python.session.account import AccountRefusedError
from barter_python.session.binance_spot import binance_market, check_account, rehearsal_url

REAL = ("--real-orders", "--account", "1234")


@pytest.fixture
def client() -> FakeClient:
    client = FakeClient()
    cash = Balance(Decimal(10_000), Decimal(10_000))
    client.balances = [AssetBalance(AssetNameExchange("USDT"), cash, datetime(2027, 1, 1, tzinfo=UTC))]
    return client


@pytest.fixture
def session(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, client: FakeClient) -> Session:
    monkeypatch.chdir(tmp_path)
    for name in ("BINANCE_API_KEY", "BINANCE_API_SECRET", "BARTER_REHEARSAL_URL"):
        monkeypatch.delenv(name, raising=False)

    @asynccontextmanager
    async def account(name: str) -> AsyncIterator[ExecutionClient]:
        if name != "1234":
            raise AccountRefusedError(f"--account: found {name!r}")
        yield client

    session = Session(tmp_path, capsys)
    session.venues = {ExchangeId.BINANCE_SPOT: account}
    return session


def test_orders_go_to_the_venue(session: Session, client: FakeClient) -> None:
    session.after(30)

    code, out, err = session.run("--trade", *REAL, command="live")

    assert (130, "interrupted") == (code, err.splitlines()[-1])  # the client never answers, which is warned of
    assert "open" in {call for call, _ in client.calls}
    assert "LIVE binance_spot account 1234 | trading on |" in out
    assert "10,000.00" in out
    assert (0, set()) == (session.venue.open_sockets, tasks_left(session))


def test_trading_starts_disabled(session: Session, client: FakeClient) -> None:
    session.after(30)

    _, out, _ = session.run(*REAL, command="live")

    assert [] == client.calls
    assert "| trading off |" in out


@pytest.mark.parametrize(
    ("arguments", "code", "mentions"),
    [
        pytest.param(("--account", "1234"), 7, "expected --real-orders", id="not-asked-for-real-orders"),
        pytest.param(("--real-orders",), 2, "Missing option '--account'", id="no-account"),
        pytest.param(("--real-orders", "--account", "999"), 7, "found '999'", id="another-account"),
    ],
)
def test_refuses_before_anything_is_opened(
    session: Session, client: FakeClient, arguments: tuple[str, ...], code: int, mentions: str
) -> None:
    found, out, err = session.run("--trade", *arguments, command="live")

    assert (code, "") == (found, out)
    assert mentions in err
    assert ([], []) == (client.calls, session.venue.connected_at)


def test_missing_keys_are_named(session: Session) -> None:
    session.venues = None

    code, _, err = session.run(*REAL, command="live")

    assert 3 == code
    assert "BINANCE_API_KEY" in err


def test_a_venue_without_client_is_refused(session: Session) -> None:
    session.venues = {}

    code, _, err = session.run(*REAL, command="live")

    assert 3 == code
    assert "executions[0]: orders cannot be sent to 'binance_spot'" in err


class AccountEndpoint:
    """Answers what a check of the account asks for."""

    def __init__(self, status: int, body: object) -> None:
        self._answer = HttpResponse(status, {}, json.dumps(body).encode())

    async def execute(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/api/v3/account":
            return self._answer
        return HttpResponse(200, {}, json.dumps({"serverTime": 1}).encode())

    async def connect(self, url: str) -> WebSocket:
        raise AssertionError(f"connects to {url}")


async def check(status: int, body: object, account: str) -> None:
    keys = (Secret("key-canary"), Secret("secret-canary"))
    config = BinanceSpotConfig.of(BinanceNetwork.PRODUCTION, *keys)
    async with BinanceSpot(config, transport=AccountEndpoint(status, body)) as client:
        await check_account(client, account)


RIGHTS = {"uid": 354937868, "canTrade": True, "canWithdraw": False}


@pytest.mark.parametrize("account", ["354937868", "testnet"])
async def test_the_named_account_is_accepted(account: str) -> None:
    await check(200, RIGHTS, account)


@pytest.mark.parametrize(
    ("account", "status", "body", "mentions"),
    [
        pytest.param("42", 200, RIGHTS, "found '42', expected the uid of the account of these keys", id="another-one"),
        pytest.param("354937868", 200, RIGHTS | {"canTrade": False}, "does not let this account trade", id="may-not-trade"),
        pytest.param("testnet", 200, RIGHTS | {"canTrade": False}, "does not let this account trade", id="testnet-may-not-trade"),
        pytest.param("354937868", 200, {"uid": 354937868}, "does not tell whose keys these are", id="no-rights"),
        pytest.param(
            "354937868",
            401,
            {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."},
            "Invalid API-key",
            id="refused",
        ),
    ],
)
async def test_another_account_is_refused(account: str, status: int, body: object, mentions: str) -> None:
    with pytest.raises(AccountRefusedError) as refused:
        await check(status, body, account)

    assert mentions in refused.value.message
    assert "canary" not in refused.value.message


async def test_the_test_network_has_market_data_of_its_own() -> None:
    async with binance_market("testnet") as environment:
        assert environment is not None
        spot, other = (environment.connector_of(venue) for venue in (ExchangeId.BINANCE_SPOT, ExchangeId.KRAKEN))

    assert "wss://stream.testnet.binance.vision/ws" == spot.url
    assert spot.snapshot_url is not None
    assert spot.snapshot_url("BTCUSDT").startswith("https://testnet.binance.vision/api/v3/depth?symbol=BTCUSDT")
    assert "testnet" not in other.url


async def test_a_real_account_has_the_real_market() -> None:
    async with binance_market("1234") as environment:
        assert None is environment


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:8080/", "http://[::1]:8080"])
def test_a_venue_in_a_box_takes_the_place_of_binance(url: str) -> None:
    assert url.rstrip("/") == rehearsal_url({"BARTER_REHEARSAL_URL": url})


@pytest.mark.parametrize(
    "url",
    ["http://example.com", "https://127.0.0.1", "http://127.0.0.1@example.com", "http://127.0.0.1:8080/api", "127.0.0.1:8080"],
)
def test_a_venue_in_a_box_is_on_this_machine(url: str) -> None:
    with pytest.raises(ConfigError, match="BARTER_REHEARSAL_URL is not of the form"):
        rehearsal_url({"BARTER_REHEARSAL_URL": url})
