"""A damaged file is refused; the message names the file, the place, the field, the value and what was expected."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.data.file.events import INDEXES, KINDS, SPOT, TRADE, event, read

from barter_python.data.event import MarketReconnecting
from barter_python.data.file import open_market_data, write_market_data
from barter_python.data.file.parquet_schema import METADATA_KEY
from barter_python.errors import MarketDataError

STREAM = [MarketReconnecting(SPOT), *(event(kind, second) for second, kind in enumerate((*KINDS, TRADE)))]
_NAMES = ("trade", "l1", "no bid", "no ask", "empty", "snapshot", "update", "candle", "bar", "liquidation")
ROWS = {name: row for row, name in enumerate(_NAMES, 1)}
POSITIVE, NON_NEGATIVE = "expected a positive", "expected zero or a positive"


def refused(path: Path) -> str:
    with pytest.raises(MarketDataError) as raised:
        read(path)
    message = str(raised.value)
    assert str(path) in message
    return message


def good(folder: Path, suffix: str) -> Path:
    path = folder / f"market{suffix}"
    write_market_data(path, STREAM)
    return path


# Parquet: one cell of a good file is replaced.

CELLS = {
    "price NaN": ("trade", "price", float("nan"), "price is nan", POSITIVE),
    "price infinite": ("trade", "price", float("inf"), "price is inf", POSITIVE),
    "price zero": ("trade", "price", 0.0, "price is 0.0", POSITIVE),
    "price negative": ("trade", "price", -1.5, "price is -1.5", POSITIVE),
    "price missing": ("trade", "price", None, "price is null", "expected a value"),
    "amount negative": ("trade", "amount", -0.1, "amount is -0.1", NON_NEGATIVE),
    "amount NaN": ("trade", "amount", float("nan"), "amount is nan", NON_NEGATIVE),
    "side": ("trade", "side", "Up", "side is 'Up'", "expected one of: 'Buy', 'Sell'"),
    "id missing": ("trade", "id", None, "id is null", "expected a value"),
    "kind": ("trade", "kind", "Bar", "kind is 'Bar'", "expected one of: 'Trade'"),
    "exchange": ("trade", "exchange", "nyse", "exchange is 'nyse'", "'binance_spot'"),
    "exchange missing": ("trade", "exchange", None, "exchange is null", "expected a value"),
    "instrument missing": ("trade", "instrument", None, "instrument is null", "expected a value"),
    "time missing": ("trade", "time_exchange", None, "time_exchange is null", "expected a value"),
    "bid price negative": ("l1", "bid_price", "-1", "bid_price: price is '-1'", POSITIVE),
    "ask price no number": ("l1", "ask_price", "abc", "ask_price: price is 'abc'", POSITIVE),
    "ask amount NaN": ("l1", "ask_amount", "NaN", "ask_amount: amount is 'NaN'", NON_NEGATIVE),
    "half a bid": ("l1", "bid_amount", None, "only one of bid_price and bid_amount is null", "expected both or none"),
    "level price zero": ("snapshot", "bids", [("99", "1"), ("0", "1")], "price: price is '0'", POSITIVE),
    "level amount negative": ("update", "asks", [("101", "-1")], "amount: amount is '-1'", NON_NEGATIVE),
    "level missing": ("update", "asks", [None], "price is null", "expected a value"),
    "sequence negative": ("snapshot", "sequence", -1, "sequence is -1", NON_NEGATIVE),
    "candle low": ("candle", "low", 0.0, "low is 0.0", POSITIVE),
    "candle high": ("candle", "high", 1.4, "high is 1.4", "expected at least open, low and close"),
    "candle low above open": ("candle", "low", 1.2, "low is 1.2", "expected at most open, high and close"),
    "candle before its close": ("candle", "time", event(seconds=99).time_received, "time_exchange is", "close_time or later"),
    "candle volume": ("candle", "volume", -1.0, "volume is -1.0", NON_NEGATIVE),
    "candle count": ("candle", "trade_count", -1, "trade_count is -1", NON_NEGATIVE),
    "candle interval": ("bar", "interval", 0, "interval is 0", POSITIVE),
    "liquidation price": ("liquidation", "price", 0.0, "price is 0.0", POSITIVE),
}


@pytest.mark.parametrize(("row", "column", "value", "found", "expectation"), CELLS.values(), ids=CELLS)
def test_a_bad_cell(tmp_path: Path, row: str, column: str, value: object, found: str, expectation: str) -> None:
    path = good(tmp_path, ".parquet")
    _replace_cell(path, ROWS[row], column, value)
    message = refused(path)

    assert f"row {ROWS[row] + 1}:" in message
    assert found in message
    assert expectation in message


def test_a_bad_cell_far_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("barter_python.data.file.parquet_reader.CHUNK_ROWS", 4)
    path = good(tmp_path, ".parquet")
    _replace_cell(path, ROWS["liquidation"] + 1, "price", -1.0)

    assert f"row {ROWS['liquidation'] + 2}: price is -1.0" in refused(path)


@pytest.mark.parametrize("chunk", [2, 100])
def test_parquet_out_of_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr("barter_python.data.file.parquet_reader.CHUNK_ROWS", chunk)
    path = good(tmp_path, ".parquet")
    _replace_cell(path, 4, "time_received", event(seconds=1).time_received)
    message = refused(path)

    assert "row 5: time_received is 2024-10-04 00:00:01+00:00" in message
    assert "out of order: expected 2024-10-04 00:00:02+00:00 or later" in message


def _replace_cell(path: Path, row: int, name: str, value: object) -> None:
    table = pq.read_table(path)
    field = table.schema.field(name)
    cells = table.column(name).to_pylist()
    if isinstance(value, list):
        value = [level and {"price": level[0], "amount": level[1]} for level in value]
    cells[row] = value
    _rewrite(path, table.set_column(table.schema.names.index(name), field, pa.array(cells, field.type)))


def _rewrite(path: Path, table: pa.Table, change: Callable[[dict[str, Any]], object] = lambda document: None) -> None:
    """Write a changed table with the summary of the file, which may be changed too."""
    document = msgspec.json.decode(pq.read_metadata(path).metadata[METADATA_KEY])
    change(document)
    with pq.ParquetWriter(path, table.schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({METADATA_KEY: msgspec.json.encode(document)})


METADATA = {
    "another version": (lambda document: document.update(version=2), "version is 2, expected 1"),
    "no version": (lambda document: document.pop("version"), "metadata 'barter_python.market_data' is damaged"),
    "no summary": (lambda document: document.pop("info"), "metadata 'barter_python.market_data' is damaged"),
    "unknown kind": (
        lambda document: document["info"]["instruments"][0]["counts"].update(Bar=1),
        "kind is 'Bar', expected one of: Trade",
    ),
}


@pytest.mark.parametrize(("change", "problem"), METADATA.values(), ids=METADATA)
def test_bad_metadata(tmp_path: Path, change: Callable[[dict[str, Any]], object], problem: str) -> None:
    path = good(tmp_path, ".parquet")
    _rewrite(path, pq.read_table(path), change)

    assert problem in refused(path)


def test_a_parquet_file_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    pq.write_table(pa.table({"price": [1.0]}), path)

    assert "metadata 'barter_python.market_data' is missing, expected a market data file" in refused(path)


def test_a_column_of_another_type(tmp_path: Path) -> None:
    path = good(tmp_path, ".parquet")
    table = pq.read_table(path)
    price = table.schema.names.index("price")
    _rewrite(path, table.set_column(price, "price", table.column("price").cast(pa.float32())))

    assert "column price is float, expected double" in refused(path)


def test_a_name_of_a_column_that_is_no_text(tmp_path: Path) -> None:
    path = good(tmp_path, ".parquet")
    path.write_bytes(path.read_bytes().replace(b"bid_price", b"bid_pric\xe4"))

    assert "expected a complete Parquet file" in refused(path)


def test_parquet_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = good(tmp_path, ".parquet")
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)

    assert "run: pip install 'barter-python[data]'" in refused(path)
    with pytest.raises(MarketDataError, match="Parquet needs pyarrow"):
        write_market_data(tmp_path / "new.parquet", STREAM)
    assert [path] == list(tmp_path.iterdir())


# JSON lines: one text in the line of an event is replaced.

BOOK = '{"sequence":1,"bids":{"levels":[]},"asks":{"levels":[]}}'
AT = "- at `$.Item.kind"
TEXTS = {
    "price text": ("trade", "61837.63", '"1"', f"Expected `float`, got `str` {AT}.Trade.price`, expected a market event"),
    "price NaN": ("trade", "61837.63", "NaN", "invalid character"),
    "price null": ("trade", "61837.63", "null", f"Expected `float`, got `null` {AT}.Trade.price`"),
    "price infinite": ("trade", "61837.63", "1e999", f"Number out of range {AT}.Trade.price`"),
    "price zero": ("trade", "61837.63", "0", "price is 0.0, expected a positive number"),
    "price negative": ("trade", "61837.63", "-1.5", "price is -1.5, expected a positive number"),
    "amount negative": ("trade", "0.02", "-1", "amount is -1.0, expected zero or a positive number"),
    "side": ("trade", '"Buy"', '"Up"', f"Invalid enum value 'Up' {AT}.Trade.side`"),
    "id number": ("trade", '"17"', "17", f"Expected `str`, got `int` {AT}.Trade.id`"),
    "id missing": ("trade", '"id":"17",', "", f"missing required field `id` {AT}.Trade`"),
    "kind": ("trade", '"Trade"', '"Bar"', f"unknown field `Bar` {AT}`"),
    "no kind": ("trade", '"kind":{', '"kind":{},"k":{', "kind has 0 of these members, expected one: Trade"),
    "exchange": ("trade", '"binance_spot"', '"nyse"', "exchange is 'nyse', expected one of: other, simulated"),
    "time without an offset": ("trade", ':00Z","time_r', ':00","time_r', "time_exchange is '2024-10-04T00:00:00', expected RFC"),
    "time": ("trade", '"time_received":"2024', '"time_received":"20', "time_received is '20-10-04T00:00:00Z', expected RFC"),
    "bid price negative": ("l1", '"61837.63000000"', '"-1"', "price is '-1', expected a positive decimal number"),
    "ask amount number": ("l1", '"0.00000001"', "1", f"Expected `str`, got `int` {AT}.OrderBookL1.best_ask.amount`"),
    "level amount NaN": ("snapshot", '"0.0"', '"NaN"', "amount is 'NaN', expected zero or a positive decimal number"),
    "two books": (
        "update",
        '{"Update":{',
        f'{{"Snapshot":{BOOK},"Update":{{',
        "kind OrderBook has both or none, expected one of",
    ),
    "sequence negative": ("update", ":8,", ":-8,", f"Expected `int` >= 0 {AT}.OrderBook.Update.sequence`"),
    "candle high": ("candle", '"high":2.0', '"high":1.4', "high is 1.4, expected at least open, low and close"),
    "candle before its close": ("candle", ':"2024-10-03T23:59:00Z"', ':"2024-10-05T00:00:00Z"', "expected close_time or later"),
    "candle open": ("candle", '"open":1.0', '"open":0.0', "open is 0.0, expected a positive number"),
    "candle interval": ("bar", '"interval":60000', '"interval":0', "interval is 0:00:00, expected a positive length of time"),
    "liquidation quantity": ("liquidation", "2.0", "-2", "quantity is -2.0, expected zero or a positive number"),
    "out of order": ("l1", '"time_received":"2024', '"time_received":"2023', "out of order: expected 2024-10-04 00:00:00"),
    "item and reconnecting": ("trade", '{"Item"', '{"Reconnecting":"okx","Item"', "expected one of: Item, Reconnecting"),
    "results of barter-rs": ("trade", '{"Item":{', '{"Item":{"Ok":{', "missing required field `time_exchange` - at `$.Item`"),
    "cut off": ("trade", ',"side":"Buy"}}}}', "", "Input data was truncated"),
    "empty": ("trade", "{", "#", "malformed"),
}


@pytest.mark.parametrize(("row", "old", "new", "problem"), TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_a_bad_line(tmp_path: Path, suffix: str, row: str, old: str, new: str, problem: str) -> None:
    path = good(tmp_path, ".jsonl")
    lines = path.read_text().splitlines(keepends=True)
    number = ROWS[row]
    assert old in lines[number]
    lines[number] = lines[number].replace(old, new, 1)
    path = tmp_path / f"bad{suffix}"
    path.write_bytes(gzip.compress("".join(lines).encode()) if suffix.endswith("gz") else "".join(lines).encode())
    message = refused(path)

    assert f"line {number + 1}: " in message
    assert problem in message


def test_bad_items_of_an_array(tmp_path: Path) -> None:
    path = tmp_path / "rust.json"
    path.write_text('[{"Reconnecting":"binance_spot"},{"Reconnecting":"nyse"}]')

    assert "item 2: exchange is 'nyse', expected one of: " in refused(path)
    path.write_text('[{"Item":{"Err":"SubscriptionsEmpty"}}]')
    assert "unknown field `Err` - at `$[0].Item`" in refused(path)
    assert "expected a JSON array of market events" in refused(path)


# Files as a whole.


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".json"])
def test_an_empty_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"market{suffix}"
    path.touch()

    assert "the file is empty, expected market data" in refused(path)


def test_an_empty_gzip_file(tmp_path: Path) -> None:
    path = tmp_path / "market.jsonl.gz"
    path.write_bytes(gzip.compress(b""))

    assert "the file is empty, expected market data" in refused(path)


TRUNCATED = {
    ".parquet": "expected a complete Parquet file",
    ".jsonl": "truncated",
    ".jsonl.gz": "expected a readable, complete file",
}


@pytest.mark.parametrize(("suffix", "problem"), TRUNCATED.items(), ids=TRUNCATED)
def test_a_truncated_file(tmp_path: Path, suffix: str, problem: str) -> None:
    path = good(tmp_path, suffix)
    path.write_bytes(path.read_bytes()[:-30])

    assert problem in refused(path)


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".jsonl.gz", ".json"])
def test_a_file_of_something_else(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"market{suffix}"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" * 10)

    assert "expected a" in refused(path)


def test_no_such_file(tmp_path: Path) -> None:
    assert "there is no such file" in refused(tmp_path / "market.parquet")
    assert "there is no such file" in refused(tmp_path.with_suffix(".jsonl"))


def test_no_such_format(tmp_path: Path) -> None:
    path = tmp_path / "market.csv"

    assert "the suffix is '.csv', expected one of: .parquet, .jsonl, .jsonl.gz, .json" in refused(path)
    with pytest.raises(MarketDataError, match=r"expected one of: \.parquet, \.jsonl, \.jsonl\.gz$"):
        write_market_data(tmp_path / "market.json", STREAM)


def test_a_summary_of_lines_reads_them_all(tmp_path: Path) -> None:
    path = good(tmp_path, ".jsonl")
    path.write_text(path.read_text().replace('"price":61837.63', '"price":0'))

    with pytest.raises(MarketDataError, match=r"line 2: price is 0\.0"):
        open_market_data(path).info()
    assert INDEXES
