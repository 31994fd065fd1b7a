"""What a client notes itself, in nanoseconds of `time.perf_counter_ns`, a clock that all processes of a machine share."""

from __future__ import annotations

import msgspec


class Notes(msgspec.Struct):
    """Times by the number of the trade.

    Attributes:
        handed_over: When the websocket library handed the trade over.
        arrived: When the order for it was at an exchange within the process.
        preempted: How often something else took the core away; what was measured then is not the client alone.
    """

    handed_over: dict[str, int] = {}
    arrived: dict[str, int] = {}
    preempted: int = 0
