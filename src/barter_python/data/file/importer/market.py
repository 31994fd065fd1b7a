"""Whose market the rows of an import are."""

from __future__ import annotations

from typing import Any, Final

from barter_python.data.file.arrow import pc
from barter_python.data.file.import_options import ImportOptions
from barter_python.data.file.import_report import ImportTally
from barter_python.data.file.importer.canonical import constant_words, words
from barter_python.data.file.importer.layout import Layout
from barter_python.data.file.importer.rows import Rows
from barter_python.data.file.importer.tardis import TARDIS_EXCHANGES
from barter_python.errors import MarketDataError

__all__ = ["MarketOfRows"]

_COIN_MARGINED: Final = "binance-delivery"


class MarketOfRows:
    """The exchange and the instruments of rows.

    Raises:
        MarketDataError: Neither the layout nor the options tell them.
    """

    def __init__(self, name: str, layout: Layout, options: ImportOptions, tally: ImportTally) -> None:
        self._tally = tally
        self._told = options.instrument
        self._exchange = layout.exchange or options.exchange
        self._is_in_rows = "exchange" in layout.positions
        self._instrument = None if self._is_in_rows else layout.instrument or options.instrument
        self._symbol: str | None = None
        if self._exchange is None and not self._is_in_rows:
            raise MarketDataError(f"{name}: nothing tells the exchange, expected the option exchange")
        if self._instrument is None and not self._is_in_rows:
            raise MarketDataError(f"{name}: nothing tells the instrument, expected the option instrument: the venue's name")

    def select(self, rows: Rows) -> Rows:
        """The rows of the instrument that is asked for.

        Raises:
            MarketDataError: There are several, and none is asked for; or they are of several exchanges.
        """
        if self._is_in_rows:
            self._check_exchange(rows)
        if "symbol" not in rows or (self._is_in_rows and self._told is None):
            return rows
        symbols = rows.texts("symbol")
        if self._told is not None:
            own = pc.equal(symbols, self._told)
            if self._is_in_rows or self._symbol == self._told or pc.any(own).as_py():
                self._symbol = self._told
                return self._only(rows, own)
        self._symbol = self._symbol or symbols[0].as_py()
        rows.require(
            pc.equal(symbols, self._symbol), "symbol", f"expected {self._symbol!r} as before: the option instrument chooses"
        )
        return rows

    def columns(self, columns: dict[str, Any], rows: Rows | None) -> dict[str, Any]:
        """The columns of the events with those of their market.

        Args:
            columns: Of the events; `rows`, where it is there, are the positions of the rows that gave one.
            rows: The selected rows, None where the columns have the `symbol`.
        """
        count = len(columns["time_exchange"])
        kept = columns.pop("rows", None)
        if self._instrument is not None:
            instruments = constant_words(self._instrument, count)
        elif "symbol" in columns:
            instruments = words(columns.pop("symbol"))
        else:
            assert rows is not None  # as said above
            symbols = rows.texts("symbol")
            instruments = words(symbols if kept is None else symbols.take(kept))
        assert self._exchange is not None  # checked at the start, or told by the rows
        return columns | {"exchange": constant_words(self._exchange.value, count), "instrument": instruments}

    def _only(self, rows: Rows, own: Any) -> Rows:
        kept = pc.indices_nonzero(own)
        if len(kept) == len(rows):
            return rows
        self._tally.leave_out("rows of other instruments", len(rows) - len(kept))
        return rows.take(kept)

    def _check_exchange(self, rows: Rows) -> None:
        names = rows.texts("exchange")
        first: str = names[0].as_py()
        if first == _COIN_MARGINED:
            raise rows.value_error(0, "exchange", "whose contracts are coin-margined and not supported")
        rows.require(pc.equal(names, first), "exchange", f"expected {first!r} as in the rows before")
        found = TARDIS_EXCHANGES.get(first)
        if self._exchange is None and found is None:
            raise rows.value_error(0, "exchange", "expected an exchange that is known here, or the option exchange")
        if self._exchange is not None and found not in (None, self._exchange):
            raise rows.value_error(0, "exchange", f"expected that of {self._exchange.value!r}")
        self._exchange = self._exchange or found
