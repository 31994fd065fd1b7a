"""Balances and their statistics, by asset. Rust origin: barter::engine::state::asset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from barter_python.engine.state.asset.filter import AssetFilter
from barter_python.errors import AssetIndexError
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.instrument.asset import Asset, AssetKey, AssetNameInternal, ExchangeAsset
from barter_python.instrument.index import IndexedInstruments
from barter_python.statistic.summary.asset import TearSheetAssetGenerator
from barter_python.timed import Timed

__all__ = ["AssetState", "AssetStates", "generate_empty_indexed_asset_states"]


@dataclass(slots=True)
class AssetState:
    """What is known of an asset of an exchange.

    Attributes:
        asset: Its names.
        statistics: How its balance developed.
        balance: The latest balance, None before the first.
    """

    asset: Asset
    statistics: TearSheetAssetGenerator = field(default_factory=TearSheetAssetGenerator)
    balance: Timed[Balance] | None = None

    def update_from_balance(self, snapshot: AssetBalance) -> None:
        """Take a balance that is at least as recent as the one known; an older one changes nothing."""
        if self.balance is None or self.balance.time <= snapshot.time_exchange:
            self.balance = Timed(snapshot.balance, snapshot.time_exchange)
            self.statistics.update_from_balance(snapshot)

    def to_asset_balance(self, time_unknown: datetime) -> AssetBalance:
        """The balance under the venue's name of the asset; zero, stamped `time_unknown`, where none is known."""
        if self.balance is None:
            return AssetBalance(self.asset.name_exchange, Balance(), time_unknown)
        return AssetBalance(self.asset.name_exchange, self.balance.value, self.balance.time)


class AssetStates:
    """The state of every asset, in index order."""

    __slots__ = ("_indexes", "_keys", "_states")

    def __init__(self, states: Iterable[tuple[ExchangeAsset[AssetNameInternal], AssetState]]) -> None:
        self._keys: list[ExchangeAsset[AssetNameInternal]] = []
        self._states: list[AssetState] = []
        self._indexes: dict[ExchangeAsset[AssetNameInternal], int] = {}
        for key, state in states:
            self._indexes.setdefault(key, len(self._states))
            self._keys.append(key)
            self._states.append(state)

    def asset_index(self, key: AssetKey) -> AssetState:
        """The state of an asset, by index.

        Raises:
            AssetIndexError: The index is out of range.
        """
        if isinstance(key, int) and 0 <= key < len(self._states):
            return self._states[key]
        raise AssetIndexError(f"AssetIndex({key}) is not tracked, expected less than {len(self._states)}")

    def asset(self, key: ExchangeAsset[AssetNameInternal]) -> AssetState:
        """The state of an asset, by exchange and internal name.

        Raises:
            AssetIndexError: The asset is not part of the run.
        """
        index = self._indexes.get(key)
        if index is None:
            known = ", ".join(f"{known.exchange.value} {known.asset}" for known in self._keys) or "none"
            raise AssetIndexError(f"asset {key.exchange.value} {key.asset} is not tracked, expected one of: {known}")
        return self._states[index]

    def filtered(self, filter: AssetFilter) -> Iterator[AssetState]:  # noqa: A002 - barter's name
        """The states that `filter` selects, in index order."""
        for key, state in zip(self._keys, self._states, strict=True):
            if filter is None or key.exchange in filter.exchanges:
                yield state

    def assets(self) -> list[AssetState]:
        """Every state, in index order."""
        return list(self._states)

    def items(self) -> Iterator[tuple[ExchangeAsset[AssetNameInternal], AssetState]]:
        """Every key and state, in index order."""
        return zip(self._keys, self._states, strict=True)

    def __iter__(self) -> Iterator[AssetState]:
        return iter(self._states)

    def __len__(self) -> int:
        return len(self._states)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AssetStates) and self._keys == other._keys and self._states == other._states

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"AssetStates({list(self.items())!r})"


def generate_empty_indexed_asset_states(instruments: IndexedInstruments) -> AssetStates:
    """Every asset of the run, without balances."""
    return AssetStates(
        (ExchangeAsset(keyed.value.exchange, keyed.value.asset.name_internal), AssetState(keyed.value.asset))
        for keyed in instruments.assets()
    )
