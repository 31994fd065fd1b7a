"""JSON in the shape of Rust's serde, both ways, for every event, state and configuration type.

The codecs stand in the modules `instrument`, `data`, `execution`, `statistic`, `state`, `engine` and `error`; those of
configurations in `config`, which nothing here loads because it needs the composition root.

    event = decode(line, engine_event)
    line = encode(event, engine_event)
"""

from barter_python.codec.json import decode, encode
from barter_python.codec.shape import Codec

__all__ = ["Codec", "decode", "encode"]
