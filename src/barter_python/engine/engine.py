"""The engine: event in, audit out. Rust origin: barter::engine (mod.rs), barter::engine::action.

`Engine.step` is the hot path: the market branch comes first, and an event that leads to nothing allocates nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal, Overflow
from typing import Any, Final, Generic, NamedTuple, TypeVar

from barter_python.data.event import MarketEvent, MarketReconnecting, MarketStreamEvent
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
    UpdateFromAccountOutput,
    UpdateFromMarketOutput,
    UpdateTradingStateOutput,
)
from barter_python.engine.audit.audit import AuditTick, EngineAudit, EngineContext, ProcessAudit
from barter_python.engine.clock import EngineClock
from barter_python.engine.command import CancelOrders, ClosePositions, Command, SendCancelRequests, SendOpenRequests
from barter_python.engine.error import (
    ClientOrderIdReused,
    EngineError,
    ExecutionChannelTerminated,
    ExecutionChannelUnhealthy,
    UnrecoverableEngineError,
)
from barter_python.engine.event import EngineEvent, Shutdown, TradingStateUpdate
from barter_python.engine.sent_cids import SentCids
from barter_python.engine.sequence import EngineMeta, Sequence
from barter_python.engine.state.global_data import GlobalData
from barter_python.engine.state.instrument.data import InstrumentDataState
from barter_python.engine.state.instrument.filter import InstrumentFilter
from barter_python.engine.state.state import EngineState, InvalidEventError
from barter_python.engine.state.trading import TradingState
from barter_python.errors import BarterError, ExchangeIndexError, IndexLookupError
from barter_python.execution.account import AccountEvent, AccountReconnecting, AccountStreamEvent
from barter_python.execution.balance import AssetBalance
from barter_python.execution.execution_tx import ExecutionTxMap, TxError
from barter_python.execution.order.check import check_pair, check_requests
from barter_python.execution.order.request import OrderRequest, OrderRequestCancel, OrderRequestOpen, to_request_cancel
from barter_python.execution.position import PositionExited
from barter_python.execution.request import ExecutionShutdown
from barter_python.instrument.asset import AssetIndex
from barter_python.instrument.exchange import ExchangeId
from barter_python.numeric import in_money_context
from barter_python.risk.manager import RiskManager, check_review
from barter_python.statistic.portfolio.tracker import PortfolioTracker
from barter_python.statistic.summary.trading import TradingSummaryGenerator
from barter_python.strategy.strategy import NO_ORDERS, Strategy

__all__ = ["NOTHING", "Engine", "StepOutcome", "process_with_audit"]

GlobalT = TypeVar("GlobalT", bound=GlobalData)
DataT = TypeVar("DataT", bound=InstrumentDataState)
OutputT = TypeVar("OutputT")
RequestT = TypeVar("RequestT", OrderRequestCancel, OrderRequestOpen)


class StepOutcome(NamedTuple):
    """What one event led to: the members of a `ProcessAudit` besides the event, in its order.

    Attributes:
        outputs: What it led to, in order.
        errors: Why the engine has to stop.
        requests_unreported: See `ProcessAudit`.
    """

    outputs: tuple[EngineOutput, ...] = ()
    errors: tuple[UnrecoverableEngineError, ...] = ()
    requests_unreported: tuple[SendCancelsAndOpensOutput, ...] = ()


NOTHING: Final = StepOutcome()
"""The outcome of an event that led to nothing: one object, so that such an event allocates nothing."""

_ENABLED: Final = TradingState.ENABLED
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Engine(Generic[GlobalT, DataT]):
    """Processes events one at a time, keeps the state, and sends the strategy's orders.

    Deterministic: what it does depends on its state and the event alone.

    Attributes:
        clock: Tells the engine's time.
        meta: Start of the run, and number of the next audit.
        portfolio: Accounts for what is earned, None where nobody wants to know; see `track`.
        state: Everything it knows.
        execution_txs: Where requests go.
        strategy: Decides on orders.
        risk: Reviews them.

    Args:
        clock: Tells the engine's time.
        state: To start with.
        execution_txs: Where requests go.
        strategy: Decides on orders.
        risk: Reviews them.
        cids_unique: Whether an order is refused whose client order id the instrument has had before; Rust sends it.
    """

    __slots__ = (
        "_hook_requests",
        "_sample_after",
        "_sent_cids",
        "clock",
        "execution_txs",
        "meta",
        "portfolio",
        "risk",
        "state",
        "strategy",
    )

    def __init__(
        self,
        clock: EngineClock,
        state: EngineState[GlobalT, DataT],
        execution_txs: ExecutionTxMap,
        strategy: Strategy,
        risk: RiskManager,
        *,
        cids_unique: bool = True,
    ) -> None:
        self.clock: EngineClock = clock
        self.meta: EngineMeta = EngineMeta(clock.time(), Sequence(0))
        self.state: EngineState[GlobalT, DataT] = state
        self.execution_txs: ExecutionTxMap = execution_txs
        self.strategy: Strategy = strategy
        self.risk: RiskManager = risk
        self._hook_requests: list[SendCancelsAndOpensOutput] | None = None
        self._sent_cids: SentCids | None = SentCids() if cids_unique else None
        self.portfolio: PortfolioTracker | None = None
        self._sample_after = _NEVER

    def track(self, portfolio: PortfolioTracker) -> None:
        """Let a portfolio take in what the engine takes in, from now on: before the first event."""
        balances = [
            AssetBalance(AssetIndex(index), state.balance.value, state.balance.time)
            for index, state in enumerate(self.state.assets)
            if state.balance is not None
        ]
        portfolio.start(self.meta.time_start, self.state.instruments.states, balances)
        self.portfolio = portfolio
        self._sample_after = portfolio.time_next

    @in_money_context
    def process(self, event: EngineEvent) -> ProcessAudit:
        """Process an event, and report what it led to.

        An event that names something unknown, or that means nothing, changes nothing and is reported as refused.
        """
        return ProcessAudit(event, *self.step(event))

    def step(self, event: EngineEvent) -> StepOutcome:
        """Process an event without building an audit. For run loops, which install the money context themselves."""
        if type(event) is not MarketEvent:
            return self._step_rare(event)
        if event.time_exchange > self._sample_after:
            self._sample(event.time_exchange)
        try:
            self.state.update_from_market(event)
        except (IndexLookupError, Overflow) as error:
            return _refused(error)
        self.clock.process(event)
        if self.state.trading is not _ENABLED:
            return NOTHING
        answer = self.strategy.generate_algo_orders(self.state)
        if answer is NO_ORDERS:
            return NOTHING
        cancels, opens = answer if type(answer) is tuple and len(answer) == 2 else check_pair(answer)
        if not cancels and not opens:
            return NOTHING
        return _with_algo_orders((), (), self._send_algo_orders(cancels, opens))

    def _sample(self, time: datetime) -> None:
        """Let the portfolio remember what is the case before an event of `time`."""
        if self.portfolio is not None:
            self.portfolio.on_time(time)
            self._sample_after = self.portfolio.time_next

    def _update_from_account(self, event: AccountEvent) -> PositionExited | None:
        exited = self.state.update_from_account(event)
        if self.portfolio is not None:
            self.portfolio.update_from_account(event)
            self._sample_after = self.portfolio.time_next
        return exited

    def _step_rare(self, event: EngineEvent) -> StepOutcome:
        """Process anything but a market event."""
        outputs: tuple[EngineOutput, ...] = ()
        requests: tuple[SendCancelsAndOpensOutput, ...] = ()
        match event:
            case Shutdown():
                return NOTHING
            case AccountEvent():
                try:
                    exited = self._update_from_account(event)
                except (IndexLookupError, InvalidEventError, Overflow) as error:
                    return _refused(error)
                self.clock.process(event)
                outputs = () if exited is None else (exited,)
            case AccountReconnecting() | MarketReconnecting():
                try:
                    self._update_connectivity(event)
                except IndexLookupError as error:
                    return _refused(error)
                output, requests = self._call_hook(lambda: self.strategy.on_disconnect(self, event.exchange))
                disconnect = AccountDisconnect if isinstance(event, AccountReconnecting) else MarketDisconnect
                outputs = (disconnect(output),)
            case TradingStateUpdate(trading_state=trading_state):
                disabled, requests = self._call_hook(lambda: self.update_from_trading_state_update(trading_state))
                outputs = () if disabled is None else (disabled,)
            case SendCancelRequests() | SendOpenRequests() | ClosePositions() | CancelOrders():
                if isinstance(event, SendCancelRequests | SendOpenRequests):
                    try:
                        self.state.validate_keys(event.requests)
                    except IndexLookupError as error:
                        return _refused(error)
                action = self.action(event)
                outputs, errors = (Commanded(action),), _unrecoverable_errors(action)
                if errors:
                    return StepOutcome(outputs, errors)
            case _:
                raise TypeError(f"cannot process {type(event).__name__}, expected an EngineEvent")
        if self.state.trading is not _ENABLED:
            return StepOutcome(outputs, (), requests)
        return _with_algo_orders(outputs, requests, self.generate_algo_orders())

    def _update_connectivity(self, event: AccountReconnecting | MarketReconnecting) -> None:
        if isinstance(event, AccountReconnecting):
            self.state.connectivity.update_from_account_reconnecting(event.exchange)
        else:
            self.state.connectivity.update_from_market_reconnecting(event.exchange)

    def _call_hook(self, hook: Callable[[], OutputT]) -> tuple[OutputT, tuple[SendCancelsAndOpensOutput, ...]]:
        """What calling a hook of the strategy led to, and the requests that it had the engine send."""
        requests: list[SendCancelsAndOpensOutput] = []
        self._hook_requests = requests
        try:
            return hook(), tuple(requests)
        finally:
            self._hook_requests = None

    def update_from_account_stream(self, event: AccountStreamEvent) -> UpdateFromAccountOutput:
        """Apply an account event alone: the clock stands still and the strategy is not asked for orders.

        Raises:
            IndexLookupError: The event names something that is not part of the run. Nothing is changed then.
            InvalidEventError: The event is a fill of nothing. Nothing is changed then.
        """
        if isinstance(event, AccountEvent):
            return self._update_from_account(event)
        self._update_connectivity(event)
        return AccountDisconnect(self.strategy.on_disconnect(self, event.exchange))

    def update_from_market_stream(self, event: MarketStreamEvent) -> UpdateFromMarketOutput:
        """Apply a market event alone: the clock stands still and the strategy is not asked for orders.

        Raises:
            IndexLookupError: The event names something that is not part of the run. Nothing is changed then.
        """
        if isinstance(event, MarketEvent):
            if event.time_exchange > self._sample_after:
                self._sample(event.time_exchange)
            self.state.update_from_market(event)
            return None
        self._update_connectivity(event)
        return MarketDisconnect(self.strategy.on_disconnect(self, event.exchange))

    def update_from_trading_state_update(self, update: TradingState) -> UpdateTradingStateOutput:
        """Switch trading on or off; calls the strategy's hook where that disables it."""
        audit = self.state.trading.update(update)
        self.state.trading = audit.current
        return OnTradingDisabled(self.strategy.on_trading_disabled(self)) if audit.transitioned_to_disabled() else None

    def action(self, command: Command) -> ActionOutput:
        """Obey a command."""
        match command:
            case SendCancelRequests(requests=cancels):
                return CancelOrdersOutput(self._send_cancels_and_opens(cancels, ()).cancels)
            case SendOpenRequests(requests=opens):
                return OpenOrdersOutput(self._send_cancels_and_opens((), opens).opens)
            case ClosePositions(filter=selected):
                return self.close_positions(selected)
            case CancelOrders(filter=selected):
                return CancelOrdersOutput(self.cancel_orders(selected))

    def generate_algo_orders(self) -> GenerateAlgoOrdersOutput:
        """Ask the strategy for orders, have them reviewed, and send what was approved."""
        answer = self.strategy.generate_algo_orders(self.state)
        return GenerateAlgoOrdersOutput() if answer is NO_ORDERS else self._send_algo_orders(*check_pair(answer))

    def _send_algo_orders(self, wanted_cancels: object, wanted_opens: object) -> GenerateAlgoOrdersOutput:
        cancels, opens = check_requests(wanted_cancels, wanted_opens)
        review = self.risk.check(self.state, cancels, opens)
        cancels_approved, opens_approved = tuple(review[0]), tuple(review[1])
        cancels_refused, opens_refused = tuple(review[2]), tuple(review[3])
        check_review(self.risk, cancels, cancels_approved, cancels_refused)
        check_review(self.risk, opens, opens_approved, opens_refused)
        sent = self._send_cancels_and_opens(cancels_approved, opens_approved)
        return GenerateAlgoOrdersOutput(sent, cancels_refused, opens_refused)

    def close_positions(self, filter: InstrumentFilter = None) -> SendCancelsAndOpensOutput:  # noqa: A002
        """Send what the strategy answers to close the positions of the selected instruments. Bypasses the risk manager."""
        answer = check_pair(self.strategy.close_positions_requests(self.state, filter))
        return self._send_cancels_and_opens(*check_requests(*answer))

    def _send_cancels_and_opens(
        self, cancels: Iterable[OrderRequestCancel], opens: Iterable[OrderRequestOpen]
    ) -> SendCancelsAndOpensOutput:
        """Send requests and record in the state what was sent."""
        output = SendCancelsAndOpensOutput(self.send_requests(cancels), self.send_requests(opens))
        self.state.record_in_flight_cancels(output.cancels.sent)
        self.state.record_in_flight_opens(output.opens.sent)
        if self._hook_requests is not None:
            self._hook_requests.append(output)
        return output

    def cancel_orders(self, filter: InstrumentFilter = None) -> SendRequestsOutput[OrderRequestCancel]:  # noqa: A002
        """Cancel every order of the selected instruments that is not being cancelled yet. Bypasses the risk manager."""
        tracked = (order for orders in self.state.instruments.orders(filter) for order in orders)
        requests = [request for request in map(to_request_cancel, tracked) if request is not None]
        return self._send_cancels_and_opens(requests, ()).cancels

    def send_requests(self, requests: Iterable[RequestT]) -> SendRequestsOutput[RequestT]:
        """Send requests one by one; one that fails does not stop the next. Records nothing in the state."""
        sent: list[RequestT] = []
        errors: list[tuple[RequestT, EngineError]] = []
        for request in requests:
            error = self.send_request(request)
            if error is None:
                sent.append(request)
            else:
                errors.append((request, error))
        return SendRequestsOutput(tuple(sent), tuple(errors))

    def send_request(self, request: OrderRequest) -> EngineError | None:
        """Send one request; None where it was handed over. Records nothing in the state."""
        exchange, sent = request.key.exchange, self._sent_cids
        try:
            if isinstance(exchange, ExchangeId):
                raise ExchangeIndexError(f"exchange {exchange.value!r} is not indexed, expected an ExchangeIndex")
            tx = self.execution_txs.find(exchange)
            state = self.state.instruments.instrument_index(request.key.instrument)
            if sent is None or isinstance(request, OrderRequestCancel):
                tx.send(request)
            elif request.key.cid in state.orders or request.key in sent:
                return ClientOrderIdReused(
                    f"client order id {request.key.cid!r} was used before, expected a new one for each order"
                )
            else:
                tx.send(request)
                sent.add(request.key)
        except IndexLookupError as error:
            return error
        except TxError as error:
            if error.is_unrecoverable:
                return ExecutionChannelTerminated(f"ExchangeIndex({exchange}): {error.message}")
            return ExecutionChannelUnhealthy(f"ExchangeIndex({exchange}): {error.message}")
        return None

    def shutdown(self) -> None:
        """Tell every execution that the engine stops; one that cannot be told is gone already."""
        for tx in self.execution_txs.iter():
            try:
                tx.send(ExecutionShutdown())
            except TxError:
                continue

    def skip_audits(self, count: int) -> None:
        """Number events of which no audit was made, so that the next audit has the number that it would have had with them."""
        self.meta.sequence.value += count

    def audit(self, kind: EngineAudit) -> AuditTick[EngineAudit]:
        """Number and stamp an audit."""
        return AuditTick(kind, EngineContext(self.meta.sequence.fetch_add(), self.clock.time()))

    def audit_snapshot(self) -> AuditTick[EngineState[GlobalT, DataT]]:
        """Number and stamp a copy of the whole state, the seed of a replica."""
        return AuditTick(deepcopy(self.state), EngineContext(self.meta.sequence.fetch_add(), self.clock.time()))

    def time(self) -> datetime:
        """Now, by the engine's clock."""
        return self.clock.time()

    def reset_metadata(self) -> None:
        """Start a new run: now is its start, and audits count from 0."""
        self.meta = EngineMeta(self.clock.time(), Sequence(0))

    def trading_summary_generator(self, risk_free_return: Decimal) -> TradingSummaryGenerator:
        """Statistics of the run so far.

        Args:
            risk_free_return: Return of a riskless investment over the trading period, as a fraction.
        """
        return TradingSummaryGenerator.init(
            risk_free_return,
            self.meta.time_start,
            self.time(),
            {state.instrument.name_internal: state.tear_sheet for state in self.state.instruments},
            {key: state.statistics for key, state in self.state.assets.items()},
        )


