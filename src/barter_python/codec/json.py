"""From JSON text to values and back. The only place that knows the JSON library."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import TypeVar

import msgspec

from barter_python.codec.shape import Codec, strict_members
from barter_python.errors import DecodeError

__all__ = ["decode", "decode_written", "encode"]

T = TypeVar("T")

_decoder = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()


def decode_written(document: bytes, codec: Codec[T]) -> T:
    """Read what a user has written: as `decode`, after a byte order mark if there is one, and refusing unknown members.

    Raises:
        DecodeError: As `decode`; or there is a member that is not known.
    """
    with strict_members():
        return decode(document.removeprefix(BOM_UTF8), codec)


def decode(document: str | bytes | bytearray | memoryview, codec: Codec[T]) -> T:
    """Read a value from JSON text.

    Raises:
        DecodeError: The text is no JSON, or has not the shape or the values that `codec` expects.
    """
    try:
        raw = _decoder.decode(document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DecodeError(f"not valid JSON: {error}") from None
    except RecursionError:
        raise DecodeError("not valid JSON: nested too deeply") from None
    return codec.read(raw)


def encode(value: T, codec: Codec[T]) -> bytes:
    """Write a value as JSON text on one line, in UTF-8 and without a line end."""
    return _encoder.encode(codec.write(value))
