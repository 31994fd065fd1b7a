"""Tables of what is computed without a connection."""

from __future__ import annotations

import sys
from datetime import timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from tests.execution.client.binance.venue import BTCUSDT, KEY, SECRET, USDT, cancel_request, open_request

from barter_python.errors import ConfigError, Retry
from barter_python.execution.client.binance import request as ask
from barter_python.execution.client.binance.config import BinanceNetwork, BinanceSpotConfig
from barter_python.execution.client.binance.error import BinanceFailure, failure_of, to_client_error, to_order_error
from barter_python.execution.client.binance.message import RateLimitRule
from barter_python.execution.client.binance.rate_limit import Cost, RateLimits
from barter_python.execution.client.binance.server_time import ServerTime
from barter_python.execution.client.binance.signature import request_signer, signed_parameters, without_keys
from barter_python.execution.error import (
    AccountSnapshotError,
    BalanceInsufficient,
    ClientError,
    ExchangeOffline,
    InstrumentInvalid,
    OrderError,
    OrderRejected,
    RateLimit,
    Socket,
    Timeout,
)
from barter_python.execution.order.order import OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.side import Side
from barter_python.integration.http import HttpRequest, RestRequest, query_text
from barter_python.integration.secret import Secret

GTC, IOC = TimeInForce.GOOD_UNTIL_CANCELLED, TimeInForce.IMMEDIATE_OR_CANCEL
FOK, POST_ONLY = TimeInForce.FILL_OR_KILL, TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY
DAY = TimeInForce.GOOD_UNTIL_END_OF_DAY
MARKET, LIMIT = OrderKind.MARKET, OrderKind.LIMIT
STOP = Trigger(Decimal(90), TriggerKind.STOP)
TAKE_PROFIT = Trigger(Decimal(90), TriggerKind.TAKE_PROFIT)


def configured() -> BinanceSpotConfig:
    return BinanceSpotConfig.testnet(Secret(KEY), Secret(SECRET))


class TestConfig:
    def test_the_two_networks_are_the_documented_ones(self) -> None:
        production = BinanceSpotConfig.production(Secret(KEY), Secret(SECRET))

        assert (
            production.rest_url,
            production.websocket_url,
        ) == ("https://api.binance.com", "wss://ws-api.binance.com:443/ws-api/v3")
        assert (
            configured().rest_url,
            configured().websocket_url,
        ) == ("https://testnet.binance.vision", "wss://ws-api.testnet.binance.vision/ws-api/v3")

    def test_it_shows_no_key(self) -> None:
        shown = f"{configured()!r} {configured()}"

        assert KEY not in shown
        assert SECRET not in shown

    def test_keys_come_from_the_environment(self) -> None:
        environment = {"BINANCE_API_KEY": KEY, "OTHER": SECRET}
        config = BinanceSpotConfig.from_environment(BinanceNetwork.TESTNET, environment, secret_name="OTHER")

        assert (config.api_key.reveal(), config.api_secret.reveal()) == (KEY, SECRET)

    def test_a_missing_variable_is_named(self) -> None:
        with pytest.raises(ConfigError, match="BINANCE_API_SECRET is not set"):
            BinanceSpotConfig.from_environment(BinanceNetwork.TESTNET, {"BINANCE_API_KEY": KEY})

    def test_without_the_package_keyring_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "keyring", None)

        with pytest.raises(ConfigError, match="package keyring is not installed"):
            BinanceSpotConfig.from_keyring(BinanceNetwork.TESTNET)

    def test_keys_come_from_a_keyring(self, monkeypatch: pytest.MonkeyPatch) -> None:
        entries = {("mine", "BINANCE_API_KEY"): KEY, ("mine", "BINANCE_API_SECRET"): SECRET}
        self.install_keyring(monkeypatch, lambda service, name: entries.get((service, name)))
        config = BinanceSpotConfig.from_keyring(BinanceNetwork.TESTNET, service="mine")

        assert (config.api_key.reveal(), config.api_secret.reveal()) == (KEY, SECRET)
        with pytest.raises(ConfigError, match="no entry 'BINANCE_API_KEY' of 'barter-python'"):
            BinanceSpotConfig.from_keyring(BinanceNetwork.TESTNET)

    def test_a_locked_keyring_is_an_error_of_the_configuration(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def locked(service: str, name: str) -> None:
            raise sys.modules["keyring.errors"].KeyringError

        self.install_keyring(monkeypatch, locked)
        with pytest.raises(ConfigError, match="keyring: KeyringError"):
            BinanceSpotConfig.from_keyring(BinanceNetwork.TESTNET)

    def install_keyring(self, monkeypatch: pytest.MonkeyPatch, get_password: Any) -> None:
        keyring, errors = ModuleType("keyring"), ModuleType("keyring.errors")
        keyring.get_password = get_password  # type: ignore[attr-defined]
        errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "keyring", keyring)
        monkeypatch.setitem(sys.modules, "keyring.errors", errors)

    @pytest.mark.parametrize(
        ("expected", "changes"),
        [
            ("rest_url", {"rest_url": "ftp://api.binance.com"}),
            ("rest_url", {"rest_url": "https://user:pw@api.binance.com"}),
            ("websocket_url", {"websocket_url": "https://api.binance.com"}),
            ("websocket_url", {"websocket_url": "wss://api.binance.com?apiKey=x"}),
            ("recv_window_ms is 0", {"recv_window_ms": 0}),
            ("recv_window_ms is 60001", {"recv_window_ms": 60_001}),
            ("request_timeout", {"request_timeout": timedelta()}),
        ],
    )
    def test_it_refuses(self, expected: str, changes: dict[str, Any]) -> None:
        urls = {"rest_url": "https://api.binance.com", "websocket_url": "wss://api.binance.com"}

        with pytest.raises(ConfigError, match=expected):
            BinanceSpotConfig(Secret(KEY), Secret(SECRET), **{**urls, **changes})


