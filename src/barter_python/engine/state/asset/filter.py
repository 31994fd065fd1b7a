"""Which assets are meant. Rust origin: barter::engine::state::asset::filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from barter_python.instrument.exchange import ExchangeId

__all__ = ["AssetExchangesFilter", "AssetFilter"]


@dataclass(slots=True)
class AssetExchangesFilter:
    """The assets of these exchanges."""

    exchanges: tuple[ExchangeId, ...]


AssetFilter: TypeAlias = AssetExchangesFilter | None
"""None means every asset."""
