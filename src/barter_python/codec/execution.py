"""Codecs of orders, trades, balances and account events. Rust origin: barter-execution.

Each comes in two forms: inside the engine exchanges, assets and instruments are indexes, outside they are names. `INDEXED` and
`UNINDEXED` hold the codecs of either form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from barter_python.codec.collection import result
from barter_python.codec.error import api_error, client_error, order_error
from barter_python.codec.instrument import (
    asset_index,
    asset_name_exchange,
    exchange_id,
    exchange_index,
    instrument_index,
    instrument_name_exchange,
    side,
)
from barter_python.codec.scalar import boolean, decimal, enumeration, instant, marker, text
from barter_python.codec.shape import Codec, addition, bare, convert, member, option, sequence, struct, union, variant
from barter_python.execution.account import (
    AccountEvent,
    AccountReconnecting,
    AccountSnapshot,
    AccountStreamEvent,
    Funding,
    InstrumentAccountSnapshot,
)
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.error import ApiError, ClientError, OrderError
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.request import (
    OrderRequestCancel,
    OrderRequestOpen,
    OrderResponseCancel,
    RequestCancel,
    RequestOpen,
)
from barter_python.execution.order.state import (
    EXPIRED,
    FULLY_FILLED,
    OPEN_IN_FLIGHT,
    ActiveOrderState,
    CancelInFlight,
    Cancelled,
    Expired,
    FullyFilled,
    Open,
    OpenFailed,
    OpenInFlight,
    OrderState,
)
from barter_python.execution.request import ExecutionRequest, ExecutionShutdown
from barter_python.execution.trade import AssetFees, Liquidity, Trade
from barter_python.instrument.asset import QUOTE_ASSET

__all__ = [
    "INDEXED",
    "UNINDEXED",
    "ExecutionCodecs",
    "active_order_state",
    "balance",
    "cancelled",
    "execution_codecs",
    "open_order",
    "order_kind",
    "quote_fees",
    "request_cancel",
    "request_open",
    "time_in_force",
    "trigger",
]

order_kind: Final = enumeration(OrderKind)


def _time_in_force() -> Codec[TimeInForce]:
    good = struct(lambda post_only: TimeInForce.good_until_cancelled(post_only=post_only), post_only=boolean)
    others = (TimeInForce.GOOD_UNTIL_END_OF_DAY, TimeInForce.FILL_OR_KILL, TimeInForce.IMMEDIATE_OR_CANCEL)
    read = union(variant("GoodUntilCancelled", good, TimeInForce), *(bare(item.value, item) for item in others)).read
    return Codec(read, lambda value: value.value if value in others else {"GoodUntilCancelled": good.write(value)})


time_in_force: Final = _time_in_force()

open_order: Final = struct(Open, id=text, time_exchange=instant, filled_quantity=decimal)
cancelled: Final = struct(Cancelled, id=text, time_exchange=instant)
active_order_state: Final[Codec[ActiveOrderState]] = union(
    variant("OpenInFlight", marker(OPEN_IN_FLIGHT), OpenInFlight),
    variant("Open", open_order, Open),
    variant("CancelInFlight", struct(CancelInFlight, order=option(open_order)), CancelInFlight),
)

trigger: Final = struct(Trigger, price=decimal, kind=enumeration(TriggerKind))
request_open: Final = struct(
    RequestOpen,
    side=side,
    price=decimal,
    quantity=decimal,
    kind=order_kind,
    time_in_force=time_in_force,
    reduce_only=addition(boolean, absent=False),
    trigger=addition(option(trigger)),
)
request_cancel: Final = struct(RequestCancel, id=option(text))

balance: Final = struct(Balance, total=decimal, free=decimal)
quote_fees: Final = struct(AssetFees, asset=marker(QUOTE_ASSET), fees=decimal)

_account_reconnecting: Final[Codec[AccountReconnecting]] = convert(exchange_id, AccountReconnecting, lambda event: event.exchange)


@dataclass(slots=True, frozen=True)
class ExecutionCodecs:
    """The codecs of one form of keys.

    Attributes:
        order: In any state, the form of events and account snapshots.
        order_active: In an active state, the form of the engine's state.
        order_response_open: The answer to a request to open: its state is `Open`, or `OpenFailed` on the `Err` side.
    """

    api_error: Codec[ApiError]
    order_error: Codec[OrderError]
    client_error: Codec[ClientError]
    order_key: Codec[OrderKey]
    order_state: Codec[OrderState]
    order: Codec[Order]
    order_active: Codec[Order]
    order_request_open: Codec[OrderRequestOpen]
    order_request_cancel: Codec[OrderRequestCancel]
    order_response_open: Codec[Order]
    order_response_cancel: Codec[OrderResponseCancel]
    trade: Codec[Trade]
    asset_balance: Codec[AssetBalance]
    instrument_account_snapshot: Codec[InstrumentAccountSnapshot]
    account_snapshot: Codec[AccountSnapshot]
    account_event: Codec[AccountEvent]
    account_stream_event: Codec[AccountStreamEvent]
    execution_request: Codec[ExecutionRequest]


def execution_codecs(exchange: Codec[Any], asset: Codec[Any], instrument: Codec[Any]) -> ExecutionCodecs:
    """The codecs for keys of this form."""
    api = api_error(asset, instrument)
    failure = order_error(api)
    key = struct(OrderKey, exchange=exchange, instrument=instrument, strategy=text, cid=text)
    state = _order_state(failure)
    order = _order(key, state)
    request_to_open = struct(OrderRequestOpen, key=key, state=request_open)
    request_to_cancel = struct(OrderRequestCancel, key=key, state=request_cancel)
    response_cancel = struct(OrderResponseCancel, key=key, state=result(cancelled, failure, Cancelled))
    trade = _trade(instrument, asset)
    asset_balance = struct(AssetBalance, asset=asset, balance=balance, time_exchange=instant)
    instrument_snapshot = struct(InstrumentAccountSnapshot, instrument=instrument, orders=member(sequence(order), absent=[]))
    snapshot = struct(
        AccountSnapshot, exchange=exchange, balances=sequence(asset_balance), instruments=sequence(instrument_snapshot)
    )
    kind: Codec[Any] = union(
        variant("Snapshot", snapshot, AccountSnapshot),
        variant("BalanceSnapshot", asset_balance, AssetBalance),
        variant("OrderSnapshot", order, Order),
        variant("OrderCancelled", response_cancel, OrderResponseCancel),
        variant("Trade", trade, Trade),
        variant("Funding", struct(Funding, instrument=instrument, time_exchange=instant, amount=decimal), Funding),
    )
    event = struct(AccountEvent, exchange=exchange, kind=kind)
    return ExecutionCodecs(
        api_error=api,
        order_error=failure,
        client_error=client_error(api),
        order_key=key,
        order_state=state,
        order=order,
        order_active=_order(key, active_order_state),
        order_request_open=request_to_open,
        order_request_cancel=request_to_cancel,
        order_response_open=_order(key, result(open_order, _open_failed(failure), Open)),
        order_response_cancel=response_cancel,
        trade=trade,
        asset_balance=asset_balance,
        instrument_account_snapshot=instrument_snapshot,
        account_snapshot=snapshot,
        account_event=event,
        account_stream_event=union(
            variant("Item", event, AccountEvent), variant("Reconnecting", _account_reconnecting, AccountReconnecting)
        ),
        execution_request=union(
            bare("Shutdown", ExecutionShutdown()),
            variant("Cancel", request_to_cancel, OrderRequestCancel),
            variant("Open", request_to_open, OrderRequestOpen),
        ),
    )


def _open_failed(failure: Codec[OrderError]) -> Codec[OpenFailed]:
    return convert(failure, OpenFailed, lambda state: state.error)


def _order_state(failure: Codec[OrderError]) -> Codec[OrderState]:
    inactive: Codec[Any] = union(
        variant("Cancelled", cancelled, Cancelled),
        bare("FullyFilled", FULLY_FILLED),
        variant("OpenFailed", _open_failed(failure), OpenFailed),
        bare("Expired", EXPIRED),
    )
    return union(
        variant("Active", active_order_state, OpenInFlight, Open, CancelInFlight),
        variant("Inactive", inactive, Cancelled, FullyFilled, OpenFailed, Expired),
    )


def _order(key: Codec[OrderKey], state: Codec[Any]) -> Codec[Order]:
    return struct(
        Order,
        key=key,
        side=side,
        price=decimal,
        quantity=decimal,
        kind=order_kind,
        time_in_force=time_in_force,
        state=state,
        reduce_only=addition(boolean, absent=False),
        trigger=addition(option(trigger)),
    )


def _trade(instrument: Codec[Any], asset: Codec[Any]) -> Codec[Trade]:
    return struct(
        Trade,
        id=text,
        order_id=text,
        instrument=instrument,
        strategy=text,
        time_exchange=instant,
        side=side,
        price=decimal,
        quantity=decimal,
        fees=quote_fees,
        liquidity=addition(option(enumeration(Liquidity))),
        fees_charged=addition(option(struct(AssetFees, asset=_index_or_name(asset), fees=decimal))),
    )


def _index_or_name(asset: Codec[Any]) -> Codec[Any]:
    """An asset that no instrument of the run uses keeps the venue's name among indexes, too."""

    def codec(value: object) -> Codec[Any]:
        return asset_name_exchange if isinstance(value, str) else asset

    return Codec(lambda document: codec(document).read(document), lambda value: codec(value).write(value))


INDEXED: Final = execution_codecs(exchange_index, asset_index, instrument_index)
"""Keys are indexes: the form inside the engine."""
UNINDEXED: Final = execution_codecs(exchange_id, asset_name_exchange, instrument_name_exchange)
"""Keys are the venue's names: the form of execution clients and configurations."""
