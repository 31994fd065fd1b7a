"""Configuration of a rehearsal. Rust origin: none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from barter_python.errors import ConfigError
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.integration.secret import Secret
from barter_python.rehearsal.binance_spot.faults import Fault

__all__ = ["RehearsalConfig", "RehearsalLimits"]


@dataclass(slots=True, frozen=True)
class RehearsalLimits:
    """What the venue allows.

    Attributes:
        weight_per_minute: Of REST requests, in a minute of venue time.
        orders_per_ten_seconds: Of venue time.
        ban_after: Requests that may come in spite of a 429 before the venue answers 418.
        ban_duration: In venue time.
        ping_interval: Between two pings of a websocket, in real time.
        pong_timeout: A connection without a pong for so long is ended, in real time.
        send_timeout: A client that does not read for so long is disconnected, in real time.
    """

    weight_per_minute: int = 6000
    orders_per_ten_seconds: int = 50
    ban_after: int = 10
    ban_duration: timedelta = timedelta(minutes=2)
    ping_interval: timedelta = timedelta(seconds=20)
    pong_timeout: timedelta = timedelta(minutes=1)
    send_timeout: timedelta = timedelta(seconds=5)


@dataclass(slots=True, frozen=True)
class RehearsalConfig:
    """What is rehearsed.

    Attributes:
        instruments: That trade at the venue; those of other venues are ignored.
        exchange: The account, and how its orders are matched; of BINANCE_SPOT, without open orders.
        api_key: That clients must show.
        api_secret: With which they must sign.
        faults: What goes wrong on schedule.
        limits: What the venue allows.
        checks_timestamps: Whether requests that are older than their recvWindow are refused. In steps the venue's time jumps: a
            client that measures its offset once, and cannot be told to do so again, needs False.
        can_withdraw: What the account says about withdrawals.
        host: Address to listen on, of this machine.
        port: To listen on; 0 for any that is free.
    """

    instruments: IndexedInstruments
    exchange: SimulatedExchangeConfig
    api_key: str = "rehearsal-key"
    api_secret: Secret = field(default_factory=lambda: Secret("rehearsal-secret"))
    faults: tuple[Fault, ...] = ()
    limits: RehearsalLimits = field(default_factory=RehearsalLimits)
    checks_timestamps: bool = True
    can_withdraw: bool = False
    host: str = "127.0.0.1"
    port: int = 0

    def __post_init__(self) -> None:
        if self.exchange.exchange is not ExchangeId.BINANCE_SPOT:
            raise ConfigError(f"exchange is {self.exchange.exchange.value!r}, expected {ExchangeId.BINANCE_SPOT.value!r}")
        for instrument in self.exchange.initial_state.instruments:
            if instrument.orders:
                raise ConfigError(f"initial_state has open orders of {instrument.instrument!r}, expected none")