class TestOrderParameters:
    @pytest.mark.parametrize(
        ("expected", "changes"),
        [
            pytest.param("type=MARKET&quantity=2", {"kind": MARKET, "time_in_force": IOC}, id="market"),
            pytest.param("type=MARKET&quantity=2", {"kind": MARKET, "time_in_force": GTC}, id="market, GTC"),
            pytest.param("type=LIMIT&timeInForce=GTC&quantity=2&price=100", {}, id="limit"),
            pytest.param("type=LIMIT&timeInForce=IOC&quantity=2&price=100", {"time_in_force": IOC}, id="IOC"),
            pytest.param("type=LIMIT&timeInForce=FOK&quantity=2&price=100", {"time_in_force": FOK}, id="FOK"),
            pytest.param("type=LIMIT_MAKER&quantity=2&price=100", {"time_in_force": POST_ONLY}, id="post only"),
            pytest.param(
                "type=STOP_LOSS&quantity=2&stopPrice=90", {"kind": MARKET, "time_in_force": IOC, "trigger": STOP}, id="stop"
            ),
            pytest.param(
                "type=TAKE_PROFIT&quantity=2&stopPrice=90",
                {"kind": MARKET, "time_in_force": IOC, "trigger": TAKE_PROFIT},
                id="take profit",
            ),
            pytest.param(
                "type=STOP_LOSS_LIMIT&timeInForce=GTC&quantity=2&price=100&stopPrice=90", {"trigger": STOP}, id="stop limit"
            ),
            pytest.param(
                "type=TAKE_PROFIT_LIMIT&timeInForce=IOC&quantity=2&price=100&stopPrice=90",
                {"trigger": TAKE_PROFIT, "time_in_force": IOC},
                id="take profit limit",
            ),
            pytest.param(
                "type=LIMIT&timeInForce=GTC&quantity=0.00000001&price=120000",
                {"quantity": "1E-8", "price": "1.2E+5"},
                id="no exponents",
            ),
            pytest.param(
                "type=LIMIT&timeInForce=GTC&quantity=0.5&price=100",
                {"quantity": "0.5000000000", "price": "100.000"},
                id="no more precision than needed",
            ),
        ],
    )
    def test_they_are(self, expected: str, changes: dict[str, Any]) -> None:
        request = open_request(**changes)

        assert ask.refusal(request) is None
        assert f"symbol=BTCUSDT&side=BUY&{expected}&newClientOrderId=sma-1&newOrderRespType=RESULT" == query_text(
            ask.order_parameters(request)
        )

    def test_the_side_of_a_seller(self) -> None:
        assert ("side", "SELL") in ask.order_parameters(open_request(side=Side.SELL))

    @pytest.mark.parametrize(
        ("expected", "changes"),
        [
            ("cid is ''", {"cid": ""}),
            ("cid is 'a.b'", {"cid": "a.b"}),
            ("cid is 'ä'", {"cid": "ä"}),
            ("cid is 'a\\n'", {"cid": "a\n"}),
            ("expected 1 to 36 letters", {"cid": "x" * 37}),
            ("reduce_only is True, expected False", {"reduce_only": True}),
            ("quantity is 0, expected a positive number", {"quantity": "0"}),
            ("quantity is NaN", {"quantity": "NaN"}),
            ("price is -1", {"price": "-1"}),
            ("price is Infinity", {"price": "Infinity"}),
            ("trigger price is 0", {"trigger": Trigger(Decimal(0), TriggerKind.STOP)}),
            ("time_in_force is GoodUntilEndOfDay", {"time_in_force": DAY}),
            ("time_in_force of a market order is GoodUntilEndOfDay", {"kind": MARKET, "time_in_force": DAY}),
            ("time_in_force of a market order is FillOrKill", {"kind": MARKET, "time_in_force": FOK}),
            ("of a market order is GoodUntilCancelledPostOnly", {"kind": MARKET, "time_in_force": POST_ONLY}),
            ("of an order with a trigger is GoodUntilCancelledPostOnly", {"time_in_force": POST_ONLY, "trigger": STOP}),
        ],
    )
    def test_what_spot_does_not_know_is_refused(self, expected: str, changes: dict[str, Any]) -> None:
        assert expected in (ask.refusal(open_request(**changes)) or "")

    def test_the_longest_cid_is_accepted(self) -> None:
        assert ask.refusal(open_request("a-Z_9" * 7 + "x")) is None

    def test_a_cancel_names_the_order_by_one_id(self) -> None:
        by_id = ask.cancel_order("BTCUSDT", cancel_request().state.id, cancel_request().key.cid)
        by_cid = ask.cancel_order("BTCUSDT", None, cancel_request().key.cid)

        assert by_id.request.query_params == (("symbol", "BTCUSDT"), ("orderId", "28"))
        assert by_cid.request.query_params == (("symbol", "BTCUSDT"), ("origClientOrderId", "sma-1"))

    @pytest.mark.parametrize(("calls", "weight", "symbols"), [(1, 6, 1), (13, 6, 13), (1, 80, 14)])
    def test_open_orders_are_asked_the_cheaper_way(self, calls: int, weight: int, symbols: int) -> None:
        found = ask.open_orders([f"S{number}" for number in range(symbols)])

        assert (calls, weight) == (len(found), found[0][0].cost.weight)


