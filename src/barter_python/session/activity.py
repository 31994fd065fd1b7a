"""What a session did, from the audits of its engine. Its cost per event is constant, and it keeps no market events."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from barter_python.data.event import MarketEvent
from barter_python.engine.action.output import (
    CancelOrdersOutput,
    Commanded,
    EngineOutput,
    GenerateAlgoOrdersOutput,
    OpenOrdersOutput,
    SendCancelsAndOpensOutput,
)
from barter_python.engine.audit.audit import AuditTick, EngineAudit, ProcessAudit
from barter_python.engine.engine import Engine
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.execution.account import AccountEvent, Funding
from barter_python.execution.error import OrderError
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequest
from barter_python.execution.order.state import OpenFailed
from barter_python.execution.position import PositionExited
from barter_python.execution.trade import Trade
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentKey
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO
from barter_python.result.record import BacktestRecord
from barter_python.result.summary import BacktestSummary

__all__ = ["SessionActivity", "RefusedOrder"]

_LATENCIES: Final = 1_000


@dataclass(slots=True, frozen=True)
class RefusedOrder:
    """An order that was not opened.

    Attributes:
        instrument: What it would have traded.
        side: Buy or sell.
        quantity: In base units or contracts.
        reason: What the exchange says, or the risk manager in words.
    """

    instrument: InstrumentKey
    side: Side
    quantity: Decimal
    reason: OrderError | str


class SessionActivity:
    """Takes every audit.

    Args:
        instruments: What is watched and traded.

    Attributes:
        record: Requests, orders and fills.
        market: The latest prices of each instrument, by index.
        market_events: How many market events the engine has processed.
        pnl_exited: Profit and loss of all closed positions of each instrument in quote currency, by index.
        latencies: Of the last events that the venue has stamped: seconds from its stamp to our receipt.
        times_received: When the last market event of each instrument was received, aware UTC, by index; None before the first.
        refused: How many orders were refused, by an exchange or the risk manager.
        last_refusal: The latest of them, None before the first.
    """

    __slots__ = (
        "_instruments",
        "last_refusal",
        "latencies",
        "market",
        "market_events",
        "pnl_exited",
        "record",
        "refused",
        "times_received",
    )

    def __init__(self, instruments: IndexedInstruments) -> None:
        self._instruments = instruments
        self.record = BacktestRecord()
        self.market = [DefaultInstrumentMarketData() for _ in instruments.instruments()]
        self.market_events = 0
        self.pnl_exited: list[Decimal] = [ZERO] * len(self.market)
        self.latencies: deque[float] = deque(maxlen=_LATENCIES)
        self.times_received: list[datetime | None] = [None] * len(self.market)
        self.refused = 0
        self.last_refusal: RefusedOrder | None = None

    def send(self, tick: AuditTick[EngineAudit], /) -> None:
        """Take an audit."""
        self.record.events += 1
        audit = tick.event
        if not isinstance(audit, ProcessAudit):
            return
        event = audit.event
        if type(event) is MarketEvent:
            self._take_market(event)
        elif isinstance(event, AccountEvent):
            self._take_account(event)
        for requests in audit.requests_unreported:
            self._take_requests(tick, requests)
        for output in audit.outputs:
            self._take_output(tick, output)

    def summary(self, id: str, engine: Engine[Any, Any], risk_free_return: Decimal, last: EngineAudit) -> BacktestSummary:  # noqa: A002
        """The result of the session, in the shape of a backtest's.

        Args:
            id: Name of the run.
            engine: After its end.
            risk_free_return: Return of a riskless investment over the session, as a fraction.
            last: How the engine ended.
        """
        return BacktestSummary.new(id, risk_free_return, engine, self.record, self._instruments, last)

    def _take_market(self, event: MarketEvent) -> None:
        self.market_events += 1
        if 0 <= event.instrument < len(self.market):
            self.market[event.instrument].process(event)
            self.times_received[event.instrument] = event.time_received
        if event.time_exchange != event.time_received:  # where the venue sends no stamp, the receipt stands in for it
            self.latencies.append((event.time_received - event.time_exchange).total_seconds())

    def _take_account(self, event: AccountEvent) -> None:
        if isinstance(event.kind, Trade):
            self.record.trades.append(event.kind)
        elif isinstance(event.kind, Funding):
            self.record.funding.append(event.kind)
        elif isinstance(event.kind, Order):
            self.record.orders.append(event.kind)
            if isinstance(event.kind.state, OpenFailed):
                order, error = event.kind, event.kind.state.error
                self._refuse(RefusedOrder(order.key.instrument, order.side, order.quantity, error))

    def _take_output(self, tick: AuditTick[EngineAudit], output: EngineOutput) -> None:
        action = output.output if isinstance(output, Commanded) else output
        if isinstance(action, PositionExited):
            self.record.positions_exited.append(action)
            if isinstance(action.instrument, int):
                self.pnl_exited[action.instrument] += action.pnl_realised
        elif isinstance(action, GenerateAlgoOrdersOutput):
            self._take_requests(tick, action.cancels_and_opens)
            self.record.refuse(action.opens_refused)
            for refused in action.opens_refused:
                wanted = refused.item.state
                self._refuse(RefusedOrder(refused.item.key.instrument, wanted.side, wanted.quantity, refused.reason))
        elif isinstance(action, SendCancelsAndOpensOutput):
            self._take_requests(tick, action)
        elif isinstance(action, CancelOrdersOutput | OpenOrdersOutput):
            self._record(tick, action.output.sent)

    def _refuse(self, refusal: RefusedOrder) -> None:
        self.refused += 1
        self.last_refusal = refusal

    def _take_requests(self, tick: AuditTick[EngineAudit], requests: SendCancelsAndOpensOutput) -> None:
        self._record(tick, requests.cancels.sent)
        self._record(tick, requests.opens.sent)

    def _record(self, tick: AuditTick[EngineAudit], requests: Iterable[OrderRequest]) -> None:
        for request in requests:
            self.record.requests.append((tick.context.time, request))
            instrument = request.key.instrument
            self.record.prices.append(self.market[instrument].price() if isinstance(instrument, int) else None)
