"""What a session looks like at one moment. Taking it costs the same however long the session runs.

It is taken in the event loop, and holds only values: so it can be drawn in a thread, while the session goes on.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from barter_python.engine.state.connectivity import Health
from barter_python.engine.state.instrument.state import InstrumentState
from barter_python.engine.state.trading import TradingState
from barter_python.execution.error import BalanceInsufficient
from barter_python.execution.order.order import Order, OrderKind
from barter_python.execution.order.state import CancelInFlight, OpenInFlight, is_active, open_meta
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, money_context
from barter_python.report.text import number, printable
from barter_python.session.market import MarketConnection
from barter_python.session.session import Session
from barter_python.system.own_orders import is_own
from barter_python.system.system import System

__all__ = [
    "AccountRow",
    "BalanceRow",
    "ConnectionRow",
    "OrderRow",
    "Pnl",
    "PositionRow",
    "PriceRow",
    "Snapshot",
    "Watched",
]

_RATE_SECONDS: Final = 5.0
_LOG_LINES: Final = 3
_ORDERS_SHOWN: Final = 10
_STATES: Final[dict[type, str]] = {OpenInFlight: "opening", CancelInFlight: "cancelling"}


@dataclass(slots=True, frozen=True)
class ConnectionRow:
    """A connection for market data.

    Attributes:
        venue: Its exchange.
        kind: What it carries.
        state: `live`, `reconnecting`, `connecting` or `closed`.
        messages: How many were received.
        age: Seconds since the last one, None before the first.
        reconnects: How often it was connected anew.
        errors: How many messages could not be read.
        problem: The last one, empty where there was none.
    """

    venue: str
    kind: str
    state: str
    messages: int
    age: float | None
    reconnects: int
    errors: int
    problem: str


@dataclass(slots=True, frozen=True)
class AccountRow:
    """Whether the account of an exchange is connected."""

    venue: str
    is_healthy: bool


@dataclass(slots=True, frozen=True)
class PriceRow:
    """Prices of an instrument in quote currency, None where unknown.

    Attributes:
        instrument: Its name.
        bid: The best one.
        ask: The best one.
        last: Of the last trade.
        age: Seconds since anything was received of it, None before the first time.
    """

    instrument: str
    bid: Decimal | None
    ask: Decimal | None
    last: Decimal | None
    age: float | None


@dataclass(slots=True, frozen=True)
class PositionRow:
    """A position: quantity in base units or contracts, money in quote currency, after fees."""

    instrument: str
    is_long: bool
    quantity: Decimal
    price_entry: Decimal
    pnl_unrealised: Decimal
    pnl_realised: Decimal


@dataclass(slots=True, frozen=True)
class OrderRow:
    """An order that may still be filled.

    Attributes:
        instrument: What it trades.
        is_buy: Whether it buys.
        price: Its limit, None for a market order.
        quantity: In base units or contracts.
        filled: So far.
        state: `opening`, `open` or `cancelling`.
        is_own: Whether this session has sent it.
    """

    instrument: str
    is_buy: bool
    price: Decimal | None
    quantity: Decimal
    filled: Decimal
    state: str
    is_own: bool


@dataclass(slots=True, frozen=True)
class BalanceRow:
    """A balance in units of its asset."""

    venue: str
    asset: str
    total: Decimal
    free: Decimal


@dataclass(slots=True, frozen=True)
class Pnl:
    """Profit and loss of the session in one quote currency, after fees.

    Attributes:
        currency: The currency.
        unrealised: Of open positions.
        realised: Of closed positions, and of what was closed of open ones.
    """

    currency: str
    unrealised: Decimal
    realised: Decimal

    @property
    def total(self) -> Decimal:
        """Both together."""
        with money_context():
            return self.unrealised + self.realised


@dataclass(slots=True, frozen=True)
class Snapshot:
    """A session at one moment.

    Attributes:
        title: What kind of session.
        time: By the engine's clock, aware UTC.
        running: Seconds since the start.
        is_trading: Whether the strategy is asked for orders.
        phase: What is being done at the end, empty before.
        has_keys: Whether keys are read.
        connections: For market data.
        accounts: One of each exchange that is traded on.
        prices: One of each instrument.
        positions: Open ones.
        orders: The first ones of those that may still be filled.
        orders_open: How many there are.
        balances: Those that are known.
        pnl: By quote currency.
        latency: Seconds from the venue's stamp to our receipt, median and 99th percentile; None before the first.
        events: Market events processed so far.
        rate: Of them in a second.
        conflated: Market events left out because the engine was too slow.
        fills: So far.
        refused: Orders that were refused so far.
        refusal: The latest one and its reason, empty where there was none.
        log: The latest warnings, the last one last; one that came again stands there once, with how often it came.
    """

    title: str
    time: datetime
    running: float
    is_trading: bool
    phase: str
    has_keys: bool
    connections: tuple[ConnectionRow, ...]
    accounts: tuple[AccountRow, ...]
    prices: tuple[PriceRow, ...]
    positions: tuple[PositionRow, ...]
    orders: tuple[OrderRow, ...]
    orders_open: int
    balances: tuple[BalanceRow, ...]
    pnl: tuple[Pnl, ...]
    latency: tuple[float, float] | None
    events: int
    rate: float
    conflated: int
    fills: int
    refused: int
    refusal: str
    log: tuple[str, ...]


class Watched:
    """A running session, as far as it can be seen.

    Args:
        title: What kind of session.
        session: It runs; its state is read between two events.
        lines: Warnings.

    Attributes:
        has_keys: Whether keys are read.
    """

    __slots__ = ("_lines", "_names", "_samples", "_session", "_system", "_title", "has_keys")

    def __init__(self, title: str, session: Session, lines: deque[str]) -> None:
        self._title = title
        self._session = session
        self._system = session.system
        self._lines = lines
        self._samples: deque[tuple[datetime, int]] = deque()
        self._names = _names(session.system)
        self.has_keys = False

    def snapshot(self) -> Snapshot:
        """What it looks like now."""
        engine, activity = self._system.engine, self._session.activity
        now, state = engine.time(), engine.state
        orders = [(name, order) for name, item in self._instruments() for order in item.orders.orders()]
        with money_context():
            return Snapshot(
                title=self._title,
                time=now,
                running=(now - engine.meta.time_start).total_seconds(),
                is_trading=state.trading is TradingState.ENABLED,
                phase=self._session.phase,
                has_keys=self.has_keys,
                connections=tuple(_connection(connection, now) for connection in self._session.connections),
                accounts=self._accounts(),
                prices=tuple(self._price(name, item, now) for name, item in self._instruments()),
                positions=tuple(row for name, item in self._instruments() for row in _position(name, item)),
                orders=tuple(_order(name, order) for name, order in orders[:_ORDERS_SHOWN]),
                orders_open=len(orders),
                balances=tuple(
                    BalanceRow(key.exchange.value, str(key.asset), asset.balance.value.total, asset.balance.value.free)
                    for key, asset in state.assets.items()
                    if asset.balance is not None
                ),
                pnl=self._pnl(),
                latency=_percentiles(activity.latencies),
                events=activity.market_events,
                rate=self._rate(now),
                conflated=self._system.conflated,
                fills=len(activity.record.trades),
                refused=activity.refused,
                refusal=self._refusal(),
                log=_latest(self._lines),
            )

    def _instruments(self) -> list[tuple[str, InstrumentState[Any]]]:
        return list(zip(self._names, self._system.engine.state.instruments, strict=True))

    def _accounts(self) -> tuple[AccountRow, ...]:
        states = self._system.engine.state.connectivity.exchanges
        traded = self._system.exchanges_traded
        return tuple(AccountRow(venue.value, states[venue].account is Health.HEALTHY) for venue in traded)

    def _price(self, name: str, state: InstrumentState[Any], now: datetime) -> PriceRow:
        known, received = self._session.activity.market[state.key], self._session.activity.times_received[state.key]
        bid, ask, last = known.l1.best_bid, known.l1.best_ask, known.last_traded_price
        return PriceRow(
            name,
            None if bid is None else bid.price,
            None if ask is None else ask.price,
            None if last is None else last.value,
            None if received is None else (now - received).total_seconds(),
        )

    def _refusal(self) -> str:
        refusal = self._session.activity.last_refusal
        if refusal is None:
            return ""
        key, reason = refusal.instrument, refusal.reason
        name = self._names[key] if isinstance(key, int) else key
        if isinstance(reason, BalanceInsufficient) and isinstance(reason.asset, int):
            asset = self._system.engine.state.assets.asset_index(reason.asset).asset.name_internal
            reason = f"not enough {asset}: {reason.reason}"
        return printable(f"{name} {_word(refusal.side)} {number(refusal.quantity)}: {reason}")

    def _pnl(self) -> tuple[Pnl, ...]:
        assets = self._system.engine.state.assets
        unrealised: dict[str, Decimal] = defaultdict(lambda: ZERO)
        realised: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for _, state in self._instruments():
            currency = str(assets.asset_index(state.instrument.underlying.quote).asset.name_internal)
            realised[currency] += self._session.activity.pnl_exited[state.key]
            position = state.position.current
            if position is not None:
                unrealised[currency] += position.pnl_unrealised
                realised[currency] += position.pnl_realised
        return tuple(Pnl(currency, unrealised[currency], amount) for currency, amount in realised.items())

    def _rate(self, now: datetime) -> float:
        self._samples.append((now, self._session.activity.market_events))
        while len(self._samples) > 2 and (now - self._samples[1][0]).total_seconds() >= _RATE_SECONDS:
            self._samples.popleft()
        first, before = self._samples[0]
        seconds = (now - first).total_seconds()
        return (self._session.activity.market_events - before) / seconds if seconds > 0 else 0.0


def _names(system: System[Any, Any]) -> list[str]:
    """The venue's name of each instrument, with the venue where there are several."""
    state = system.engine.state
    venues = [venue.value for venue in state.connectivity.exchange_ids()]
    names = [str(item.instrument.name_exchange) for item in state.instruments]
    if len(venues) == 1:
        return names
    return [f"{venues[item.instrument.exchange]} {name}" for name, item in zip(names, state.instruments, strict=True)]


