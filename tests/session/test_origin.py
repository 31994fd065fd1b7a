"""How a session begins, and what its recording begins with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_backtest_command import config

from barter_python import (
    AssetNameExchange,
    DefaultStrategy,
    ExchangeId,
    InstrumentSpec,
    InstrumentSpecNotional,
    InstrumentSpecPrice,
    InstrumentSpecQuantity,
)
from barter_python.cli.main import run
from barter_python.codec.config import backtest_config
from barter_python.codec.json import decode
from barter_python.execution.builder import LiveExecution
from barter_python.session.origin import Origin, session_origin
from barter_python.session.venue_specs import with_venue_specs


def test_a_strategy_names_its_orders_by_the_tag() -> None:
    strategy = DefaultStrategy("sma")
    strategy.begin_session("tag")
    assert "sma-tag-1" == strategy.cids.next()


def test_a_file_that_is_no_recording_is_not_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.json").write_text('{"system": {}}\n')
    assert 4 == run(["replay", str(tmp_path / "config.json")])
    error = capsys.readouterr().err
    assert 1 == error.count("\n")
    assert error.endswith("expected a recording of a session\n")


class Venue:
    """A client that knows what its venue accepts, and nothing else."""

    EXCHANGE = ExchangeId.BINANCE_SPOT

    async def fetch_specs(self, instruments: Sequence[str], /) -> dict[str, InstrumentSpec]:
        return dict.fromkeys(instruments, spec(AssetNameExchange("BTC"), "0.001"))

    def refusal(self, request: object, open_orders: int, /) -> None:
        return None


def spec(unit: Any, increment: str) -> InstrumentSpec:
    quantity = InstrumentSpecQuantity(unit, Decimal(increment), Decimal(increment))
    return InstrumentSpec(InstrumentSpecPrice(Decimal("0.01"), Decimal("0.01")), quantity, InstrumentSpecNotional(Decimal(5)))


async def test_a_session_has_the_limits_of_the_venue_and_its_replay_has_them_too() -> None:
    configured = decode(json.dumps(config()), backtest_config)
    origin = Origin(True, configured, "strategy.py:S", [], None, True)
    execution: Any = LiveExecution(Venue())  # type: ignore[arg-type] # of a client only what is asked

    instruments = await with_venue_specs(origin.instruments(), [execution])
    replayed = session_origin.read(origin.document("tag", instruments)).instruments()

    (asked,), (again,) = instruments.instruments(), replayed.instruments()
    assert spec(asked.value.underlying.base, "0.001") == asked.value.spec
    assert asked == again


async def test_a_configured_limit_stays() -> None:
    document = config()
    limits = {"price": {"min": "1", "tick_size": "1"}, "quantity": {"unit": {"Asset": "btc"}, "min": "2", "increment": "2"}}
    document["system"]["instruments"][0]["spec"] = {**limits, "notional": {"min": "1"}}
    instruments = decode(json.dumps(document), backtest_config).system.indexed_instruments()

    (kept,) = (await with_venue_specs(instruments, [LiveExecution(Venue())])).instruments()  # type: ignore[arg-type]

    assert kept.value.spec is not None
    assert Decimal(2) == kept.value.spec.quantity.increment
