"""An error names the place in the document, what was found, and what was expected."""

from __future__ import annotations

from typing import Any

import pytest

from barter_python.codec import Codec, decode
from barter_python.codec.config import backtest_config
from barter_python.codec.engine import engine_event
from barter_python.codec.execution import INDEXED, order_kind
from barter_python.codec.state import connectivity_states
from barter_python.errors import DecodeError

_TRADE = (
    '{"time_exchange":"2024-01-01T00:00:00Z","time_received":"2024-01-01T00:00:00Z","exchange":"binance_spot","instrument":0,'
    '"kind":{"Trade":{"id":"1","price":%s,"amount":1.0,"side":"Buy"}}}'
)


@pytest.mark.parametrize(
    ("document", "codec", "expected"),
    [
        pytest.param(
            '{"Market":{"Item":' + _TRADE % '"1"' + "}}",
            engine_event,
            "$.Market.Item.kind.Trade.price: found '1', expected a number",
            id="deep-member",
        ),
        pytest.param(
            '{"risk_free_return":0.05,"instruments":[{"exchange":"binance-spot"}],"executions":[]}',
            backtest_config,
            "$.instruments[0].exchange: found 'binance-spot', expected one of 42 names such as 'other'; "
            "did you mean 'binance_spot'?",
            id="closest-exchange",
        ),
        pytest.param(
            '{"risk_free_return":0.05,"system":{"executions":[],"instrumnets":[]}}',
            backtest_config,
            "$.system: member 'instruments' is missing; is 'instrumnets' meant to be it?",
            id="misspelt-member",
        ),
        pytest.param(
            '"market"', order_kind, "$: found 'market', expected one of: Market, Limit; did you mean 'Market'?", id="few"
        ),
        pytest.param(
            '{"Account":{"Item":{"exchange":0,"kind":{"Fill":{}}}}}',
            engine_event,
            "$.Account.Item.kind: found 'Fill', expected one of: Snapshot, BalanceSnapshot, OrderSnapshot, OrderCancelled, "
            "Trade, Funding",
            id="unknown-tag",
        ),
        pytest.param(
            '{"global":"Healthy","exchanges":{"binance-spot":{}}}',
            connectivity_states,
            "$.exchanges['binance-spot']: found 'binance-spot', expected one of 42 names such as 'other'; "
            "did you mean 'binance_spot'?",
            id="key-of-a-map",
        ),
        pytest.param('{"asset":0,"balance":', INDEXED.asset_balance, "$: not valid JSON: Input data was truncated", id="no-json"),
        pytest.param("[" * 100_000, INDEXED.asset_balance, "$: not valid JSON: nested too deeply", id="hostile-nesting"),
    ],
)
def test_message(document: str, codec: Codec[Any], expected: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(document, codec)
    assert expected == str(caught.value)


def test_long_documents_are_shown_cut() -> None:
    with pytest.raises(DecodeError) as caught:
        decode('"' + "x" * 10_000 + '"', INDEXED.asset_balance)
    assert len(str(caught.value)) < 300
