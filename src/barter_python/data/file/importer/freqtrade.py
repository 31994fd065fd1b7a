"""The Feather files of freqtrade: `BTC_USDT-5m.feather`, `BTC_USDT-trades.feather`, `futures/BTC_USDT_USDT-1h-futures.feather`.

Source: https://www.freqtrade.io/en/stable/data-download/
"""

from __future__ import annotations

import re
from typing import Final

from barter_python.data.file.import_options import CandleStamp, ImportKind, ImportOptions, interval_from_text
from barter_python.data.file.importer.layout import Layout, require_same
from barter_python.data.file.importer.source import Source
from barter_python.errors import MarketDataError

__all__ = ["freqtrade_layout"]

_NAME: Final = re.compile(
    r"[A-Z0-9]+(?:_[A-Z0-9]+)+-(?:(?P<trades>trades)|(?P<interval>[0-9]+[smhdwM])(?:-(?P<type>\w+))?)\.feather"
)
_CANDLES: Final = ("date", "open", "high", "low", "close", "volume")
_TRADES: Final = ("timestamp", "id", "type", "side", "price", "amount", "cost")
_TRADE_ROLES: Final = {"time": 0, "id": 1, "side": 3, "price": 4, "amount": 5}


def freqtrade_layout(source: Source, options: ImportOptions) -> Layout | None:
    """The layout of a file of freqtrade, None where its name or columns are not those of one.

    Raises:
        MarketDataError: The file has no traded prices, or the options contradict the layout.
    """
    found = None if source.path is None else _NAME.fullmatch(source.path.name)
    if found is None or options.columns:
        return None
    if found["type"] not in (None, "futures"):
        raise MarketDataError(f"{source.name}: {found['type']} of freqtrade cannot be imported: these prices are not traded")
    if found["trades"] and source.header == _TRADES:
        return Layout("freqtrade, trades", ImportKind.TRADES, _TRADE_ROLES)
    if found["interval"] and source.header == _CANDLES:
        interval = None if found["interval"].endswith("M") else interval_from_text(found["interval"])
        require_same(source, "stamp", options.stamp, CandleStamp.OPEN)
        require_same(source, "interval", options.interval, interval)
        positions = {"open_time": 0} | {role: position for position, role in enumerate(_CANDLES) if position}
        return Layout("freqtrade, candles", ImportKind.CANDLES, positions, stamp=CandleStamp.OPEN, interval=interval)
    return None
