"""Which failures end a connection."""

from __future__ import annotations

import pytest
from tests.data.streams.venue import level

from barter_python.data.exchange.sequence import InvalidSequenceError
from barter_python.data.streams.error import (
    CrossedBookError,
    InitialSnapshotInvalidError,
    InitialSnapshotMissingError,
    SubscriptionsEmptyError,
    UnsupportedSubKindError,
    is_terminal,
)
from barter_python.data.subscription import SubKind, SubscriptionId, UnidentifiableError
from barter_python.errors import BarterError, MarketDataError
from barter_python.integration.error import DeserialiseError, TerminatedError

ID = SubscriptionId("@trade|BTCUSDT")
PRICE = level("100", "1").price

ERRORS: dict[str, tuple[BarterError, bool]] = {
    "gap": (InvalidSequenceError(1, 3), True),
    "no snapshot": (InitialSnapshotMissingError(ID, "down"), True),
    "bad snapshot": (InitialSnapshotInvalidError(ID, "old"), True),
    "crossed book": (CrossedBookError("btc", PRICE, PRICE), True),
    "connection closed": (TerminatedError(1000), True),
    "unreadable payload": (DeserialiseError("no JSON", b""), False),
    "unreadable message": (MarketDataError("price is -1"), False),
    "unknown instrument": (UnidentifiableError(ID), False),
}


@pytest.mark.parametrize(("error", "expected"), ERRORS.values(), ids=ERRORS)
def test_is_terminal(error: BarterError, expected: bool) -> None:
    assert expected is is_terminal(error)


def test_messages() -> None:
    assert str(InitialSnapshotMissingError(ID, "down")) == "snapshot of @trade|BTCUSDT: down"
    assert str(CrossedBookError("btc", PRICE, PRICE)) == "best bid of btc is 100, expected less than the best ask of 100"
    assert str(SubscriptionsEmptyError()) == "subscriptions are empty, expected at least one"
    assert "kind is Candles, expected PublicTrades" in str(UnsupportedSubKindError(SubKind.CANDLES))