def _connection(connection: MarketConnection, now: datetime) -> ConnectionRow:
    status = connection.status
    return ConnectionRow(
        status.exchange.value,
        connection.kind.as_str(),
        status.state.value,
        status.messages,
        None if status.time_received is None else (now - status.time_received).total_seconds(),
        max(status.connections - 1, 0),
        status.errors,
        "" if status.last_error is None else printable(status.last_error.message),
    )


def _position(name: str, state: InstrumentState[Any]) -> list[PositionRow]:
    position = state.position.current
    if position is None:
        return []
    return [
        PositionRow(
            name,
            position.side is Side.BUY,
            position.quantity_abs,
            position.price_entry_average,
            position.pnl_unrealised,
            position.pnl_realised,
        )
    ]


def _order(name: str, order: Order) -> OrderRow:
    meta = open_meta(order.state) if is_active(order.state) else None
    return OrderRow(
        name,
        order.side is Side.BUY,
        None if order.kind is OrderKind.MARKET else order.price,
        order.quantity,
        ZERO if meta is None else meta.filled_quantity,
        _STATES.get(type(order.state), "open"),
        is_own(order),
    )


def _word(side: Side) -> str:
    return "buy" if side is Side.BUY else "sell"


def _latest(lines: Sequence[str]) -> tuple[str, ...]:
    """The latest lines, apart from their times."""
    found: dict[str, str] = {}
    counts = Counter(line.partition(" ")[2] for line in lines)
    for line in reversed(lines):
        text = line.partition(" ")[2]
        if text not in found and len(found) < _LOG_LINES:
            found[text] = line if counts[text] == 1 else f"{line} ({counts[text]}x)"
    return tuple(reversed(found.values()))


def _percentiles(values: Sequence[float]) -> tuple[float, float] | None:
    if not values:
        return None
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
