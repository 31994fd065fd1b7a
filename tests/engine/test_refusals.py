"""Events that name something unknown, or that mean nothing. Rust panics here; divergence 8."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from tests.support.builders import D, open_state, order, order_key, plus_days, request_cancel, request_open, trade
from tests.support.engine import (
    VENUE,
    RecordingTx,
    account_balance,
    account_order_open,
    account_trade,
    build_engine,
    market_trade,
)

from barter_python.data.book import Level
from barter_python.data.event import Candle, DataKind, MarketEvent, MarketReconnecting, OrderBookL1, PublicTrade
from barter_python.engine.action.output import EventRefused
from barter_python.engine.audit.audit import FeedEnded, ProcessAudit
from barter_python.engine.command import (
    CancelOrders,
    ClosePositions,
    Command,
    SendCancelRequests,
    SendOpenRequests,
)
from barter_python.engine.engine import Engine, process_with_audit
from barter_python.engine.event import EngineEvent
from barter_python.engine.run import sync_run
from barter_python.engine.state.instrument.filter import ExchangesFilter, InstrumentsFilter, UnderlyingsFilter
from barter_python.engine.state.state import InvalidEventError
from barter_python.engine.state.trading import TradingState
from barter_python.errors import AssetIndexError, BarterError, ExchangeIndexError, InstrumentIndexError
from barter_python.execution.account import (
    AccountEvent,
    AccountReconnecting,
    AccountSnapshot,
    InstrumentAccountSnapshot,
)
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.error import Timeout
from barter_python.execution.order.request import OrderResponseCancel
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import Underlying
from barter_python.instrument.side import Side
from barter_python.strategy.strategy import DefaultStrategy

BUY = Side.BUY
KRAKEN = ExchangeId.KRAKEN


def balance(asset: Any, total: str = "5") -> AssetBalance:
    return AssetBalance(asset, Balance(D(total), D(total)), plus_days(9))


def fill(quantity: str = "1", price: str = "100", *, instrument: Any = 0, exchange: Any = 0, side: Side = BUY) -> AccountEvent:
    return AccountEvent(exchange, trade(side, price, quantity, time=plus_days(9), instrument=instrument))


def snapshot(balances: list[AssetBalance], *instruments: InstrumentAccountSnapshot) -> AccountEvent:
    return AccountEvent(0, AccountSnapshot(0, balances, list(instruments)))


def resting(instrument: int) -> InstrumentAccountSnapshot:
    return InstrumentAccountSnapshot(instrument, [order(open_state(plus_days(9)), instrument=instrument)])


def cancel_response(instrument: int) -> AccountEvent:
    return AccountEvent(0, OrderResponseCancel(order_key("InstrumentIndex(1)", instrument=instrument), Timeout()))


REFUSED = [
    pytest.param(fill(exchange=1), ExchangeIndexError, id="divergence-8-account-exchange-too-large"),
    pytest.param(fill(exchange=-1), ExchangeIndexError, id="divergence-8-account-exchange-negative"),
    pytest.param(fill(exchange=VENUE), ExchangeIndexError, id="divergence-8-account-exchange-not-indexed"),
    pytest.param(fill(instrument=2), InstrumentIndexError, id="divergence-8-fill-instrument-too-large"),
    pytest.param(fill(instrument=-1), InstrumentIndexError, id="divergence-8-fill-instrument-negative"),
    pytest.param(fill(instrument="BTCUSDT"), InstrumentIndexError, id="divergence-8-fill-instrument-not-indexed"),
    pytest.param(fill("0"), InvalidEventError, id="divergence-8-fill-of-nothing"),
    pytest.param(fill("-0.00"), InvalidEventError, id="divergence-8-fill-of-minus-nothing"),
    pytest.param(fill("NaN"), InvalidEventError, id="divergence-8-fill-of-nan"),
    pytest.param(fill("Infinity"), InvalidEventError, id="divergence-8-fill-of-infinity"),
    pytest.param(fill("1", "NaN"), InvalidEventError, id="divergence-8-fill-at-nan"),
    pytest.param(fill("1", "-Infinity"), InvalidEventError, id="divergence-8-fill-at-infinity"),
    pytest.param(AccountEvent(0, balance(0, "NaN")), InvalidEventError, id="balance-nan"),
    pytest.param(AccountEvent(0, balance(0, "1.1e28")), InvalidEventError, id="balance-immense"),
    pytest.param(snapshot([balance(0, "Infinity")]), InvalidEventError, id="snapshot-balance-infinite"),
    pytest.param(AccountEvent(0, balance(3)), AssetIndexError, id="divergence-8-balance-asset-too-large"),
    pytest.param(AccountEvent(0, balance(-1)), AssetIndexError, id="divergence-8-balance-asset-negative"),
    pytest.param(AccountEvent(0, balance("BTC")), AssetIndexError, id="divergence-8-balance-asset-not-indexed"),
    pytest.param(account_order_open(9, 2, BUY, "1", "0"), InstrumentIndexError, id="divergence-8-order-instrument-too-large"),
    pytest.param(account_order_open(9, -1, BUY, "1", "0"), InstrumentIndexError, id="divergence-8-order-instrument-negative"),
    pytest.param(cancel_response(2), InstrumentIndexError, id="divergence-8-cancel-instrument-too-large"),
    pytest.param(cancel_response(-1), InstrumentIndexError, id="divergence-8-cancel-instrument-negative"),
    pytest.param(snapshot([balance(0), balance(3)]), AssetIndexError, id="divergence-8-snapshot-second-asset"),
    pytest.param(
        snapshot([balance(0)], resting(0), resting(2)), InstrumentIndexError, id="divergence-8-snapshot-second-instrument"
    ),
    pytest.param(market_trade(9, 2, 5.0), InstrumentIndexError, id="divergence-8-market-instrument-too-large"),
    pytest.param(market_trade(9, -1, 5.0), InstrumentIndexError, id="divergence-8-market-instrument-negative"),
    pytest.param(market_trade(9, 0, 5.0, exchange=KRAKEN), ExchangeIndexError, id="divergence-8-market-exchange"),
    pytest.param(MarketReconnecting(KRAKEN), ExchangeIndexError, id="divergence-8-market-reconnecting-exchange"),
    pytest.param(AccountReconnecting(KRAKEN), ExchangeIndexError, id="divergence-8-account-reconnecting-exchange"),
]
every_refused_event = pytest.mark.parametrize(("event", "error"), REFUSED)
every_health = pytest.mark.parametrize("healthy", [pytest.param(True, id="healthy"), pytest.param(False, id="reconnecting")])


def busy_engine(*, healthy: bool = False) -> Engine[Any, Any]:
    """An engine with a position, an order and prices, so that there is something to spoil."""
    engine = build_engine(strategy=DefaultStrategy(), trading=TradingState.ENABLED)
    engine.process(account_trade(1, 0, BUY, "100", "2", "1"))
    engine.process(account_order_open(1, 1, BUY, "1", "0.5"))
    if healthy:
        engine.process(market_trade(1, 0, 110.0))
    return engine


@every_refused_event
def test_event_is_refused(event: EngineEvent, error: type[BarterError]) -> None:
    audit = busy_engine().process(event)
    assert isinstance(audit, ProcessAudit)
    assert (event, ()) == (audit.event, audit.errors)
    assert [EventRefused] == [type(output) for output in audit.outputs]
    assert error is type(audit.outputs[0].error)


def test_the_largest_balance_is_taken() -> None:
    engine = busy_engine()

    assert () == engine.process(AccountEvent(0, balance(0, "1e28"))).outputs
    assert D("1e28") == engine.state.assets.asset_index(0).balance.value.total


@every_refused_event
@every_health
def test_refused_event_changes_nothing(event: EngineEvent, error: type[BarterError], healthy: bool) -> None:
    engine = busy_engine(healthy=healthy)
    before, time = deepcopy(engine.state), engine.time()
    engine.process(event)
    assert (before, time) == (engine.state, engine.time())


@every_refused_event
def test_engine_goes_on_after_a_refused_event(event: EngineEvent, error: type[BarterError]) -> None:
    engine = busy_engine()
    assert FeedEnded() == sync_run([event, market_trade(3, 0, 120.0)], engine)
    assert D(120) == engine.state.instruments.instrument_index(0).data.price()


@every_refused_event
def test_refused_event_is_counted(event: EngineEvent, error: type[BarterError]) -> None:
    engine = busy_engine()
    assert [process_with_audit(engine, item).context.sequence for item in (event, market_trade(3, 0, 120.0))] == [0, 1]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param(fill(instrument=2), "InstrumentIndex(2) is not tracked, expected less than 2", id="instrument"),
        pytest.param(AccountEvent(0, balance(3)), "AssetIndex(3) is not tracked, expected less than 3", id="asset"),
        pytest.param(fill(exchange=1), "ExchangeIndex(1) is not tracked, expected less than 1", id="exchange-index"),
        pytest.param(
            MarketReconnecting(KRAKEN), "exchange 'kraken' is not tracked, expected one of: binance_spot", id="exchange"
        ),
        pytest.param(
            fill("0"),
            "trade 'trade_id': quantity 0 at price 100 with fees 0, expected finite numbers, a quantity other than zero, "
            "and a value of at most 1E+26",
            id="fill-of-nothing",
        ),
    ],
)
def test_refusal_says_what_was_found_and_what_was_expected(event: EngineEvent, expected: str) -> None:
    audit = build_engine().process(event)
    assert isinstance(audit, ProcessAudit)
    assert expected == audit.outputs[0].error.message


def test_divergence_8_market_event_of_an_unknown_exchange_is_refused_while_all_are_healthy() -> None:
    engine = busy_engine(healthy=True)
    audit = engine.process(market_trade(9, 0, 5.0, exchange=KRAKEN))
    assert isinstance(audit, ProcessAudit)
    assert [EventRefused] == [type(output) for output in audit.outputs]


class RaisingHooks(DefaultStrategy):
    """Looks up an instrument that does not exist, which is a mistake of the strategy and not of the event."""

    def on_disconnect(self, engine: Any, exchange: ExchangeId, /) -> object:
        return engine.state.instruments.instrument_index(99)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(MarketReconnecting(VENUE), id="divergence-8-market-hook"),
        pytest.param(AccountReconnecting(VENUE), id="divergence-8-account-hook"),
    ],
)
def test_event_whose_hook_fails_is_not_reported_as_one_that_changed_nothing(event: EngineEvent) -> None:
    engine = build_engine(strategy=RaisingHooks())
    engine.process(account_balance(1, 0, "1"))
    engine.process(market_trade(1, 0, 100.0))
    before = deepcopy(engine.state)
    try:
        audit = engine.process(event)
    except InstrumentIndexError:
        return
    assert isinstance(audit, ProcessAudit)
    assert not isinstance(audit.outputs[0], EventRefused) or before == engine.state


@pytest.mark.parametrize(
    ("command", "error"),
    [
        pytest.param(SendOpenRequests((request_open(exchange=1),)), ExchangeIndexError, id="open-exchange-too-large"),
        pytest.param(SendOpenRequests((request_open(exchange=-1),)), ExchangeIndexError, id="open-exchange-negative"),
        pytest.param(SendOpenRequests((request_open(instrument=2),)), InstrumentIndexError, id="open-instrument-too-large"),
        pytest.param(SendOpenRequests((request_open(instrument=-1),)), InstrumentIndexError, id="open-instrument-negative"),
        pytest.param(SendCancelRequests((request_cancel(exchange=1),)), ExchangeIndexError, id="cancel-exchange-too-large"),
        pytest.param(SendCancelRequests((request_cancel(instrument=-1),)), InstrumentIndexError, id="cancel-instrument-negative"),
    ],
)
def test_command_that_names_something_unknown_is_refused_as_a_whole(command: Command, error: type[BarterError]) -> None:
    engine = busy_engine()
    before = deepcopy(engine.state)
    audit = engine.process(command)
    assert isinstance(audit, ProcessAudit)
    assert [error] == [type(output.error) for output in audit.outputs if isinstance(output, EventRefused)]
    assert not audit.is_terminal()
    assert before == engine.state


def test_nothing_of_a_refused_command_is_sent() -> None:
    tx = RecordingTx()
    engine = build_engine(txs=[tx])
    engine.process(SendOpenRequests((request_open("good"), request_open("bad", instrument=9))))
    assert tx.requests == []


def refused_as_immense(engine: Engine[Any, Any], event: EngineEvent) -> bool:
    before, time = deepcopy(engine.state), engine.time()
    audit = engine.process(event)
    assert isinstance(audit, ProcessAudit)
    return (
        [EventRefused] == [type(output) for output in audit.outputs]
        and not audit.is_terminal()
        and (before, time) == (engine.state, engine.time())
    )


IMMENSE = 7e28


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(PublicTrade("1", IMMENSE, 1.0, BUY), id="trade"),
        pytest.param(OrderBookL1(plus_days(2), Level(D(1), D(1)), Level(D(IMMENSE), D(1))), id="level-one"),
        pytest.param(Candle(plus_days(2), 1.0, IMMENSE, 1.0, IMMENSE, 1.0, 1), id="candle"),
    ],
)
def test_market_price_at_which_a_position_has_no_value_is_refused(kind: DataKind) -> None:
    engine = busy_engine(healthy=True)
    assert refused_as_immense(engine, MarketEvent(plus_days(2), plus_days(2), VENUE, 0, kind))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(fill("1e26", "0.01"), fill("1", "1e5"), id="value-of-the-position"),
        pytest.param(fill("1", "1e-28"), fill("1", "1e20", side=Side.SELL), id="return"),
    ],
)
def test_fill_whose_profit_is_beyond_all_numbers_is_refused(first: AccountEvent, last: AccountEvent) -> None:
    engine = build_engine(strategy=DefaultStrategy())
    engine.process(first)
    assert refused_as_immense(engine, last)


@pytest.mark.parametrize("command_type", [CancelOrders, ClosePositions])
@pytest.mark.parametrize(
    "selected",
    [
        pytest.param(InstrumentsFilter((9, -1)), id="instruments"),
        pytest.param(ExchangesFilter((9, -1)), id="exchanges"),
        pytest.param(UnderlyingsFilter((Underlying(9, -1),)), id="underlyings"),
    ],
)
def test_filter_that_selects_nothing_leads_to_nothing(command_type: type[Any], selected: Any) -> None:
    engine = busy_engine(healthy=True)
    before = deepcopy(engine.state)
    audit = engine.process(command_type(selected))
    assert isinstance(audit, ProcessAudit)
    assert not audit.is_terminal()
    assert before == engine.state


@pytest.mark.parametrize("price", [pytest.param(float("nan"), id="nan"), pytest.param(float("inf"), id="infinity")])
def test_market_price_that_is_no_number_is_ignored(price: float) -> None:
    engine = busy_engine(healthy=True)
    audit = engine.process(market_trade(2, 0, price))
    assert isinstance(audit, ProcessAudit)
    assert not audit.outputs
    assert D(110) == engine.state.instruments.instrument_index(0).data.price()


def test_object_that_is_no_event_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(TypeError, match="cannot process Decimal, expected an EngineEvent"):
        build_engine().process(Decimal(1))  # type: ignore[arg-type]


def test_market_event_of_another_instrument_does_not_revalue_the_position() -> None:
    engine = busy_engine(healthy=True)
    before = deepcopy(engine.state.instruments.instrument_index(0).position)
    event: MarketEvent = market_trade(2, 1, 5.0)
    engine.process(event)
    assert before == engine.state.instruments.instrument_index(0).position