class TestSignature:
    """Against the venue's published vectors: rest-api.md#hmac-keys, web-socket-api.md#signed-request-example-hmac."""

    @pytest.mark.parametrize(
        ("expected", "symbol", "query"),
        [
            ("c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71", "LTCBTC", "LTCBTC"),
            (
                "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3",
                "１２３４５６",  # noqa: RUF001 - the venue's example
                "%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96",
            ),
        ],
    )
    def test_of_a_query(self, expected: str, symbol: str, query: str) -> None:
        params = (
            ("symbol", symbol),
            ("side", "BUY"),
            ("type", "LIMIT"),
            ("timeInForce", "GTC"),
            ("quantity", "1"),
            ("price", "0.1"),
        )
        request = RestRequest("POST", "/api/v3/order", bytes, params)
        bare = HttpRequest("POST", "https://api.binance.com", "/api/v3/order", query_text(params))
        signed = request_signer(Secret(KEY), Secret(SECRET), 5000, lambda: 1499827319559).build(request, bare)

        assert (
            f"symbol={query}&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
            f"&timestamp=1499827319559&signature={expected}" == signed.query
        )
        assert signed.headers["X-MBX-APIKEY"] == KEY

    @pytest.mark.parametrize(
        ("expected", "changes"),
        [
            ("aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24", {}),
            (
                "b33892ae8e687c939f4468c6268ddd4c40ac1af18ad19a064864c47bae0752cd",
                {
                    "symbol": "１２３４５６",  # noqa: RUF001 - the venue's example
                    "side": "BUY",
                    "quantity": "1.00000000",
                    "price": "0.10000000",
                    "recvWindow": 5000,
                },
            ),
        ],
    )
    def test_of_parameters_over_a_websocket(self, expected: str, changes: dict[str, Any]) -> None:
        parameters = {
            "symbol": "BTCUSDT",
            "side": "SELL",
            "type": "LIMIT",
            "timeInForce": "GTC",
            "quantity": "0.01000000",
            "price": "52000.00",
            "recvWindow": 100,
            "timestamp": 1645423376532,
            **changes,
        }

        assert {**parameters, "apiKey": KEY, "signature": expected} == signed_parameters(parameters, Secret(KEY), Secret(SECRET))

    def test_what_is_echoed_is_masked(self) -> None:
        request = HttpRequest("GET", "https://x.example", "/", "a=1&signature=abc123", {"X-MBX-APIKEY": KEY})

        assert without_keys(f"{request.query} {KEY}".encode(), request) == b"a=1&signature=*** ***"


