"""The same candles, trades and quotes in the forms of many programs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
from tests.data.file.events import at

from barter_python.data.event import Candle, MarketStreamEvent
from barter_python.data.file.importer import CandleStamp, ImportOptions, ImportSource, MarketDataImport
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex

SPOT, USD_M = ExchangeId.BINANCE_SPOT, ExchangeId.BINANCE_FUTURES_USD
BTC = InstrumentIndex(0)
MINUTE = timedelta(minutes=1)
COLUMNS = ("time", "open", "high", "low", "close", "volume", "trades")
TOLD = ImportOptions(exchange=SPOT, instrument="BTCUSDT", stamp=CandleStamp.OPEN, timezone="UTC")

CANDLES = [
    Candle(at(60), 100.0, 101.5, 99.25, 101.0, 3.5, 7, MINUTE),
    Candle(at(120), 101.0, 101.0, 100.125, 100.5, 0.0, 0, MINUTE),
    Candle(at(180), 100.5, 103.0, 100.5, 102.75, 12.0625, 41, MINUTE),
]


def milliseconds(time: Any) -> int:
    return round(time.timestamp() * 1000)


def rows_of_candles(candles: Sequence[Candle] = CANDLES) -> list[tuple[Any, ...]]:
    """Stamp of the open in milliseconds, prices, volume and number of trades."""
    return [
        (
            milliseconds(candle.close_time - MINUTE),
            candle.open,
            candle.high,
            candle.low,
            candle.close,
            candle.volume,
            candle.trade_count,
        )
        for candle in candles
    ]


def csv_text(rows: Sequence[Sequence[object]], header: Sequence[str] | None = COLUMNS) -> str:
    lines = [] if header is None else [",".join(header)]
    return "".join(f"{line}\n" for line in [*lines, *(",".join(map(str, row)) for row in rows)])


def zipped(name: str, text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)  # without the time, always the same bytes
    return buffer.getvalue()


def kline_rows(factor: int = 1, candles: Sequence[Candle] = CANDLES) -> list[tuple[object, ...]]:
    """Rows of a dump of klines; a factor of 1000 makes microseconds."""
    return [
        (start * factor, *prices, volume, (start + 60_000) * factor - 1, 1.5, count, 0.5, 0.25, 0)
        for start, *prices, volume, count in rows_of_candles(candles)
    ]


KLINE_HEADER = [
    "open_time",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "close_time",
    "quote_volume",
    "count",
    "taker_buy_volume",
    "taker_buy_quote_volume",
    "ignore",
]


def _columns(rows: Sequence[Sequence[Any]], names: Sequence[str] = COLUMNS) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _csv(folder: Path) -> Path:
    (folder / "candles.csv").write_text(csv_text(rows_of_candles()))
    return folder / "candles.csv"


def _csv_with_times(folder: Path) -> Path:
    rows = [(f"2024-10-04T00:0{minute}:00+00:00", *row[1:]) for minute, row in enumerate(rows_of_candles())]
    path = folder / "times.csv.gz"
    with pa.output_stream(str(path), compression="gzip") as stream:
        stream.write(csv_text(rows, ("Date", "Open", "High", "Low", "Close", "Volume", "Trades")).encode())
    return path


def _semicolons(folder: Path) -> Path:
    path = folder / "semicolons.csv"
    path.write_bytes(b"\xef\xbb\xbf" + csv_text(rows_of_candles()).replace(",", ";").replace("\n", "\r\n").encode() + b"\r\n")
    return path


def _pandas(folder: Path) -> ImportSource:
    columns = _columns(rows_of_candles())
    index = pd.to_datetime(columns.pop("time"), unit="ms").rename("Date")
    return pd.DataFrame(columns, index=index)


def _pandas_without_a_name(folder: Path) -> ImportSource:
    columns = _columns(rows_of_candles())
    return pd.DataFrame(columns, index=pd.to_datetime(columns.pop("time"), unit="ms", utc=True)).astype({"open": "object"})


def _polars(folder: Path) -> ImportSource:
    frame = pl.DataFrame(_columns(rows_of_candles()))
    return frame.with_columns(pl.from_epoch("time", time_unit="ms").dt.replace_time_zone("UTC"))


def _polars_text(folder: Path) -> ImportSource:
    return pl.DataFrame(_columns([tuple(map(str, row)) for row in rows_of_candles()]))


def _table() -> pa.Table:
    return pa.table(_columns(rows_of_candles()))


def _parquet(folder: Path) -> Path:
    pq.write_table(_table(), folder / "candles.parquet", row_group_size=2)
    return folder / "candles.parquet"


def _feather(folder: Path) -> Path:
    feather.write_feather(_table(), str(folder / "candles.feather"))
    return folder / "candles.feather"


def freqtrade(folder: Path) -> Path:
    columns = _columns(rows_of_candles())
    columns["date"] = pa.array(columns.pop("time"), pa.timestamp("ms", "UTC"))
    table = pa.table(columns).select(["date", "open", "high", "low", "close", "volume"])
    feather.write_feather(table, str(folder / "BTC_USDT-1m.feather"))
    return folder / "BTC_USDT-1m.feather"


def _binance(name: str, factor: int, header: Sequence[str] | None) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / f"{name}.zip"
        path.write_bytes(zipped(f"{name}.csv", csv_text(kline_rows(factor), header)))
        return path

    return write


FORMS: Mapping[str, Callable[[Path], ImportSource]] = {
    "csv": _csv,
    "csv with times, gzip": _csv_with_times,
    "csv with semicolons, BOM, CRLF and a blank line": _semicolons,
    "pandas, naive index": _pandas,
    "pandas, index without a name": _pandas_without_a_name,
    "polars": _polars,
    "polars, text": _polars_text,
    "pyarrow": lambda folder: _table(),
    "pyarrow, a stream that is read once": lambda folder: _table().to_reader(),
    "parquet": _parquet,
    "feather": _feather,
    "binance, ms": _binance("BTCUSDT-1m-2024-10", 1, None),
    "binance, us, header": _binance("BTCUSDT-1m-2025-10-04", 1000, KLINE_HEADER),
}


def read(data: MarketDataImport, exchange: ExchangeId = SPOT, name: str = "BTCUSDT") -> list[MarketStreamEvent]:
    return [event for chunk in data.events({(exchange, name): BTC}) for event in chunk]
