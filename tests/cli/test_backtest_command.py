"""`barter backtest`, as a user meets it: what it prints, what it writes, and what it says about bad input."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from barter_python import ExchangeId, PublicTrade, Side
from barter_python.cli.main import main, run
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.file.writer import MarketDataWriter

STRATEGY = "barter_python.strategy.moving_average:MovingAverageCross"


def config() -> dict[str, Any]:
    balance = {"asset": "usdt", "balance": {"total": 10000, "free": 10000}, "time_exchange": "2025-03-24T21:30:00Z"}
    return {
        "risk_free_return": 0.05,
        "system": {
            "instruments": [
                {
                    "exchange": "binance_spot",
                    "name_exchange": "BTCUSDT",
                    "underlying": {"base": "btc", "quote": "usdt"},
                    "quote": "underlying_quote",
                    "kind": "spot",
                }
            ],
            "executions": [
                {
                    "mocked_exchange": "binance_spot",
                    "latency_ms": 100,
                    "fees_percent": 0.001,
                    "initial_state": {"exchange": "binance_spot", "balances": [balance], "instruments": []},
                }
            ],
        },
    }


def trade(number: int, price: object = None, *, received: int | None = None) -> dict[str, Any]:
    def stamp(second: int) -> str:
        return f"2025-01-01T00:{second // 60:02}:{second % 60:02}Z"

    kind = {"id": str(number), "price": 100.0 + number % 17 if price is None else price, "amount": 1.0, "side": "Buy"}
    return {
        "Item": {
            "time_exchange": stamp(number),
            "time_received": stamp(number if received is None else received),
            "exchange": "binance_spot",
            "instrument": "BTCUSDT",
            "kind": {"Trade": kind},
        }
    }


class Session:
    """A folder with a configuration and data, and the command run in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.output = folder / "result.json"
        self.write_config(config())
        self.write_data([trade(number) for number in range(200)])

    def write_config(self, document: dict[str, Any]) -> None:
        (self.folder / "config.json").write_text(json.dumps(document))

    def write_data(self, lines: list[dict[str, Any]]) -> None:
        (self.folder / "data.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))

    def run(self, *extra: str, strategy: str = STRATEGY) -> tuple[int, str, str]:
        paths = (str(self.folder / "config.json"), "--data", str(self.folder / "data.jsonl"), "--output", str(self.output))
        parameters = ("-p", "fast=2", "-p", "slow=5") if strategy == STRATEGY else ()
        with pytest.raises(SystemExit) as exited:
            main(["backtest", *paths, "--strategy", strategy, *parameters, *extra])
        out, err = self.capsys.readouterr()
        assert isinstance(exited.value.code, int)
        return exited.value.code, out, err


@pytest.fixture
def session(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(tmp_path)
    return Session(tmp_path, capsys)


def test_prints_the_summary_and_writes_the_result(session: Session) -> None:
    code, out, err = session.run()

    result = json.loads(session.output.read_text())
    assert (code, err) == (0, "")
    assert "Instruments" in out
    assert f"{len(result['trades'])} fills\n0 orders refused" in out
    assert len(result["requests"]) == len(result["trades"]) > 10
    assert {"binancespot-btc_usdt"} == set(result["rust_tear_sheets"]["instruments"])


def test_the_same_run_writes_the_same_bytes(session: Session) -> None:
    session.run()
    first = session.output.read_bytes()

    session.run()

    assert first == session.output.read_bytes()


def member(path: str, value: object) -> dict[str, Any]:
    """The configuration with one member replaced, or removed where `value` is ..."""
    document = config()
    target: Any = document
    *steps, last = path.split(".")
    for step in steps:
        target = target[int(step) if step.isdigit() else step]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return document


INSTRUMENT, EXECUTION = "system.instruments.0", "system.executions.0"
BALANCE = f"{EXECUTION}.initial_state.balances.0"


@pytest.mark.parametrize(
    ("document", "mentions"),
    [
        pytest.param(
            member(f"{INSTRUMENT}.specs", None),
            ["$.system.instruments[0].specs: is not known", "is 'spec' meant?"],
            id="misspelt",
        ),
        pytest.param(
            member(f"{BALANCE}.balance.totl", 1), ["balance.totl: is not known", "is 'total' meant?"], id="misspelt-deep"
        ),
        pytest.param(
            member(f"{INSTRUMENT}.exchange", "binance_spto"),
            ["system.instruments[0].exchange", "binance_spto", "binance_spot"],
            id="wrong-exchange-name",
        ),
        pytest.param(member(f"{EXECUTION}.fees_percent", -0.1), ["executions[0].fees_percent", "-0.1"], id="negative-fee"),
        pytest.param(member(f"{INSTRUMENT}.underlying", ...), ["system.instruments[0]", "underlying"], id="missing-member"),
        pytest.param(
            member(f"{BALANCE}.asset", "dogecoin"), ["balances[0].asset", "dogecoin", "usdt"], id="unknown-asset-in-a-balance"
        ),
        pytest.param(member(f"{BALANCE}.balance.free", 20000), ["balances[0].balance", "20000"], id="more-free-than-total"),
        pytest.param(member("system.instruments", []), ["instruments"], id="no-instruments"),
        pytest.param(
            member(f"{INSTRUMENT}.kind", {"perpetual": {"contract_size": 1, "settlement_asset": "usdt"}}),
            ["BTCUSDT", "expected spot"],
            id="perpetual-on-the-mock-exchange",
        ),
    ],
)
def test_a_bad_configuration_is_named(session: Session, document: dict[str, Any], mentions: list[str]) -> None:
    session.write_config(document)

    code, _, err = session.run()

    assert code == 3
    assert err.count("error:") == 1
    assert "Traceback" not in err
    for mention in mentions:
        assert mention in err
    assert not session.output.exists()


def test_a_configuration_that_is_no_json_is_named(session: Session) -> None:
    (session.folder / "config.json").write_text("{")

    code, _, err = session.run()

    assert code == 3
    assert "config.json" in err


@pytest.mark.parametrize(
    ("lines", "mentions"),
    [
        pytest.param([], ["data.jsonl", "empty"], id="empty"),
        pytest.param(
            [trade(1), trade(5), trade(6, received=2)],
            ["data.jsonl", "line 3", "time_received", "out of order"],
            id="out-of-order",
        ),
        pytest.param([trade(1), trade(2, price=-5.0)], ["data.jsonl", "line 2", "price", "-5.0"], id="negative-price"),
        pytest.param([trade(1), trade(2, price=float("nan"))], ["data.jsonl", "line 2"], id="nan-price"),
        pytest.param([trade(1, price="100")], ["data.jsonl", "line 1", "price"], id="price-as-text"),
    ],
)
def test_bad_data_is_named(session: Session, lines: list[dict[str, Any]], mentions: list[str]) -> None:
    session.write_data(lines)

    code, _, err = session.run()

    assert code == 4
    assert err.count("error:") == 1
    for mention in mentions:
        assert mention in err
    assert not session.output.exists()


def test_a_truncated_file_is_named(session: Session) -> None:
    path = session.folder / "data.jsonl"
    path.write_bytes(path.read_bytes()[:-40])

    code, _, err = session.run()

    assert code == 4
    assert "data.jsonl" in err
    assert "line 200" in err
    assert not session.output.exists()


def test_a_part_of_the_time_is_run(session: Session) -> None:
    code, _, _ = session.run("--from", "2025-01-01T00:01:00", "--to", "2025-01-01T00:02:00Z")
    result = json.loads(session.output.read_text())

    assert 0 == code
    times = [trade["time_exchange"] for trade in result["trades"]]
    assert times
    assert "2025-01-01T00:01:00" <= min(times) <= max(times) < "2025-01-01T00:02:00"


def test_a_part_of_the_time_without_data_is_named(session: Session) -> None:
    code, _, err = session.run("--from", "2030-01-01")

    assert 4 == code
    assert "no event of any configured instrument in the period" in err


def test_data_of_other_instruments_only_is_named(session: Session) -> None:
    document = config()
    document["system"]["instruments"][0]["name_exchange"] = "ETHUSDT"
    session.write_config(document)

    code, _, err = session.run()

    assert code == 4
    assert "ETHUSDT" in err
    assert "found events of: binance_spot BTCUSDT" in err


def test_a_file_given_twice_is_refused(session: Session) -> None:
    code, _, err = session.run("--data", "./data.jsonl")

    assert code == 4
    assert "data.jsonl: the file is given twice" in err


def test_an_instrument_that_no_file_has_is_told(session: Session) -> None:
    document = config()
    document["system"]["instruments"].append({**document["system"]["instruments"][0], "name_exchange": "ethusdt"})
    document["system"]["instruments"][1]["underlying"] = {"base": "eth", "quote": "usdt"}
    session.write_config(document)
    with MarketDataWriter(session.folder / "data.parquet") as writer:
        time = datetime(2025, 1, 1, tzinfo=UTC)
        writer.write([NamedMarketEvent(time, time, ExchangeId.BINANCE_SPOT, "BTCUSDT", PublicTrade("1", 100.0, 1.0, Side.BUY))])

    code = run(["backtest", "config.json", "--data", "data.parquet", "--strategy", STRATEGY])

    told = "warning: no market data of binance_spot ethusdt; the files have: binance_spot BTCUSDT"
    assert (0, told) == (code, session.capsys.readouterr().err.strip())


def test_a_byte_order_mark_is_read_over(session: Session) -> None:
    path = session.folder / "config.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert 0 == session.run()[0]


def test_a_strategy_file_may_import_its_neighbours(session: Session) -> None:
    folder = session.folder / "sub"
    folder.mkdir()
    (folder / "neighbour_of_mine.py").write_text("from barter_python import DefaultStrategy as Base\n")
    (folder / "mine.py").write_text("from neighbour_of_mine import Base\nclass Mine(Base): pass\n")

    assert 0 == session.run(strategy="sub/mine.py:Mine")[0]


STRATEGIES = """
from decimal import Decimal
from barter_python import DefaultStrategy, Side

class Silent(DefaultStrategy):
    pass

class Mute:
    def generate_algo_orders(self, state): return (), ()

class Raising(DefaultStrategy):
    def generate_algo_orders(self, state):
        price = state.instruments.states[0].data.price()
        if price is not None and price > 105:
            raise LookupError("no such signal")
        return (), ()

class Picky(DefaultStrategy):
    def __init__(self, level):
        super().__init__("picky")

class WithoutInit(DefaultStrategy):
    def __init__(self):
        self.window = 20

class Exits(DefaultStrategy):
    def generate_algo_orders(self, state):
        raise SystemExit(3)

class Silence(DefaultStrategy):
    def generate_algo_orders(self, state):
        return None

class Floats(DefaultStrategy):
    def generate_algo_orders(self, state):
        instrument = state.instruments.states[0]
        price = instrument.data.price()
        return (), [] if price is None else [self.market_order(instrument, Side.BUY, 0.1, price)]

class ExitsInData(DefaultStrategy):
    def instrument_data(self, instrument):
        raise SystemExit("no data")

class Deep(DefaultStrategy):
    def generate_algo_orders(self, state):
        return state.instruments.instrument("eth")

class Reckless(DefaultStrategy):
    def generate_algo_orders(self, state):
        order = self.market_order(state.instruments.states[0], Side.BUY, Decimal(1), Decimal(100))
        order.key.exchange = 7
        return (), [order]
"""


@pytest.mark.parametrize(
    ("strategy", "code", "mentions"),
    [
        pytest.param("nowhere_to_be_found:Class", 5, ["nowhere_to_be_found:Class", "cannot import"], id="module-does-not-import"),
        pytest.param("missing.py:Class", 5, ["missing.py", "no such file"], id="file-does-not-exist"),
        pytest.param("strategies.py:Absent", 5, ["no class 'Absent'", "Silent"], id="class-does-not-exist"),
        pytest.param("strategies.py", 5, ["expected module:Class"], id="no-class-named"),
        pytest.param(
            "strategies.py:Mute", 5, ["close_positions_requests", "on_disconnect", "on_trading_disabled"], id="lacks-methods"
        ),
        pytest.param("strategies.py:Picky", 5, ["Picky()", "level"], id="constructor-raises"),
        pytest.param("strategies.py:WithoutInit", 5, ["WithoutInit", "super().__init__(id)"], id="constructor-forgets-its-base"),
        pytest.param(
            "strategies.py:Raising",
            5,
            [
                "LookupError: no such signal",
                "strategies.py, line 15",
                "in generate_algo_orders; while the engine processed PublicTrade of instrument 0 at 2025-01-01 00:00:06",
            ],
            id="raises-mid-run",
        ),
        pytest.param(
            "strategies.py:Exits",
            5,
            ["'strategies.py:Exits' raised SystemExit: 3 (", "in generate_algo_orders; while"],
            id="exits",
        ),
        pytest.param(
            "strategies.py:Silence", 5, ["the strategy's answer: found None", "while the engine processed"], id="answers-nothing"
        ),
        pytest.param("strategies.py:Floats", 5, ["opens[0].state.quantity: found 0.1 of type float"], id="orders-a-float"),
        pytest.param("strategies.py:ExitsInData", 5, ["SystemExit: no data", "in instrument_data"], id="exits-before-the-run"),
        pytest.param(
            "strategies.py:Deep", 5, ["InstrumentIndexError: instrument 'eth' is not tracked"], id="asks-for-nothing-there"
        ),
    ],
)
def test_a_bad_strategy_is_named(session: Session, strategy: str, code: int, mentions: list[str]) -> None:
    (session.folder / "strategies.py").write_text(STRATEGIES)

    found, _, err = session.run(strategy=strategy)

    assert code == found
    assert err.count("error:") == 1
    assert "Traceback" not in err
    for mention in mentions:
        assert mention in err
    assert not session.output.exists()


def test_a_result_that_cannot_be_written_is_named_before_the_run(session: Session) -> None:
    session.output = session.folder / "config.json" / "result.json"
    (session.folder / "strategies.py").write_text(STRATEGIES)

    code, out, err = session.run(strategy="strategies.py:Raising")

    assert (3, "") == (code, out)
    assert f"error: --output {session.output}: cannot be written: " in err


def test_a_result_is_written_into_what_is_no_file(session: Session) -> None:
    reads, writes = os.pipe()
    with os.fdopen(reads) as pipe:
        session.output = Path(f"/dev/fd/{writes}")
        (session.folder / "strategies.py").write_text(STRATEGIES)
        code, _, _ = session.run(strategy="strategies.py:Silent")
        os.close(writes)
        assert (0, "backtest") == (code, json.load(pipe)["id"])


def test_an_engine_that_has_to_stop_says_why(session: Session) -> None:
    (session.folder / "strategies.py").write_text(STRATEGIES)

    code, _, err = session.run(strategy="strategies.py:Reckless")

    assert code == 6
    assert "ExchangeIndex(7) has no execution" in err


def test_a_strategy_that_wants_nothing_has_an_empty_summary(session: Session) -> None:
    (session.folder / "strategies.py").write_text(STRATEGIES)

    code, out, _ = session.run(strategy="strategies.py:Silent")

    assert code == 0
    assert "0 orders, 0 fills" in out


def test_parameters_reach_the_strategy(session: Session) -> None:
    code, _, err = session.run("-p", "slow=1")

    assert code == 5
    assert "MovingAverageCross(fast=2, slow=1) raised ValueError" in err
