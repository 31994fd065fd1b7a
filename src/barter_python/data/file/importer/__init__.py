"""Imports market data that other programs have written, and frames in memory. Needs the extra `data`.

    report = import_market_data("BTCUSDT-1m-2024-01.zip", Path("btc.parquet"), ImportOptions(exchange=ExchangeId.BINANCE_SPOT))
    data = MarketDataImport(frame, ImportOptions(exchange=.., instrument="BTCUSDT", stamp=CandleStamp.OPEN, timezone="UTC"))

What a source does not tell, the options must: nothing is guessed. What was found in it is in the report.
"""

from barter_python.data.file.import_options import CandleStamp, ImportKind, ImportOptions, TimeUnit, interval_from_text
from barter_python.data.file.import_report import Gap, ImportReport
from barter_python.data.file.importer.funding import read_funding_rates
from barter_python.data.file.importer.importer import MarketDataImport
from barter_python.data.file.importer.source import ArrowStream, ImportSource
from barter_python.data.file.importer.write import import_market_data

__all__ = [
    "ArrowStream",
    "CandleStamp",
    "Gap",
    "ImportKind",
    "ImportOptions",
    "ImportReport",
    "ImportSource",
    "MarketDataImport",
    "TimeUnit",
    "import_market_data",
    "interval_from_text",
    "read_funding_rates",
]
