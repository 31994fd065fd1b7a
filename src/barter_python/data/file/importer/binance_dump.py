"""The public dumps of Binance: `BTCUSDT-1m-2024-01-31.zip`, with and without a header.

Source: https://github.com/binance/binance-public-data, https://data.binance.vision
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from barter_python.data.file.import_options import CandleStamp, ImportKind, ImportOptions, interval_from_text
from barter_python.data.file.importer.layout import Layout, normalised, require_same
from barter_python.data.file.importer.source import Source
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId

__all__ = ["binance_layout"]

_NAME: Final = re.compile(
    r"(?P<symbol>[A-Z0-9]+(?:_[A-Z0-9]+)?)-"
    r"(?P<type>trades|aggTrades|bookTicker|bookDepth|fundingRate|metrics|liquidationSnapshot|[0-9]{1,2}(?:s|m|h|d|w|mo))-"
    r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?\.(?:zip|csv)"
)
_FOLDERS: Final = re.compile(r"/(spot|futures/um|futures/cm)/(?:daily|monthly)/(\w+)/")
_COIN_MARGINED: Final = re.compile(r"[A-Z0-9]+USD_(PERP|[0-9]{6})")
_SPOT, _USD_M = ExchangeId.BINANCE_SPOT, ExchangeId.BINANCE_FUTURES_USD
_UNUSABLE: Final = {
    "bookDepth": "its rows are sums over bands of prices, not an order book",
    "metrics": "its rows are statistics, not market events",
    "liquidationSnapshot": "it is not supported",
}
_UNTRADED: Final = ("markPriceKlines", "indexPriceKlines", "premiumIndexKlines")
_UNTRADED_PRICES: Final = "these prices are computed, not traded"


@dataclass(slots=True, frozen=True)
class _Type:
    """Attributes: roles: role and normalised names of the header, in order of the columns; None where they are not used."""

    kind: ImportKind
    roles: tuple[tuple[str | None, str], ...]
    spot_width: int
    usd_m_width: int


_TYPES: Final[Mapping[str, _Type]] = {
    "trades": _Type(
        ImportKind.TRADES,
        (
            ("id", "id"),
            ("price", "price"),
            ("amount", "qty"),
            (None, "quoteqty"),
            ("time", "time"),
            ("is_buyer_maker", "isbuyermaker"),
        ),
        7,
        6,
    ),
    "aggTrades": _Type(
        ImportKind.TRADES,
        (
            ("id", "aggtradeid"),
            ("price", "price"),
            ("amount", "quantity"),
            (None, "firsttradeid"),
            (None, "lasttradeid"),
            ("time", "transacttime"),
            ("is_buyer_maker", "isbuyermaker"),
        ),
        8,
        7,
    ),
    "klines": _Type(
        ImportKind.CANDLES,
        (
            ("open_time", "opentime"),
            ("open", "open"),
            ("high", "high"),
            ("low", "low"),
            ("close", "close"),
            ("volume", "volume"),
            ("close_time", "closetime"),
            (None, "quotevolume"),
            ("trade_count", "count"),
        ),
        12,
        12,
    ),
    "bookTicker": _Type(
        ImportKind.QUOTES,
        (
            (None, "updateid"),
            ("bid_price", "bestbidprice"),
            ("bid_amount", "bestbidqty"),
            ("ask_price", "bestaskprice"),
            ("ask_amount", "bestaskqty"),
            ("time", "transactiontime"),
        ),
        0,
        7,
    ),
    "fundingRate": _Type(
        ImportKind.FUNDING, (("time", "calctime"), (None, "fundingintervalhours"), ("rate", "lastfundingrate")), 0, 3
    ),
}


def binance_layout(source: Source, options: ImportOptions) -> Layout | None:
    """The layout of a dump, None where the name of the file is not that of one.

    Raises:
        MarketDataError: The dump is one of coin-margined futures, of a type that has no events, or has other columns.
    """
    found = None if source.path is None else _NAME.fullmatch(source.path.name)
    if source.path is None or found is None or options.columns or options.header:
        return None
    symbol, what = found["symbol"], found["type"]
    folders = _FOLDERS.search(source.path.absolute().as_posix())
    market, folder = (folders[1], folders[2]) if folders else ("", "")
    _refuse_coin_margined(source, symbol, market, options)
    if what in _UNUSABLE or folder in _UNTRADED:
        raise MarketDataError(f"{source.name}: {folder or what} cannot be imported: {_UNUSABLE.get(what, _UNTRADED_PRICES)}")
    dump = _TYPES.get(what, _TYPES["klines"])
    exchange = _exchange(source, dump, market, options)
    _check_columns(source, what, dump, exchange)
    interval = None if what in _TYPES or what.endswith("mo") else interval_from_text(what)
    require_same(source, "instrument", options.instrument, symbol)
    require_same(source, "interval", options.interval, interval)
    require_same(source, "stamp", options.stamp, CandleStamp.OPEN if dump.kind is ImportKind.CANDLES else None)
    return Layout(
        f"public dump of Binance, {what if what in _TYPES else f'klines {what}'}",
        dump.kind,
        {role: position for position, (role, _) in enumerate(dump.roles) if role is not None},
        exchange,
        symbol,
        interval=interval,
        has_time_bars=True,
        has_closes_inclusive=True,
        has_consecutive_ids=True,
        notes=("candles built of aggregated trades can differ from the venue's",) if what == "aggTrades" else (),
    )


def _refuse_coin_margined(source: Source, symbol: str, market: str, options: ImportOptions) -> None:
    header = [normalised(name) for name in source.header or ()]
    is_coin = options.exchange is ExchangeId.BINANCE_FUTURES_COIN or market == "futures/cm" or _COIN_MARGINED.fullmatch(symbol)
    if is_coin or "baseqty" in header or "baseassetvolume" in header:
        raise MarketDataError(
            f"{source.name}: this is a dump of coin-margined futures, whose contracts are not supported, expected spot or USD-M"
        )


def _exchange(source: Source, dump: _Type, market: str, options: ImportOptions) -> ExchangeId:
    """The market, from the folders of the dump, the number of its columns, or as told."""
    if options.exchange is not None and options.exchange not in (_SPOT, _USD_M):
        expected = f"{_SPOT.value!r} or {_USD_M.value!r}"
        raise MarketDataError(f"{source.name}: exchange is {options.exchange.value!r} as told, expected {expected}")
    found = {"spot": _SPOT, "futures/um": _USD_M}.get(market)
    if found is None and not dump.spot_width:
        found = _USD_M
    elif found is None and dump.spot_width != dump.usd_m_width:
        found = {dump.spot_width: _SPOT, dump.usd_m_width: _USD_M}.get(source.width)
    require_same(source, "exchange", options.exchange, found)
    exchange = found or options.exchange
    if exchange is None:
        raise MarketDataError(
            f"{source.name}: neither the folder nor the columns tell the market, expected the option exchange: "
            f"{_SPOT.value!r} or {_USD_M.value!r}"
        )
    return exchange


def _check_columns(source: Source, what: str, dump: _Type, exchange: ExchangeId) -> None:
    width = dump.spot_width if exchange is _SPOT else dump.usd_m_width
    if source.width != width:
        raise MarketDataError(f"{source.name}: there are {source.width} columns, expected the {width} of {what}")
    for position, ((role, expected), name) in enumerate(zip(dump.roles, source.header or (), strict=False), 1):
        if role is not None and normalised(name) != expected:
            raise MarketDataError(f"{source.name}: column {position} is {name[:200]!r}, expected the {role} of {what}")
