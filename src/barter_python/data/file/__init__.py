"""Market data files: what a backtest reads. Parquet needs the `data` extra, JSON lines do not.

    info = convert_binance_capture(Path("capture.gz"), Path("btcusdt.parquet"))
    for events in open_market_data(Path("btcusdt.parquet")).events({(ExchangeId.BINANCE_SPOT, "BTCUSDT"): InstrumentIndex(0)}):
        ...

A file names its instruments by exchange and by the venue's name, never by an index, so that it fits any configuration. Its
events are in order of arrival: `time_received` never decreases, while `time_exchange` may.
"""

from barter_python.data.exchange.named import NamedMarketEvent, NamedMarketStreamEvent
from barter_python.data.file.binance_capture import convert_binance_capture
from barter_python.data.file.info import InstrumentDataInfo, MarketDataInfo
from barter_python.data.file.market_data_file import MarketDataFile, open_market_data
from barter_python.data.file.writer import MarketDataWriter, write_market_data

__all__ = [
    "InstrumentDataInfo",
    "MarketDataFile",
    "MarketDataInfo",
    "MarketDataWriter",
    "NamedMarketEvent",
    "NamedMarketStreamEvent",
    "convert_binance_capture",
    "open_market_data",
    "write_market_data",
]
