"""The lanes in front of the engine."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import Any

from tests.execution.fake_client import VENUE
from tests.support.virtual_time import START, in_virtual_time

from barter_python.data.event import MarketEvent, PublicTrade
from barter_python.engine.command import CancelOrders
from barter_python.engine.event import Shutdown
from barter_python.execution.account import AccountEvent, AccountReconnecting, AccountStreamEvent
from barter_python.execution.link.pending import Pending
from barter_python.instrument.side import Side
from barter_python.integration.channel import Channel
from barter_python.system.feed import EngineFeed, IdleMonitor


def tick(number: int) -> MarketEvent:
    time = START + timedelta(seconds=number)
    return MarketEvent(time, time, VENUE, 0, PublicTrade(str(number), 1.0, 1.0, Side.BUY))


def lanes(capacity: int = 100) -> tuple[EngineFeed, Channel[AccountStreamEvent]]:
    account: Channel[AccountStreamEvent] = Channel()
    return EngineFeed(account.rx, capacity), account


def taken(feed: EngineFeed) -> list[Any]:
    return list(iter(feed.pop, None))


ACCOUNT = AccountReconnecting(VENUE)
COMMAND = CancelOrders()


def test_the_more_important_lane_goes_first() -> None:
    feed, account = lanes()
    feed.send_market(tick(1))
    account.tx.send(ACCOUNT)
    feed.send(COMMAND)
    assert not feed.is_empty
    assert [COMMAND, ACCOUNT, tick(1)] == taken(feed)
    assert feed.is_empty


def test_every_event_is_chosen_anew() -> None:
    feed, account = lanes()
    for number in range(2):
        feed.send_market(tick(number))
    assert tick(0) == feed.pop()
    account.tx.send(ACCOUNT)
    assert [ACCOUNT, tick(1)] == taken(feed)


def test_a_full_market_lane_is_conflated_and_the_others_never(caplog: Any) -> None:
    feed, account = lanes(capacity=3)
    for number in range(7):
        feed.send_market(tick(number))
        account.tx.send(ACCOUNT)
    assert [*[ACCOUNT] * 7, tick(4), tick(5), tick(6)] == taken(feed)
    assert feed.conflated == 4
    assert "the engine is too slow" in caplog.text


def test_a_command_can_be_put_behind_the_market() -> None:
    feed, _ = lanes()
    feed.send_market(tick(1))
    feed.send_behind_market(COMMAND)
    assert [tick(1), COMMAND] == taken(feed)


def test_the_market_lane_can_be_dropped() -> None:
    feed, account = lanes()
    feed.send_market(tick(1))
    account.tx.send(ACCOUNT)
    feed.drop_market()
    assert taken(feed) == [ACCOUNT]


def test_a_thread_takes_what_another_one_sends() -> None:
    feed, account = lanes()
    processed: list[Any] = []

    def engine() -> None:
        for event in feed:
            processed.append(event)
            if isinstance(event, Shutdown):
                return

    thread = Thread(target=engine)
    thread.start()
    for number in range(50):
        feed.send_market(tick(number))
    account.tx.send(ACCOUNT)
    feed.send_behind_market(Shutdown())
    thread.join()
    assert [tick(number) for number in range(50)] == [event for event in processed if isinstance(event, MarketEvent)]
    assert Shutdown() == processed[-1]


@in_virtual_time
async def test_quiet_is_when_nothing_is_left_to_do() -> None:
    feed, account = lanes()
    pending = Pending()
    quiet = IdleMonitor(feed, pending)
    assert not quiet.is_quiet, "the engine does not wait yet"
    feed.is_idle = True
    assert quiet.is_quiet
    await quiet.wait()
    pending.add_request()
    assert not quiet.is_quiet
    pending.done()
    account.tx.send(AccountEvent(0, []))  # type: ignore[arg-type]
    assert not quiet.is_quiet
    feed.pop()
    assert quiet.is_quiet
