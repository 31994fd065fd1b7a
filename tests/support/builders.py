"""Values that most tests need, with everything filled in that a test does not care about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from barter_python.engine.state.asset.state import AssetState
from barter_python.execution.balance import Balance
from barter_python.execution.order.id import STRATEGY_UNKNOWN, ClientOrderId, OrderId, StrategyId
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, RequestCancel, RequestOpen
from barter_python.execution.order.state import Open, OrderState
from barter_python.execution.trade import AssetFees, Trade, TradeId
from barter_python.instrument.asset import Asset, AssetIndex, ExchangeAsset
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.instrument import Instrument, InstrumentDefinition, InstrumentIndex, Underlying
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.instrument.side import Side
from barter_python.statistic.summary.asset import TearSheetAssetGenerator
from barter_python.timed import Timed

TIME_MIN = datetime.min.replace(tzinfo=UTC)
"""The earliest time there is; stands for Rust's `MIN_UTC`."""
TIME_MAX = datetime.max.replace(tzinfo=UTC)
"""The latest time there is; stands for Rust's `MAX_UTC`."""
CID = ClientOrderId("cid")
D = Decimal


def plus_days(days: int, base: datetime = TIME_MIN) -> datetime:
    return base + timedelta(days=days)


def plus_seconds(seconds: float, base: datetime = TIME_MIN) -> datetime:
    return base + timedelta(seconds=seconds)


def decimals(text: str) -> list[Decimal]:
    """Numbers separated by blanks."""
    return [Decimal(number) for number in text.split()]


def trade(
    side: Side,
    price: str | Decimal,
    quantity: str | Decimal,
    fees: str | Decimal = "0",
    *,
    time: datetime = TIME_MIN,
    instrument: int = 0,
    id: str = "trade_id",  # noqa: A002 - the member's name
) -> Trade:
    return Trade(
        TradeId(id),
        OrderId("order_id"),
        InstrumentIndex(instrument),
        StrategyId("strategy"),
        time,
        side,
        Decimal(price),
        Decimal(quantity),
        AssetFees.quote_fees(Decimal(fees)),
    )


def asset_state(symbol: str, total: str, free: str, time: datetime) -> AssetState:
    """An asset whose statistics were started by the balance it has now."""
    balance = Timed(Balance(Decimal(total), Decimal(free)), time)
    return AssetState(Asset.new_from_exchange(symbol), TearSheetAssetGenerator.init(balance), balance)


def exchange_asset(exchange: ExchangeId, symbol: str) -> ExchangeAsset[Asset]:
    return ExchangeAsset(exchange, Asset.new_from_exchange(symbol))


def spot(exchange: ExchangeId, base: str, quote: str) -> InstrumentDefinition:
    """A spot instrument that its exchange calls `base_quote`."""
    name = f"{base}_{quote}"
    return Instrument.spot(exchange, InstrumentNameInternal.new_from_exchange(exchange, name), name, (base, quote))


def indexed_spot(exchange: tuple[int, ExchangeId], name: str, base: int, quote: int) -> Instrument:
    """What `spot` becomes in an index."""
    index, venue = exchange
    pair = Underlying(AssetIndex(base), AssetIndex(quote))
    return Instrument.spot(venue, f"{venue.value}-{name}", name, pair).map_exchange_key(Keyed(ExchangeIndex(index), venue))


def order_key(cid: str = CID, *, instrument: int = 0, exchange: int = 0, strategy: str = STRATEGY_UNKNOWN) -> OrderKey:
    return OrderKey(ExchangeIndex(exchange), InstrumentIndex(instrument), StrategyId(strategy), ClientOrderId(cid))


def order(
    state: OrderState,
    cid: str = CID,
    *,
    side: Side = Side.BUY,
    price: str = "1",
    quantity: str = "1",
    kind: OrderKind = OrderKind.LIMIT,
    time_in_force: TimeInForce = TimeInForce.GOOD_UNTIL_CANCELLED,
    instrument: int = 0,
    exchange: int = 0,
) -> Order:
    key = order_key(cid, instrument=instrument, exchange=exchange)
    return Order(key, side, Decimal(price), Decimal(quantity), kind, time_in_force, state)


def open_state(time: datetime = TIME_MIN, filled: str | Decimal = "0", id: str = "") -> Open:  # noqa: A002 - the member's name
    return Open(OrderId(id), time, Decimal(filled))


def request_open(
    cid: str = CID,
    *,
    side: Side = Side.BUY,
    price: str = "1",
    quantity: str = "1",
    kind: OrderKind = OrderKind.LIMIT,
    time_in_force: TimeInForce = TimeInForce.GOOD_UNTIL_END_OF_DAY,
    instrument: int = 0,
    exchange: int = 0,
) -> OrderRequestOpen:
    key = order_key(cid, instrument=instrument, exchange=exchange)
    return OrderRequestOpen(key, RequestOpen(side, Decimal(price), Decimal(quantity), kind, time_in_force))


def request_cancel(cid: str = CID, *, id: str | None = None, instrument: int = 0, exchange: int = 0) -> OrderRequestCancel:  # noqa: A002
    return OrderRequestCancel(
        order_key(cid, instrument=instrument, exchange=exchange), RequestCancel(None if id is None else OrderId(id))
    )
