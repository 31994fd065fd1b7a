"""What assets are worth in one valuation asset, through the run's own instruments. Rust origin: none.

Assets of one name are one asset, whichever exchange keeps them. A way leads through as few instruments as possible; of several,
it prefers the exchange that keeps the asset, spot to contracts, a price to its inverse, and the instrument of the lowest index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from barter_python.instrument.asset import AssetIndex, AssetNameInternal
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import IndexedInstrument, InstrumentIndex, InstrumentQuoteAsset
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.kind import OptionContract, Spot
from barter_python.numeric import CONTEXT, ONE

__all__ = ["Conversion", "PriceOf", "Valuation", "default_valuation"]

PriceOf: TypeAlias = Callable[[InstrumentIndex], Decimal | None]
"""The current price of an instrument in quote currency, None where none is known."""


@dataclass(slots=True, frozen=True)
class Conversion:
    """A step on the way to the valuation asset.

    Attributes:
        instrument: Whose price counts.
        is_inverse: Whether it leads from the quote to the base asset, so that an amount is divided by the price.
    """

    instrument: InstrumentIndex
    is_inverse: bool


def default_valuation(instruments: IndexedInstruments) -> AssetNameInternal:
    """The quote asset that most instruments share; of several, that of the first instrument.

    Raises:
        ValueError: There is no instrument.
    """
    quotes = Counter(_asset_name(instruments, keyed.value.underlying.quote) for keyed in instruments.instruments())
    if not quotes:
        raise ValueError("instruments: there is none, expected at least one to value a portfolio by")
    return max(quotes, key=lambda name: quotes[name])


class Valuation:
    """The ways from every asset of a run to its valuation asset.

    Args:
        instruments: Of the run.
        asset: In which everything is valued.

    Attributes:
        asset: In which everything is valued.
        paths: By asset index: the steps to it, none for the asset itself; None where there is no way.
        homes: By asset index: the spot instrument whose position a holding of the asset is; None for a mere currency.
    """

    __slots__ = ("_distances", "_edges", "asset", "homes", "paths")

    def __init__(self, instruments: IndexedInstruments, asset: AssetNameInternal) -> None:
        self.asset = asset
        self._edges = [_edge(instruments, keyed) for keyed in instruments.instruments() if _is_convertible(keyed.value)]
        self._distances = {asset: 0}
        self._measure([edge for edge in self._edges if edge.is_spot])
        self._measure(self._edges)
        assets = [keyed.value for keyed in instruments.assets()]
        self.paths = [self._path(asset.asset.name_internal, asset.exchange) for asset in assets]
        self.homes = [_home(path, asset.exchange, self._edges) for path, asset in zip(self.paths, assets, strict=True)]

    def rate(self, asset: AssetIndex, price_of: PriceOf) -> Decimal | None:
        """What one unit of an asset is worth; None where there is no way to a price, or a price on it is not known.

        It is a number of the money context: only what is divided by a price, or leads through several instruments, is rounded.
        """
        path = self.paths[asset]
        if path is None:
            return None
        if not path:
            return ONE
        if len(path) == 1 and not path[0].is_inverse:
            return price_of(path[0].instrument) or None
        rate = ONE
        for step in reversed(path):
            price = price_of(step.instrument)
            if not price:
                return None
            rate = CONTEXT.divide(rate, price) if step.is_inverse else CONTEXT.multiply(rate, price)
        return rate

    def _measure(self, edges: list[_Edge]) -> None:
        """Find how many steps every asset that the edges reach is away."""
        while True:
            found: dict[AssetNameInternal, int] = {}
            for edge in edges:
                for here, there in ((edge.base, edge.quote), (edge.quote, edge.base)):
                    if there in self._distances and here not in self._distances:
                        found[here] = min(found.get(here, len(self._edges)), self._distances[there] + 1)
            if not found:
                return
            self._distances.update(found)

    def _path(self, name: AssetNameInternal, exchange: ExchangeId) -> tuple[Conversion, ...] | None:
        if name not in self._distances:
            return None
        steps = []
        while name != self.asset:
            edge = min(self._steps(name), key=lambda edge: edge.preference(name, exchange))
            steps.append(Conversion(edge.instrument, edge.quote == name))
            name, exchange = edge.other(name), edge.exchange
        return tuple(steps)

    def _steps(self, name: AssetNameInternal) -> list[_Edge]:
        nearer = self._distances[name] - 1
        return [edge for edge in self._edges if edge.has(name) and self._distances.get(edge.other(name)) == nearer]


@dataclass(slots=True, frozen=True)
class _Edge:
    """An instrument as a way between two assets."""

    instrument: InstrumentIndex
    exchange: ExchangeId
    base: AssetNameInternal
    quote: AssetNameInternal
    is_spot: bool

    def has(self, name: AssetNameInternal) -> bool:
        return name in (self.base, self.quote)

    def other(self, name: AssetNameInternal) -> AssetNameInternal:
        return self.quote if name == self.base else self.base

    def preference(self, name: AssetNameInternal, exchange: ExchangeId) -> tuple[bool, bool, bool, int]:
        """The less, the better."""
        return not self.is_spot, self.exchange is not exchange, self.quote == name, self.instrument


def _is_convertible(instrument: IndexedInstrument) -> bool:
    is_priced_in_quote = instrument.quote is InstrumentQuoteAsset.UNDERLYING_QUOTE
    return is_priced_in_quote and not isinstance(instrument.kind, OptionContract)


def _edge(instruments: IndexedInstruments, keyed: Keyed[InstrumentIndex, IndexedInstrument]) -> _Edge:
    instrument = keyed.value
    return _Edge(
        keyed.key,
        instrument.exchange.value,
        _asset_name(instruments, instrument.underlying.base),
        _asset_name(instruments, instrument.underlying.quote),
        isinstance(instrument.kind, Spot),
    )


def _home(path: tuple[Conversion, ...] | None, exchange: ExchangeId, edges: Iterable[_Edge]) -> InstrumentIndex | None:
    if not path or path[0].is_inverse:
        return None
    first = path[0].instrument
    is_home = any(edge.instrument == first and edge.is_spot and edge.exchange is exchange for edge in edges)
    return first if is_home else None


def _asset_name(instruments: IndexedInstruments, index: AssetIndex) -> AssetNameInternal:
    return instruments.find_asset(index).asset.name_internal
