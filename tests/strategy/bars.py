"""Markets of candles and trades, and states to try strategies on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from barter_python import (
    Balance,
    Candle,
    DefaultStrategy,
    EngineState,
    ExchangeId,
    IndexedInstruments,
    Instrument,
    InstrumentIndex,
    InstrumentSpec,
    InstrumentSpecNotional,
    InstrumentSpecPrice,
    InstrumentSpecQuantity,
    MarketEvent,
    PublicTrade,
    Side,
    TradingState,
)
from barter_python.data.event import DataKind
from barter_python.instrument.kind import InstrumentKind, PerpetualContract
from barter_python.instrument.spec import ContractUnits
from barter_python.strategy.initial_state import initial_state

EXCHANGE = ExchangeId.BINANCE_SPOT
START = datetime(2025, 1, 1, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SPEC = InstrumentSpec(
    InstrumentSpecPrice(Decimal("0.01"), Decimal("0.01")),
    InstrumentSpecQuantity(ContractUnits.CONTRACT, Decimal("0.001"), Decimal("0.001")),
    InstrumentSpecNotional(Decimal(5)),
)


def instruments(*names: str, spec: InstrumentSpec | None = SPEC) -> IndexedInstruments:
    """Spot instruments quoted in usdt, such as `BTCUSDT`."""
    return IndexedInstruments.new(
        Instrument.spot(EXCHANGE, f"binance_spot-{name.lower()}", name, (name.removesuffix("USDT"), "USDT"), spec)
        for name in names
    )


def perpetuals(size: str = "0.1", spec: InstrumentSpec | None = SPEC) -> IndexedInstruments:
    """One perpetual of btc, settled in usdt."""
    spot = Instrument.spot(EXCHANGE, "binance_spot-btcusdt", "BTCUSDT", ("BTC", "USDT"), spec)
    kind: InstrumentKind = PerpetualContract(Decimal(size), spot.underlying.quote)
    return IndexedInstruments.new([Instrument(EXCHANGE, spot.name_internal, "BTCUSDT", spot.underlying, spot.quote, kind, spec)])


def state_of(
    strategy: DefaultStrategy, indexed: IndexedInstruments, usdt: str = "10000", btc: str = "0"
) -> EngineState[Any, Any]:
    balances = [(EXCHANGE, "usdt", Decimal(usdt)), (EXCHANGE, "btc", Decimal(btc))]
    return initial_state(
        indexed,
        START,
        [(venue, name, Balance(amount, amount)) for venue, name, amount in balances],
        strategy,
        TradingState.ENABLED,
    )


def event(time: datetime, kind: DataKind, instrument: int = 0) -> MarketEvent:
    return MarketEvent(time, time, EXCHANGE, InstrumentIndex(instrument), kind)


def trade_at(seconds: float, price: float, amount: float = 1.0, instrument: int = 0) -> MarketEvent:
    return event(START + timedelta(seconds=seconds), PublicTrade("1", price, amount, Side.BUY), instrument)


def candle_at(
    number: int, close: float, interval: timedelta | None = MINUTE, instrument: int = 0, step: timedelta = MINUTE
) -> MarketEvent:
    """The `number`th candle since the start, which moves from one price to the next in one go."""
    time = START + number * step
    return event(time, Candle(time, close, close, close, close, 1.0, 1, interval), instrument)


def candles(closes: Iterable[float], interval: timedelta = MINUTE, instrument: int = 0) -> list[MarketEvent]:
    return [candle_at(number, close, interval, instrument, interval) for number, close in enumerate(closes, 1)]
