"""Codecs of events, commands, outputs and audits of the engine. Rust origin: barter::engine."""

from __future__ import annotations

from typing import Any, Final

from barter_python.codec.collection import none_one_or_many, one_or_many
from barter_python.codec.data import market_stream_event
from barter_python.codec.error import engine_error, index_error, raised, unrecoverable_engine_error
from barter_python.codec.execution import INDEXED
from barter_python.codec.scalar import decimal, instant, marker, text, unsigned
from barter_python.codec.shape import Codec, bare, convert, pair, struct, union, variant
from barter_python.codec.state import instrument_filter, position_exited, trading_state
from barter_python.data.event import MarketEvent, MarketReconnecting
from barter_python.engine.action.output import (
    AccountDisconnect,
    ActionOutput,
    CancelOrdersOutput,
    Commanded,
    EngineOutput,
    EventRefused,
    GenerateAlgoOrdersOutput,
    MarketDisconnect,
    OnTradingDisabled,
    OpenOrdersOutput,
    SendCancelsAndOpensOutput,
    SendRequestsOutput,
)
from barter_python.engine.audit.audit import AuditTick, EngineAudit, EngineContext, FeedEnded, ProcessAudit
from barter_python.engine.command import CancelOrders, ClosePositions, Command, SendCancelRequests, SendOpenRequests
from barter_python.engine.event import EngineEvent, Shutdown, TradingStateUpdate
from barter_python.engine.sequence import EngineMeta, Sequence
from barter_python.engine.state.state import EngineState, InvalidEventError
from barter_python.errors import IndexLookupError
from barter_python.execution.account import AccountEvent, AccountReconnecting
from barter_python.execution.position import PositionExited
from barter_python.risk.check import CheckFailHigherThan, CheckHigherThan
from barter_python.risk.manager import RiskRefused

__all__ = [
    "action_output",
    "audit_tick",
    "check_fail_higher_than",
    "check_higher_than",
    "command",
    "engine_audit",
    "engine_context",
    "engine_event",
    "engine_meta",
    "engine_output",
    "generate_algo_orders_output",
    "risk_refused",
    "send_cancel_requests_output",
    "send_open_requests_output",
    "sequence_number",
    "shutdown",
    "state_snapshot_tick",
]

_send_cancels: Final[Codec[SendCancelRequests]] = convert(
    one_or_many(INDEXED.order_request_cancel), SendCancelRequests, lambda sent: sent.requests
)
_send_opens: Final[Codec[SendOpenRequests]] = convert(
    one_or_many(INDEXED.order_request_open), SendOpenRequests, lambda sent: sent.requests
)
_close_positions: Final[Codec[ClosePositions]] = convert(instrument_filter, ClosePositions, lambda close: close.filter)
_cancel_orders: Final[Codec[CancelOrders]] = convert(instrument_filter, CancelOrders, lambda cancel: cancel.filter)

command: Final[Codec[Command]] = union(
    variant("SendCancelRequests", _send_cancels, SendCancelRequests),
    variant("SendOpenRequests", _send_opens, SendOpenRequests),
    variant("ClosePositions", _close_positions, ClosePositions),
    variant("CancelOrders", _cancel_orders, CancelOrders),
)

shutdown: Final = marker(Shutdown())
_trading_state_update: Final[Codec[TradingStateUpdate]] = convert(
    trading_state, TradingStateUpdate, lambda update: update.trading_state
)
engine_event: Final[Codec[EngineEvent]] = union(
    variant("Shutdown", shutdown, Shutdown),
    variant("Command", command, SendCancelRequests, SendOpenRequests, ClosePositions, CancelOrders),
    variant("TradingStateUpdate", _trading_state_update, TradingStateUpdate),
    variant("Account", INDEXED.account_stream_event, AccountEvent, AccountReconnecting),
    variant("Market", market_stream_event, MarketEvent, MarketReconnecting),
)


def risk_refused(item: Codec[Any]) -> Codec[RiskRefused[Any]]:
    """A request that the risk manager refused."""
    return struct(RiskRefused, item=item, reason=text)


def _send_requests_output(request: Codec[Any]) -> Codec[SendRequestsOutput[Any]]:
    return struct(SendRequestsOutput, sent=none_one_or_many(request), errors=none_one_or_many(pair(request, engine_error)))


