"""The REST interface: which requests there are, and what they answer. Rust origin: none.

Source: rest-api.md of https://github.com/binance/binance-spot-api-docs
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

import msgspec

from barter_python.execution.exchange.model.fee import estimate_fees
from barter_python.instrument.side import Side
from barter_python.numeric import ONE, ZERO
from barter_python.rehearsal.binance_spot.books import VenueOrder, VenueTrade
from barter_python.rehearsal.binance_spot.config import RehearsalConfig
from barter_python.rehearsal.binance_spot.delivery import Outgoing
from barter_python.rehearsal.binance_spot.exchange_info import symbol_answer
from barter_python.rehearsal.binance_spot.ledger import Ledger
from barter_python.rehearsal.binance_spot.market_view import MarketView
from barter_python.rehearsal.binance_spot.number_text import amount_text, milliseconds
from barter_python.rehearsal.binance_spot.order_answers import cancel_answer, open_answer, order_answer, trade_answer
from barter_python.rehearsal.binance_spot.parameters import ORDER_PARAMETERS, Parameters, wanted_order
from barter_python.rehearsal.binance_spot.rate_limit import RateLimiter
from barter_python.rehearsal.binance_spot.refusal import BAD_SYMBOL, CANCEL_UNKNOWN, NO_SUCH_ORDER, Refusal
from barter_python.rehearsal.binance_spot.signature import SIGNED_PARAMETERS, Gatekeeper

__all__ = ["RestAnswer", "Call", "RestInterface"]

_TRADES_DEFAULT: Final = 500
_TRADES_MAX: Final = 1000
_DEPTH_DEFAULT: Final = 100
_DEPTH_WEIGHTS: Final = ((100, 5), (500, 25), (1000, 50))
_DEPTH_WEIGHT_MAX: Final = 250
_FULL_ANSWERS: Final = ("MARKET", "LIMIT")
_RESPONSE_TYPES: Final = ("ACK", "RESULT", "FULL")


@dataclass(slots=True, frozen=True)
class Call:
    """A request.

    Attributes:
        method: HTTP method.
        path: From `/` on.
        query: As it was sent, without `?`.
        body: As it was sent.
        api_key: Of the header, None where it is not there.
    """

    method: str
    path: str
    query: str = field(default="", repr=False)
    body: str = field(default="", repr=False)
    api_key: str | None = field(default=None, repr=False)


@dataclass(slots=True, frozen=True)
class RestAnswer:
    """What a request is answered with.

    Attributes:
        status: HTTP status.
        body: JSON.
        headers: Beyond those of HTTP.
        events: Of the account, which the request led to.
    """

    status: int
    body: str
    headers: Mapping[str, str]
    events: list[Outgoing] = field(default_factory=list)


Weight: TypeAlias = Callable[[Parameters], int]
Handler: TypeAlias = Callable[[Parameters], Any]


@dataclass(slots=True, frozen=True)
class _Route:
    handler: Handler
    weight: Weight
    parameters: frozenset[str] = frozenset()
    is_signed: bool = False


class RestInterface:
    """Answers requests.

    Args:
        config: Of the venue.
        ledger: The account.
        view: The market.
        gatekeeper: Checks signatures.
        limiter: Counts requests.
        now: The venue's time, aware UTC.
    """

    def __init__(
        self,
        config: RehearsalConfig,
        ledger: Ledger,
        view: MarketView,
        gatekeeper: Gatekeeper,
        limiter: RateLimiter,
        now: Callable[[], datetime],
    ) -> None:
        self._config = config
        self._ledger = ledger
        self._view = view
        self._gatekeeper = gatekeeper
        self._limiter = limiter
        self._now = now
        self._events: list[Outgoing] = []
        self._cancels = 0
        self._routes = self._table()

    def _table(self) -> dict[tuple[str, str], _Route]:
        one = _constant(1)
        which = frozenset({"symbol", "orderId", "origClientOrderId"})
        cancel = which | {"newClientOrderId", "cancelRestrictions"}
        trades = frozenset({"symbol", "orderId", "fromId", "startTime", "endTime", "limit"})
        return {
            ("GET", "/api/v3/ping"): _Route(lambda _: {}, one),
            ("GET", "/api/v3/time"): _Route(lambda _: {"serverTime": milliseconds(self._now())}, one),
            ("GET", "/api/v3/exchangeInfo"): _Route(self._exchange_info, _constant(20), frozenset({"symbol", "symbols"})),
            ("GET", "/api/v3/depth"): _Route(self._depth, _depth_weight, frozenset({"symbol", "limit"})),
            ("GET", "/api/v3/account"): _Route(self._account, _constant(20), frozenset({"omitZeroBalances"}), is_signed=True),
            ("GET", "/api/v3/openOrders"): _Route(
                self._open_orders, lambda sent: 80 if sent.text("symbol") is None else 6, frozenset({"symbol"}), is_signed=True
            ),
            ("GET", "/api/v3/myTrades"): _Route(
                self._my_trades, lambda sent: 20 if sent.text("orderId") is None else 5, trades, is_signed=True
            ),
            ("GET", "/api/v3/order"): _Route(self._query, _constant(4), which, is_signed=True),
            ("POST", "/api/v3/order"): _Route(self._open, one, ORDER_PARAMETERS, is_signed=True),
            ("DELETE", "/api/v3/order"): _Route(self._cancel, one, cancel, is_signed=True),
            ("DELETE", "/api/v3/openOrders"): _Route(self._cancel_all, one, frozenset({"symbol"}), is_signed=True),
        }

    def answer(self, call: Call) -> RestAnswer:
        """Do what a request asks for, and answer it."""
        self._events = []
        route = self._routes.get((call.method, call.path))
        retry_after = None
        status, body = 404, _json({"code": -1000, "msg": f"{call.method} {call.path!a} is not offered."})
        if route is not None:
            try:
                status, body = 200, _json(self._perform(route, call))
            except Refusal as refusal:
                status, retry_after = refusal.status, refusal.retry_after
                body = _json({"code": refusal.code, "msg": refusal.message})
        is_order = status == 200 and (call.method, call.path) == ("POST", "/api/v3/order")
        headers = self._limiter.headers(with_orders=is_order)
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        return RestAnswer(status, body, headers, self._events)

    def _perform(self, route: _Route, call: Call) -> Any:
        parameters = Parameters(call.query, call.body)
        self._limiter.spend_weight(route.weight(parameters), self._now())
        if route.is_signed:
            self._gatekeeper.check_rest(call.api_key, call.query, call.body, parameters)
            parameters.check_known(route.parameters | SIGNED_PARAMETERS)
        else:
            parameters.check_known(route.parameters)
        return route.handler(parameters)

    # The market.

    def _exchange_info(self, parameters: Parameters) -> Any:
        symbols = list(self._ledger.instruments)
        one, several = parameters.text("symbol"), parameters.text("symbols")
        if one is not None:
            symbols = [self._symbol(one)]
        elif several is not None:
            try:
                symbols = [self._symbol(name) for name in msgspec.json.decode(several, type=list[str])]
            except msgspec.MsgspecError:
                raise Refusal(-1135, "JSON sent for parameter 'symbols' is not valid") from None
        return {
            "timezone": "UTC",
            "serverTime": milliseconds(self._now()),
            "rateLimits": self._limiter.describe(),
            "exchangeFilters": [],
            "symbols": [symbol_answer(self._ledger.instruments[name]) for name in symbols],
        }

    def _depth(self, parameters: Parameters) -> Any:
        limit = parameters.integer("limit")
        return self._view.depth(self._needed_symbol(parameters), _DEPTH_DEFAULT if limit is None else max(1, limit))

    # The account.

    def _account(self, parameters: Parameters) -> Any:
        maker, taker = self._rate(is_maker=True), self._rate(is_maker=False)
        shows_all = parameters.text("omitZeroBalances") != "true"
        return {
            "makerCommission": int(maker * 10_000),
            "takerCommission": int(taker * 10_000),
            "buyerCommission": 0,
            "sellerCommission": 0,
            "commissionRates": {
                "maker": amount_text(maker),
                "taker": amount_text(taker),
                "buyer": amount_text(ZERO),
                "seller": amount_text(ZERO),
            },
            "canTrade": True,
            "canWithdraw": self._config.can_withdraw,
            "canDeposit": True,
            "brokered": False,
            "requireSelfTradePrevention": False,
            "preventSor": False,
            "updateTime": milliseconds(self._now()),
            "accountType": "SPOT",
            "balances": [
                {"asset": asset, "free": amount_text(balance.free), "locked": amount_text(balance.used())}
                for asset, balance in self._ledger.exchange.account.balances().items()
                if shows_all or balance.total
            ],
            "permissions": ["SPOT"],
            "uid": 1,
        }

    def _rate(self, *, is_maker: bool) -> Decimal:
        """The commission as a fraction, as the fee model has it now."""
        instrument = next(iter(self._ledger.instruments.values()))
        fees = estimate_fees(self._config.exchange.fee, instrument, Side.SELL, ONE, ONE, is_maker=is_maker)
        return fees.in_quote(instrument, ONE)

    def _open_orders(self, parameters: Parameters) -> Any:
        symbol = parameters.text("symbol")
        wanted = None if symbol is None else self._symbol(symbol)
        return [order_answer(order) for order in self._ledger.orders.values() if order.is_open and wanted in (None, order.symbol)]

    def _my_trades(self, parameters: Parameters) -> Any:
        symbol = self._needed_symbol(parameters)
        order_id, from_id = parameters.integer("orderId"), parameters.integer("fromId")
        start, end = parameters.integer("startTime"), parameters.integer("endTime")
        limit = min(parameters.integer("limit") or _TRADES_DEFAULT, _TRADES_MAX)

        def is_wanted(trade: VenueTrade) -> bool:
            stamp = milliseconds(trade.time)
            return (
                trade.symbol == symbol
                and order_id in (None, trade.order_id)
                and (from_id is None or trade.id >= from_id)
                and (start is None or stamp >= start)
                and (end is None or stamp <= end)
            )

        found = [trade for trade in self._ledger.trades if is_wanted(trade)]
        takes_oldest = from_id is not None or start is not None
        return [trade_answer(trade) for trade in (found[:limit] if takes_oldest else found[-limit:])]

    # Orders.

    def _query(self, parameters: Parameters) -> Any:
        order = self._find(parameters)
        if order is None:
            raise Refusal(*NO_SUCH_ORDER)
        return order_answer(order)

    def _open(self, parameters: Parameters) -> Any:
        symbol = self._needed_symbol(parameters)
        order_type, wanted = wanted_order(parameters)
        client_id = parameters.client_id("newClientOrderId")
        response_type = parameters.text("newOrderRespType") or ("FULL" if order_type in _FULL_ANSWERS else "ACK")
        if response_type not in _RESPONSE_TYPES:
            raise Refusal(-1130, "Data sent for parameter 'newOrderRespType' is not valid.")
        now = self._now()
        self._limiter.spend_order(now)
        order, self._events = self._ledger.open(symbol, client_id, order_type, wanted, now)
        return open_answer(order, response_type, now)

    def _cancel(self, parameters: Parameters) -> Any:
        order = self._find(parameters)
        if order is None or not order.is_open:
            raise Refusal(*CANCEL_UNKNOWN)
        restriction = parameters.text("cancelRestrictions")
        required = {None: order.status, "ONLY_NEW": "NEW", "ONLY_PARTIALLY_FILLED": "PARTIALLY_FILLED"}.get(restriction)
        if required is None:
            raise Refusal(-1145, "Invalid cancelRestrictions")
        if order.status != required:
            raise Refusal(-2011, "Order was not canceled due to cancel restrictions.")
        return self._cancel_order(order, parameters.client_id("newClientOrderId"))

    def _cancel_all(self, parameters: Parameters) -> Any:
        symbol = self._needed_symbol(parameters)
        found = [order for order in self._ledger.orders.values() if order.is_open and order.symbol == symbol]
        if not found:
            raise Refusal(*CANCEL_UNKNOWN)
        return [self._cancel_order(order, None) for order in found]

    def _cancel_order(self, order: VenueOrder, cancel_id: str | None) -> dict[str, Any]:
        self._cancels += 1
        name = f"rehearsal-cancel-{self._cancels}" if cancel_id is None else cancel_id
        now = self._now()
        self._events += self._ledger.cancel(order, name, now)
        return cancel_answer(order, name, now)

    def _find(self, parameters: Parameters) -> VenueOrder | None:
        symbol = self._needed_symbol(parameters)
        order_id, client_id = parameters.integer("orderId"), parameters.text("origClientOrderId")
        if order_id is None and client_id is None:
            raise Refusal(-1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!")
        return self._ledger.find(symbol, order_id, client_id)

    def _needed_symbol(self, parameters: Parameters) -> str:
        return self._symbol(parameters.needed("symbol"))

    def _symbol(self, symbol: str) -> str:
        if symbol not in self._ledger.instruments:
            raise Refusal(*BAD_SYMBOL)
        return symbol


def _constant(weight: int) -> Weight:
    return lambda _: weight


def _depth_weight(parameters: Parameters) -> int:
    limit = parameters.integer("limit") or _DEPTH_DEFAULT
    return next((weight for largest, weight in _DEPTH_WEIGHTS if limit <= largest), _DEPTH_WEIGHT_MAX)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
