"""Bars and indicators as instrument data of the strategy that the how-to shows."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.docs.test_docs import titled
from tests.support.engine import BALANCES, VENUE, RecordingTx, instruments

from barter_python import (
    DefaultGlobalData,
    DefaultRiskManager,
    Engine,
    EngineState,
    HistoricalClock,
    InstrumentIndex,
    MarketEvent,
    MultiExchangeTxMap,
    StateReplicaManager,
    SyntheticInstrument,
    SyntheticMarket,
    TradingState,
    process_with_audit,
)
from barter_python.data.bar import BarBuilder

PAGE = Path(__file__).parents[3] / "docs/how-to/bars-and-indicators.md"
MARKET = SyntheticMarket(VENUE, (SyntheticInstrument(InstrumentIndex(0), 60_000.0, Decimal("0.01")),), trades=6_000, seed=3)


def test_the_engine_keeps_them_up_to_date_and_a_replica_follows() -> None:
    names: dict[str, Any] = {}
    exec(compile(titled(PAGE, "ema_cross.py"), "ema_cross.py", "exec"), names)
    strategy = names["EmaCross"]("ema-cross")
    state = (
        EngineState.builder(instruments(), DefaultGlobalData(), strategy.instrument_data)
        .time_engine_start(MARKET.time_first_event())
        .trading_state(TradingState.ENABLED)
        .balances(BALANCES)
        .build()
    )
    sent = RecordingTx()
    clock = HistoricalClock(MARKET.time_first_event())
    engine = Engine(clock, state, MultiExchangeTxMap([(VENUE, sent)]), strategy, DefaultRiskManager())
    replica = StateReplicaManager(engine.audit_snapshot())
    fast, builder = names["Ema"](5), BarBuilder([names["TimeBars"](names["timedelta"](minutes=1))])

    for event in (event for chunk in MARKET.stream() for event in chunk if isinstance(event, MarketEvent)):
        replica.send(process_with_audit(engine, event))
        for bar in builder.update_from_market(event):
            fast.update(bar.close)

    (followed, own) = (followed.instruments.states[0].data for followed in (replica.replica_engine_state(), engine.state))
    assert vars(own) == vars(followed)
    assert own is not followed
    assert (builder, fast) == (own.bars, own.fast)
    assert 1 == len(sent.requests)
