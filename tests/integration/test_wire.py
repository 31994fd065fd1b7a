"""JSON of what barter-integration defines, and what is left of its JSON helpers."""

from __future__ import annotations

import pytest

from barter_python.codec.foreign import snap_updates
from barter_python.codec.json import decode, encode
from barter_python.codec.scalar import text, unsigned
from barter_python.codec.shape import struct
from barter_python.errors import DecodeError


def test_a_snapshot_and_its_updates_survive_a_round_trip() -> None:
    codec = snap_updates(text, text)
    document = b'{"snapshot":"snap","updates":"update"}'

    value = decode(document, codec)

    assert value == {"snapshot": "snap", "updates": "update"}
    assert encode(value, codec) == document


def test_json_is_read() -> None:
    assert decode(b"42", unsigned) == 42
    assert decode(b'{"snapshot":1,"updates":"hello"}', snap_updates(unsigned, text)) == {"snapshot": 1, "updates": "hello"}


def test_json_bytes_are_read_into_members_of_several_types() -> None:
    members = struct(lambda a, b: {"a": a, "b": b}, a=unsigned, b=text)
    assert {"a": 1, "b": "hello"} == decode(b'{"a": 1, "b": "hello"}', members)


def test_what_is_no_json_is_an_error() -> None:
    with pytest.raises(DecodeError, match="not valid JSON"):
        decode(b"not valid json", unsigned)


def test_json_is_written_without_blanks() -> None:
    assert encode({"snapshot": 1, "updates": 2}, snap_updates(unsigned, unsigned)) == b'{"snapshot":1,"updates":2}'
