"""JSON lines have the shape of Rust's serde; the example files of barter-rs can be read."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from tests.data.file.events import INDEXES, KINDS, SPOT, START, event, read

from barter_python.data.event import MarketEvent, MarketReconnecting, PublicTrade
from barter_python.data.file import open_market_data, write_market_data
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.side import Side

TIME = '"2024-10-04T00:00:00Z"'
SHAPES = [
    '{"Trade":{"id":"17","price":61837.63,"amount":0.02,"side":"Buy"}}',
    f'{{"OrderBookL1":{{"last_update_time":{TIME},"best_bid":{{"price":"61837.63000000","amount":"3.78826000"}},'
    '"best_ask":{"price":"61837.64000000","amount":"0.00000001"}}}',
    f'{{"OrderBookL1":{{"last_update_time":{TIME},"best_bid":null,"best_ask":{{"price":"100","amount":"1"}}}}}}',
    f'{{"OrderBookL1":{{"last_update_time":{TIME},"best_bid":{{"price":"100","amount":"1"}},"best_ask":null}}}}',
    f'{{"OrderBookL1":{{"last_update_time":{TIME},"best_bid":null,"best_ask":null}}}}',
    '{"OrderBook":{"Snapshot":{"sequence":7,"time_engine":"2024-10-04T00:00:00.500000Z",'
    '"bids":{"side":null,"levels":[{"price":"99","amount":"1"},{"price":"98.5","amount":"0.0"}]},'
    '"asks":{"side":null,"levels":[{"price":"101","amount":"0.00000001"}]}}}}',
    '{"OrderBook":{"Update":{"sequence":8,"time_engine":null,"bids":{"side":null,"levels":[]},'
    '"asks":{"side":null,"levels":[{"price":"101","amount":"0"}]}}}}',
    '{"Candle":{"close_time":"2024-10-03T23:59:00Z","open":1.0,"high":2.0,"low":0.5,"close":1.5,"volume":0.0,"trade_count":0}}',
    '{"Candle":{"close_time":"2024-10-03T23:59:00Z","open":1.0,"high":2.0,"low":0.5,"close":1.5,"volume":0.0,"trade_count":0,'
    '"interval":60000}}',
    '{"Liquidation":{"side":"Sell","price":0.00001,"quantity":2.0,"time":"2024-10-04T00:00:01Z"}}',
]


@pytest.mark.parametrize(("kind", "shape"), list(zip(KINDS, SHAPES, strict=True)))
def test_a_line_has_the_shape_of_rust(tmp_path: Path, kind: object, shape: str) -> None:
    path = tmp_path / "market.jsonl"
    write_market_data(path, [event(kind)])  # type: ignore[arg-type]
    line = (
        f'{{"Item":{{"time_exchange":{TIME},"time_received":{TIME},"exchange":"binance_spot",'
        f'"instrument":"BTCUSDT","kind":{shape}}}}}\n'
    )

    assert json.loads(line) == json.loads(path.read_text())
    assert line.count("\n") == path.read_text().count("\n")


def test_a_lost_connection_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / "market.jsonl"
    write_market_data(path, [event(), MarketReconnecting(SPOT)])

    assert path.read_text().endswith('\n{"Reconnecting":"binance_spot"}\n')


def example(instrument: int, nanoseconds: str = "319581890") -> str:
    return (
        f'{{"time_exchange":"2024-10-04T00:00:00Z","time_received":"2024-10-04T00:00:00.{nanoseconds}Z",'
        f'"exchange":"binance_spot","instrument":{instrument},'
        '"kind":{"Trade":{"id":"1","price":96962.51,"amount":0.00006,"side":"Buy"}}}'
    )


LAYOUTS = {
    "an array of results": (
        f'[\n{{"Item":{{"Ok":{example(0)}}}}},{{"Reconnecting":"binance_spot"}},{{"Item":{{"Ok":{example(9)}}}}}]\n'
    ),
    "lines": f'{{"Item":{example(0)}}}\n{{"Reconnecting":"binance_spot"}}\n{{"Item":{example(9)}}}\n',
    "lines without the last end": f'{{"Item":{example(0)}}}\n{{"Reconnecting":"binance_spot"}}',
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_files_of_barter_rs_number_their_instruments(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rust.json"
    path.write_text(text)
    received = START + timedelta(microseconds=319581)
    trade = MarketEvent(START, received, SPOT, InstrumentIndex(0), PublicTrade("1", 96962.51, 0.00006, Side.BUY))

    assert [trade, MarketReconnecting(SPOT)] == read(path)
    assert open_market_data(path).info().instruments[0].instrument == "0"


def test_times_are_cut_to_microseconds_and_converted_to_utc(tmp_path: Path) -> None:
    path = tmp_path / "market.jsonl"
    line = f'{{"Item":{example(0, "999999999")}}}'.replace('"2024-10-04T00:00:00Z"', '"2024-10-04T02:00:00+02:00"')
    path.write_text(line)
    (found,) = read(path)

    assert isinstance(found, MarketEvent)
    assert (START, START + timedelta(microseconds=999_999)) == (found.time_exchange, found.time_received)
    assert START.tzinfo is found.time_exchange.tzinfo


def test_a_side_may_be_left_out_of_books(tmp_path: Path) -> None:
    path = tmp_path / "market.jsonl"
    write_market_data(path, [event(KINDS[5])])
    path.write_text(path.read_text().replace('"side":null,', ""))

    assert [KINDS[5]] == [item.kind for item in read(path, INDEXES) if isinstance(item, MarketEvent)]
