"""The summary of a trading session. Rust origin: barter::statistic::summary (mod.rs)."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from barter_python.errors import AssetIndexError, InstrumentIndexError
from barter_python.execution.balance import AssetBalance
from barter_python.execution.position import PositionExited
from barter_python.instrument.asset import AssetNameInternal, ExchangeAsset
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.statistic.summary.asset import TearSheetAsset, TearSheetAssetGenerator
from barter_python.statistic.summary.instrument import TearSheet, TearSheetGenerator
from barter_python.statistic.time import TimeInterval

__all__ = ["TradingSummary", "TradingSummaryGenerator"]


@dataclass(slots=True)
class TradingSummary:
    """Tear sheets of every instrument and every asset, in index order.

    Attributes:
        time_engine_start: Start of the session, aware UTC.
        time_engine_end: End of the session, aware UTC.
        instruments: By internal name.
        assets: By exchange and internal name.
    """

    time_engine_start: datetime
    time_engine_end: datetime
    instruments: dict[InstrumentNameInternal, TearSheet]
    assets: dict[ExchangeAsset[AssetNameInternal], TearSheetAsset]

    def trading_duration(self) -> timedelta:
        """Length of the session."""
        return self.time_engine_end - self.time_engine_start


@dataclass(slots=True)
class TradingSummaryGenerator:
    """Collects closed positions and balances of a session and generates its summary.

    Attributes:
        risk_free_return: Return of a riskless investment over the trading period, as a fraction.
        time_engine_start: Start of the session, aware UTC.
        time_engine_now: Of the last update, aware UTC.
        instruments: In index order.
        assets: In index order.
    """

    risk_free_return: Decimal
    time_engine_start: datetime
    time_engine_now: datetime
    instruments: dict[InstrumentNameInternal, TearSheetGenerator]
    assets: dict[ExchangeAsset[AssetNameInternal], TearSheetAssetGenerator]

    @classmethod
    def init(
        cls,
        risk_free_return: Decimal,
        time_engine_start: datetime,
        time_engine_now: datetime,
        instruments: Mapping[InstrumentNameInternal, TearSheetGenerator],
        assets: Mapping[ExchangeAsset[AssetNameInternal], TearSheetAssetGenerator],
    ) -> TradingSummaryGenerator:
        """Start from copies of the statistics of a session so far."""
        return cls(
            risk_free_return,
            time_engine_start,
            time_engine_now,
            {name: deepcopy(sheet) for name, sheet in instruments.items()},
            {key: deepcopy(sheet) for key, sheet in assets.items()},
        )

    def update_time_now(self, time_now: datetime) -> None:
        """Set the time of the summary."""
        self.time_engine_now = time_now

    def update_from_position(self, position: PositionExited) -> None:
        """Take the next closed position.

        Raises:
            InstrumentIndexError: Its instrument is not part of the session.
        """
        self.time_engine_now = max(self.time_engine_now, position.time_exit)
        self.instrument(position.instrument).update_from_position(position)

    def update_from_balance(self, balance: AssetBalance) -> None:
        """Take the next balance.

        Raises:
            AssetIndexError: Its asset is not part of the session.
        """
        self.time_engine_now = max(self.time_engine_now, balance.time_exchange)
        self.asset(balance.asset).update_from_balance(balance)

    def instrument(self, key: int | str) -> TearSheetGenerator:
        """The statistics of an instrument, by index or by internal name.

        Raises:
            InstrumentIndexError: There is no such instrument.
        """
        if isinstance(key, str):
            found = self.instruments.get(InstrumentNameInternal(key))
            if found is not None:
                return found
        elif 0 <= key < len(self.instruments):
            return list(self.instruments.values())[key]
        raise InstrumentIndexError(f"instrument {key!r} is not part of the summary of {len(self.instruments)} instruments")

    def asset(self, key: int | str | ExchangeAsset[AssetNameInternal]) -> TearSheetAssetGenerator:
        """The statistics of an asset, by index or by exchange and internal name.

        Raises:
            AssetIndexError: There is no such asset.
        """
        if isinstance(key, ExchangeAsset):
            found = self.assets.get(key)
            if found is not None:
                return found
        elif isinstance(key, int) and 0 <= key < len(self.assets):
            return list(self.assets.values())[key]
        raise AssetIndexError(f"asset {key!r} is not part of the summary of {len(self.assets)} assets")

    def generate(self, interval: TimeInterval) -> TradingSummary:
        """Summarise what was collected so far, return and ratios scaled to `interval`. Changes nothing."""
        return TradingSummary(
            self.time_engine_start,
            self.time_engine_now,
            {name: sheet.generate(self.risk_free_return, interval) for name, sheet in self.instruments.items()},
            {key: sheet.generate() for key, sheet in self.assets.items()},
        )
