"""Account events between names and indexes. Rust origin: barter_execution::indexer (no Rust tests)."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from tests.support.builders import TIME_MIN, D, open_state, order, order_key, request_cancel, request_open, spot, trade

from barter_python.errors import (
    AssetIndexError,
    BarterError,
    ExchangeIndexError,
    ExchangeKeyError,
    InstrumentIndexError,
    InstrumentKeyError,
)
from barter_python.execution.account import AccountEvent, AccountEventKind, AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.error import (
    AccountSnapshotError,
    AssetInvalid,
    BalanceInsufficient,
    InstrumentInvalid,
    OrderRejected,
    Timeout,
)
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.map import generate_execution_instrument_map
from barter_python.execution.order.id import OrderId
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import FULLY_FILLED, Cancelled, OpenFailed, OrderState
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.side import Side

KRAKEN = ExchangeId.KRAKEN
INDEXER = AccountEventIndexer(
    generate_execution_instrument_map(
        IndexedInstruments.new([spot(ExchangeId.BINANCE_SPOT, "BTC", "ETH"), spot(KRAKEN, "USDC", "USDT")]), KRAKEN
    )
)
"""Kraken is exchange 1, USDC asset 2, USDT asset 3, USDC_USDT instrument 1."""


def balance(asset: Any) -> AssetBalance:
    return AssetBalance(asset, Balance(D(2), D(1)), TIME_MIN)


def snapshot(exchange: Any, asset: Any, instrument: Any) -> AccountSnapshot:
    orders = [order(open_state(), exchange=exchange, instrument=instrument)]
    return AccountSnapshot(exchange, [balance(asset)], [InstrumentAccountSnapshot(instrument, orders)])


def state_of(state: OrderState, exchange: Any, instrument: Any) -> AccountEventKind:
    return order(state, exchange=exchange, instrument=instrument)


def answer(state: Any, exchange: Any, instrument: Any) -> OrderResponseCancel:
    return OrderResponseCancel(order_key(exchange=exchange, instrument=instrument), state)


CANCELLED = Cancelled(OrderId("1"), TIME_MIN)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param(snapshot(KRAKEN, "USDC", "USDC_USDT"), snapshot(1, 2, 1), id="snapshot"),
        pytest.param(balance("USDT"), balance(3), id="balance"),
        pytest.param(state_of(open_state(), KRAKEN, "USDC_USDT"), state_of(open_state(), 1, 1), id="open-order"),
        pytest.param(state_of(FULLY_FILLED, KRAKEN, "USDC_USDT"), state_of(FULLY_FILLED, 1, 1), id="filled-order"),
        pytest.param(
            state_of(OpenFailed(BalanceInsufficient("USDT", "no")), KRAKEN, "USDC_USDT"),
            state_of(OpenFailed(BalanceInsufficient(3, "no")), 1, 1),
            id="failed-order",
        ),
        pytest.param(answer(CANCELLED, KRAKEN, "USDC_USDT"), answer(CANCELLED, 1, 1), id="cancelled"),
        pytest.param(
            answer(InstrumentInvalid("USDC_USDT", "no"), KRAKEN, "USDC_USDT"),
            answer(InstrumentInvalid(1, "no"), 1, 1),
            id="cancel-failed",
        ),
        pytest.param(
            trade(Side.BUY, "1", "1", "0.1", instrument="USDC_USDT"), trade(Side.BUY, "1", "1", "0.1", instrument=1), id="fill"
        ),
    ],
)
def test_account_event(kind: AccountEventKind, expected: AccountEventKind) -> None:
    event = AccountEvent(KRAKEN, kind)
    before = deepcopy(event)
    assert AccountEvent(1, expected) == INDEXER.account_event(event)
    assert before == event


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(AssetInvalid("USDC", "no"), AssetInvalid(2, "no"), id="asset-invalid"),
        pytest.param(BalanceInsufficient("USDT", "no"), BalanceInsufficient(3, "no"), id="balance-insufficient"),
        pytest.param(InstrumentInvalid("USDC_USDT", "no"), InstrumentInvalid(1, "no"), id="instrument-invalid"),
        pytest.param(OrderRejected("no"), OrderRejected("no"), id="rejected"),
        pytest.param(Timeout(), Timeout(), id="timeout"),
        pytest.param(AccountSnapshotError("no"), AccountSnapshotError("no"), id="account-snapshot"),
    ],
)
def test_client_error(error: Any, expected: Any) -> None:
    assert expected == INDEXER.client_error(error)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        pytest.param(balance("BTC"), AssetIndexError, id="balance-of-another-venue"),
        pytest.param(snapshot(ExchangeId.HTX, "USDC", "USDC_USDT"), ExchangeIndexError, id="snapshot-of-another-venue"),
        pytest.param(snapshot(KRAKEN, "BTC", "USDC_USDT"), AssetIndexError, id="snapshot-with-unknown-asset"),
        pytest.param(snapshot(KRAKEN, "USDC", "BTC_ETH"), InstrumentIndexError, id="snapshot-with-unknown-instrument"),
        pytest.param(state_of(open_state(), ExchangeId.HTX, "USDC_USDT"), ExchangeIndexError, id="order-of-another-venue"),
        pytest.param(state_of(open_state(), KRAKEN, "BTC_ETH"), InstrumentIndexError, id="order-of-unknown-instrument"),
        pytest.param(
            state_of(OpenFailed(AssetInvalid("BTC", "no")), KRAKEN, "USDC_USDT"),
            AssetIndexError,
            id="failure-of-unknown-asset",
        ),
        pytest.param(answer(CANCELLED, KRAKEN, "BTC_ETH"), InstrumentIndexError, id="answer-for-unknown-instrument"),
        pytest.param(trade(Side.BUY, "1", "1", instrument="BTC_ETH"), InstrumentIndexError, id="fill-of-unknown-instrument"),
    ],
)
def test_name_that_is_not_part_of_the_run_is_an_error(kind: AccountEventKind, error: type[BarterError]) -> None:
    with pytest.raises(error):
        INDEXER.account_event(AccountEvent(KRAKEN, kind))


def test_event_of_another_venue_is_an_error() -> None:
    with pytest.raises(ExchangeIndexError):
        INDEXER.account_event(AccountEvent(ExchangeId.HTX, balance("USDC")))


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(request_open(exchange=1, instrument=1), request_open(exchange=KRAKEN, instrument="USDC_USDT"), id="open"),
        pytest.param(
            request_cancel(id="7", exchange=1, instrument=1),
            request_cancel(id="7", exchange=KRAKEN, instrument="USDC_USDT"),
            id="cancel",
        ),
    ],
)
def test_order_request(request_: OrderRequestOpen | OrderRequestCancel, expected: OrderRequestOpen | OrderRequestCancel) -> None:
    before = deepcopy(request_)
    assert expected == INDEXER.order_request(request_)
    assert before == request_


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        pytest.param(request_open(exchange=0, instrument=1), ExchangeKeyError, id="another-venue"),
        pytest.param(request_open(exchange=1, instrument=2), InstrumentKeyError, id="instrument-too-large"),
        pytest.param(request_cancel(exchange=1, instrument=-1), InstrumentKeyError, id="instrument-negative"),
    ],
)
def test_request_that_is_not_for_the_venue_is_an_error(
    request_: OrderRequestOpen | OrderRequestCancel, error: type[BarterError]
) -> None:
    with pytest.raises(error):
        INDEXER.order_request(request_)
