"""A source that cannot be what it says is refused: the message names file, row, column, value and what was expected."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from tests.data.file.events import event
from tests.data.file.importer.market import COLUMNS, KLINE_HEADER, MINUTE, TOLD, csv_text, kline_rows, rows_of_candles, zipped

from barter_python.data.file import write_market_data
from barter_python.data.file.importer import CandleStamp, ImportKind, ImportOptions, ImportSource, MarketDataImport, TimeUnit
from barter_python.errors import BarterError, ConfigError, MarketDataError
from barter_python.instrument.exchange import ExchangeId

START = rows_of_candles()[0][0]


@dataclass(frozen=True)
class Case:
    """What is made in a folder, what is told of it, and what the message says."""

    make: Callable[[Path], Any]
    says: tuple[str, ...]
    told: ImportOptions = TOLD
    error: type[BarterError] = MarketDataError


def file(name: str, content: str | bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder / name

    return make


def candles(rows: Sequence[Sequence[object]], header: Sequence[str] | None = COLUMNS) -> Callable[[Path], Path]:
    return file("candles.csv", csv_text(rows, header))


def with_cell(row: int, column: str, value: object) -> Callable[[Path], Path]:
    """Good candles with one other cell."""
    rows = [list(cells) for cells in rows_of_candles()]
    rows[row - 1][COLUMNS.index(column)] = value
    return candles(rows)


def trades(*rows: Sequence[object], header: Sequence[str] = ("time", "id", "price", "amount", "side")) -> Callable[[Path], Path]:
    return file("trades.csv", csv_text(rows, header))


def quotes(*rows: Sequence[object]) -> Callable[[Path], Path]:
    return file("quotes.csv", csv_text(rows, ("time", "bid_price", "bid_amount", "ask_price", "ask_amount")))


def klines(rows: Sequence[Sequence[object]], name: str = "BTCUSDT-1m-2024-10", header: Sequence[str] | None = None) -> Any:
    return file(f"{name}.zip", zipped(f"{name}.csv", csv_text(rows, header)))


def frame(make: Callable[[], ImportSource]) -> Callable[[Path], ImportSource]:
    return lambda folder: make()


def parquet(table: pa.Table) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        pq.write_table(table, folder / "candles.parquet")
        return folder / "candles.parquet"

    return make


def market_data_file(folder: Path) -> Path:
    write_market_data(folder / "market.parquet", [event()])
    return folder / "market.parquet"


def feather_file(name: str, columns: dict[str, Any]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        feather.write_feather(pa.table(columns), str(folder / name))
        return folder / name

    return make


def cut(make: Callable[[Path], Path], length: int) -> Callable[[Path], Path]:
    def make_and_cut(folder: Path) -> Path:
        path = make(folder)
        path.write_bytes(path.read_bytes()[:length])
        return path

    return make_and_cut


GOOD = rows_of_candles()
LONG = [(START + 60_000 * row, 1, 1, 1, 1, 0, 0) for row in range(4000)]
BUY = (START, 1, 100.5, 0.5, "buy")
TABLE = pa.table({name: [row[place] for row in GOOD] for place, name in enumerate(COLUMNS)})
UNTOLD = replace(TOLD, stamp=None)
TARDIS = "exchange,symbol,timestamp,local_timestamp"
KLINES_USD_M = replace(TOLD, exchange=ExchangeId.BINANCE_FUTURES_USD)

CASES = {
    # Stamps.
    "wrong unit told": Case(
        candles(GOOD),
        ("row 1, column 'time': found '1728000000000', expected Unix time in s, as told", "it seems to be ms"),
        replace(TOLD, unit=TimeUnit.SECOND),
    ),
    "mixed units": Case(
        with_cell(3, "time", START * 1000), ("row 3, column 'time': found", "in ms, as in the first row", "it seems to be us")
    ),
    "no unit fits": Case(
        with_cell(1, "time", 20241004), ("row 1, column 'time': found '20241004', expected Unix time in s, ms, us or ns",)
    ),
    "stamp zero": Case(with_cell(2, "time", 0), ("row 2, column 'time': found '0', expected Unix time in ms",)),
    "stamp negative": Case(with_cell(2, "time", -1), ("row 2, column 'time': found '-1'",)),
    "stamp empty": Case(
        with_cell(2, "time", ""), ("row 2, column 'time': found nothing, expected Unix time, as in the first row",)
    ),
    "stamp is no time": Case(
        with_cell(1, "time", "yesterday"), ("row 1, column 'time': found 'yesterday', expected a time such as",)
    ),
    "stamp changes its form": Case(
        with_cell(2, "time", "2024-10-04T00:01:00Z"), ("row 2, column 'time': found '2024-10-04T00:01:00Z'",)
    ),
    "stamp without an offset": Case(
        with_cell(1, "time", "2024-10-04 00:00"),
        ("expected a time with an offset: tell the time zone",),
        replace(TOLD, timezone=None),
    ),
    "stamp with an offset later": Case(
        candles([("2024-10-04 00:00", *GOOD[0][1:]), ("2024-10-04T00:01:00Z", *GOOD[1][1:])]),
        ("row 2, column 'time': found '2024-10-04T00:01:00Z'", "without an offset as in the first row"),
    ),
    "stamp of an American": Case(with_cell(1, "time", "10/04/2024"), ("found '10/04/2024', expected a time such as 2024-01-31",)),
    "no such time zone": Case(
        with_cell(1, "time", "2024-10-04 00:00"), ("timezone: found 'Mars'",), replace(TOLD, timezone="Mars"), ConfigError
    ),
    "stamp of a day without an hour": Case(
        candles([("2024-03-31 02:30", *GOOD[0][1:])]),
        ("expected a time that exists once in Europe/Berlin",),
        replace(TOLD, timezone="Europe/Berlin"),
    ),
    "naive frame": Case(
        frame(lambda: TABLE.set_column(0, "time", TABLE.column(0).cast(pa.timestamp("ms")))),
        ("the Table, row 1, column 'time'", "expected a time with an offset"),
        replace(TOLD, timezone=None),
    ),
    "stamp is a boolean": Case(
        frame(lambda: TABLE.set_column(0, "time", pa.array([True] * 3))), ("column 'time': found True", "not bool")
    ),
    "stamp null": Case(
        frame(lambda: TABLE.set_column(0, "time", pa.array([None, 1, 2], pa.int64()))), ("row 1, column 'time': found nothing",)
    ),
    # Which moment a candle is stamped with.
    "stamp not told": Case(
        candles(GOOD), ("column 'time' may be the open or the close of candles, expected the option stamp",), UNTOLD
    ),
    "stamp contradicts the column": Case(
        candles(GOOD, ("close_time", *COLUMNS[1:])), ("stamp is 'open' as told, but the only time is column 'close_time'",)
    ),
    "stamp told as open is that of closes": Case(
        candles([(row[0] + 59_999, *row[1:]) for row in GOOD]),
        ("row 1", "expected the open of a candle, but this is the last moment of one"),
    ),
    "close not after open": Case(
        candles([(*row, row[0]) for row in GOOD], ("open_time", *COLUMNS[1:], "close_time")),
        ("row 1, column 'close_time': found '1728000000000', expected a time after the open",),
        UNTOLD,
    ),
    # Order.
    "reversed": Case(
        candles(GOOD[::-1]), ("row 2, column 'time': found '1728000060000', expected rows in order of time, the oldest first",)
    ),
    "out of order": Case(candles([*GOOD, GOOD[0]]), ("row 4, column 'time': found '1728000000000', expected rows in order",)),
    "the same time with other values": Case(
        candles([*GOOD, (*GOOD[2][:4], 101.0, *GOOD[2][5:])]), ("row 4", "but the row before has the same time and other values")
    ),
    "candles overlap": Case(
        candles([*LONG[:9], (LONG[9][0] - 1000, 1, 1, 1, 1, 0, 0)]), ("row 10", "but the candle of the row before ends later")
    ),
    "one row without an interval": Case(candles(GOOD[:1]), ("row 1: the stamps do not tell the length of the candles",)),
    "the wrong interval": Case(
        candles([(*row, row[0] + 120_000) for row in GOOD], ("open_time", *COLUMNS[1:], "close_time")),
        ("row 1, column 'close_time'", "expected candles of 1m, as told"),
        replace(UNTOLD, interval=MINUTE),
    ),
    # Prices and amounts.
    "price NaN": Case(with_cell(2, "close", "NaN"), ("row 2, column 'close': found 'NaN', expected a positive number",)),
    "price infinite": Case(with_cell(2, "close", "inf"), ("row 2, column 'close': found 'inf'",)),
    "price zero": Case(with_cell(2, "low", 0), ("row 2, column 'low': found '0', expected a positive number",)),
    "price negative": Case(with_cell(3, "open", -1.5), ("row 3, column 'open': found '-1.5'",)),
    "price empty": Case(with_cell(1, "open", ""), ("row 1, column 'open': found nothing, expected a positive number",)),
    "price with thousands separators": Case(
        with_cell(1, "high", '"1,234.5"'), ("row 1, column 'high': found '1,234.5'", "without thousands separators")
    ),
    "price with a decimal comma": Case(
        file("candles.csv", csv_text(GOOD).replace(",", ";").replace("101.5", "101,5")), ("row 1, column 'high': found '101,5'",)
    ),
    "price with a currency": Case(with_cell(1, "high", "$101"), ("row 1, column 'high': found '$101'",)),
    "price null": Case(frame(lambda: pl.DataFrame(TABLE).with_columns(high=None)), ("row 1, column 'high': found nothing",)),
    "price NaN in a frame": Case(
        frame(lambda: pl.DataFrame(TABLE).with_columns(high=float("nan"))), ("the DataFrame, row 1, column 'high': found nan",)
    ),
    "volume negative": Case(
        with_cell(2, "volume", -0.1), ("row 2, column 'volume': found '-0.1', expected zero or a positive number",)
    ),
    "count of trades with a fraction": Case(
        with_cell(2, "trades", 1.5), ("row 2, column 'trades': found '1.5', expected a whole number",)
    ),
    "high below close": Case(
        with_cell(1, "high", 100.75), ("row 1, column 'high': found '100.75', expected at least open, close and low",)
    ),
    "low above open": Case(
        with_cell(1, "low", 100.5), ("row 1, column 'low': found '100.5', expected at most open, close and high",)
    ),
    "a bad cell far down": Case(
        candles([*LONG, (LONG[-1][0] + 60_000, "x", 1, 1, 1, 0, 0)]), ("row 4001, column 'open': found 'x'",)
    ),
    # Columns.
    "no volume": Case(
        candles([row[:5] for row in GOOD], COLUMNS[:5]), ("there is no column of the volume among 'time', 'open'",)
    ),
    "two columns of the close": Case(
        candles([(*row, 1) for row in GOOD], (*COLUMNS, "Close")), ("the close may be one of the columns 'close', 'Close'",)
    ),
    "columns of nothing known": Case(
        candles([(1, 2)], ("a", "b")), ("the columns are 'a', 'b', expected at least: open, high, low, close",)
    ),
    "no header": Case(candles(GOOD, None), ("there is no header, expected the option header with 7 names",)),
    "a header of another width": Case(
        candles(GOOD, None), ("there are 7 columns, expected 2 as told: header",), replace(TOLD, header=("time", "open"))
    ),
    "a column that is not there": Case(
        candles(GOOD), ("there is no column 'Vol' for the volume",), replace(TOLD, columns={"volume": "Vol"})
    ),
    "a role that is not there": Case(
        candles(GOOD), ("columns: found the role 'bid'",), replace(TOLD, columns={"bid": "open"}), ConfigError
    ),
    "a row that is too short": Case(candles([GOOD[0], GOOD[1][:3], GOOD[2]]), ("row 2: found 3 cells in", "expected 7")),
    "a row that is too long": Case(candles([GOOD[0], (*GOOD[1], 1)]), ("row 2: found 8 cells in", "expected 7")),
    # Files as a whole.
    "empty": Case(file("candles.csv", ""), ("the file is empty, expected rows",)),
    "a header and nothing more": Case(candles([]), ("there are no rows",)),
    "UTF-16": Case(file("candles.csv", csv_text(GOOD).encode("utf-16")), ("the first line is not UTF-8",)),
    "binary": Case(file("candles.csv", b"PK\0\1" * 9), ("the first line has a NUL character",)),
    "broken UTF-8": Case(
        file("candles.csv", csv_text(GOOD).encode() + b"\xff,1,1,1,1,1,1\n"), ("expected complete delimited text in UTF-8",)
    ),
    "no such file": Case(lambda folder: folder / "candles.csv", ("there is no such file",)),
    "no such format": Case(file("candles.xlsx", "x"), ("the suffix is '.xlsx', expected one of: .csv",)),
    "cut zip": Case(cut(klines(kline_rows()), 60), ("File is not a zip file, expected complete delimited text",)),
    "damaged zip": Case(
        file(
            "BTCUSDT-1m-2024-10.zip",
            zipped("a.csv", csv_text(kline_rows(), None)).replace(b"\x00\x00\x00a.csv", b"\x00\x00\x00b.csv", 1),
        ),
        ("expected complete delimited text",),
    ),
    "cut gzip": Case(file("candles.csv.gz", gzip.compress(csv_text(LONG).encode())[:-200]), ("Truncated compressed stream",)),
    "cut parquet": Case(cut(parquet(TABLE), 500), ("expected a complete Parquet file",)),
    "cut feather": Case(cut(feather_file("candles.feather", {"time": [1]}), 90), ("expected a complete Feather file",)),
    "a market data file": Case(market_data_file, ("this is a market data file already",)),
    "no frame": Case(frame(lambda: object()), ("the object: there is no __arrow_c_stream__, expected a path, or a frame",)),  # type: ignore[arg-type, return-value]
    "no source": Case(lambda folder: [], ("there is no source",)),
    # Markets.
    "no exchange": Case(candles(GOOD), ("nothing tells the exchange",), replace(TOLD, exchange=None)),
    "no instrument": Case(candles(GOOD), ("nothing tells the instrument",), replace(TOLD, instrument=None)),
    "order books of a table": Case(
        candles(GOOD), ("kind: found 'book-updates'",), replace(TOLD, kind=ImportKind.BOOK_UPDATES), ConfigError
    ),
    # Trades and quotes.
    "trades without a side": Case(trades(BUY[:4], header=("time", "id", "price", "amount")), ("there is no column of the side",)),
    "side of nobody": Case(trades(BUY, (*BUY[:4], "long")), ("row 2, column 'side': found 'long', expected buy or sell",)),
    "amount negative": Case(trades((*BUY[:3], -1, "buy")), ("row 1, column 'amount': found '-1'",)),
    "trades reversed": Case(
        trades((START + 5000, *BUY[1:]), BUY), ("row 2, column 'time'", "expected rows in order of time, the oldest first")
    ),
    "id empty": Case(trades((START, "", *BUY[2:])), ("row 1, column 'id': found nothing, expected a value",)),
    "maker of nobody": Case(
        trades((START, 1, 1, 1, "maybe"), header=("time", "id", "price", "qty", "is_buyer_maker")),
        ("found 'maybe', expected true or false",),
    ),
    "half a bid": Case(quotes((START, 1, "", 2, 1)), ("row 1, column 'bid_amount': found nothing, but bid_price is there",)),
    "half an ask beside an empty one": Case(
        quotes((START, 1, 1, "", ""), (START, 1, 1, "", 3)),
        ("row 2, column 'ask_price': found nothing, but ask_amount is there",),
    ),
    # Known layouts.
    "coin-margined": Case(
        klines(kline_rows(), "BTCUSD_PERP-1m-2024-10"), ("coin-margined futures, whose contracts are not supported",)
    ),
    "coin-margined by its header": Case(
        klines(kline_rows(), header=(*KLINE_HEADER[:7], "base_asset_volume", *KLINE_HEADER[8:])), ("coin-margined futures",)
    ),
    "spot or USD-M": Case(
        klines(kline_rows()), ("neither the folder nor the columns tell the market",), replace(TOLD, exchange=None)
    ),
    "klines of another venue": Case(
        klines(kline_rows()), ("exchange is 'okx' as told, expected 'binance_spot' or",), replace(TOLD, exchange=ExchangeId.OKX)
    ),
    "klines of another symbol": Case(
        klines(kline_rows()),
        ("instrument is 'ETHUSDT' as told, but the source says 'BTCUSDT'",),
        replace(TOLD, instrument="ETHUSDT"),
    ),
    "klines stamped with the close": Case(
        klines(kline_rows()), ("stamp is 'close' as told, but the source says 'open'",), replace(TOLD, stamp=CandleStamp.CLOSE)
    ),
    "klines of another length": Case(
        klines(kline_rows(), "BTCUSDT-1s-2024-10"), ("row 1", "expected candles of 1s, of the layout")
    ),
    "klines with a column too many": Case(
        klines([(*row, 1) for row in kline_rows()]), ("there are 13 columns, expected the 12 of 1m",)
    ),
    "klines with another header": Case(
        klines(kline_rows(), header=("open_time", "high", *KLINE_HEADER[2:])), ("column 2 is 'high', expected the open of 1m",)
    ),
    "depth of Binance": Case(
        klines([(1, 2, 3, 4)], "BTCUSDT-bookDepth-2024-10-04"), ("bookDepth cannot be imported: its rows are sums",)
    ),
    "spot trades as those of futures": Case(
        klines([(1, 1, 1, 1, START, True, True)], "BTCUSDT-trades-2024-10"),
        ("exchange is 'binance_futures_usd' as told, but the source says 'binance_spot'",),
        KLINES_USD_M,
    ),
    "ids that fall": Case(
        klines([(2, 1, 1, 1, START, True, True), (1, 1, 1, 1, START, True, True)], "BTCUSDT-trades-2024-10"),
        ("row 2, column '1': found '1', expected ids that rise",),
    ),
    "prices of freqtrade that are not traded": Case(
        feather_file("BTC_USDT_USDT-1h-mark.feather", {"date": [1]}), ("mark of freqtrade cannot be imported",)
    ),
    "Tardis, another type": Case(
        file("t.csv", f"{TARDIS},funding_rate\nbinance,B,1,1,1\n"), ("the columns after 'local_timestamp' are",)
    ),
    "Tardis, arrivals go back": Case(
        file(
            "t.csv",
            f"{TARDIS},id,side,price,amount\nbinance,B,{START},{START + 9},1,buy,1,1\nbinance,B,{START},{START},2,buy,1,1\n",
        ),
        ("row 2, column 'local_timestamp'", "expected rows in order of arrival"),
        ImportOptions(),
    ),
    "Tardis, two exchanges": Case(
        file("t.csv", f"{TARDIS},id,side,price,amount\nbinance,B,{START},{START},1,buy,1,1\nokex,B,{START},{START},2,buy,1,1\n"),
        ("row 2, column 'exchange': found 'okex', expected 'binance'",),
        ImportOptions(),
    ),
    "Tardis, an unknown exchange": Case(
        file("t.csv", f"{TARDIS},id,side,price,amount\nnyse,B,{START},{START},1,buy,1,1\n"),
        ("found 'nyse', expected an exchange that is known",),
        ImportOptions(),
    ),
    "Tardis, coin-margined": Case(
        file("t.csv", f"{TARDIS},id,side,price,amount\nbinance-delivery,B,{START},{START},1,buy,1,1\n"),
        ("coin-margined and not supported",),
        ImportOptions(),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_refused(tmp_path: Path, case: Case) -> None:
    source = case.make(tmp_path)
    with pytest.raises(case.error) as raised:
        MarketDataImport(source, case.told).report()
    message = raised.value.message

    for part in case.says:
        assert part in message
    if isinstance(source, Path) and case.error is MarketDataError:
        assert message.startswith(str(source))
    assert "\n" not in message
    assert len(message) < 600


def test_a_form_that_changes_far_down_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("barter_python.data.file.importer.delimited._BLOCK_BYTES", 100)
    late = [(f"2024-10-04T00:0{minute}:00Z", *GOOD[2][1:]) for minute in range(4, 7)]
    path = candles([*GOOD, *late])(tmp_path)

    with pytest.raises(MarketDataError, match=r"column 'time': found '2024-10-04T00:0\d:00Z', expected Unix time"):
        MarketDataImport(path, replace(TOLD, interval=MINUTE)).report()


def test_at_least_sixty_of_them() -> None:
    assert len(CASES) >= 60
