"""Recordings of real markets. They are no part of the project: without them, the tests that need them are skipped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from barter_python.data.event import PublicTrade
from barter_python.data.exchange.binance.decode import decode_message
from barter_python.data.exchange.binance.message import BinanceTrade, infer_exchange, parse
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.file.capture_lines import read_capture_lines

__all__ = ["CAPTURES", "SPOT", "SPOT_CONTINUED", "USDM", "captured_trades", "needs_captures"]

CAPTURES = Path(os.environ.get("BARTER_CAPTURES", Path(__file__).parents[3] / "shared" / "data" / "binance"))
SPOT = CAPTURES / "spot_btcusdt_20240808.gz"
SPOT_CONTINUED = CAPTURES / "spot_btcusdt_20240809.gz"
"""Goes on where SPOT ends, and has no snapshot of the order book of its own."""
USDM = CAPTURES / "usdm_btcusdt_20240808.gz"


def needs_captures(*paths: Path) -> pytest.MarkDecorator:
    missing = ", ".join(str(path) for path in paths if not path.is_file())
    return pytest.mark.skipif(bool(missing), reason=f"there is no {missing}: set BARTER_CAPTURES to the folder of the captures")


def captured_trades(capture: Path) -> Iterator[NamedMarketEvent]:
    """The trades of a capture."""
    exchange = None
    for line in read_capture_lines([capture]):
        message = parse(line.message)
        if exchange is None and message is not None:
            exchange = infer_exchange(message)
        if isinstance(message, BinanceTrade) and exchange is not None:
            yield from (
                event for event in decode_message(message, line.time_received, exchange) if isinstance(event.kind, PublicTrade)
            )
