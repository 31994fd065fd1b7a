"""Unit traces of the parts of the engine's state, of the clock, of books and of risk checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from barter_python.codec.data import level, market_event, order_book, order_book_event, order_book_l1
from barter_python.codec.engine import check_fail_higher_than, engine_event
from barter_python.codec.execution import INDEXED
from barter_python.codec.instrument import asset, exchange_id, side
from barter_python.codec.scalar import decimal, instant
from barter_python.codec.shape import option, sequence
from barter_python.codec.state import (
    asset_state,
    connectivity_states,
    default_instrument_market_data,
    position_exited,
    trading_state_update_audit,
)
from barter_python.codec.state import (
    orders as orders_codec,
)
from barter_python.codec.state import (
    position as position_codec,
)
from barter_python.codec.state import (
    trading_state as trading_state_codec,
)
from barter_python.data.book import OrderBook
from barter_python.engine.clock import HistoricalClock
from barter_python.engine.sequence import Sequence
from barter_python.engine.state.asset.state import AssetState
from barter_python.engine.state.connectivity import ConnectivityState, ConnectivityStates, Health
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.order.manager import Orders
from barter_python.execution.position import (
    PositionManager,
    calculate_pnl_realised,
    calculate_pnl_return,
    calculate_pnl_unrealised,
    calculate_price_entry_average,
)
from barter_python.instrument.exchange import ExchangeIndex
from barter_python.risk.check import (
    CheckHigherThan,
    calculate_abs_percent_difference,
    calculate_delta,
    calculate_quote_notional,
)
from barter_python.statistic.summary.asset import TearSheetAssetGenerator

from .statistics import timed_balance

__all__ = ["asset_", "books", "clock", "connectivity", "market_data", "orders", "pnl", "position", "risk"]
__all__ += ["sequence_", "trading_state"]

_decimal_option = option(decimal)
_levels = sequence(level)


def _arguments(given: Any) -> dict[str, Any]:
    """The named arguments of a function: every one is a decimal, except sides."""
    names = (name for name in given if name != "fn")
    return {name: side.read(given[name]) if name.endswith("side") else decimal.read(given[name]) for name in names}


_PNL: dict[str, Callable[..., Any]] = {
    "calculate_pnl_unrealised": calculate_pnl_unrealised,
    "calculate_pnl_realised": calculate_pnl_realised,
    "calculate_pnl_return": calculate_pnl_return,
}


def pnl(given: Any) -> object:
    """Evaluate a formula of profit and loss."""
    arguments = _arguments(given)
    if given["fn"] == "price_entry_average":
        return decimal.write(
            calculate_price_entry_average(
                arguments["current_price_entry_average"],
                arguments["current_quantity_abs"],
                arguments["trade_price"],
                arguments["trade_quantity_abs"],
            )
        )
    return decimal.write(_PNL[given["fn"]](**arguments))


def position(given: Any) -> object:
    """Apply fills to a position."""
    manager, exited = PositionManager(), option(position_exited)
    current = option(position_codec)
    results = []
    for trade in given["trades"]:
        closed = manager.update_from_trade(INDEXED.trade.read(trade))
        results.append({"current": current.write(manager.current), "exited": exited.write(closed)})
    return results


def orders(given: Any) -> object:
    """Apply requests, snapshots and answers to the orders of an instrument."""
    tracked = Orders()
    results = []
    for item in given:
        match item["op"]:
            case "open_request":
                tracked.record_in_flight_open(INDEXED.order_request_open.read(item["value"]))
            case "cancel_request":
                tracked.record_in_flight_cancel(INDEXED.order_request_cancel.read(item["value"]))
            case "snapshot":
                tracked.update_from_order_snapshot(INDEXED.order.read(item["value"]))
            case "cancel_response":
                tracked.update_from_cancel_response(INDEXED.order_response_cancel.read(item["value"]))
            case other:
                raise NotImplementedError(other)
        results.append(orders_codec.write(tracked))
    return results


def connectivity(given: Any) -> object:
    """Apply events and disconnects."""
    exchanges = [exchange_id.read(name) for name in given["exchanges"]]
    states = ConnectivityStates(Health.RECONNECTING, {exchange: ConnectivityState() for exchange in exchanges})
    results = [connectivity_states.write(states)]
    for item in given["ops"]:
        match item["op"]:
            case "account_event":
                states.update_from_account_event(ExchangeIndex(item["exchange"]))
            case "account_reconnecting":
                states.update_from_account_reconnecting(exchange_id.read(item["exchange"]))
            case "market_event":
                states.update_from_market_event(exchange_id.read(item["exchange"]))
            case "market_reconnecting":
                states.update_from_market_reconnecting(exchange_id.read(item["exchange"]))
            case other:
                raise NotImplementedError(other)
        results.append(connectivity_states.write(states))
    return results


def asset_(given: Any) -> object:
    """Apply balances to an asset."""
    initial = timed_balance(given["initial"])
    statistics = TearSheetAssetGenerator() if initial is None else TearSheetAssetGenerator.init(initial)
    state = AssetState(asset.read(given["asset"]), statistics, initial)
    results = []
    for balance in given["balances"]:
        state.update_from_balance(INDEXED.asset_balance.read(balance))
        results.append(asset_state.write(state))
    return results


def trading_state(given: Any) -> object:
    """Switch trading on and off."""
    state = trading_state_codec.read(given["initial"])
    results = []
    for update in given["updates"]:
        audit = state.update(trading_state_codec.read(update))
        state = audit.current
        results.append(
            {
                "state": trading_state_codec.write(state),
                "audit": trading_state_update_audit.write(audit),
                "transitioned_to_disabled": audit.transitioned_to_disabled(),
            }
        )
    return results


def sequence_(given: Any) -> object:
    """Count."""
    counter = Sequence(given["start"])
    returned = [counter.fetch_add() for _ in range(given["fetch_add"])]
    return {"returned": returned, "value": counter.value}


def clock(given: Any) -> object:
    """Tell the time after each event."""
    told = HistoricalClock(instant.read(given["start"]))
    results = []
    for event in given["events"]:
        told.process(engine_event.read(event))
        results.append(instant.write(told.time()))
    return results


def market_data(given: Any) -> object:
    """Take in market events of an instrument."""
    data = DefaultInstrumentMarketData(follows_books=False)
    results = []
    for event in given["events"]:
        data.process(market_event.read(event))
        price = data.price()
        results.append({"state": default_instrument_market_data.write(data), "price": _decimal_option.write(price)})
    return results


def books(given: Any) -> object:
    """Apply events to a book, cut a book, or price level one."""
    if "l1" in given:
        l1 = order_book_l1.read(given["l1"])
        return {
            "mid_price": _decimal_option.write(l1.mid_price()),
            "volume_weighed_mid_price": _decimal_option.write(l1.volume_weighed_mid_price()),
        }
    if "book" in given:
        return _book(_sorted(order_book.read(given["book"])).snapshot(given["snapshot_depth"]))
    book = OrderBook()
    results = []
    for document in given["events"]:
        event = order_book_event.read(document)
        book.update(type(event)(_sorted(event.book)))
        prices = {
            "mid_price": _decimal_option.write(book.mid_price()),
            "volume_weighed_mid_price": _decimal_option.write(book.volume_weighed_mid_price()),
        }
        results.append({**_book(book), **prices})
    return results


def _sorted(book: OrderBook) -> OrderBook:
    return OrderBook(book.sequence, book.time_engine, book.bids.levels, book.asks.levels)


def _book(book: OrderBook) -> dict[str, object]:
    return {
        "sequence": book.sequence,
        "time_engine": option(instant).write(book.time_engine),
        "bids": _levels.write(book.bids.levels),
        "asks": _levels.write(book.asks.levels),
    }


_RISK: dict[str, Callable[..., Any]] = {
    "calculate_quote_notional": calculate_quote_notional,
    "calculate_abs_percent_difference": calculate_abs_percent_difference,
    "calculate_delta": calculate_delta,
}


def risk(given: Any) -> object:
    """Evaluate a check or a formula of risk."""
    arguments = _arguments(given)
    if given["fn"] == "check_higher_than":
        failure = CheckHigherThan(arguments["limit"]).check(arguments["input"])
        return {"Ok": None} if failure is None else {"Err": check_fail_higher_than.write(failure)}
    return _decimal_option.write(_RISK[given["fn"]](**arguments))
