"""What was written is what is read, in every format."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from tests.data.file.events import (
    FUTURES,
    INDEXES,
    KINDS,
    L1,
    SPOT,
    SUFFIXES,
    TRADE,
    at,
    event,
    indexed,
    read,
    streams,
)
from tests.support.properties import PROPERTY

from barter_python.data.event import Candle, MarketReconnecting
from barter_python.data.exchange.named import NamedMarketEvent, NamedMarketStreamEvent
from barter_python.data.file import InstrumentDataInfo, MarketDataInfo, MarketDataWriter, open_market_data, write_market_data
from barter_python.data.file.info import KIND_TAGS
from barter_python.data.file.parquet_schema import METADATA_KEY

STREAM = [
    *(event(kind, second, venue=-second) for second, kind in enumerate(KINDS)),
    MarketReconnecting(FUTURES),
    event(TRADE, 20, FUTURES),
    MarketReconnecting(SPOT),
    event(L1, 20, SPOT, "ETHUSDT"),
    event(TRADE, 21),
]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_kind(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"market{suffix}"
    write_market_data(path, STREAM)

    assert indexed(STREAM) == read(path)
    assert indexed(STREAM) == read(path), "a file is read any number of times"


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(PROPERTY, max_examples=60)
@given(stream=streams())
def test_any_values(suffix: str, stream: list[NamedMarketStreamEvent]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"market{suffix}"
        written = write_market_data(path, stream)

        assert indexed(stream) == read(path)
        assert written == open_market_data(path).info()
    events = [item for item in stream if isinstance(item, NamedMarketEvent)]
    assert (len(events), len(stream) - len(events)) == (written.events, written.reconnects)
    for info in written.instruments:
        own = [item for item in events if (item.exchange, item.instrument) == (info.exchange, info.instrument)]
        assert Counter(KIND_TAGS[type(item.kind)] for item in own) == info.counts
        assert (own[0].time_received, own[-1].time_received) == (info.time_received_first, info.time_received_last)
        stamps = [item.time_exchange for item in own]
        assert (min(stamps), max(stamps)) == (info.time_exchange_first, info.time_exchange_last)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_other_instruments_are_left_out(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"market{suffix}"
    write_market_data(path, STREAM)
    spot = {(SPOT, "BTCUSDT"): INDEXES[SPOT, "BTCUSDT"], (SPOT, "SOLUSDT"): INDEXES[FUTURES, "ETHUSDT"]}
    expected = [
        item
        for item in STREAM
        if item.exchange is SPOT and (isinstance(item, MarketReconnecting) or item.instrument == "BTCUSDT")
    ]

    assert indexed(expected) == read(path, spot)
    assert read(path, {(SPOT, "SOLUSDT"): INDEXES[SPOT, "BTCUSDT"]}) == [MarketReconnecting(SPOT)]
    assert read(path, {}) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_long_files_come_in_chunks(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("barter_python.data.file.parquet_reader.CHUNK_ROWS", 4)
    monkeypatch.setattr("barter_python.data.file.parquet_writer.ROW_GROUP_ROWS", 6)
    monkeypatch.setattr("barter_python.data.file.writer._BUFFERED_EVENTS", 5)
    monkeypatch.setattr("barter_python.data.file.json_lines_reader._CHUNK_LINES", 4)
    path = tmp_path / f"market{suffix}"
    write_market_data(path, STREAM)
    chunks = list(open_market_data(path).events(INDEXES))

    assert indexed(STREAM) == [item for chunk in chunks for item in chunk]
    assert max(map(len, chunks)) <= 4
    assert len(chunks) > 2


def test_a_file_of_an_older_release_lacks_the_interval(tmp_path: Path) -> None:
    path = tmp_path / "market.parquet"
    candle = Candle(at(2), 1.0, 2.0, 0.5, 1.5, 0.0, 0)
    write_market_data(path, [event(TRADE, 1), event(candle, 2)])
    metadata = pq.read_metadata(path).metadata[METADATA_KEY]
    table = pq.read_table(path).drop_columns("interval")
    with pq.ParquetWriter(path, table.schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({METADATA_KEY: metadata})

    assert indexed([event(TRADE, 1), event(candle, 2)]) == read(path)


def test_the_summary(tmp_path: Path) -> None:
    path = tmp_path / "market.parquet"
    stream = [
        event(L1, 1),
        event(TRADE, 2, venue=0),
        event(TRADE, 3, FUTURES),
        event(TRADE, 4, venue=9),
        MarketReconnecting(SPOT),
    ]
    with MarketDataWriter(path, source="capture.gz") as writer:
        writer.dropped, writer.gaps, writer.cut_lines = 5, 2, 1
        writer.write(stream)
    expected = MarketDataInfo(
        "parquet",
        (
            InstrumentDataInfo(SPOT, "BTCUSDT", {"OrderBookL1": 1, "Trade": 2}, at(0), at(9), at(1), at(4)),
            InstrumentDataInfo(FUTURES, "BTCUSDT", {"Trade": 1}, at(3), at(3), at(3), at(3)),
        ),
        reconnects=1,
        source="capture.gz",
        dropped=5,
        gaps=2,
        cut_lines=1,
    )

    assert expected == writer.info
    assert expected == open_market_data(path).info()
    assert expected.events == 4


def test_the_same_events_make_the_same_bytes(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        files = [tmp_path / f"{name}{suffix}" for name in "ab"]
        for path in files:
            write_market_data(path, STREAM)

        assert files[0].read_bytes() == files[1].read_bytes()
