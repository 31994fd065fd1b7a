"""Settings that cannot be streamed with, and the hosts that are connected to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from barter_python.data.streams.environment import StreamSettings, venue_hosts
from barter_python.data.subscription import SubKind
from barter_python.errors import ConfigError

NONE = timedelta(0)
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no attempt": ({"snapshot_attempts": 0}, "snapshot_attempts is 0, expected at least 1"),
    "no time": ({"stale_after": NONE}, "stale_after is 0:00:00, expected more than 0"),
    "more than the most": (
        {"stale_after": timedelta(hours=2)},
        "stale_after is 2:00:00, expected more than 0 and at most 1:00:00",
    ),
    "no silence": ({"silence_max": {SubKind.LIQUIDATIONS: NONE}}, "silence_max of Liquidations is 0:00:00, expected more than 0"),
    "older than its successor": (
        {"rotate_after": timedelta(seconds=1)},
        "rotate_after is 0:00:01, expected more than the overlap",
    ),
}


@pytest.mark.parametrize(("changes", "problem"), BAD.values(), ids=BAD)
def test_bad_settings(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        StreamSettings(**changes)


def test_the_hosts_of_streams_and_snapshots_are_known() -> None:
    expected = {"stream.binance.com", "fstream.binance.com", "fapi.binance.com", "op-ws.gateio.live", "ws.kraken.com"}

    assert expected <= venue_hosts()
