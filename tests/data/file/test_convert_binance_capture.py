"""Captures of Binance become market data files."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.data.file.events import FUTURES, SPOT, SUFFIXES, read

from barter_python.data.book import OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import MarketEvent
from barter_python.data.file import convert_binance_capture, open_market_data
from barter_python.errors import BarterError, ConfigError, MarketDataError
from barter_python.timed import EPOCH

SECOND = 1_000_000_000
START = 1_723_161_253 * SECOND


def line(second: float, stream: str, data: str) -> str:
    return f'{START + int(second * SECOND)} {{"stream":"btcusdt@{stream}","data":{data}}}'


def trade(second: float, price: str = "61837.63", symbol: str = "BTCUSDT") -> str:
    data = f'{{"e":"trade","E":5,"s":"{symbol}","t":1,"p":"{price}","q":"0.02","T":1723161255342,"m":true,"M":true}}'
    return line(second, "trade", data)


def ticker(second: float, bid: str = "99") -> str:
    return line(second, "bookTicker", f'{{"u":5,"s":"BTCUSDT","b":"{bid}","B":"3","a":"101","A":"1"}}')


def depth(second: float, first: int, last: int, bids: str = "", prev: int | None = None) -> str:
    futures = "" if prev is None else f'"T":1723161255000,"pu":{prev},'
    data = f'{{"e":"depthUpdate","E":1723161255208,{futures}"s":"BTCUSDT","U":{first},"u":{last},"b":[{bids}],"a":[]}}'
    return line(second, "depth@100ms", data)


def at(second: float) -> datetime:
    return EPOCH + timedelta(seconds=START // SECOND + second)


def micro(item: str) -> str:
    """The same line with a time in microseconds."""
    return f"{item[:16]}{item[19:]}"


def snapshot(second: float, last: int) -> str:
    return f'{START + int(second * SECOND)} {{"lastUpdateId":{last},"bids":[["99","1"],["98","1"]],"asks":[["101","1"]]}}'


def capture(folder: Path, *lines: str, name: str = "capture.txt") -> Path:
    path = folder / name
    text = "".join(f"{item}\n" for item in lines).encode()
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return path


SPOT_LINES = (
    depth(0, 1, 95),
    depth(1, 96, 101, '["98","0"]'),
    ticker(2),
    trade(3),
    snapshot(4, 100),
    depth(5, 102, 110, '["99","2"]'),
    f'{START + 6 * SECOND} {{"result":null,"id":1}}',
    snapshot(7, 105),
)
KINDS = ["OrderBookL1", "PublicTrade", "OrderBookSnapshot", "OrderBookUpdate", "OrderBookUpdate"]


def names(path: Path) -> list[str]:
    return [type(item.kind).__name__ for item in read(path) if isinstance(item, MarketEvent)]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", ["capture.txt", "capture.gz"])
def test_updates_follow_the_snapshot(tmp_path: Path, name: str, suffix: str) -> None:
    target = tmp_path / f"market{suffix}"
    info = convert_binance_capture(capture(tmp_path, *SPOT_LINES, name=name), target)
    events = [item for item in read(target) if isinstance(item, MarketEvent)]
    book = OrderBook()
    for item in events:
        if isinstance(item.kind, OrderBookSnapshot | OrderBookUpdate):
            book.update(item.kind)

    assert names(target) == KINDS
    assert [(item.exchange, item.instrument) for item in info.instruments] == [(SPOT, "BTCUSDT")]
    assert events[2].time_received == events[3].time_received, "an update that waited arrives with the snapshot"
    assert [(level.price, level.amount) for level in book.bids.levels] == [(99, 2)]
    assert (info.dropped, info.reconnects, book.sequence) == (0, 0, 110)
    assert open_market_data(target).info().instruments == info.instruments


def test_futures_are_told_by_their_messages(tmp_path: Path) -> None:
    target = tmp_path / "market.parquet"
    lines = (depth(0, 90, 101, prev=80), snapshot(1, 100), depth(2, 105, 110, prev=101))
    info = convert_binance_capture(capture(tmp_path, *lines), target)

    assert FUTURES is info.instruments[0].exchange
    assert names(target) == ["OrderBookSnapshot", "OrderBookUpdate", "OrderBookUpdate"]


def test_without_a_snapshot_updates_are_left_out_and_counted(tmp_path: Path) -> None:
    target = tmp_path / "market.parquet"
    info = convert_binance_capture(capture(tmp_path, depth(0, 1, 2), trade(1), depth(2, 9, 9)), target)

    assert names(target) == ["PublicTrade"]
    assert info.dropped == 2
    assert open_market_data(target).info() == info


def test_order_books_can_be_left_out(tmp_path: Path) -> None:
    target = tmp_path / "market.parquet"
    info = convert_binance_capture(capture(tmp_path, *SPOT_LINES), target, l2=False)

    assert names(target) == ["OrderBookL1", "PublicTrade"]
    assert info.dropped == 0


BOOK = ([("99", 1), ("98", 1)], [("101", 1)])
EMPTY: tuple[list[Any], list[Any]] = ([], [])


def books(path: Path) -> list[tuple[list[Any], list[Any]]]:
    """The book after each event of it."""
    book, seen = OrderBook(), []
    for item in read(path):
        if isinstance(item, MarketEvent) and isinstance(item.kind, OrderBookSnapshot | OrderBookUpdate):
            book.update(item.kind)
            sides = (book.bids.levels, book.asks.levels)
            seen.append(tuple([(str(level.price), int(level.amount)) for level in side] for side in sides))
    return seen  # type: ignore[return-value]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_gap_empties_the_book_until_the_next_snapshot(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"market{suffix}"
    lines = (
        snapshot(0, 100),
        depth(1, 99, 101, '["99","2"]'),
        depth(2, 105, 106),
        depth(3, 107, 110, '["97","1"]'),
        snapshot(4, 106),
        depth(5, 111, 112, '["98","0"]'),
    )
    info = convert_binance_capture(capture(tmp_path, *lines), target)

    changed = ([("99", 2), ("98", 1)], [("101", 1)])
    bids = [("99", 1), ("98", 1), ("97", 1)]
    again = [BOOK, (bids, BOOK[1]), ([("99", 1), ("97", 1)], BOOK[1])]
    assert books(target) == [BOOK, changed, EMPTY, *again]
    assert (info.gaps, info.dropped) == (1, 0)


def test_a_snapshot_that_nothing_follows_is_left_out(tmp_path: Path) -> None:
    target = tmp_path / "market.parquet"
    info = convert_binance_capture(capture(tmp_path, trade(0), depth(1, 200, 210), snapshot(2, 100)), target)

    assert names(target) == ["PublicTrade"]
    assert (info.gaps, info.dropped) == (1, 1)


@pytest.mark.parametrize("cut", [5, 30, 90], ids=["in the time", "in the stream's name", "in the data"])
def test_a_last_line_that_is_cut_off_is_left_out_and_counted(tmp_path: Path, cut: int) -> None:
    target = tmp_path / "market.parquet"
    source, following = capture(tmp_path, trade(0), trade(1)), capture(tmp_path, trade(2), name="next.txt")
    with source.open("a") as lines:
        lines.write(trade(1)[:cut])
    info = convert_binance_capture([source, following], target)

    assert (names(target), info.cut_lines) == (["PublicTrade"] * 3, 1)
    assert open_market_data(target).info() == info


def test_a_last_line_that_only_lacks_its_end_is_read(tmp_path: Path) -> None:
    source = tmp_path / "capture.txt"
    source.write_text(trade(0))
    info = convert_binance_capture(source, tmp_path / "market.parquet")

    assert (info.events, info.cut_lines) == (1, 0)


@pytest.mark.parametrize("zeros", [0, 3, 6], ids=["nanoseconds", "microseconds", "milliseconds"])
def test_the_unit_of_the_time_of_reception(tmp_path: Path, zeros: int) -> None:
    lines = [f"{item[: 19 - zeros]}{item[19:]}" for item in (trade(0), trade(1.5))]
    info = convert_binance_capture(capture(tmp_path, *lines), tmp_path / "market.parquet")

    [instrument] = info.instruments
    assert instrument.time_received_first == at(0)
    assert instrument.time_received_last == at(1.5)


PERIODS: dict[str, tuple[float | None, float | None, list[float]]] = {
    "all": (None, None, [0, 2, 3, 4, 5]),
    "from": (3, None, [3, 3, 4, 5]),
    "to": (None, 3, [0, 2]),
    "both": (1, 4, [1.5, 2, 3]),
    "before the first": (-9, None, [0, 2, 3, 4, 5]),
}


@pytest.mark.parametrize(("start", "end", "expected"), PERIODS.values(), ids=PERIODS)
def test_a_period(tmp_path: Path, start: float | None, end: float | None, expected: list[float]) -> None:
    """What was received in it, behind the book that stood at its beginning."""
    target = tmp_path / "market.parquet"
    lines = snapshot(0, 100), depth(2, 101, 102, '["99","2"]'), trade(3), trade(4), depth(5, 103, 104)
    if start == 1:
        lines = lines[0], trade(1.5, symbol="BTCUSDT"), *lines[1:]
    period = {"start": None if start is None else at(start), "end": None if end is None else at(end)}
    convert_binance_capture(capture(tmp_path, *lines), target, **period)  # type: ignore[arg-type]
    times = [item.time_received for item in read(target) if isinstance(item, MarketEvent)]

    assert [at(second) for second in ([1.5, *expected] if start == 1 else expected)] == times


def test_a_period_begins_with_the_book_of_that_moment(tmp_path: Path) -> None:
    target = tmp_path / "market.parquet"
    lines = snapshot(0, 100), depth(1, 101, 102, '["99","2"]'), trade(3), depth(4, 103, 104, '["98","0"]')
    convert_binance_capture(capture(tmp_path, *lines), target, start=at(2))

    assert names(target) == ["OrderBookSnapshot", "PublicTrade", "OrderBookUpdate"]
    assert books(target) == [([("99", 2), ("98", 1)], BOOK[1]), ([("99", 2)], BOOK[1])]


@pytest.mark.parametrize(
    ("start", "end", "problem"),
    [(2, 2, "end is 2024-08-08 23:54:15"), (9, None, "there is no event to write")],
    ids=["of no length", "after the last line"],
)
def test_a_period_without_anything(tmp_path: Path, start: float, end: float | None, problem: str) -> None:
    with pytest.raises(BarterError, match=problem):
        convert_binance_capture(
            capture(tmp_path, trade(0)), tmp_path / "market.parquet", start=at(start), end=None if end is None else at(end)
        )


def test_a_time_without_its_zone_is_no_period(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="start is 2024-08-08 00:00:00, expected a time with its time zone"):
        convert_binance_capture(tmp_path / "capture.txt", tmp_path / "market.parquet", start=datetime(2024, 8, 8))  # noqa: DTZ001


def test_captures_that_continue_each_other(tmp_path: Path) -> None:
    target = tmp_path / "market.parquet"
    sources = [
        capture(tmp_path, *SPOT_LINES, name="first.gz"),
        capture(tmp_path, depth(8, 111, 120), trade(9), name="second.gz"),
    ]
    info = convert_binance_capture(sources, target)

    assert names(target) == [*KINDS, "OrderBookUpdate", "PublicTrade"]
    assert info.source == "first.gz, second.gz"


def test_one_instrument_of_several(tmp_path: Path) -> None:
    source = capture(tmp_path, trade(0), trade(1, symbol="ETHUSDT"), trade(2))
    info = convert_binance_capture(source, tmp_path / "market.parquet", name_exchange="ETHUSDT")

    assert [(item.instrument, item.events) for item in info.instruments] == [("ETHUSDT", 1)]


def test_progress_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("barter_python.data.file.capture_lines._PROGRESS_LINES", 2)
    told: list[tuple[int, int]] = []
    source = capture(tmp_path, *SPOT_LINES)
    convert_binance_capture(source, tmp_path / "market.parquet", on_progress=lambda *progress: told.append(progress))
    size = source.stat().st_size

    assert told == sorted(told)
    assert len(told) > 2
    assert told[-1] == (size, size)


COIN_M = "symbol is 'BTCUSD_PERP', a contract of COIN-M, whose amounts are numbers of contracts in dollars"
BAD: dict[str, tuple[Sequence[str], dict[str, Any], str]] = {
    "price": ([trade(0), trade(1, "-5")], {}, "line 2: price is '-5', expected a positive number"),
    "best bid": ([trade(0), ticker(1, "NaN")], {}, "line 2: price is 'NaN', expected a positive decimal number"),
    "level": ([snapshot(0, 1), depth(1, 2, 2, '["x","1"]')], {}, "line 2: price is 'x', expected a positive"),
    "no JSON": ([trade(0), f"{START + SECOND} hello"], {}, "line 2: not a message of Binance"),
    "cut off": ([trade(0), trade(1)[:-9]], {}, "line 2: not a message of Binance: JSON is malformed"),
    "no time": ([trade(0), '{"stream":"x"}'], {}, 'line 2: time_received is \'{"stream":"x"}\', expected Unix time'),
    "out of order": ([trade(1), trade(0)], {}, f"line 2: time_received is {START}, out of order: expected {START + SECOND}"),
    "coin-m": ([trade(0, symbol="BTCUSD_PERP")], {"exchange": FUTURES}, COIN_M),
    "dated coin-m": ([trade(0), trade(1, symbol="BTCUSD_240927")], {"name_exchange": "BTCUSD_240927"}, "a contract of COIN-M"),
    "time in seconds": (
        [trade(0).replace("000000000 ", " ")],
        {},
        "expected Unix time in nanoseconds or",
    ),
    "another unit later": ([micro(trade(0)), trade(1)], {}, "line 2: time_received is"),
    "two instruments": ([trade(0), trade(1, symbol="ETHUSDT")], {}, "line 2: symbol is 'ETHUSDT', expected only 'BTCUSDT'"),
    "whose snapshot": (
        [trade(0), snapshot(1, 1), trade(2, symbol="ETHUSDT")],
        {"name_exchange": "BTCUSDT"},
        "line 3: an order book snapshot does not name its symbol",
    ),
    "other instruments only": ([trade(0)], {"name_exchange": "XRPUSDT"}, "there is no event to write"),
    "no events": ([f'{START} {{"result":null}}'], {}, "no message tells the exchange, expected a capture of Binance"),
    "other exchange": ([trade(0)], {"exchange": SPOT.OKX}, "exchange is 'okx', expected 'binance_spot' or"),
    "empty": ([], {}, "the file is empty, expected lines of a capture"),
}


@pytest.mark.parametrize(("lines", "options", "problem"), BAD.values(), ids=BAD)
def test_a_bad_capture_leaves_no_file(tmp_path: Path, lines: Sequence[str], options: dict[str, Any], problem: str) -> None:
    source = capture(tmp_path, *lines)
    with pytest.raises(MarketDataError) as raised:
        convert_binance_capture(source, tmp_path / "market.parquet", **options)

    assert str(tmp_path) in str(raised.value)
    assert problem in str(raised.value)
    assert [source] == list(tmp_path.iterdir())


def test_a_truncated_capture(tmp_path: Path) -> None:
    source = capture(tmp_path, *SPOT_LINES, name="capture.gz")
    source.write_bytes(source.read_bytes()[:-12])

    with pytest.raises(MarketDataError, match=r"capture\.gz, after line \d+: .*, expected a readable, complete file"):
        convert_binance_capture(source, tmp_path / "market.parquet")
    with pytest.raises(MarketDataError, match=r"nothing\.gz: there is no such file"):
        convert_binance_capture(tmp_path / "nothing.gz", tmp_path / "market.parquet")
