"""The engine as the recorder of the traces built it: scripted strategy and risk manager, transmitters that may fail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from barter_python.codec.engine import audit_tick, engine_event
from barter_python.codec.execution import INDEXED, balance
from barter_python.codec.instrument import asset_name_internal, exchange_asset, exchange_id, indexed_instruments
from barter_python.codec.scalar import decimal, instant
from barter_python.codec.shape import pair, sequence
from barter_python.codec.state import engine_state, trading_state
from barter_python.codec.statistic import trading_summary
from barter_python.engine.clock import HistoricalClock
from barter_python.engine.engine import Engine, process_with_audit
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.instrument.filter import InstrumentFilter
from barter_python.engine.state.state import EngineState
from barter_python.execution.execution_tx import ExecutionTx, MultiExchangeTxMap, TxError
from barter_python.execution.order.id import ClientOrderId
from barter_python.execution.order.request import OrderRequest, OrderRequestCancel, OrderRequestOpen
from barter_python.execution.request import ExecutionRequest
from barter_python.risk.manager import RiskRefused, RiskReview
from barter_python.statistic.time import ANNUAL_365
from barter_python.strategy.close_positions import close_open_positions_with_market_orders
from barter_python.strategy.strategy import AlgoOrders, DefaultStrategy

_state = engine_state()
_audit = audit_tick()
_summary = trading_summary()
_balances = sequence(pair(exchange_asset(asset_name_internal), balance))
_cancels = sequence(INDEXED.order_request_cancel)
_opens = sequence(INDEXED.order_request_open)


def rust_market_data() -> DefaultInstrumentMarketData:
    """Market data as in the traces, which mix books with level one in no order: books count for nothing there."""
    return DefaultInstrumentMarketData(follows_books=False)


class ScriptedStrategy(DefaultStrategy):
    """Returns what the line of the trace says."""

    def __init__(self, strategy_id: str) -> None:
        super().__init__(strategy_id)
        self.algo: AlgoOrders = ((), ())

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        return self.algo

    def close_positions_requests(self, state: EngineState[Any, Any], filter: InstrumentFilter, /) -> AlgoOrders:  # noqa: A002
        return close_open_positions_with_market_orders(
            self.id, state, filter, lambda instrument: ClientOrderId(f"close-{instrument.key}")
        )


class ScriptedRisk:
    """Refuses some client order ids."""

    def __init__(self, refused: Iterable[str]) -> None:
        self._refused = set(refused)

    def check(
        self,
        state: EngineState[Any, Any],
        cancels: Iterable[OrderRequestCancel],
        opens: Iterable[OrderRequestOpen],
        /,
    ) -> RiskReview:
        cancels, opens = list(cancels), list(opens)
        return (
            [request for request in cancels if not self._is_refused(request)],
            [request for request in opens if not self._is_refused(request)],
            [RiskRefused(request, "refused by script") for request in cancels if self._is_refused(request)],
            [RiskRefused(request, "refused by script") for request in opens if self._is_refused(request)],
        )

    def _is_refused(self, request: OrderRequest) -> bool:
        return request.key.cid in self._refused


class ScriptedTx:
    """Accepts requests, or fails as the trace says."""

    def __init__(self, mode: str, outbox: list[ExecutionRequest]) -> None:
        self._mode = mode
        self._outbox = outbox

    def send(self, request: ExecutionRequest, /) -> None:
        if self._mode != "ok":
            raise TxError(self._mode, is_unrecoverable=self._mode == "terminated")
        self._outbox.append(request)


class Session:
    """One run of the engine."""

    def __init__(self, header: dict[str, Any]) -> None:
        start = instant.read(header["time_engine_start"])
        state = (
            EngineState.builder(
                indexed_instruments.read(header["instruments"]), DefaultGlobalData(), lambda _: rust_market_data()
            )
            .trading_state(trading_state.read(header["trading_state"]))
            .time_engine_start(start)
            .balances((key.exchange, key.asset, balance) for key, balance in _balances.read(header["balances"]))
            .build()
        )
        self._outbox: list[ExecutionRequest] = []
        self._strategy = ScriptedStrategy(header["strategy_id"])
        self._risk_free_return = decimal.read(header["risk_free_return"])
        self._engine = Engine(
            HistoricalClock(start),
            state,
            MultiExchangeTxMap((exchange_id.read(name), self._tx(mode)) for name, mode in header["execution_txs"].items()),
            self._strategy,
            ScriptedRisk(header["risk_refuse"]),
            cids_unique=False,
        )

    def _tx(self, mode: str) -> ExecutionTx | None:
        return None if mode == "missing" else ScriptedTx(mode, self._outbox)

    def process(self, event: dict[str, Any], algo: dict[str, Any]) -> dict[str, Any]:
        """Process one event; returns its audit and the requests that were accepted."""
        self._outbox.clear()
        self._strategy.algo = (_cancels.read(algo["cancels"]), _opens.read(algo["opens"]))
        audit = process_with_audit(self._engine, engine_event.read(event))
        return {
            "audit": _audit.write(audit),
            "requests": [INDEXED.execution_request.write(request) for request in self._outbox],
        }

    def state(self) -> object:
        """The whole state."""
        return _state.write(self._engine.state)

    def summary(self) -> object:
        """The summary so far."""
        generator = self._engine.trading_summary_generator(self._risk_free_return)
        return _summary.write(generator.generate(ANNUAL_365))