send_cancel_requests_output: Final = _send_requests_output(INDEXED.order_request_cancel)
send_open_requests_output: Final = _send_requests_output(INDEXED.order_request_open)
_cancels_and_opens: Final = struct(
    SendCancelsAndOpensOutput, cancels=send_cancel_requests_output, opens=send_open_requests_output
)
generate_algo_orders_output: Final = struct(
    GenerateAlgoOrdersOutput,
    cancels_and_opens=_cancels_and_opens,
    cancels_refused=none_one_or_many(risk_refused(INDEXED.order_request_cancel)),
    opens_refused=none_one_or_many(risk_refused(INDEXED.order_request_open)),
)
_cancel_orders_output: Final[Codec[CancelOrdersOutput]] = convert(
    send_cancel_requests_output, CancelOrdersOutput, lambda done: done.output
)
_open_orders_output: Final[Codec[OpenOrdersOutput]] = convert(
    send_open_requests_output, OpenOrdersOutput, lambda done: done.output
)
action_output: Final[Codec[ActionOutput]] = union(
    variant("GenerateAlgoOrders", generate_algo_orders_output, GenerateAlgoOrdersOutput),
    variant("CancelOrders", _cancel_orders_output, CancelOrdersOutput),
    variant("OpenOrders", _open_orders_output, OpenOrdersOutput),
    variant("ClosePositions", _cancels_and_opens, SendCancelsAndOpensOutput),
)

_nothing: Final[Codec[Any]] = marker(None)
_refusal: Final[Codec[Any]] = union(
    variant("IndexError", index_error, IndexLookupError), variant("InvalidEvent", raised(InvalidEventError), InvalidEventError)
)


def engine_output(on_trading_disabled: Codec[Any] = _nothing, on_disconnect: Codec[Any] = _nothing) -> Codec[EngineOutput]:
    """What the engine did.

    Args:
        on_trading_disabled: Codec of what the strategy's hook of that name returns.
        on_disconnect: Codec of what the strategy's hook of that name returns.
    """

    def hook(kind: type[Any], output: Codec[Any]) -> Codec[Any]:
        return convert(output, kind, lambda done: done.output)

    commanded: Codec[Commanded] = convert(action_output, Commanded, lambda done: done.output)
    refused: Codec[EventRefused] = convert(_refusal, EventRefused, lambda done: done.error)
    return union(
        variant("Commanded", commanded, Commanded),
        variant("OnTradingDisabled", hook(OnTradingDisabled, on_trading_disabled), OnTradingDisabled),
        variant("AccountDisconnect", hook(AccountDisconnect, on_disconnect), AccountDisconnect),
        variant("PositionExit", position_exited, PositionExited),
        variant("MarketDisconnect", hook(MarketDisconnect, on_disconnect), MarketDisconnect),
        variant("AlgoOrders", generate_algo_orders_output, GenerateAlgoOrdersOutput),
        variant("EventRefused", refused, EventRefused),  # Rust panics in its place
    )


def engine_audit(output: Codec[EngineOutput] | None = None) -> Codec[EngineAudit]:
    """What became of an event. Algo orders that Rust does not report are left out."""
    process = struct(
        ProcessAudit,
        event=engine_event,
        outputs=none_one_or_many(engine_output() if output is None else output),
        errors=none_one_or_many(unrecoverable_engine_error),
    )
    return union(bare("FeedEnded", FeedEnded()), variant("Process", process, ProcessAudit))


engine_context: Final = struct(EngineContext, sequence=unsigned, time=instant)
sequence_number: Final[Codec[Sequence]] = convert(unsigned, Sequence, lambda counter: counter.value)
engine_meta: Final = struct(EngineMeta, time_start=instant, sequence=sequence_number)


def audit_tick(output: Codec[EngineOutput] | None = None) -> Codec[AuditTick[EngineAudit]]:
    """A numbered audit; `output` is the codec of outputs where a strategy's hooks return something."""
    return struct(AuditTick, event=engine_audit(output), context=engine_context)


def state_snapshot_tick(state: Codec[EngineState[Any, Any]]) -> Codec[AuditTick[EngineState[Any, Any]]]:
    """A numbered copy of the whole state."""
    return struct(AuditTick, event=state, context=engine_context)


check_higher_than: Final = struct(CheckHigherThan, limit=decimal)
check_fail_higher_than: Final = struct(CheckFailHigherThan, limit=decimal, input=decimal)
