"""Trades, quotes, order books and funding rates."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
import pytest
from tests.data.file.events import level
from tests.data.file.importer.market import BTC, SPOT, TOLD, USD_M, csv_text, read, zipped
from tests.support.builders import D

from barter_python.data.book import OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import MarketEvent, OrderBookL1, PublicTrade
from barter_python.data.file.importer import (
    Gap,
    ImportKind,
    ImportOptions,
    ImportSource,
    MarketDataImport,
    import_market_data,
    read_funding_rates,
)
from barter_python.errors import MarketDataError
from barter_python.execution.exchange.simulated.config import FundingRate, InstrumentMargin
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

START = datetime(2025, 1, 1, tzinfo=UTC)
MS = 1_735_689_600_000


def after(milliseconds: float) -> datetime:
    return START + timedelta(milliseconds=milliseconds)


TRADES = [
    MarketEvent(after(0), after(0), SPOT, BTC, PublicTrade("10", 93000.5, 0.25, Side.BUY)),
    MarketEvent(after(5), after(5), SPOT, BTC, PublicTrade("11", 93000.0, 1.0, Side.SELL)),
    MarketEvent(after(5), after(5), SPOT, BTC, PublicTrade("12", 93001.0, 2.0, Side.BUY)),
]
SPOT_TRADES = [
    (10, 93000.5, 0.25, 1, 0, False, True),
    (11, 93000.0, 1.0, 1, 5, True, True),
    (12, 93001.0, 2.0, 1, 5, False, True),
]


def dump(folder: Path, name: str, rows: list[tuple[object, ...]], header: tuple[str, ...] | None = None) -> Path:
    path = folder / f"{name}.zip"
    path.write_bytes(zipped(f"{name}.csv", csv_text(rows, header)))
    return path


def spot_trades(factor: int) -> list[tuple[object, ...]]:
    return [(*row[:4], (MS + row[4]) * factor, *row[5:]) for row in SPOT_TRADES]


def agg(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [(number, price, quantity, 1, 2, time, maker) for number, price, quantity, _, time, maker, *_ in rows]


TRADE_DUMPS = {
    "spot, us, True": ("BTCUSDT-trades-2025-01-01", spot_trades(1000), None, SPOT),
    "spot, ms": ("BTCUSDT-trades-2024-01", spot_trades(1), None, SPOT),
    "USD-M, header, true": (
        "BTCUSDT-trades-2025-01",
        [(*row[:5], str(row[5]).lower()) for row in spot_trades(1)],
        ("id", "price", "qty", "quote_qty", "time", "is_buyer_maker"),
        USD_M,
    ),
    "USD-M aggregated, header": (
        "BTCUSDT-aggTrades-2025-01",
        agg(spot_trades(1)),
        ("agg_trade_id", "price", "quantity", "first_trade_id", "last_trade_id", "transact_time", "is_buyer_maker"),
        USD_M,
    ),
    "spot aggregated": ("BTCUSDT-aggTrades-2025-01", [(*row, "True") for row in agg(spot_trades(1000))], None, SPOT),
}


@pytest.mark.parametrize(("name", "rows", "header", "exchange"), TRADE_DUMPS.values(), ids=TRADE_DUMPS)
def test_trades_of_binance(tmp_path: Path, name: str, rows: object, header: tuple[str, ...] | None, exchange: object) -> None:
    data = MarketDataImport(dump(tmp_path, name, rows, header))  # type: ignore[arg-type]

    assert [replace(event, exchange=exchange) for event in TRADES] == read(data, exchange)  # type: ignore[arg-type]
    assert (0, {}) == (data.report().gap_count, data.report().left_out)


def test_the_folder_of_a_dump_tells_the_market(tmp_path: Path) -> None:
    folder = tmp_path / "futures" / "um" / "daily" / "klines" / "BTCUSDT" / "1m"
    folder.mkdir(parents=True)
    row = (MS, 1, 1, 1, 1, 0, MS + 59_999, 0, 0, 0, 0, 0)

    assert USD_M is MarketDataImport(dump(folder, "BTCUSDT-1m-2025-01-01", [row])).info().instruments[0].exchange


def frames_of_trades(folder: Path) -> list[ImportSource]:
    columns = {
        "timestamp": pa.array([MS, MS + 5, MS + 5], pa.timestamp("ms", "UTC")),
        "trade_id": ["10", "11", "12"],
        "Price": [93000.5, 93000.0, 93001.0],
        "size": [0.25, 1.0, 2.0],
        "side": pa.array(["BUY", "sell", "Buy"]).dictionary_encode(),
    }
    table = pa.table(columns)
    freqtrade = {"timestamp": [MS, MS + 5, MS + 5], "id": columns["trade_id"], "type": [None] * 3, "side": ["buy", "sell", "buy"]}
    amounts = {"price": columns["Price"], "amount": columns["size"], "cost": [1.0] * 3}
    feather.write_feather(pa.table(freqtrade | amounts), str(folder / "BTC_USDT-trades.feather"))
    maker = table.drop_columns("side").append_column("is_buyer_maker", pa.array([False, True, False]))
    return [table, table.to_pandas(), pl.DataFrame(table), maker, folder / "BTC_USDT-trades.feather"]


def test_trades_of_frames(tmp_path: Path) -> None:
    for source in frames_of_trades(tmp_path):
        assert TRADES == read(MarketDataImport(source, TOLD))


def test_trades_that_are_missing_or_repeated_are_reported(tmp_path: Path) -> None:
    rows = spot_trades(1)
    later = [(number + 5, *rest) for number, *rest in rows]
    data = MarketDataImport(dump(tmp_path, "BTCUSDT-trades-2024-01", [*rows, rows[-1], *(later)]))
    assert ["10", "11", "12", "15", "16", "17"] == [event.kind.id for event in read(data)]  # type: ignore[union-attr]
    report = data.report()

    assert {"the same trade again": 1} == report.left_out
    assert (Gap(after(5), after(0), 2),) == report.gaps
    assert ("some rows are stamped up to a second before an earlier row: they keep their place",) == report.notes


def test_trades_keep_their_order_where_stamps_go_back_a_little() -> None:
    table = pa.table({"time": [MS, MS + 9, MS + 5], "price": [1.0] * 3, "amount": [1.0] * 3, "side": ["buy"] * 3})
    data = MarketDataImport(table, TOLD)
    events = read(data)

    assert [after(0), after(9), after(5)] == [event.time_exchange for event in events]  # type: ignore[union-attr]
    assert [after(0), after(9), after(9)] == [event.time_received for event in events]  # type: ignore[union-attr]
    assert (after(0), after(9)) == data.report().longest_pause
    assert ["1", "2", "3"] == [event.kind.id for event in events]  # type: ignore[union-attr]


def test_one_of_several_instruments_is_chosen() -> None:
    columns = {"time": [MS] * 3, "price": [1.0, 2.0, 3.0], "amount": [1.0] * 3, "side": ["buy"] * 3}
    table = pa.table(columns | {"symbol": ["BTCUSDT", "ETHUSDT", "BTCUSDT"]})
    data = MarketDataImport(table, TOLD)

    assert [1.0, 3.0] == [event.kind.price for event in read(data)]  # type: ignore[union-attr]
    assert {"rows of other instruments": 1} == data.report().left_out
    with pytest.raises(MarketDataError, match="row 2, column 'symbol': found 'ETHUSDT', expected 'BTCUSDT' as before"):
        MarketDataImport(table, replace(TOLD, instrument="SOLUSDT")).report()


L1 = OrderBookL1(after(5), level("93000.10", "1.500"), level("93000.20", "0.001"))


def test_quotes_of_binance(tmp_path: Path) -> None:
    header = ("update_id", "best_bid_price", "best_bid_qty", "best_ask_price", "best_ask_qty", "transaction_time", "event_time")
    rows: list[tuple[object, ...]] = [(7, "93000.10", "1.500", "93000.20", "0.001", MS + 5, MS + 7)]
    events = read(MarketDataImport(dump(tmp_path, "BTCUSDT-bookTicker-2025-01-01", rows, header)), USD_M)

    assert [MarketEvent(after(5), after(5), USD_M, BTC, L1)] == events
    assert "93000.10" == str(events[0].kind.best_bid.price)  # type: ignore[union-attr]


def test_quotes_of_frames_may_lack_a_side() -> None:
    bids = {"bid": [None, 1e-8], "bid_size": [None, 2.0]}
    asks = {"ask": [1e-7, None], "ask_size": [1, None]}
    frame = pd.DataFrame({"ts": [MS, MS + 5]} | bids | asks)
    first, second = (event.kind for event in read(MarketDataImport(frame, TOLD)))  # type: ignore[union-attr]

    assert OrderBookL1(after(0), None, level("0.0000001", "1")) == first
    assert OrderBookL1(after(5), level("0.00000001", "2"), None) == second


def tardis(folder: Path, columns: str, rows: str) -> Path:
    path = folder / "binance_2025-01-01_BTCUSDT.csv.gz"
    path.write_bytes(gzip.compress(f"exchange,symbol,timestamp,local_timestamp,{columns}\n{rows}".encode()))
    return path


def stamp(time: int, local: int, symbol: str = "BTCUSDT") -> str:
    return f"binance,{symbol},{(MS + time) * 1000},{(MS + local) * 1000}"


def test_trades_of_tardis(tmp_path: Path) -> None:
    rows = f"{stamp(0, 2)},10,buy,93000.5,0.25\n{stamp(1, 3, 'ETHUSDT')},5,sell,3000,1\n{stamp(5, 9)},11,unknown,93000,1\n"
    data = MarketDataImport(tardis(tmp_path, "id,side,price,amount", rows))
    both = {(SPOT, "BTCUSDT"): BTC, (SPOT, "ETHUSDT"): InstrumentIndex(1)}

    assert [
        MarketEvent(after(0), after(2), SPOT, BTC, PublicTrade("10", 93000.5, 0.25, Side.BUY)),
        MarketEvent(after(1), after(3), SPOT, InstrumentIndex(1), PublicTrade("5", 3000.0, 1.0, Side.SELL)),
    ] == [event for chunk in data.events(both) for event in chunk]
    assert {"the side of the taker is unknown": 1} == data.report().left_out
    assert ["BTCUSDT", "ETHUSDT"] == [item.instrument for item in data.info().instruments]


def test_quotes_of_tardis(tmp_path: Path) -> None:
    rows = f"{stamp(5, 6)},0.001,93000.20,93000.10,1.500\n{stamp(6, 7)},,,93000.10,1\n"
    first, second = read(MarketDataImport(tardis(tmp_path, "ask_amount,ask_price,bid_price,bid_amount", rows)))

    assert MarketEvent(after(5), after(6), SPOT, BTC, L1) == first
    assert OrderBookL1(after(6), level("93000.10", "1"), None) == second.kind  # type: ignore[union-attr]


UPDATES = f"""\
{stamp(0, 1)},false,bid,90,1
{stamp(1, 2)},true,ask,102,1
{stamp(1, 2)},true,bid,99,2
{stamp(1, 2)},true,ask,101,3
{stamp(1, 2)},true,bid,100,4
{stamp(3, 4)},false,bid,100,0
{stamp(3, 4)},false,ask,101.5,1
{stamp(5, 5)},false,ask,101,0
"""
BOOKS = [
    OrderBookSnapshot(OrderBook(2, after(1), [level("100", "4"), level("99", "2")], [level("101", "3"), level("102", "1")])),
    OrderBookUpdate(OrderBook(3, after(3), [level("100", "0")], [level("101.5", "1")])),
    OrderBookUpdate(OrderBook(4, after(5), [], [level("101", "0")])),
]


@pytest.mark.parametrize("block", [1 << 20, 200, 300])
def test_order_books_of_tardis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr("barter_python.data.file.importer.delimited._BLOCK_BYTES", block)
    data = MarketDataImport(tardis(tmp_path, "is_snapshot,side,price,amount", UPDATES))

    assert BOOKS == [event.kind for event in read(data)]  # type: ignore[union-attr]
    assert {"updates of an order book without a snapshot before them": 1} == data.report().left_out


def test_snapshots_of_tardis(tmp_path: Path) -> None:
    columns = ",".join(f"{side}[{n}].{member}" for n in range(2) for side in ("asks", "bids") for member in ("price", "amount"))
    rows = f"{stamp(1, 2)},101,3,100,4,102,1,99,2\n{stamp(3, 4)},101,3,100,4,,,98.5,2\n"
    first, second = read(MarketDataImport(tardis(tmp_path, columns, rows)))

    assert OrderBookSnapshot(replace_sequence(BOOKS[0].book, 1)) == first.kind  # type: ignore[union-attr]
    book = OrderBook(2, after(3), [level("100", "4"), level("98.5", "2")], [level("101", "3")])
    assert MarketEvent(after(3), after(4), SPOT, BTC, OrderBookSnapshot(book)) == second


def replace_sequence(book: OrderBook, sequence: int) -> OrderBook:
    return OrderBook(sequence, book.time_engine, book.bids.levels, book.asks.levels)


def test_funding_rates_are_payments_of_a_simulated_exchange(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(MS, 8, "0.00010000"), (MS + 28_800_001, 8, "-0.00003600")]
    header = ("calc_time", "funding_interval_hours", "last_funding_rate")
    path = dump(tmp_path, "BTCUSDT-fundingRate-2025-01", rows, header)
    payments = read_funding_rates(path)

    assert [(after(0), D("0.00010000")), (after(28_800_001), D("-0.00003600"))] == payments
    margin = InstrumentMargin(InstrumentNameExchange("BTCUSDT"), funding=tuple(FundingRate(*payment) for payment in payments))
    assert D("-0.00003600") == margin.funding[1].rate
    with pytest.raises(MarketDataError, match="these are funding rates"):
        MarketDataImport(path)
    table = pa.table({"time": [MS], "fundingRate": [0.0001]})
    assert [(after(0), D("0.0001"))] == read_funding_rates(table, ImportOptions(kind=ImportKind.FUNDING))


def test_nothing_is_written_where_a_row_is_refused(tmp_path: Path) -> None:
    path = dump(tmp_path, "BTCUSDT-trades-2024-01", [*spot_trades(1), (13, -1, 1, 1, MS, False, True)])
    target = tmp_path / "market.parquet"
    target.write_bytes(b"old")
    with pytest.raises(MarketDataError, match="row 4, column '2': found '-1', expected a positive number"):
        import_market_data(path, target)

    assert b"old" == target.read_bytes()
    assert {path, target} == set(tmp_path.iterdir())
