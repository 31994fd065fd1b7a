"""What the accounts hold of each asset, and what of it trades, fees and funding explain. Rust origin: none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from barter_python.execution.account import AccountSnapshot
from barter_python.execution.balance import AssetBalance
from barter_python.instrument.asset import AssetIndex
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.numeric import ZERO

__all__ = ["Holdings"]


class Holdings:
    """Total balances by asset index, as the exchanges tell them.

    What an account starts with is what the first snapshot of its exchange tells, or before that what was known without one; an
    asset that comes later starts with nothing.

    Args:
        instruments: Of the run.

    Attributes:
        start: What the run started with.
        now: What there is.
        explained: What trades, fees and funding have added since the start, or taken away.
    """

    __slots__ = ("_exchanges", "_snapshots", "_times", "explained", "now", "start")

    def __init__(self, instruments: IndexedInstruments) -> None:
        assets = instruments.assets()
        self._exchanges: list[ExchangeId] = [keyed.value.exchange for keyed in assets]
        self._snapshots: set[ExchangeId] = set()
        self._times: list[datetime | None] = [None] * len(assets)
        self.start: list[Decimal] = [ZERO] * len(assets)
        self.now: list[Decimal] = [ZERO] * len(assets)
        self.explained: list[Decimal] = [ZERO] * len(assets)

    @property
    def is_known(self) -> bool:
        """Whether anything was told yet."""
        return bool(self._snapshots) or any(time is not None for time in self._times)

    def seed(self, balances: Iterable[AssetBalance]) -> None:
        """Take what is known before the first event."""
        for balance in balances:
            self._take(balance, is_start=True)

    def take_balance(self, balance: AssetBalance) -> None:
        """Take a balance; one that is older than what is known changes nothing."""
        asset = balance.asset
        assert isinstance(asset, int), "an index in the engine"
        is_first = self._times[asset] is None and self._exchanges[asset] not in self._snapshots
        self._take(balance, is_start=is_first)

    def take_snapshot(self, snapshot: AccountSnapshot, exchange: ExchangeId) -> None:
        """Take every balance of an account."""
        is_start = exchange not in self._snapshots
        for balance in snapshot.balances:
            self._take(balance, is_start=is_start)
        self._snapshots.add(exchange)

    def _take(self, balance: AssetBalance, *, is_start: bool) -> None:
        asset = balance.asset
        assert isinstance(asset, int), "an index in the engine"
        known = self._times[asset]
        if known is not None and known > balance.time_exchange:
            return
        self._times[asset] = balance.time_exchange
        self.now[asset] = balance.balance.total
        if is_start:
            self.start[asset] = balance.balance.total

    def unexplained(self, asset: AssetIndex) -> Decimal:
        """What was deposited, withdrawn, or has changed in any other way."""
        return self.now[asset] - self.start[asset] - self.explained[asset]
