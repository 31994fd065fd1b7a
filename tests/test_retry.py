"""One answer to the question whether what failed may be tried again, on every error that a session meets."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Protocol

import pytest

from barter_python.data.exchange.sequence import InvalidSequenceError
from barter_python.data.streams.error import CrossedBookError, InitialSnapshotMissingError
from barter_python.data.subscription import SubscriptionId
from barter_python.errors import BarterError, Retry
from barter_python.execution.client.binance.error import BinanceFailure, failure_of, held_back
from barter_python.execution.client.client import ExecutionError
from barter_python.execution.error import (
    AccountSnapshotError,
    AccountStreamError,
    AssetInvalid,
    BalanceInsufficient,
    ExchangeOffline,
    InstrumentInvalid,
    OrderAlreadyCancelled,
    OrderAlreadyFullyFilled,
    OrderRejected,
    RateLimit,
    Socket,
    Timeout,
)
from barter_python.execution.execution_tx import TxError
from barter_python.instrument.asset import AssetIndex
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.integration.channel import ChannelClosed
from barter_python.integration.error import (
    DeserialiseError,
    HttpError,
    HttpNotSentError,
    HttpResponseError,
    HttpTimeoutError,
    SerialiseError,
    StaleError,
    SubscribeError,
    TerminatedError,
    UrlError,
)

SECOND = timedelta(seconds=1)
ASSET, INSTRUMENT = AssetIndex(0), InstrumentIndex(0)


class Failure(Protocol):
    @property
    def retry(self) -> Retry: ...


ERRORS: dict[Retry, list[Failure]] = {
    Retry.NEVER: [
        AssetInvalid(ASSET, "unknown"),
        InstrumentInvalid(INSTRUMENT, "unknown"),
        BalanceInsufficient(ASSET, "poor"),
        OrderRejected("no"),
        OrderAlreadyCancelled(),
        OrderAlreadyFullyFilled(),
        AccountSnapshotError("wrong key"),
        AccountStreamError("wrong key"),
        ExecutionError("client", AccountStreamError("wrong key")),
        TxError("gone", is_unrecoverable=True),
        ChannelClosed("gone"),
        UrlError("not encrypted"),
        SerialiseError("no"),
        HttpResponseError(404, "no"),
        failure_of(400, -2010, "no"),
        BarterError("anything else"),
    ],
    Retry.LATER: [
        RateLimit(),
        ExchangeOffline(ExchangeId.MOCK),
        ExecutionError("client", RateLimit()),
        TxError("busy", is_unrecoverable=False),
        HttpNotSentError("no connection"),
        HttpResponseError(429, "slower"),
        held_back(),
        failure_of(429, -1003, "slower"),
        BinanceFailure("no connection", Retry.LATER),
    ],
    Retry.ANEW: [
        TerminatedError(1000),
        StaleError(SECOND),
        SubscribeError("no"),
        InvalidSequenceError(1, 3),
        CrossedBookError("btc", Decimal(2), Decimal(1)),
        InitialSnapshotMissingError(SubscriptionId("btc"), "down"),
    ],
    Retry.ONCE_KNOWN: [
        Timeout(),
        Socket("reset"),
        ExecutionError("client", Timeout()),
        HttpError("reset"),
        HttpTimeoutError("POST x", SECOND),
        HttpResponseError(503, "sorry"),
        DeserialiseError("no JSON", b"<"),
        failure_of(503, None, "sorry"),
    ],
}


@pytest.mark.parametrize(
    ("expected", "error"),
    [pytest.param(retry, error, id=f"{retry.value}: {error!r:.60}") for retry, errors in ERRORS.items() for error in errors],
)
def test_it_may_be_tried_again(expected: Retry, error: Failure) -> None:
    assert expected is error.retry
