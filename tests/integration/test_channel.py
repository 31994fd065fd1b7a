"""Channels between tasks and threads."""

from __future__ import annotations

import asyncio
from threading import Thread

import pytest
from tests.support.virtual_time import in_virtual_time

from barter_python.errors import Retry
from barter_python.integration.channel import (
    Active,
    Channel,
    ChannelClosed,
    ChannelTxDroppable,
    Disabled,
    UnboundedRx,
    mpsc_unbounded,
)
from barter_python.integration.wakeup import Wakeup


@in_virtual_time
async def test_a_task_receives_in_order_until_every_sender_is_closed() -> None:
    channel: Channel[int] = Channel()
    other = channel.tx.clone()

    async def send() -> None:
        for number in range(3):
            channel.tx.send(number)
            await asyncio.sleep(1)
        channel.tx.close()
        other.send(3)
        await asyncio.sleep(1)
        other.close()

    task = asyncio.create_task(send())
    assert [number async for number in channel.rx.into_stream()] == [0, 1, 2, 3]
    await task
    assert channel.rx.is_ended


async def test_a_thread_receives_from_a_task_and_a_task_from_a_thread() -> None:
    there: Channel[int] = Channel()
    back: Channel[int] = Channel()

    def double() -> None:
        for number in there.rx:
            back.tx.send(2 * number)
        back.tx.close()

    thread = Thread(target=double)
    thread.start()
    for number in range(1_000):
        there.tx.send(number)
    there.tx.close()
    received = [number async for number in back.rx]
    thread.join()
    assert [2 * number for number in range(1_000)] == received


def test_dropping_the_receiver_makes_sending_fail() -> None:
    channel: Channel[int] = Channel()
    tx = channel.tx
    tx.send(1)
    assert not tx.is_closed
    del channel
    with pytest.raises(ChannelClosed, match="the receiver is closed, expected an open channel") as caught:
        tx.send(2)
    assert Retry.NEVER is caught.value.retry
    assert tx.is_closed


def received(rx: UnboundedRx[int]) -> list[int]:
    return list(rx)


def test_dropping_the_last_sender_ends_the_receiver() -> None:
    channel: tuple[object, UnboundedRx[int]] = mpsc_unbounded()
    tx, rx = channel
    tx.send(1)  # type: ignore[attr-defined]
    del tx, channel
    assert received(rx) == [1]


def test_a_closed_sender_sends_nothing() -> None:
    channel: Channel[int] = Channel()
    channel.tx.close()
    channel.tx.close()
    with pytest.raises(ChannelClosed, match="the sender is closed"):
        channel.tx.send(1)


def test_what_is_there_can_be_taken_without_waiting() -> None:
    channel: Channel[int] = Channel()
    assert channel.rx.try_recv() is None
    channel.tx.send(0)
    assert (len(channel.rx), channel.tx.backlog) == (1, 1)
    assert channel.rx.try_recv() == 0


def test_a_droppable_sender_disables_itself(caplog: pytest.LogCaptureFixture) -> None:
    channel: Channel[int] = Channel()
    droppable = ChannelTxDroppable(channel.tx)
    droppable.send(1)
    assert Active(channel.tx) == droppable.state
    channel.rx.close()
    droppable.send(2)
    droppable.send(3)
    assert Disabled() == droppable.state
    assert list(channel.rx) == [1]
    assert len(caplog.records) == 1


def test_a_disabled_sender_sends_nothing() -> None:
    disabled: ChannelTxDroppable[int] = ChannelTxDroppable.new_disabled()
    disabled.send(1)
    assert Disabled() == disabled.state


@in_virtual_time
async def test_one_wakeup_serves_several_channels() -> None:
    first: Channel[int] = Channel()
    second: Channel[int] = Channel()
    wakeup = Wakeup()
    for channel in (first, second):
        channel.rx.attach(wakeup)
    await wakeup.wait()  # once after attaching: there may be something already
    for channel in (first, second):
        asyncio.get_running_loop().call_later(1, channel.tx.send, 1)
        await wakeup.wait()
        assert channel.rx.try_recv() == 1


@in_virtual_time
async def test_a_wakeup_before_the_wait_is_not_missed_and_a_cancelled_wait_takes_none() -> None:
    wakeup = Wakeup()
    wakeup.set()
    wakeup.set()
    await wakeup.wait()
    await wakeup.wait_for(1.0)
    assert asyncio.get_running_loop().time() == 1.0
    wakeup.set()
    await wakeup.wait()