class TestServerTime:
    def test_it_lies_halfway(self) -> None:
        clock = [100.0]
        time = ServerTime(lambda: clock[0], timedelta(minutes=10))
        time.take(sent=100.0, received=100.4, server_time_ms=5_000_200)
        clock[0] = 101.0

        assert time.now_ms() == 5_001_000

    def test_a_reading_is_good_for_a_while(self) -> None:
        clock = [0.0]
        time = ServerTime(lambda: clock[0], timedelta(minutes=10))
        due = [time.is_due]
        time.take(0.0, 0.0, 0)
        due.append(time.is_due)
        clock[0] = 599.9
        due.append(time.is_due)
        clock[0] = 600.0
        due.append(time.is_due)

        assert due == [True, False, False, True]


class TestRateLimits:
    RULES = (RateLimitRule("REQUEST_WEIGHT", "MINUTE", 1, 100), RateLimitRule("ORDERS", "SECOND", 10, 2))
    QUESTION = Cost(10)
    ORDER = Cost(1, orders=1, is_urgent=True)

    def setup_method(self) -> None:
        self.ms = 60_000 * 1000 + 15_000
        self.limits = RateLimits(lambda: self.ms, lambda: self.ms / 1000.0)
        self.limits.set_rules(self.RULES)

    def used(self, cost: Cost, **headers: str) -> None:
        self.limits.begin(cost)
        self.limits.end(cost, {name.replace("_", "-"): value for name, value in headers.items()})

    def test_nothing_used_nothing_held_back(self) -> None:
        assert self.limits.pause(self.QUESTION) == 0.0

    def test_a_question_leaves_a_tenth_to_what_is_urgent(self) -> None:
        self.used(Cost(1), x_mbx_used_weight_1m="81")

        assert (self.limits.pause(self.QUESTION), self.limits.pause(self.ORDER)) == (45.0, 0.0)

    def test_nothing_goes_beyond_the_limit(self) -> None:
        self.used(Cost(1), x_mbx_used_weight_1m="100")

        assert self.limits.pause(self.ORDER) == 45.0

    def test_the_next_interval_is_a_new_one(self) -> None:
        self.used(Cost(1), x_mbx_used_weight_1m="100")
        self.ms += 45_000

        assert self.limits.pause(self.ORDER) == 0.0

    def test_what_is_under_way_counts(self) -> None:
        for _ in range(2):
            self.limits.begin(self.ORDER)

        assert self.limits.pause(self.ORDER) == 5.0

    def test_what_the_venue_counts_is_right(self) -> None:
        self.used(self.ORDER, x_mbx_order_count_10s="0")
        self.used(self.ORDER, x_mbx_order_count_10s="1")

        assert self.limits.pause(self.ORDER) == 0.0

    def test_an_order_without_an_answer_counts(self) -> None:
        for _ in range(2):
            self.limits.begin(self.ORDER)
            self.limits.end(self.ORDER, None)

        assert self.limits.pause(self.ORDER) == 5.0
        assert self.limits.pause(self.QUESTION) == 0.0

    @pytest.mark.parametrize(
        ("expected", "status", "retry_after"),
        [(7.0, 429, timedelta(seconds=7)), (60.0, 429, None), (120.0, 418, None), (259_200.0, 418, timedelta(days=3))],
    )
    def test_the_venue_may_ask_for_a_pause(self, expected: float, status: int, retry_after: timedelta | None) -> None:
        self.limits.block(status, retry_after, orders_only=False)

        assert (expected, expected) == (self.limits.pause(self.QUESTION), self.limits.pause(self.ORDER))

    def test_a_pause_of_orders_lets_cancels_through(self) -> None:
        self.limits.block(429, timedelta(seconds=7), orders_only=True)

        assert (self.limits.pause(self.ORDER), self.limits.pause(Cost(1, is_urgent=True))) == (7.0, 0.0)

    def test_new_rules_keep_what_was_counted(self) -> None:
        self.used(Cost(1), x_mbx_used_weight_1m="100")
        self.limits.set_rules((RateLimitRule("REQUEST_WEIGHT", "MINUTE", 1, 101), RateLimitRule("RAW_REQUESTS", "X", 0, 1)))

        assert (self.limits.pause(Cost(1, is_urgent=True)), self.limits.pause(Cost(2, is_urgent=True))) == (0.0, 45.0)


