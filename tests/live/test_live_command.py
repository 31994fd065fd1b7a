"""`barter live` end to end: the command with its own client, streams and engine against the venue in a box, over real sockets."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_backtest_command import config
from tests.support.running_venue import UID, RunningVenue

from barter_python.cli.main import run
from barter_python.cli.trading.context import TradingContext
from barter_python.rehearsal.binance_spot import (
    AtMessage,
    AtRequest,
    Books,
    Fault,
    NoAnswers,
    RefuseConnections,
    ServerErrors,
    VenueChannel,
)

STRATEGIES = Path(__file__).with_name("strategies.py")
REAL = ("--real-orders", "--account", UID)


class WatchedLoop(asyncio.SelectorEventLoop):
    """Remembers the tasks that the session left when it had ended; what runs them cancels them afterwards."""

    left: set[str] | None = None

    def run_until_complete(self, future: Any) -> Any:
        try:
            return super().run_until_complete(future)
        finally:
            if self.left is None:
                self.left = {task.get_name() for task in asyncio.all_tasks(self)}


@dataclass
class Ended:
    """How a session ended.

    Attributes:
        code: The exit code.
        out: Standard output.
        err: Standard error.
        folder: In which it ran.
    """

    code: int
    out: str
    err: str
    folder: Path

    @property
    def result(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.folder / "result.json").read_text())
        return document


@dataclass
class Command:
    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    document: dict[str, Any] = field(default_factory=config)
    name: str = "live"

    def run(self, venue: RunningVenue, strategy: str, *arguments: str) -> Ended:
        """Run it to its end, and see that no task is left and no key is shown."""
        for name, value in venue.environment.items():
            self.monkeypatch.setenv(name, value)
        return self.run_as_it_is(strategy, *arguments)

    def run_as_it_is(self, strategy: str, *arguments: str) -> Ended:
        (self.folder / "config.json").write_text(json.dumps(self.document))
        loops: list[WatchedLoop] = []

        def new_loop() -> WatchedLoop:
            loops.append(WatchedLoop())
            return loops[-1]

        named = (self.name, "config.json", "--strategy", f"{STRATEGIES}:{strategy}", "--result", "result.json")
        code = run([*named, *arguments], TradingContext(loop_factory=new_loop))
        out, err = self.capsys.readouterr()
        assert [set()] * len(loops) == [loop.left for loop in loops]
        assert "canary" not in out + err, "a key is shown"
        assert "Traceback" not in out + err
        return Ended(code, out, err, self.folder)


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.chdir(tmp_path)
    return Command(tmp_path, capsys, monkeypatch)


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def has_fills(number: int) -> Callable[[Books], bool]:
    return lambda books: len(books.trades) >= number


def rest(number: int) -> Callable[[Books], bool]:
    """Whether the market order is filled, and so many others rest."""
    return lambda books: bool(books.trades) and len(books.open_orders()) == number


def says(text: str) -> Callable[[Books], bool]:
    """Whether the session has printed a text."""
    stdout: Any = sys.stdout  # what captures the output knows it
    return lambda _: text in stdout.getvalue()


def held(books: Books) -> Decimal:
    return books.position("BTCUSDT")


def test_trades_and_ends_in_order(command: Command) -> None:
    with RunningVenue() as venue:
        venue.once(has_fills(6), interrupt)
        ended = command.run(venue, "InAndOut", "--trade", "--rust-tear-sheets", *REAL)
        books = venue.books()

    told = [(trade["id"], trade["side"], Decimal(trade["price"]), Decimal(trade["quantity"])) for trade in ended.result["trades"]]
    assert (130, "interrupted") == (ended.code, ended.err.splitlines()[-1])
    assert told == [(str(trade.id), trade.side.value, trade.price, trade.quantity) for trade in books.trades]
    assert f"{len(books.orders)} orders, {len(books.trades)} fills" in ended.out
    assert "REHEARSAL binance_spot account 1 | trading on |" in ended.out
    assert f"{books.balances['USDT'].total:.8f}" in ended.out
    assert () == books.open_orders()
    assert held(books) == sum((Decimal(position["quantity_abs"]) for position in ended.result["positions_open"]), Decimal(0))


@pytest.mark.parametrize(
    ("policy", "orders", "position"),
    [("cancel", 0, "0.01"), ("close", 0, "0"), ("leave", 1, "0.01")],
)
def test_orders_and_positions_at_the_end(command: Command, policy: str, orders: int, position: str) -> None:
    with RunningVenue() as venue:
        venue.once(rest(1), interrupt)
        ended = command.run(venue, "HoldsAndRests", "--trade", "--on-exit", policy, *REAL)
        books = venue.books()

    assert (130, "interrupted") == (ended.code, ended.err.splitlines()[-1])
    assert (orders, Decimal(position)) == (len(books.open_orders()), held(books))
    assert orders == len(ended.result["orders_open"])
    assert (position != "0") == bool(ended.result["positions_open"])


def test_orders_of_others_are_named_and_left_alone(command: Command) -> None:
    with RunningVenue() as venue:
        venue.order_by_hand("BUY", "0.5", "60", "before")
        venue.once(rest(2), interrupt)
        ended = command.run(venue, "HoldsAndRests", "--trade", "--on-exit", "close", *REAL)
        books = venue.books()

    assert ["before"] == [order.client_id for order in books.open_orders()]
    assert "warning: orders that this session has not sent are left alone: BTCUSDT buy 0.5 at 60 (before)" in ended.err


def test_orders_of_an_earlier_session_are_those_of_others(command: Command) -> None:
    with RunningVenue() as venue:
        venue.once(rest(1), interrupt)
        command.run(venue, "HoldsAndRests", "--trade", "--on-exit", "leave", *REAL)
        (left,) = venue.books().open_orders()
        venue.once(rest(2), interrupt)
        ended = command.run(venue, "HoldsAndRests", "--trade", *REAL)
        books = venue.books()

    assert [left.client_id] == [order.client_id for order in books.open_orders()]
    assert "2 orders, 1 fill\n0 orders refused" in ended.out
    assert f"are left alone: BTCUSDT buy 0.01 at 50 ({left.client_id})" in ended.err


def test_a_second_interrupt_ends_at_once(command: Command) -> None:
    unanswered = NoAnswers(AtRequest(0), acts=False, method="DELETE", count=1_000)
    with RunningVenue(unanswered) as venue:
        venue.once(rest(1), interrupt, interrupt)
        ended = command.run(venue, "HoldsAndRests", "--trade", *REAL)
        books = venue.books()

    assert (130, "interrupted") == (ended.code, ended.err.splitlines()[-1])
    assert "Trading summary" not in ended.out
    assert not (command.folder / "result.json").exists()
    assert 1 == len(books.open_orders())


def test_nothing_is_ordered_until_trading_is_enabled(command: Command) -> None:
    with RunningVenue() as venue:
        venue.order_by_hand("BUY", "0.5", "60", "before")
        venue.once(says("| trading off |"), interrupt)
        ended = command.run(venue, "HoldsAndRests", *REAL)
        books = venue.books()

    assert 130 == ended.code
    assert ["before"] == [order.client_id for order in books.orders]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("--account", UID), "error: barter live sends real orders, expected --real-orders", id="not-asked-for"),
        pytest.param(("--real-orders", "--account", "2"), "error: --account: found '2', expected the uid", id="another-account"),
    ],
)
def test_real_orders_are_refused(command: Command, arguments: tuple[str, ...], message: str) -> None:
    with RunningVenue() as venue:
        ended = command.run(venue, "HoldsAndRests", "--trade", *arguments)
        books = venue.books()

    assert (7, "", 1) == (ended.code, ended.out, ended.err.count("\n"))
    assert ended.err.startswith(message)
    assert () == books.orders


@pytest.mark.parametrize(
    ("variable", "account", "code", "message"),
    [
        pytest.param("BINANCE_API_KEY", UID, 7, "error: --account 1: binance_spot does not tell whose keys these are", id="key"),
        pytest.param(
            "BINANCE_API_SECRET", UID, 7, "error: --account 1: binance_spot does not tell whose keys these are", id="secret"
        ),
        pytest.param(
            "BINANCE_API_KEY",
            "testnet",
            7,
            "error: --account testnet: binance_spot does not tell whose keys these are",
            id="testnet",
        ),
    ],
)
def test_a_wrong_key(command: Command, variable: str, account: str, code: int, message: str) -> None:
    with RunningVenue() as venue:
        for name, value in {**venue.environment, variable: "another-canary"}.items():
            command.monkeypatch.setenv(name, value)
        ended = command.run_as_it_is("HoldsAndRests", "--trade", "--real-orders", "--account", account)
        books = venue.books()

    assert (code, "", 1) == (ended.code, ended.out, ended.err.count("\n"))
    assert ended.err.startswith(message)
    assert () == books.orders


@pytest.mark.parametrize("kinds", [pytest.param((), id="all-kinds"), pytest.param(("--data-kind", "trades"), id="trades")])
def test_a_symbol_that_the_venue_does_not_have(command: Command, kinds: tuple[str, ...]) -> None:
    (instrument,) = command.document["system"]["instruments"]
    instrument["name_exchange"], instrument["underlying"]["base"] = "NOPEUSDT", "nope"
    with RunningVenue() as venue:
        ended = command.run(venue, "HoldsAndRests", "--trade", *kinds, *REAL)

    assert (6, "", 1) == (ended.code, ended.out, ended.err.count("\n"))
    assert "instrument NOPEUSDT invalid: Invalid symbol. (code -1121)" in ended.err


def test_a_symbol_that_the_market_does_not_have(command: Command) -> None:
    (instrument,) = command.document["system"]["instruments"]
    instrument["name_exchange"], instrument["underlying"]["base"] = "NOPEUSDT", "nope"
    command.name = "paper"
    with RunningVenue() as venue:
        ended = command.run(venue, "HoldsAndRests", "--trade")

    assert 3 == ended.code
    assert "error: binance_spot: no order book of NOPEUSDT: HTTP status is 400" in ended.err


@pytest.mark.parametrize(
    ("fault", "code", "message"),
    [
        pytest.param(
            RefuseConnections(AtMessage(0), count=1_000),
            4,
            "error: live market data of binance_spot: cannot connect",
            id="market",
        ),
        pytest.param(
            RefuseConnections(AtMessage(0), VenueChannel.USER, count=1_000),
            6,
            "error: an account cannot be connected: cannot connect",
            id="account",
        ),
        pytest.param(
            ServerErrors(AtRequest(0), acts=False, count=1_000),
            7,
            "error: --account 1: binance_spot does not tell whose keys these are: HTTP status 503",
            id="requests",
        ),
    ],
)
def test_a_venue_that_refuses_at_the_start(command: Command, fault: Fault, code: int, message: str) -> None:
    with RunningVenue(fault) as venue:
        ended = command.run(venue, "HoldsAndRests", "--trade", *REAL)
        books = venue.books()

    assert (code, "", 1) == (ended.code, ended.out, ended.err.count("\n"))
    assert ended.err.startswith(message)
    assert "503" in ended.err
    assert () == books.orders


def test_a_strategy_that_raises(command: Command) -> None:
    with RunningVenue() as venue:
        ended = command.run(venue, "Raises", "--trade", *REAL)
        books = venue.books()

    assert (5, Decimal("0.01"), ()) == (ended.code, held(books), books.open_orders())
    assert "strategies.py:Raises' raised ZeroDivisionError: a mistake in the strategy (strategies.py, line " in ended.err
    assert not (command.folder / "result.json").exists()
