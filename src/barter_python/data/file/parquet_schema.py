"""The table of a market data Parquet file: one row per event, in order of arrival, all kinds in one table.

| column | of | content |
|---|---|---|
| time_exchange, time_received | all but Reconnecting | microseconds, UTC |
| exchange | all | wire name, `binance_spot` |
| instrument | all but Reconnecting | the venue's name, `BTCUSDT` |
| kind | all | Trade, OrderBookL1, OrderBookSnapshot, OrderBookUpdate, Candle, Liquidation, Reconnecting |
| side | Trade, Liquidation | Buy, Sell |
| id | Trade | the venue's |
| price, amount | Trade, Liquidation | float |
| time | OrderBookL1, Candle, Liquidation; optional in books | last_update_time, close_time, time, time_engine |
| bid_price, bid_amount, ask_price, ask_amount | OrderBookL1, null on an empty side | exact decimal text |
| sequence | OrderBookSnapshot, OrderBookUpdate | |
| bids, asks | OrderBookSnapshot, OrderBookUpdate | lists of price and amount, exact decimal text, best first |
| open, high, low, close, volume, trade_count | Candle | |
| interval | Candle, null where it is not known | microseconds; files of older releases lack the column |

Columns that a kind does not have are null. The schema version, the source and a summary of the contents are in the metadata of
the file under `barter_python.market_data`, so that they are known without reading rows.
"""

from __future__ import annotations

from typing import Final

import msgspec

from barter_python.data.file.arrow import pa
from barter_python.data.file.info import MarketDataInfo

__all__ = ["ADDED_COLUMNS", "CHUNK_ROWS", "COLUMNS", "METADATA_KEY", "ROW_GROUP_ROWS", "SCHEMA", "VERSION", "FileMetadata"]

VERSION: Final = 1
METADATA_KEY: Final = b"barter_python.market_data"
ROW_GROUP_ROWS: Final = 1 << 16
CHUNK_ROWS: Final = 1 << 13

_TIME = pa.timestamp("us", tz="UTC")
_WORD = pa.dictionary(pa.int32(), pa.string())
_LEVELS = pa.list_(pa.struct([("price", pa.string()), ("amount", pa.string())]))

SCHEMA: Final = pa.schema(
    [
        ("time_exchange", _TIME),
        ("time_received", _TIME),
        ("exchange", _WORD),
        ("instrument", _WORD),
        ("kind", _WORD),
        ("side", _WORD),
        ("id", pa.string()),
        ("price", pa.float64()),
        ("amount", pa.float64()),
        ("time", _TIME),
        ("bid_price", pa.string()),
        ("bid_amount", pa.string()),
        ("ask_price", pa.string()),
        ("ask_amount", pa.string()),
        ("sequence", pa.int64()),
        ("bids", _LEVELS),
        ("asks", _LEVELS),
        ("open", pa.float64()),
        ("high", pa.float64()),
        ("low", pa.float64()),
        ("close", pa.float64()),
        ("volume", pa.float64()),
        ("trade_count", pa.int64()),
        ("interval", pa.int64()),
    ]
)

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "Trade": ("id", "price", "amount", "side"),
    "OrderBookL1": ("time", "bid_price", "bid_amount", "ask_price", "ask_amount"),
    "OrderBookSnapshot": ("sequence", "time", "bids", "asks"),
    "OrderBookUpdate": ("sequence", "time", "bids", "asks"),
    "Candle": ("time", "open", "high", "low", "close", "volume", "trade_count", "interval"),
    "Liquidation": ("side", "price", "amount", "time"),
    "Reconnecting": (),
}
"""The columns of each kind, in the order of its members, besides those that all kinds have."""


ADDED_COLUMNS: Final = frozenset({"interval"})
"""Columns that files of the same version may lack, because an earlier release wrote them."""


class FileMetadata(msgspec.Struct):
    """The document under `METADATA_KEY`."""

    version: int
    info: MarketDataInfo