OFFLINE = ExchangeOffline(ExchangeId.BINANCE_SPOT)
NO_FUNDS = "Account has insufficient balance for requested action."


class TestErrors:
    @pytest.mark.parametrize(
        ("order", "client", "status", "code", "msg"),
        [
            (Socket("HTTP status 503: x"), Socket("HTTP status 503: x"), 503, None, "x"),
            (Socket("HTTP status 500: x (code -2010)"), Socket("HTTP status 500: x (code -2010)"), 500, -2010, "x"),
            (Socket("HTTP status 302: x"), Socket("HTTP status 302: x"), 302, None, "x"),
            (Socket("HTTP status 408: x"), Socket("HTTP status 408: x"), 408, None, "x"),
            (Socket("HTTP status 400: x (code -1006)"), Socket("HTTP status 400: x (code -1006)"), 400, -1006, "x"),
            (Socket("HTTP status 400: x (code -1007)"), Socket("HTTP status 400: x (code -1007)"), 400, -1007, "x"),
            (RateLimit(), RateLimit(), 403, None, "blocked"),
            (RateLimit(), RateLimit(), 418, -1003, "banned"),
            (RateLimit(), RateLimit(), 429, -1015, "Too many new orders"),
            (RateLimit(), RateLimit(), 400, -1003, "Too many requests queued."),
            (InstrumentInvalid(BTCUSDT, "x (code -1121)"), InstrumentInvalid(BTCUSDT, "x (code -1121)"), 400, -1121, "x"),
            (OrderRejected("x (code -1021)"), Socket("x (code -1021)"), 400, -1021, "x"),
            (OrderRejected("x (code -1022)"), AccountSnapshotError("x (code -1022)"), 400, -1022, "x"),
            (OrderRejected("x (code -2014)"), AccountSnapshotError("x (code -2014)"), 401, -2014, "x"),
            (OrderRejected("x (code -2015)"), AccountSnapshotError("x (code -2015)"), 401, -2015, "x"),
            (OrderRejected("x (code -1013)"), AccountSnapshotError("x (code -1013)"), 400, -1013, "x"),
            (OrderRejected("x (code -2011)"), AccountSnapshotError("x (code -2011)"), 400, -2011, "x"),
            (OrderRejected("not found"), Socket("not found"), 404, None, "not found"),
            (
                OrderRejected("Duplicate order sent. (code -2010)"),
                AccountSnapshotError("Duplicate order sent. (code -2010)"),
                400,
                -2010,
                "Duplicate order sent.",
            ),
            (
                BalanceInsufficient(USDT, f"{NO_FUNDS} (code -2010)"),
                AccountSnapshotError(f"{NO_FUNDS} (code -2010)"),
                400,
                -2010,
                NO_FUNDS,
            ),
        ],
    )
    def test_of_an_answer(self, order: OrderError, client: ClientError, status: int, code: int | None, msg: str) -> None:
        failure = failure_of(status, code, msg)

        assert order == to_order_error(failure, BTCUSDT, USDT)
        assert client == to_client_error(failure, BTCUSDT, AccountSnapshotError)

    @pytest.mark.parametrize(
        ("expected", "failure"),
        [
            (OFFLINE, BinanceFailure("x", Retry.LATER)),
            (RateLimit(), BinanceFailure("x", Retry.LATER, is_rate_limit=True)),
            (Timeout(), BinanceFailure("x", Retry.ONCE_KNOWN, is_timeout=True)),
            (Socket("x"), BinanceFailure("x", Retry.ONCE_KNOWN)),
            (OFFLINE, BinanceFailure("x", Retry.ONCE_KNOWN, is_timeout=True).before_sending()),
            (OrderRejected("x"), BinanceFailure("x", Retry.NEVER).before_sending()),
        ],
    )
    def test_of_no_answer(self, expected: OrderError, failure: BinanceFailure) -> None:
        assert expected == to_order_error(failure, BTCUSDT)

    def test_without_the_asset_a_small_balance_is_a_rejection(self) -> None:
        assert OrderRejected(f"{NO_FUNDS} (code -2010)") == to_order_error(failure_of(400, -2010, NO_FUNDS), BTCUSDT)
