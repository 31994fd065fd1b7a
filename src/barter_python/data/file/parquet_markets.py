"""Which rows of a Parquet file belong to wanted instruments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from barter_python.data.file.arrow import pa, pc
from barter_python.data.file.parquet_chunk import Chunk
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex

__all__ = ["MARKET_COLUMN", "Instruments", "MarketSelector", "MarketTable"]

Instruments: TypeAlias = Mapping[tuple[ExchangeId, str], InstrumentIndex]

MARKET_COLUMN: Final = "market"
_EXCHANGES: Final = {exchange.value: exchange for exchange in ExchangeId}


class MarketTable:
    """The exchanges and instruments that the dictionaries of a chunk combine to, each combination under a number.

    Attributes:
        exchanges: Exchange of each combination.
        indexes: Index of its instrument; None for a lost connection, or where the instrument is not wanted.
        wanted: Arrow array that tells which combinations are wanted.
    """

    __slots__ = ("_no_name", "_width", "exchanges", "indexes", "wanted")

    def __init__(self, exchanges: list[str], names: list[str], instruments: Instruments) -> None:
        in_use = {exchange for exchange, _ in instruments}
        pairs = [(_EXCHANGES[exchange], name) for exchange in exchanges for name in (*names, None)]
        self.exchanges = [exchange for exchange, _ in pairs]
        self.indexes = [None if name is None else instruments.get((exchange, name)) for exchange, name in pairs]
        self.wanted = pa.array(
            [exchange in in_use if name is None else (exchange, name) in instruments for exchange, name in pairs], pa.bool_()
        )
        self._width = pa.scalar(len(names) + 1, pa.int32())
        self._no_name = pa.scalar(len(names), pa.int32())

    def numbers(self, exchanges: Any, names: Any) -> Any:
        """The combination of each row."""
        return pc.add(pc.multiply(exchanges.indices, self._width), pc.fill_null(names.indices, self._no_name))


class MarketSelector:
    """Leaves out the rows of instruments that are not wanted."""

    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments
        self._words: tuple[list[str], list[str]] | None = None
        self._table = MarketTable([], [], instruments)

    def select(self, chunk: Chunk) -> tuple[Chunk, MarketTable]:
        """The rows of wanted instruments, and of lost connections to their exchanges.

        Returns:
            The rows, with an additional column `MARKET_COLUMN` of numbers in the table.

        Raises:
            MarketDataError: A row names an unknown exchange.
        """
        exchanges, names = chunk.column("exchange"), chunk.batch.column("instrument")
        words = exchanges.dictionary.to_pylist(), names.dictionary.to_pylist()
        if words != self._words:  # the same for all chunks of a row group
            chunk.words("exchange", _EXCHANGES)
            self._words, self._table = words, MarketTable(*words, self._instruments)
        numbers = self._table.numbers(exchanges, names)
        chunk = chunk.with_column(MARKET_COLUMN, numbers)
        wanted = self._table.wanted.take(numbers)
        return (chunk if pc.all(wanted).as_py() else chunk.select(pc.indices_nonzero(wanted))), self._table
