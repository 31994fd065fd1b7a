"""`barter paper` and `barter live` on a real terminal: what they show, keys, and how they leave the terminal behind."""

from __future__ import annotations

import json
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_backtest_command import config
from tests.support.running_venue import UID, RunningVenue

from barter_python.rehearsal.binance_spot import AtRequest, NoAnswers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="opens terminals as Linux does")
if sys.platform == "linux":
    from tests.support.terminal import Terminal

STRATEGIES = Path(__file__).with_name("strategies.py")


def session(
    folder: Path,
    venue: RunningVenue,
    strategy: str,
    *arguments: str,
    command: str = "live",
    columns: int = 120,
    rows: int = 40,
    document: dict[str, Any] | None = None,
) -> Terminal:
    (folder / "config.json").write_text(json.dumps(config() if document is None else document))
    real = ("--real-orders", "--account", UID) if command == "live" else ()
    named = (command, "config.json", "--strategy", f"{STRATEGIES}:{strategy}", *real)
    return Terminal([*named, *arguments], folder, venue.environment, columns, rows)


def test_keys(tmp_path: Path) -> None:
    with RunningVenue() as venue, session(tmp_path, venue, "HoldsAndRests") as terminal:
        terminal.shows("TRADING OFF", "t trading", "no open positions")
        assert terminal.reads_keys()
        terminal.press("t")
        terminal.shows("TRADING ON", "long")
        terminal.until(lambda: len(venue.books().open_orders()) == 1, "a resting order")
        terminal.press("c")
        terminal.until(lambda: () == venue.books().open_orders(), "no resting order")
        assert Decimal("0.01") == venue.books().position("BTCUSDT")
        terminal.press("X")
        terminal.until(lambda: not venue.books().position("BTCUSDT"), "no position")
        terminal.press("t")
        terminal.shows("TRADING OFF")
        terminal.press("?\x1b[A")  # keys without a meaning
        terminal.press("q")
        code = terminal.ends()

    assert 0 == code
    assert "Trading summary" in terminal.printed()
    assert terminal.is_as_before()


def test_no_order_of_paper_leaves_this_machine(tmp_path: Path) -> None:
    with RunningVenue() as venue, session(tmp_path, venue, "InAndOut", "--trade", command="paper") as terminal:
        terminal.shows("TRADING ON  paper")
        terminal.until(lambda: re.search(r"\d\d fills", terminal.screen()) is not None, "ten fills")
        terminal.press("q")
        code = terminal.ends()
        books = venue.books()

    assert (0, (), Decimal(10_000)) == (code, books.orders, books.balances["USDT"].total)
    assert terminal.is_as_before()


def test_ctrl_c_ends_in_order(tmp_path: Path) -> None:
    with RunningVenue() as venue, session(tmp_path, venue, "HoldsAndRests", "--trade", "--on-exit", "close") as terminal:
        terminal.until(lambda: len(venue.books().open_orders()) == 1, "a resting order")
        terminal.shows("long")
        terminal.press("\x03")
        code = terminal.ends()
        books = venue.books()

    assert (130, (), 0) == (code, books.open_orders(), books.position("BTCUSDT"))
    assert "2 fills" in terminal.printed()
    assert "interrupted" in terminal.printed()
    assert terminal.is_as_before()


def test_ctrl_c_twice_ends_at_once(tmp_path: Path) -> None:
    unanswered = NoAnswers(AtRequest(0), acts=False, method="DELETE", count=1_000)
    with RunningVenue(unanswered) as venue, session(tmp_path, venue, "HoldsAndRests", "--trade") as terminal:
        terminal.until(lambda: len(venue.books().open_orders()) == 1, "a resting order")
        terminal.press("\x03")
        terminal.shows("CANCELLING ORDERS")
        terminal.press("\x03")
        code = terminal.ends()

    assert 130 == code
    assert "interrupted" in terminal.printed()
    assert "Trading summary" not in terminal.printed()
    assert terminal.is_as_before()


def test_a_strategy_that_raises(tmp_path: Path) -> None:
    with RunningVenue() as venue, session(tmp_path, venue, "Raises", "--trade") as terminal:
        code = terminal.ends()
        books = venue.books()

    assert (5, ()) == (code, books.open_orders())
    assert "raised ZeroDivisionError: a mistake in the strategy" in terminal.printed()
    assert "Traceback" not in terminal.output
    assert terminal.is_as_before()


@pytest.mark.parametrize(("columns", "rows"), [(120, 40), (80, 24), (60, 24)])
def test_the_view_fits_the_terminal(tmp_path: Path, columns: int, rows: int) -> None:
    document, bases = config(), ("BTC", "ETH", "SOL")
    (btc,) = document["system"]["instruments"]
    document["system"]["instruments"] = [
        btc | {"name_exchange": f"{base}USDT", "underlying": {"base": base.lower(), "quote": "usdt"}} for base in bases
    ]
    with RunningVenue(bases=bases) as venue:
        venue.order_by_hand("BUY", "0.5", "60", "before")
        with session(tmp_path, venue, "Overreaches", "--trade", columns=columns, rows=rows, document=document) as terminal:
            terminal.shows("1 order refused, last BTCUSDT buy 1,000", "long", "open, not ours", "0.01  ")
            screen = terminal.screen()
            terminal.press("q")
            assert 0 == terminal.ends()

    lines = screen.split("\n")
    assert rows == len(lines)
    assert max(map(len, map(str.rstrip, lines))) <= columns
    assert lines[0].startswith("TRADING ON  REHEARSAL binance_spot")
    assert re.match(r"PnL [+-].* usdt  unrealised .*, realised -", lines[1])
    assert "t trading on/off  c cancel orders  x close positions  q quit" == lines[-1].rstrip()
    assert lines[0].rstrip().endswith(" UTC")
    assert {"BTCUSDT", "ETHUSDT", "SOLUSDT"} <= {line.split(" ")[0] for line in lines}
    assert ("filled" in screen) == (columns > 60)


def test_a_terminal_that_is_gone_ends_the_session_in_order(tmp_path: Path) -> None:
    close = ("--trade", "--on-exit", "close", "--result", "result.json")
    with RunningVenue() as venue, session(tmp_path, venue, "HoldsAndRests", *close) as terminal:
        terminal.shows("long")
        terminal.until(lambda: len(venue.books().open_orders()) == 1, "a resting order")
        terminal.hang_up()
        books = venue.books()

    assert ((), 0) == (books.open_orders(), books.position("BTCUSDT"))
    assert 2 == len(json.loads((tmp_path / "result.json").read_text())["trades"])
