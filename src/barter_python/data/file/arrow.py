"""pyarrow for type checkers, which do not see the functions that it makes at run time. Needs the extra `data`."""

from __future__ import annotations

from typing import Any, Final

import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet

__all__ = ["pa", "pc", "pcsv", "pq"]

pa: Final[Any] = pyarrow
pc: Final[Any] = pyarrow.compute
pcsv: Final[Any] = pyarrow.csv
pq: Final[Any] = pyarrow.parquet
