"""`barter paper`, as a user meets it: from the start to Ctrl-C, and what it says about what goes wrong."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_backtest_command import config, member
from tests.cli.trading_session import Session, tasks_left, trade
from tests.data.streams.venue import ACK, DROP, REFUSED, FakeVenue

from barter_python.cli.main import run
from barter_python.integration.error import WebSocketError


@pytest.fixture
def session(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(tmp_path)
    return Session(tmp_path, capsys)


def test_trades_until_ctrl_c_and_prints_the_summary(session: Session) -> None:
    session.after(45)

    code, out, err = session.run("--trade")

    assert (130, "interrupted") == (code, err.strip())
    assert int(re.findall(r"([\d,]+) fills\n", out)[-1]) > 10
    assert "Instruments" in out
    assert (0, set()) == (session.venue.open_sockets, tasks_left(session))


def test_does_not_trade_unless_told_to(session: Session) -> None:
    session.after(45)

    _, out, _ = session.run()

    assert "0 orders, 0 fills" in out
    assert "trading off" in out


def test_a_line_every_ten_seconds_without_control_characters(session: Session) -> None:
    session.after(45)

    _, out, _ = session.run("--trade")

    lines = [line for line in out.splitlines() if "| trading on |" in line]
    assert 5 == len(lines)
    assert "1/1 connections live" in lines[0]
    assert re.search(
        r"^2026-03-01 00:00:30 paper \| trading on \| up 30s \| 1/1 connections live \| "
        r"(299|300) events \(10/s, latency p50 20 ms\) \| BTCUSDT 1\d\d \|",
        lines[3],
    ), lines[3]
    assert "\x1b" not in out


def test_sigterm_ends_in_order(session: Session) -> None:
    session.after(5, signal.SIGTERM)

    code, out, err = session.run()

    assert (0, "") == (code, err)
    assert "Trading summary" in out


def test_a_second_ctrl_c_ends_at_once(session: Session) -> None:
    session.document["system"]["executions"][0]["latency_ms"] = 60_000
    session.after(20)
    session.after(20.5)

    code, out, err = session.run("--trade", "--result", "result.json")

    assert (130, "interrupted") == (code, err.strip())
    assert "Trading summary" not in out
    assert not (session.folder / "result.json").exists()
    assert (0, set()) == (session.venue.open_sockets, tasks_left(session))
    assert session.loops[0].time() < 23


def test_ctrl_c_while_connecting_ends_at_once(session: Session) -> None:
    session.venue = FakeVenue([[5.0, ACK]])
    session.after(1)

    code, out, err = session.run("--audit", "audit.jsonl")

    assert (130, "", "interrupted") == (code, out, err.strip())
    assert (0, set()) == (session.venue.open_sockets, tasks_left(session))
    assert ["config.json"] == [path.name for path in session.folder.iterdir()]


RESTING = """
from decimal import Decimal
from barter_python import DefaultStrategy, Side
class Resting(DefaultStrategy):
    done = False
    def generate_algo_orders(self, state):
        instrument = state.instruments.instrument_index(0)
        if self.done or instrument.data.price() is None:
            return (), ()
        self.done = True
        buy = self.market_order(instrument, Side.BUY, Decimal(1), instrument.data.price())
        return (), (buy, self.limit_order(instrument, Side.BUY, Decimal(1), Decimal(50)))
