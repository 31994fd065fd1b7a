"""Recordings of real markets. They are no part of the project: without them, the tests that need them are skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

__all__ = ["CAPTURES", "SPOT", "SPOT_CONTINUED", "USDM", "needs_captures"]

CAPTURES = Path(os.environ.get("BARTER_CAPTURES", Path(__file__).parents[3] / "shared" / "data" / "binance"))
SPOT = CAPTURES / "spot_btcusdt_20240808.gz"
SPOT_CONTINUED = CAPTURES / "spot_btcusdt_20240809.gz"
"""Goes on where SPOT ends, and has no snapshot of the order book of its own."""
USDM = CAPTURES / "usdm_btcusdt_20240808.gz"


def needs_captures(*paths: Path) -> pytest.MarkDecorator:
    missing = ", ".join(str(path) for path in paths if not path.is_file())
    return pytest.mark.skipif(bool(missing), reason=f"there is no {missing}: set BARTER_CAPTURES to the folder of the captures")
