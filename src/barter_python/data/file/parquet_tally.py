"""Counts the events of a record batch of the market data table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from barter_python.data.file.arrow import pa
from barter_python.data.file.info import InstrumentDataInfo
from barter_python.instrument.exchange import ExchangeId
from barter_python.timed import EPOCH

__all__ = ["count_events"]

_KEYS: Final = ("exchange", "instrument", "kind")
_TIMES: Final = ("time_exchange", "time_received")


def count_events(batch: Any) -> Iterator[InstrumentDataInfo]:
    """The events of each instrument and kind, in order of their first event. The batch has no lost connections."""
    columns = [batch.column(name).cast(pa.string()) for name in _KEYS]
    columns += [batch.column(name).cast(pa.timestamp("us", "UTC")) for name in _TIMES]
    groups = pa.table(columns, names=[*_KEYS, *_TIMES]).group_by(list(_KEYS), use_threads=False)
    found = groups.aggregate([([], "count_all"), *((name, how) for name in _TIMES for how in ("min", "max"))])
    for row in found.to_pylist():
        times = [row[f"{name}_{how}"].astimezone(EPOCH.tzinfo) for name in _TIMES for how in ("min", "max")]
        yield InstrumentDataInfo(ExchangeId(row["exchange"]), row["instrument"], {row["kind"]: row["count_all"]}, *times)
