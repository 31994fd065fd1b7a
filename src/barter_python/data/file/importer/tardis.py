"""The files of Tardis: `exchange,symbol,timestamp,local_timestamp`, then the columns of the type.

Source: https://docs.tardis.dev/downloadable-csv-files
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from barter_python.data.file.import_options import ImportKind, ImportOptions
from barter_python.data.file.importer.layout import Layout, require_same
from barter_python.data.file.importer.source import Source
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId

__all__ = ["TARDIS_EXCHANGES", "tardis_layout"]

_SHARED: Final = ("exchange", "symbol", "timestamp", "local_timestamp")
_SHARED_ROLES: Final = ("exchange", "symbol", "time", "time_received")
_TYPES: Final[Mapping[tuple[str, ...], ImportKind]] = {
    ("id", "side", "price", "amount"): ImportKind.TRADES,
    ("ask_amount", "ask_price", "bid_price", "bid_amount"): ImportKind.QUOTES,
    ("is_snapshot", "side", "price", "amount"): ImportKind.BOOK_UPDATES,
}

TARDIS_EXCHANGES: Final[Mapping[str, ExchangeId]] = {
    "binance": ExchangeId.BINANCE_SPOT,
    "binance-futures": ExchangeId.BINANCE_FUTURES_USD,
    "binance-us": ExchangeId.BINANCE_US,
    "bitfinex": ExchangeId.BITFINEX,
    "bitflyer": ExchangeId.BITFLYER,
    "bitmex": ExchangeId.BITMEX,
    "bitstamp": ExchangeId.BITSTAMP,
    "bybit": ExchangeId.BYBIT_PERPETUALS_USD,
    "bybit-spot": ExchangeId.BYBIT_SPOT,
    "coinbase": ExchangeId.COINBASE,
    "coinbase-international": ExchangeId.COINBASE_INTERNATIONAL,
    "crypto-com": ExchangeId.CRYPTOCOM,
    "deribit": ExchangeId.DERIBIT,
    "gate-io": ExchangeId.GATEIO_SPOT,
    "gate-io-futures": ExchangeId.GATEIO_PERPETUALS_USD,
    "gemini": ExchangeId.GEMINI,
    "huobi": ExchangeId.HTX,
    "kraken": ExchangeId.KRAKEN,
    "kucoin": ExchangeId.KUCOIN,
    "okex": ExchangeId.OKX,
    "okex-futures": ExchangeId.OKX,
    "okex-swap": ExchangeId.OKX,
    "poloniex": ExchangeId.POLONIEX,
}
"""The exchanges of Tardis that are known here."""


def tardis_layout(source: Source, options: ImportOptions) -> Layout | None:
    """The layout of a file of Tardis, None where the columns are not those of one.

    Raises:
        MarketDataError: The type has no events, or the options contradict the layout.
    """
    header = source.header
    if header is None or header[: len(_SHARED)] != _SHARED or options.columns:
        return None
    own = header[len(_SHARED) :]
    kind, depth = _TYPES.get(own), 0
    if kind is None:
        kind, depth = ImportKind.BOOK_SNAPSHOTS, len(own) // 4
        if not own or own != tuple(_snapshot_columns(depth)):
            raise MarketDataError(
                f"{source.name}: the columns after {_SHARED[-1]!r} are {', '.join(own)[:200]}, expected those of trades, quotes, "
                "incremental_book_L2 or book_snapshot_N"
            )
    if kind is ImportKind.TRADES and source.path is not None and "liquidations" in str(source.path):
        raise MarketDataError(f"{source.name}: liquidations of Tardis cannot be imported, expected trades, quotes or order books")
    require_same(source, "kind", options.kind, kind)
    roles = (*_SHARED_ROLES, *own)
    return Layout(f"Tardis, {kind.value}", kind, {role: position for position, role in enumerate(roles)}, snapshot_depth=depth)


def _snapshot_columns(depth: int) -> list[str]:
    return [f"{side}[{level}].{member}" for level in range(depth) for side in ("asks", "bids") for member in ("price", "amount")]