"""


def simulated() -> dict[str, Any]:
    document = config()
    (execution,) = document["system"]["executions"]
    document["system"]["executions"] = [
        {
            "simulated_exchange": "binance_spot",
            "initial_state": execution["initial_state"],
            "latency": {"request_ms": 40, "response_ms": 40},
            "fees": {"maker": "0.0002", "taker": "0.0005"},
        }
    ]
    return document


@pytest.mark.parametrize(
    ("policy", "orders", "positions"),
    [("cancel", 0, 1), ("close", 0, 0), ("leave", 1, 1)],
)
def test_orders_and_positions_at_the_end(session: Session, policy: str, orders: int, positions: int) -> None:
    (session.folder / "resting.py").write_text(RESTING)
    session.document = simulated()
    session.after(15)

    code, out, _ = session.run("--trade", "--on-exit", policy, "--result", "result.json", strategy="resting.py:Resting")

    result = json.loads((session.folder / "result.json").read_text())
    assert (130, orders, positions) == (code, len(result["orders_open"]), len(result["positions_open"]))
    assert "| long 1 BTCUSDT | 1 open order, 1 fill |" in out


def test_writes_the_result_and_the_audits(session: Session) -> None:
    session.after(45)

    _, out, _ = session.run("--trade", "--result", "out/result.json", "--audit", "out/audit.jsonl", "--id", "mine")

    result = json.loads((session.folder / "out/result.json").read_text())
    audits = [json.loads(line) for line in (session.folder / "out/audit.jsonl").read_text().splitlines()]
    sequence = [audit["context"]["sequence"] for audit in audits]
    assert "mine" == result["id"]
    assert list(range(1, 1 + len(audits))) == sequence
    assert result["events"] == len(audits)
    assert len(result["requests"]) >= len(result["trades"]) > 10
    assert {"audit.jsonl", "result.json"} == {path.name for path in (session.folder / "out").iterdir()}
    assert "Result: out/result.json" in out


def test_a_lost_connection_is_made_anew_and_shown(session: Session) -> None:
    session.venue = FakeVenue([[ACK, 5.0, DROP], [ACK]])
    session.after(15)

    code, out, err = session.run()

    assert 130 == code
    assert "WARNING binance_spot: connection lost: the connection was closed with code 1006" in err
    assert "1/1 connections live" in out


@pytest.mark.parametrize(
    ("venue", "kinds", "code", "mentions"),
    [
        pytest.param(
            FakeVenue([WebSocketError("cannot connect to stream.binance.com: ClientConnectorError")]),
            ("--data-kind", "trades"),
            4,
            ["live market data of binance_spot: cannot connect to stream.binance.com"],
            id="no-network",
        ),
        pytest.param(
            FakeVenue([[REFUSED]]),
            ("--data-kind", "trades"),
            4,
            ["binance_spot refused a subscription", "Invalid symbol."],
            id="wrong-symbol",
        ),
        pytest.param(
            FakeVenue([]),
            ("--data-kind", "liquidations"),
            3,
            ["binance_spot cannot stream Liquidations of spot"],
            id="wrong-kind",
        ),
    ],
)
def test_market_data_that_cannot_be_had(
    session: Session, venue: FakeVenue, kinds: tuple[str, ...], code: int, mentions: list[str]
) -> None:
    session.venue = venue

    found, out, err = session.run("--audit", "audit.jsonl", "--record", "session.jsonl", kinds=kinds)

    assert (code, "") == (found, out)
    assert err.startswith("error: ")
    assert 1 == err.count("\n")
    assert all(text in err for text in mentions), err
    assert (0, set()) == (session.venue.open_sockets, tasks_left(session))
    assert ["config.json"] == [path.name for path in session.folder.iterdir()]


@pytest.mark.parametrize(
    ("record", "expected", "problem"),
    [
        pytest.param("audit.jsonl", 3, "--record audit.jsonl: the audits go to the same file", id="that_of_the_audits"),
        pytest.param("config.json/session.jsonl", 3, "--record config.json/session.jsonl: cannot be written: ", id="no_folder"),
        pytest.param(".", 2, "is a directory", id="a_folder"),
    ],
)
def test_a_recording_that_cannot_be_written(session: Session, record: str, expected: int, problem: str) -> None:
    code, out, err = session.run("--audit", "audit.jsonl", "--record", record)

    assert (expected, "") == (code, out)
    assert problem in err
    assert ["config.json"] == [path.name for path in session.folder.iterdir()]


def test_a_venue_that_cannot_be_streamed(session: Session) -> None:
    session.document["system"]["instruments"][0]["exchange"] = "htx"
    session.document["system"]["executions"] = []

    code, _, err = session.run(kinds=())

    assert 3 == code
    assert "htx cannot stream PublicTrades of spot" in err


def test_a_bad_configuration_is_named(session: Session) -> None:
    session.document = member("system.executions.0.fees_percent", -1)

    code, _, err = session.run()

    assert 3 == code
    assert "config.json: executions[0].fees_percent" in err


def test_a_strategy_that_raises_is_named(session: Session) -> None:
    (session.folder / "broken.py").write_text(
        "from barter_python import DefaultStrategy\n"
        "class Broken(DefaultStrategy):\n"
        "    def generate_algo_orders(self, state):\n"
        "        raise ValueError('no idea')\n"
    )

    code, out, err = session.run("--trade", "--result", "result.json", strategy="broken.py:Broken")

    assert 5 == code
    assert "'broken.py:Broken' raised ValueError: no idea (broken.py, line 4, in generate_algo_orders" in err
    assert "Traceback" not in out + err
    assert not (session.folder / "result.json").exists()
    assert (0, set()) == (session.venue.open_sockets, tasks_left(session))


RESTS = """
from decimal import Decimal
from barter_python import DefaultStrategy, NO_ORDERS, Side

class Rests(DefaultStrategy):
    has_ordered = False

    def generate_algo_orders(self, state):
        (instrument,) = state.instruments
        if self.has_ordered or instrument.data.price() is None:
            return NO_ORDERS
        self.has_ordered = True
        return (), [self.limit_order(instrument, Side.BUY, Decimal(1), price) for price in (Decimal(99), Decimal(50))]
"""


def test_a_resting_order_that_fills_has_made_the_market_in_the_session_and_in_its_replay(session: Session) -> None:
    (execution,) = session.document["system"]["executions"]
    account = execution["initial_state"]
    session.document["system"]["executions"] = [
        {"simulated_exchange": "binance_spot", "initial_state": account, "fees": {"maker": 0.001, "taker": 0.002}}
    ]
    session.venue = FakeVenue(
        [[ACK, *(step for number, price in enumerate((100, 98, 97)) for step in (0.1, trade(number, price)))]]
    )
    (session.folder / "rests.py").write_text(RESTS)
    session.after(5)

    session.run(
        "--trade", "--on-exit", "leave", "--record", "session.jsonl", "--result", "session.json", strategy="rests.py:Rests"
    )
    code = run(["replay", "session.jsonl", "--result", "replay.json"])

    paper, again = (json.loads((session.folder / name).read_text()) for name in ("session.json", "replay.json"))
    assert 0 == code
    assert ["1"] == [quality["maker_share"] for quality in paper["execution"].values()]
    assert [("Maker", "0.099")] == [(trade["liquidity"], trade["fees_charged"]["fees"]) for trade in paper["trades"]]
    assert 1 == len(paper["orders_open"])
    assert {**paper, "id": "replay", "origin": {}} == {**again, "id": "replay", "origin": {}}


def test_a_result_that_is_not_that_of_the_session_is_told(session: Session) -> None:
    session.after(5)
    session.run("--trade", "--record", "session.jsonl")
    path = session.folder / "session.jsonl"
    *lines, last = path.read_text().splitlines()
    end = json.loads(last)
    end["End"]["result"]["events"] += 1
    path.write_text("\n".join([*lines, json.dumps(end), ""]))

    code = run(["replay", "session.jsonl"])

    assert 8 == code
    assert (
        f"events: {end['End']['result']['events'] - 1}, expected {end['End']['result']['events']}"
        in session.capsys.readouterr().err
    )
