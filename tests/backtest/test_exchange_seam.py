"""The seam between the kernel and exchanges that look at the market: who learns what when, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.backtest.market import EXCHANGE, INSTRUMENTS, START, Scripted, arguments, at, tick

from barter_python import NO_ORDERS, AccountEvent, AccountSnapshot, MarketEvent, MarketReconnecting, ProcessAudit, Side, TradeId
from barter_python.backtest.exchange import ExchangeLink
from barter_python.backtest.kernel import BacktestKernel, Outbox
from barter_python.engine.clock import HistoricalClock
from barter_python.engine.engine import Engine
from barter_python.engine.run import AuditTx
from barter_python.execution.exchange.model.latency import ConstantLatency, LatencyModel
from barter_python.execution.exchange.transit import ModelledTransit
from barter_python.execution.execution_tx import MultiExchangeTxMap, TxError
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.map import generate_execution_instrument_map
from barter_python.execution.order.request import OrderRequest
from barter_python.execution.request import ExecutionRequest
from barter_python.execution.trade import AssetFees, Liquidity, Trade
from barter_python.instrument.exchange import ExchangeIndex
from barter_python.instrument.name import InstrumentNameExchange

MS = timedelta(milliseconds=1)


def after(time: datetime) -> int:
    """Milliseconds since the start."""
    return (time - START) // MS


class Venue:
    """Fills every order on arrival, and writes down what it is told and when. Fills on the market or on time by script."""

    def __init__(
        self,
        log: list[str],
        timers: Sequence[int] = (),
        fills_at: Sequence[int] = (),
        *,
        is_passive: bool = False,
        name: str = "venue",
    ) -> None:
        self.log = log
        self.timers = list(timers)
        self.fills_at = set(fills_at)
        self.fills = 0
        self.is_passive = is_passive
        self.name = name

    @property
    def time_next(self) -> datetime | None:
        return at(self.timers[0]) if self.timers else None

    def account_snapshot(self, time: datetime, /) -> AccountSnapshot:
        return AccountSnapshot(EXCHANGE, [], [])

    def on_request(self, request: OrderRequest, time: datetime, /) -> list[AccountEvent]:
        self.log.append(f"{self.name}: request at {after(time)}")
        return [self._fill(time)]

    def on_market(self, event: MarketEvent, /) -> Sequence[AccountEvent]:
        moment = after(event.time_exchange)
        self.log.append(f"{self.name}: market at {moment}")
        return [self._fill(event.time_exchange)] if moment in self.fills_at else ()

    def on_time(self, time: datetime, /) -> list[AccountEvent]:
        self.log.append(f"{self.name}: time {after(time)}")
        del self.timers[0]
        return [self._fill(time)]

    def _fill(self, time: datetime) -> AccountEvent:
        self.fills += 1
        trade = Trade(
            TradeId(str(self.fills)),
            "o",  # type: ignore[arg-type]
            InstrumentNameExchange("BTCUSDT"),
            "s",  # type: ignore[arg-type]
            time,
            Side.BUY,
            Decimal(100),
            Decimal(1),
            AssetFees(),
            Liquidity.MAKER,
        )
        return AccountEvent(EXCHANGE, trade)


class Log:
    """Writes down what the engine processed, besides snapshots and the end."""

    def __init__(self, log: list[str]) -> None:
        self.log = log

    def send(self, audit: Any, /) -> None:
        assert isinstance(audit.event, ProcessAudit)
        event = audit.event.event
        if isinstance(event, MarketEvent):
            self.log.append(f"engine: market of {after(event.time_exchange)}")
        elif isinstance(event, MarketReconnecting):
            self.log.append("engine: reconnecting")
        elif isinstance(event, AccountEvent) and isinstance(event.kind, Trade):
            self.log.append(f"engine: fill {event.kind.id}")


def run(venue: Venue, events: Sequence[Any], latency: LatencyModel | None = None, order_at: int | None = None) -> BacktestKernel:
    """Run a script that orders once it has seen the market event of `order_at`."""

    def script(strategy: Scripted, state: Any, _: int) -> Any:
        price = state.instruments.states[0].data.last_traded_price
        if order_at is None or price is None or price.time != at(order_at) or strategy.calls < 0:
            return NO_ORDERS
        strategy.calls = -1_000
        return (), [strategy.market_order(state.instruments.states[0], Side.BUY, Decimal(1), Decimal(100))]

    kernel = session(venue, Scripted(script), Log(venue.log), latency)[1]
    kernel.run([events])
    return kernel


def session(
    venue: Venue,
    strategy: Scripted,
    audit_tx: AuditTx | None = None,
    latency: LatencyModel | None = None,
    outbox: Outbox | None = None,
    others: Sequence[Venue] = (),
) -> tuple[Engine[Any, Any], BacktestKernel]:
    """An engine, and the kernel that drives it, with an exchange that has the instrument and others that have none."""
    constant, dynamic = arguments([tick(0)], strategy)
    outbox = outbox or Outbox()
    engine = Engine(
        HistoricalClock(START), constant.engine_state, MultiExchangeTxMap([(EXCHANGE, outbox)]), strategy, dynamic.risk
    )
    indexer = AccountEventIndexer(generate_execution_instrument_map(INSTRUMENTS, EXCHANGE))
    links = {
        ExchangeIndex(index): ExchangeLink(found, indexer, ModelledTransit(latency or ConstantLatency()))
        for index, found in enumerate([venue, *others])
    }
    return engine, BacktestKernel(engine, outbox, links, START, audit_tx)


def test_the_exchange_sees_the_market_before_the_engine_does() -> None:
    log: list[str] = []

    run(Venue(log), [tick(0), tick(10)])

    assert log == ["venue: market at 0", "engine: market of 0", "venue: market at 10", "engine: market of 10"]


def test_a_fill_by_the_market_is_known_before_the_market_event_that_caused_it() -> None:
    log: list[str] = []

    kernel = run(Venue(log, fills_at=[10]), [tick(0), tick(10)])

    assert log[2:] == ["venue: market at 10", "engine: fill 1", "engine: market of 10"]
    assert [Liquidity.MAKER] == [trade.liquidity for trade in kernel.record.trades]


def test_each_direction_has_its_latency() -> None:
    log: list[str] = []

    kernel = run(
        Venue(log, fills_at=[40]),
        [tick(moment) for moment in range(0, 60, 10)],
        ConstantLatency(request_time=5 * MS, response_time=12 * MS, market_data_time=3 * MS),
        order_at=10,
    )

    assert log == [
        "venue: market at 0",
        "engine: market of 0",
        "venue: market at 10",
        "engine: market of 10",  # at 13, when the order is sent
        "venue: request at 18",
        "venue: market at 20",
        "engine: market of 20",
        "engine: fill 1",  # at 30, before anything else of that time
        "venue: market at 30",
        "engine: market of 30",
        "venue: market at 40",
        "engine: market of 40",
        "venue: market at 50",
        "engine: fill 2",  # at 52
        "engine: market of 50",
    ]
    assert [at(13)] == [time for time, _ in kernel.record.requests]


@pytest.mark.parametrize(
    ("timers", "expected"),
    [
        pytest.param([5], ["venue: market at 0", "venue: time 5", "fill", "venue: market at 10"], id="between-events"),
        pytest.param(
            [10], ["venue: market at 0", "venue: time 10", "fill", "venue: market at 10"], id="before-what-is-at-that-time"
        ),
        pytest.param(
            [3, 4], ["venue: market at 0", "venue: time 3", "fill", "venue: time 4", "fill", "venue: market at 10"], id="two"
        ),
        pytest.param([11], ["venue: market at 0", "venue: market at 10"], id="not-after-the-data"),
    ],
)
def test_the_exchange_is_called_when_its_time_has_come(timers: list[int], expected: list[str]) -> None:
    log: list[str] = []

    run(Venue(log, timers), [tick(0), tick(10)])

    assert [line if "fill" not in line else "fill" for line in log if "market of" not in line] == expected


def test_exchanges_whose_time_comes_together_are_called_in_the_order_of_their_indexes() -> None:
    log: list[str] = []

    _, kernel = session(Venue(log, [5], name="first"), Scripted(lambda *_: NO_ORDERS), others=[Venue(log, [5], name="second")])
    kernel.run([[tick(0), tick(10)]])

    assert [line for line in log if "time" in line] == ["first: time 5", "second: time 5"]


def test_time_passes_while_what_is_in_flight_at_the_end_arrives() -> None:
    log: list[str] = []

    run(Venue(log, timers=[15, 30]), [tick(0), tick(10)], ConstantLatency(10 * MS, 10 * MS), order_at=10)

    assert log[4:] == [
        "venue: time 15",
        "venue: request at 20",
        "engine: fill 1",
        "venue: time 30",
        "engine: fill 2",  # also at 30
        "engine: fill 3",
    ]


def test_an_exchange_whose_time_does_not_move_on_is_a_mistake() -> None:
    class Stuck(Venue):
        def on_time(self, time: datetime, /) -> list[AccountEvent]:
            return []

    with pytest.raises(RuntimeError, match=r"Stuck.time_next: 2025-01-01 .* after on_time at .*, expected a later time"):
        run(Stuck([], timers=[5]), [tick(0), tick(10)])


class Shrinking:
    """Every message is faster than the one before it, by more than the time between them."""

    def __init__(self) -> None:
        self.latency = 100 * MS

    def request(self) -> timedelta:
        return timedelta()

    def response(self) -> timedelta:
        self.latency = max(timedelta(), self.latency - 30 * MS)
        return self.latency

    def market_data(self) -> timedelta:
        return self.response()


def test_messages_of_one_direction_never_overtake_each_other() -> None:
    log: list[str] = []

    run(Venue(log, fills_at=[0, 20]), [tick(0), tick(10), tick(20), tick(200)], Shrinking())

    engine = [line for line in log if line.startswith("engine")]
    assert [line for line in engine if "market" in line] == [f"engine: market of {moment}" for moment in (0, 10, 20, 200)]
    assert [line for line in engine if "fill" in line] == ["engine: fill 1", "engine: fill 2"]


def test_a_lost_connection_keeps_its_place_among_delayed_market_data() -> None:
    log: list[str] = []
    events = [tick(0), MarketReconnecting(EXCHANGE), tick(10)]

    run(Venue(log), events, ConstantLatency(market_data_time=50 * MS))

    assert [line for line in log if "engine" in line] == ["engine: market of 0", "engine: reconnecting", "engine: market of 10"]


def test_an_event_of_an_unknown_instrument_reaches_no_exchange() -> None:
    log: list[str] = []

    run(Venue(log), [tick(0), tick(10, instrument=7)])

    assert [line for line in log if "venue" in line] == ["venue: market at 0"]


def test_a_venue_that_stamps_out_of_order_does_not_turn_time_back() -> None:
    log: list[str] = []

    run(Venue(log, timers=[15]), [tick(0), tick(20), tick(10)], ConstantLatency(response_time=1 * MS))

    assert log == [
        "venue: market at 0",
        "engine: market of 0",
        "venue: time 15",
        "engine: fill 1",
        "venue: market at 20",
        "engine: market of 20",
        "venue: market at 10",
        "engine: market of 10",
    ]


class BrokenOutbox(Outbox):
    """Nothing gets through, now or later."""

    def send(self, request: ExecutionRequest, /) -> None:
        raise TxError("broken", is_unrecoverable=True)


@pytest.mark.parametrize("is_passive", [True, False])
def test_an_engine_that_stops_between_market_events_sees_no_more_of_them(is_passive: bool) -> None:
    """It orders when it sees the account, which is due before the first market event."""

    def order_at_once(strategy: Scripted, state: Any, _: int) -> Any:
        return (), [strategy.market_order(state.instruments.states[0], Side.BUY, Decimal(1), Decimal(100))]

    log: list[str] = []
    strategy = Scripted(order_at_once)
    _, kernel = session(Venue([], is_passive=is_passive), strategy, Log(log), outbox=BrokenOutbox())

    audit = kernel.run([[tick(0), tick(10)], [tick(20)]])

    assert isinstance(audit, ProcessAudit)
    assert ["ExchangeIndex(0): broken"] == [error.message for error in audit.errors]
    assert (1, 1, []) == (strategy.calls, kernel.record.events, log)


@pytest.mark.parametrize("is_passive", [True, False])
def test_the_number_after_a_backtest_is_that_of_a_backtest_with_audits(is_passive: bool) -> None:
    """The account, two market events, trading is disabled, the end: the next audit has the number 5."""
    for audit_tx in (None, Log([])):
        engine, kernel = session(Venue([], is_passive=is_passive), Scripted(lambda *_: NO_ORDERS), audit_tx)
        kernel.run([[tick(0), tick(10)]])

        assert engine.meta.sequence.value == 5
