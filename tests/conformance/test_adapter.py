"""The adapter answers in the wire's shape. The traces themselves are compared by the program that comes with them."""

from __future__ import annotations

from typing import Any

import pytest

from barter_python.codec.instrument import indexed_instruments
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument

from .adapter import start, unit

_KEY = {"exchange": 0, "instrument": 0, "strategy": "s", "cid": "c1"}
_OPEN = {
    "key": _KEY,
    "state": {"side": "Buy", "price": "100", "quantity": "1", "kind": "Limit", "time_in_force": "GoodUntilEndOfDay"},
}
_TRADE = {"Trade": {"id": "1", "price": 100.0, "amount": 1.0, "side": "Buy"}}
_EVENT = {
    "Market": {
        "Item": {
            "time_exchange": "2024-01-01T00:00:05Z",
            "time_received": "2024-01-01T00:00:05Z",
            "exchange": "okx",
            "instrument": 0,
            "kind": _TRADE,
        }
    }
}


def header(tx: str, refused: list[str]) -> dict[str, Any]:
    instrument = Instrument.spot(ExchangeId.OKX, "okx-btc_usdt", "BTC-USDT", ("btc", "usdt"))
    return {
        "instruments": indexed_instruments.write(IndexedInstruments.new([instrument])),
        "time_engine_start": "2024-01-01T00:00:00Z",
        "trading_state": "Enabled",
        "balances": [],
        "execution_txs": {"okx": tx},
        "strategy_id": "s",
        "risk_refuse": refused,
        "risk_free_return": "0.05",
    }


@pytest.mark.parametrize(
    ("tx", "refused", "requests"), [("ok", [], [{"Open": _OPEN}]), ("ok", ["c1"], []), ("terminated", [], [])]
)
def test_session_sends_what_is_approved_and_can_be_sent(tx: str, refused: list[str], requests: list[object]) -> None:
    session = start(header(tx, refused))
    answer = session.process(_EVENT, {"cancels": [], "opens": [_OPEN]})
    assert requests == answer["requests"]
    assert answer["audit"]["event"]["Process"]["event"] == _EVENT
    assert answer["audit"]["context"] == {"sequence": 0, "time": "2024-01-01T00:00:05Z"}
    state = session.state()
    assert isinstance(state, dict)
    assert list(state["instruments"]["okx-btc_usdt"]["orders"]) == (["c1"] if requests else [])


def test_unit_that_is_not_evaluated_is_reported_as_missing() -> None:
    assert unit("wire", {"type": "Side", "text": '"b"'}) == "Buy"
    assert unit("wire", {"type": "Side", "text": '"B"'}) == {"err": True}
    with pytest.raises(NotImplementedError):
        unit("mock_exchange", {})
