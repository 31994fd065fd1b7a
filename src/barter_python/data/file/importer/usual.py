"""Tables of any program, whose columns are found by their usual names or as told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from barter_python.data.file.import_options import CandleStamp, ImportKind, ImportOptions
from barter_python.data.file.importer.layout import ROLES, Layout, header_of, normalised
from barter_python.data.file.importer.source import Source
from barter_python.errors import ConfigError, MarketDataError

__all__ = ["USUAL_NAMES", "usual_layout"]

USUAL_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "open_time": ("opentime", "timeopen", "starttime", "timestart", "start", "windowstart", "opentimestamp"),
    "close_time": ("closetime", "timeclose", "endtime", "timeend", "end", "windowend", "closetimestamp"),
    "time": (
        "time",
        "timestamp",
        "date",
        "datetime",
        "ts",
        "unix",
        "unixtime",
        "transacttime",
        "tradetime",
        "fundingtime",
        "calctime",
    ),
    "time_received": ("localtimestamp", "timereceived", "receivedtime", "receivetime", "tsrecv"),
    "open": ("open", "o", "openprice", "priceopen"),
    "high": ("high", "h", "highprice", "pricehigh"),
    "low": ("low", "l", "lowprice", "pricelow"),
    "close": ("close", "c", "closeprice", "priceclose"),
    "volume": ("volume", "v", "vol", "basevolume", "volumebase"),
    "trade_count": ("tradecount", "trades", "tradescount", "numberoftrades", "numtrades", "count"),
    "id": ("id", "tradeid", "tid", "aggtradeid"),
    "price": ("price", "p", "px", "tradeprice"),
    "amount": ("amount", "quantity", "qty", "size", "q", "volume", "vol"),
    "side": ("side", "takerside", "aggressorside"),
    "is_buyer_maker": ("isbuyermaker", "buyermaker"),
    "bid_price": ("bidprice", "bid", "bestbid", "bestbidprice", "bidpx"),
    "bid_amount": ("bidamount", "bidsize", "bidqty", "bidquantity", "bestbidamount", "bestbidsize", "bestbidqty", "bidvolume"),
    "ask_price": ("askprice", "ask", "bestask", "bestaskprice", "askpx"),
    "ask_amount": ("askamount", "asksize", "askqty", "askquantity", "bestaskamount", "bestasksize", "bestaskqty", "askvolume"),
    "rate": ("rate", "fundingrate", "lastfundingrate"),
    "symbol": ("symbol", "ticker", "instrument", "pair"),
}
"""Names of the column of each role, without case, spaces and punctuation."""

_UNNAMED_INDEX: Final = ("", "unnamed0", "indexlevel0")
"""What pandas calls an index without a name. It is the time where nothing else is."""

_SIGNATURES: Final = {
    ImportKind.CANDLES: ("open", "high", "low", "close"),
    ImportKind.QUOTES: ("bid_price", "ask_price"),
    ImportKind.TRADES: ("price", "amount"),
    ImportKind.FUNDING: ("rate",),
}
"""The roles that tell a kind, in the order in which they are looked for."""


def usual_layout(source: Source, options: ImportOptions) -> Layout:
    """The layout of a table.

    Raises:
        MarketDataError: A column is missing or could be either of two, or the stamp of candles is not known.
        ConfigError: The options name a role or a kind that there is not.
    """
    header = header_of(source, options)
    if header is None:
        raise MarketDataError(
            f"{source.name}: there is no header, expected the option header with {source.width} names of columns"
        )
    kind = options.kind or _kind(source, header, options)
    if kind not in _SIGNATURES:
        raise ConfigError(f"kind: found {kind.value!r}, which is imported from files of Tardis only")
    required, optional = ROLES[kind]
    _check_told(source, header, options, (*required, *optional))
    positions = {role: _position(source, header, options, role) for role in required if role != "time"}
    found = {role: _find(source, header, options, role) for role in optional if role != "time"}
    positions |= {role: position for role, position in found.items() if position is not None}
    stamp = None
    if kind is ImportKind.CANDLES:
        stamp = _find_stamp(source, header, options, positions)
    else:
        positions["time"] = _position(source, header, options, "time")
    if kind is ImportKind.TRADES and not {"side", "is_buyer_maker"} & positions.keys():
        raise _missing(source, header, "side")
    return Layout(f"table of {kind.value}", kind, positions, stamp=stamp)


def _kind(source: Source, header: Sequence[str], options: ImportOptions) -> ImportKind:
    for kind, roles in _SIGNATURES.items():
        if all(role in options.columns or _named(header, role) for role in roles):
            return kind
    expected = "; or ".join(", ".join(roles) for roles in _SIGNATURES.values())
    raise MarketDataError(f"{source.name}: the columns are {_listed(header)}, expected at least: {expected}")


def _find_stamp(source: Source, header: Sequence[str], options: ImportOptions, positions: dict[str, int]) -> CandleStamp | None:
    """Which moment the stamps of candles are; None where there are both. Puts their column into `positions`."""
    named = [stamp for stamp in CandleStamp if f"{stamp.value}_time" in positions]
    if "time" in options.columns or not named:
        position = _position(source, header, options, "time")
        if options.stamp is None:
            raise MarketDataError(
                f"{source.name}: column {header[position]!r} may be the open or the close of candles, expected the option stamp"
            )
        for stamp in named:
            del positions[f"{stamp.value}_time"]
        positions[f"{options.stamp.value}_time"] = position
        return options.stamp
    if options.stamp is not None and options.stamp not in named:
        name = header[positions[f"{named[0].value}_time"]]
        raise MarketDataError(f"{source.name}: stamp is {options.stamp.value!r} as told, but the only time is column {name!r}")
    return named[0] if len(named) == 1 else None


def _position(source: Source, header: Sequence[str], options: ImportOptions, role: str) -> int:
    position = _find(source, header, options, role)
    if position is None:
        raise _missing(source, header, role)
    return position


def _find(source: Source, header: Sequence[str], options: ImportOptions, role: str) -> int | None:
    if role in options.columns:
        found = [position for position, name in enumerate(header) if name == options.columns[role]]
    else:
        found = _named(header, role)
    if role == "time" and not found:
        found = [position for position, name in enumerate(header) if normalised(name) in _UNNAMED_INDEX]
    if len(found) > 1:
        raise MarketDataError(
            f"{source.name}: the {role} may be one of the columns {_listed([header[position] for position in found])}, expected "
            f"the option columns to name it"
        )
    return found[0] if found else None


def _named(header: Sequence[str], role: str) -> list[int]:
    return [position for position, name in enumerate(header) if normalised(name) in USUAL_NAMES[role]]


def _check_told(source: Source, header: Sequence[str], options: ImportOptions, roles: Sequence[str]) -> None:
    for role, name in options.columns.items():
        if role not in roles:
            raise ConfigError(f"columns: found the role {role[:200]!r}, expected one of: {', '.join(sorted(roles))}")
        if name not in header:
            raise MarketDataError(f"{source.name}: there is no column {name[:200]!r} for the {role}, found: {_listed(header)}")


def _missing(source: Source, header: Sequence[str], role: str) -> MarketDataError:
    names = ", ".join(name for name in USUAL_NAMES[role] if name)
    return MarketDataError(
        f"{source.name}: there is no column of the {role} among {_listed(header)}, expected one of {names} in any case, or the "
        "option columns to name it"
    )


def _listed(header: Sequence[str]) -> str:
    return ", ".join(map(repr, header))[:200]