def process_with_audit(engine: Engine[Any, Any], event: EngineEvent) -> AuditTick[EngineAudit]:
    """Process an event, and number and stamp the audit of it."""
    return engine.audit(engine.process(event))


def _refused(error: BarterError | Overflow) -> StepOutcome:
    if not isinstance(error, BarterError):
        error = InvalidEventError("the event leads to a number beyond those that money is counted in, expected less than 1e29")
    return StepOutcome((EventRefused(error),))


def _with_algo_orders(
    outputs: tuple[EngineOutput, ...],
    requests: tuple[SendCancelsAndOpensOutput, ...],
    algo: GenerateAlgoOrdersOutput,
) -> StepOutcome:
    """Add what the strategy's orders led to. Rust does not report it where the engine has to stop for it."""
    if algo.is_empty():
        return StepOutcome(outputs, (), requests)
    errors = algo.unrecoverable_errors()
    if errors:
        return StepOutcome(outputs, errors, (*requests, algo.cancels_and_opens))
    return StepOutcome((*outputs, algo), (), requests)


def _unrecoverable_errors(output: ActionOutput) -> tuple[UnrecoverableEngineError, ...]:
    if isinstance(output, CancelOrdersOutput | OpenOrdersOutput):
        return output.output.unrecoverable_errors()
    return output.unrecoverable_errors()
