"""Arrow's timestamps as Python's.

pyarrow makes a `datetime` in 1-5 microseconds and `EPOCH + timedelta` takes 0.3; msgspec reads the timestamps of MessagePack in
0.05. So a column is rearranged into MessagePack, byte by byte of all rows at once, and read by msgspec.
"""

from __future__ import annotations

import sys
from array import array
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from barter_python.data.file.arrow import pa, pc
from barter_python.timed import EPOCH

__all__ = ["datetimes_from_microseconds"]

_SECOND: Final = 1_000_000
_SECONDS_BITS: Final = 34
_ARRAY_32: Final = b"\xdd"
_TIMESTAMP_64: Final = b"\xd7\xff"  # fixext 8 of type -1: 30 bits of nanoseconds, 34 bits of seconds
_BYTES: Final = 8
_STEP: Final = len(_TIMESTAMP_64) + _BYTES

# Arrow's functions take 70 microseconds to convert a Python number.
_MICROSECONDS: Final = pa.scalar(_SECOND, pa.int64())
_NANOSECONDS: Final = pa.scalar(1000, pa.int64())
_SHIFT: Final = pa.scalar(_SECONDS_BITS, pa.uint64())

_decoder: Final = msgspec.msgpack.Decoder(list[datetime])


def datetimes_from_microseconds(column: Any) -> list[datetime]:
    """A column of Unix times in integer microseconds, without nulls, as aware UTC times."""
    extremes = pc.min_max(column).as_py()
    if extremes["min"] is None or extremes["min"] < 0 or extremes["max"] >= _SECOND << _SECONDS_BITS:
        return [EPOCH + timedelta(0, 0, value) for value in column.to_pylist()]
    seconds = pc.divide(column, _MICROSECONDS)
    nanoseconds = pc.multiply(pc.subtract(column, pc.multiply(seconds, _MICROSECONDS)), _NANOSECONDS)
    packed = pc.bit_wise_or(pc.shift_left(nanoseconds.cast(pa.uint64()), _SHIFT), seconds.cast(pa.uint64()))
    return _decoder.decode(_ARRAY_32 + len(column).to_bytes(4, "big") + _messages(packed))


def _messages(packed: Any) -> bytearray:
    values = array("Q")
    values.frombytes(memoryview(packed.buffers()[1])[packed.offset * _BYTES :][: len(packed) * _BYTES])
    if sys.byteorder == "little":
        values.byteswap()
    digits = values.tobytes()
    messages = bytearray(_STEP * len(packed))
    messages[0::_STEP] = _TIMESTAMP_64[:1] * len(packed)
    messages[1::_STEP] = _TIMESTAMP_64[1:] * len(packed)
    for place in range(_BYTES):
        messages[len(_TIMESTAMP_64) + place :: _STEP] = digits[place::_BYTES]
    return messages
