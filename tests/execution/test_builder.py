"""Links to several exchanges."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from tests.execution.fake_client import LOST, FakeClient
from tests.support.builders import request_open, spot
from tests.support.virtual_time import START, LoopClock, in_virtual_time

from barter_python.config.execution import MockExecutionConfig
from barter_python.errors import ConfigError, ExchangeIndexError
from barter_python.execution.account import AccountEvent, AccountReconnecting, AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.builder import ExecutionBuild, ExecutionBuilder
from barter_python.execution.client.client import ExecutionError
from barter_python.execution.client.mock_exchange import Clock
from barter_python.execution.exchange.model.latency import LatencyModel
from barter_python.execution.exchange.venue import SimulatedVenue
from barter_python.execution.execution_tx import TxError
from barter_python.execution.order.order import OrderKind
from barter_python.execution.request import ExecutionShutdown
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments

MOCKED, WATCHED, LIVE = ExchangeId.BINANCE_SPOT, ExchangeId.COINBASE, ExchangeId.KRAKEN
INSTRUMENTS = IndexedInstruments.new([spot(MOCKED, "btc", "usdt"), spot(WATCHED, "btc", "usdt"), spot(LIVE, "btc", "usdt")])
SECOND = timedelta(seconds=1)


class Kraken(FakeClient):
    EXCHANGE: ClassVar[ExchangeId] = LIVE

    async def account_snapshot(self, assets: Any, instruments: Any, /) -> AccountSnapshot:
        return AccountSnapshot(LIVE, [], [])


def mocked(venue: ExchangeId = MOCKED) -> tuple[ExchangeId, SimulatedVenue, LatencyModel, Clock]:
    cash = AssetBalance(AssetNameExchange("usdt"), Balance(Decimal(100), Decimal(100)), START)
    config = MockExecutionConfig(MOCKED, AccountSnapshot(MOCKED, [cash], []), 10, Decimal(0))
    return venue, config.new_venue(INSTRUMENTS), config.new_latency(), LoopClock()


def build(client: FakeClient) -> ExecutionBuild:
    return ExecutionBuilder(INSTRUMENTS).add_exchange(*mocked()).add_live(client, SECOND).build()


def taken(build: ExecutionBuild) -> list[Any]:
    return list(iter(build.account_channel.rx.try_recv, None))


@in_virtual_time
async def test_links_are_found_by_index_and_share_the_account_channel() -> None:
    links = build(Kraken())
    assert [venue for venue, _ in links.execution_tx_map] == [MOCKED, WATCHED, LIVE]
    with pytest.raises(ExchangeIndexError, match="ExchangeIndex\\(1\\) has no execution"):
        links.execution_tx_map.find(1)

    async with asyncio.TaskGroup() as group:
        execution = await links.init(group)
        assert {0, 2} == {event.exchange for event in taken(links)}
        execution.execution_txs.find(0).send(request_open(kind=OrderKind.MARKET))
        assert links.pending.count == 1
        await asyncio.sleep(0.02)
        assert links.pending.count == 0
        assert any(isinstance(event.kind, Trade) for event in taken(links))
        for tx in execution.execution_txs.iter():
            tx.send(ExecutionShutdown())
        await execution.handles.shutdown()
        assert len(list(execution.handles)) == 3


@in_virtual_time
async def test_a_link_that_has_ended_takes_no_request() -> None:
    links = build(Kraken())
    async with asyncio.TaskGroup() as group:
        execution = await links.init(group)
        for tx in execution.execution_txs.iter():
            tx.send(ExecutionShutdown())
    with pytest.raises(TxError, match="execution of kraken: channel: the receiver is closed") as caught:
        links.execution_tx_map.find(2).send(request_open(exchange=2))
    assert caught.value.is_unrecoverable
    assert links.pending.count == 0


@in_virtual_time
async def test_a_link_that_dies_tells_the_engine_and_counts_nothing_as_pending() -> None:
    client = Kraken()

    def mistake(_: Any) -> None:
        raise TypeError("a mistake")

    client.on_open = mistake
    links = build(client)

    async def run() -> None:
        async with asyncio.TaskGroup() as group:
            await links.init(group)
            taken(links)
            for cid in "abc":
                links.execution_tx_map.find(2).send(request_open(cid, exchange=2, instrument=2))
            await asyncio.sleep(1)

    with pytest.raises(ExceptionGroup) as caught:
        await run()
    assert caught.group_contains(TypeError, match="a mistake", depth=2)
    assert [AccountReconnecting(LIVE)] == taken(links)
    assert links.pending.count == 0


@in_virtual_time
async def test_a_request_behind_the_shutdown_is_not_pending() -> None:
    client = Kraken()
    links = build(client)
    async with asyncio.TaskGroup() as group:
        await links.init(group)
        for tx in links.execution_tx_map.iter():
            tx.send(ExecutionShutdown())
            tx.send(request_open())
        assert links.pending.count == 2
    assert links.pending.count == 0
    assert client.calls == []


@in_virtual_time
async def test_an_account_that_cannot_be_connected_is_an_error() -> None:
    client = Kraken()
    client.connects.append(LOST)
    links = build(client)
    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.TaskGroup() as group:
            await links.init(group)
    assert caught.group_contains(ExecutionError, match="connection lost")
    assert links.pending.count == 0


@pytest.mark.parametrize(
    ("add", "error", "message"),
    [
        pytest.param(
            lambda builder: builder.add_exchange(*mocked()),
            ConfigError,
            "executions: there is one for 'binance_spot' already, expected at most one for each exchange",
            id="twice",
        ),
        pytest.param(lambda builder: builder.add_exchange(*mocked(ExchangeId.OKX)), ExchangeIndexError, "'?okx", id="not-traded"),
    ],
)
@in_virtual_time
async def test_what_cannot_be_added(add: Any, error: type[Exception], message: str) -> None:
    builder = ExecutionBuilder(INSTRUMENTS).add_exchange(*mocked())
    with pytest.raises(error, match=message):
        add(builder)


@in_virtual_time
async def test_events_of_a_simulated_market_reach_its_exchange_only() -> None:
    links = build(Kraken())
    assert list(links.market_taps) == [MOCKED]
    assert all(isinstance(event, AccountEvent) for event in taken(links))
