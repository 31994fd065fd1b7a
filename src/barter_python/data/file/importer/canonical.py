"""Record batches of the table of a market data file, made of whole columns; see `parquet_schema`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from barter_python.data.file.arrow import pa, pc
from barter_python.data.file.import_report import Gap, ImportTally
from barter_python.data.file.parquet_schema import SCHEMA
from barter_python.timed import EPOCH

__all__ = ["add_gaps", "canonical_batch", "constant_words", "time_at", "with_previous", "words"]

_TIMES: Final = ("time_exchange", "time_received", "time")


def canonical_batch(columns: Mapping[str, Any]) -> Any:
    """A batch with these columns, and nulls in the others. Times are given in microseconds."""
    count = len(columns["time_exchange"])
    arrays = []
    for item in SCHEMA:
        column = columns.get(item.name)
        if column is None:
            column = pa.nulls(count, item.type)
        elif item.name in _TIMES:
            column = column.cast(item.type)
        arrays.append(column)
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def words(column: Any) -> Any:
    """A column of few different words, as the table has it."""
    return column.dictionary_encode()


def constant_words(word: str, count: int) -> Any:
    """A column of one word."""
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), count), pa.array([word]))


def with_previous(previous: Any, column: Any) -> Any:
    """The value before each value of a column; `previous` is that before the first, or the first itself where there is none."""
    return pa.concat_arrays([column[:1] if previous is None else previous, column[:-1]])


def add_gaps(tally: ImportTally, starts: Any, ends: Any, missing: Any) -> None:
    """Count the gaps before the rows where something is missing. Times are given in microseconds."""
    rows = pc.indices_nonzero(pc.greater(missing, 0))
    if len(rows):
        gaps = (Gap(time_at(starts, row), time_at(ends, row), missing[row].as_py()) for row in map(int, rows.to_pylist()))
        tally.add_gaps(len(rows), pc.sum(missing.take(rows)).as_py(), gaps)


def time_at(column: Any, row: int) -> datetime:
    """A time of a column in microseconds."""
    return EPOCH + timedelta(0, 0, column[row].as_py())
