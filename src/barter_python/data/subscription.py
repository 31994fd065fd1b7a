"""What to stream of which instrument.

A venue tells by a *subscription id*, `channel|market`, which subscription a message belongs to. See `exchange.connector` for how
a venue turns a subscription into its channel and market, and `exchange.registry` for which venue can stream what.

Rust origin: barter_data::subscription, barter_data::instrument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final, Generic, NewType, TypeAlias, TypeVar

from barter_python.errors import ConfigError, MarketDataError, shown
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import Instrument, InstrumentIndex
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import (
    MarketDataInstrument,
    MarketDataInstrumentKind,
    market_data_instrument_kind,
)
from barter_python.instrument.name import InstrumentNameExchange

__all__ = [
    "InstrumentData",
    "MarketInstrumentData",
    "SubKind",
    "Subscription",
    "SubscriptionId",
    "UnidentifiableError",
    "UnsupportedSubscriptionError",
    "display_subscriptions_without_exchange",
    "find_instrument",
    "instrument_key",
    "instrument_kind",
]

SubscriptionId = NewType("SubscriptionId", str)
"""A channel and a market of one venue: `publicTrade|BTCUSDT`."""

K = TypeVar("K")


class SubKind(Enum):
    """What to stream. The value is the wire name."""

    PUBLIC_TRADES = "PublicTrades"
    ORDER_BOOKS_L1 = "OrderBooksL1"
    ORDER_BOOKS_L2 = "OrderBooksL2"
    ORDER_BOOKS_L3 = "OrderBooksL3"
    LIQUIDATIONS = "Liquidations"
    CANDLES = "Candles"

    def as_str(self) -> str:
        """Short name: `public_trades`, `l1`, `l2`, `l3`, `liquidations` or `candles`."""
        return _SHORT_NAMES[self]

    def __str__(self) -> str:
        return self.value


_SHORT_NAMES: Final = {
    SubKind.PUBLIC_TRADES: "public_trades",
    SubKind.ORDER_BOOKS_L1: "l1",
    SubKind.ORDER_BOOKS_L2: "l2",
    SubKind.ORDER_BOOKS_L3: "l3",
    SubKind.LIQUIDATIONS: "liquidations",
    SubKind.CANDLES: "candles",
}


class MarketInstrumentData(Generic[K]):
    """An instrument of an index, as far as its market data are concerned. Treat it as immutable.

    Attributes:
        key: What its events carry, for example its index.
        name_exchange: The venue's name, which is the market to subscribe to.
        kind: Spot, perpetual, future or option.
    """

    __slots__ = ("key", "kind", "name_exchange")

    def __init__(self, key: K, name_exchange: InstrumentNameExchange, kind: MarketDataInstrumentKind) -> None:
        self.key: K = key
        self.name_exchange: InstrumentNameExchange = name_exchange
        self.kind: MarketDataInstrumentKind = kind

    @staticmethod
    def from_indexed(keyed: Keyed[InstrumentIndex, Instrument[Any, Any]]) -> MarketInstrumentData[InstrumentIndex]:
        """The market data view of an instrument in `IndexedInstruments`."""
        instrument = keyed.value
        return MarketInstrumentData(keyed.key, instrument.name_exchange, market_data_instrument_kind(instrument.kind))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MarketInstrumentData) and self._members() == other._members()

    def __hash__(self) -> int:
        return hash(self._members())

    def __repr__(self) -> str:
        return f"MarketInstrumentData{self._members()!r}"

    def __str__(self) -> str:
        return f"{self.key}_{self.name_exchange}_{_kind_text(self.kind)}"

    def _members(self) -> tuple[object, ...]:
        return (self.key, self.name_exchange, self.kind)


InstrumentData: TypeAlias = MarketDataInstrument | Keyed[Any, MarketDataInstrument] | MarketInstrumentData[Any]
"""The three ways to name an instrument: a pair and a kind, the same under a key, or by the venue's name under a key."""

InstrumentT = TypeVar("InstrumentT", bound=InstrumentData)


class Subscription(Generic[InstrumentT]):
    """One kind of data of one instrument. Treat it as immutable.

    Attributes:
        exchange: The venue.
        instrument: The instrument, see `InstrumentData`.
        kind: What to stream.
    """

    __slots__ = ("exchange", "instrument", "kind")

    def __init__(self, exchange: ExchangeId, instrument: InstrumentT, kind: SubKind) -> None:
        self.exchange: ExchangeId = exchange
        self.instrument: InstrumentT = instrument
        self.kind: SubKind = kind

    @staticmethod
    def of_pair(
        exchange: ExchangeId, base: str, quote: str, instrument_kind: MarketDataInstrumentKind, kind: SubKind
    ) -> Subscription[MarketDataInstrument]:
        """Build from plain text."""
        return Subscription(exchange, MarketDataInstrument.new(base, quote, instrument_kind), kind)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Subscription) and self._members() == other._members()

    def __hash__(self) -> int:
        return hash(self._members())

    def __repr__(self) -> str:
        return f"Subscription{self._members()!r}"

    def __str__(self) -> str:
        return f"({self.exchange}|{self.kind}|{self.instrument})"

    def _members(self) -> tuple[object, ...]:
        return (self.exchange, self.instrument, self.kind)


class UnsupportedSubscriptionError(ConfigError):
    """The venue has no such data, or there is no decoder for it. Rust: `SocketError::Unsupported`.

    Attributes:
        exchange: The venue.
        instrument_kind: The kind of the instrument.
        sub_kind: What was asked for.

    Args:
        exchange: The venue.
        instrument_kind: The kind of the instrument.
        sub_kind: What was asked for.
        supported: What can be streamed of such instruments.
    """

    def __init__(
        self,
        exchange: ExchangeId,
        instrument_kind: MarketDataInstrumentKind,
        sub_kind: SubKind,
        supported: Iterable[SubKind],
    ) -> None:
        kinds = ", ".join(map(str, supported)) or "nothing"
        super().__init__(f"{exchange.value} cannot stream {sub_kind} of {_kind_text(instrument_kind)}, expected one of: {kinds}")
        self.exchange = exchange
        self.instrument_kind = instrument_kind
        self.sub_kind = sub_kind


class UnidentifiableError(MarketDataError):
    """Data of a subscription that was not made. Rust: `SocketError::Unidentifiable`.

    Attributes:
        subscription_id: The id that no subscription has.
    """

    def __init__(self, subscription_id: SubscriptionId) -> None:
        super().__init__(f"subscription id is {shown(subscription_id)}, expected that of a subscription")
        self.subscription_id = subscription_id


def instrument_kind(instrument: InstrumentData) -> MarketDataInstrumentKind:
    """Spot, perpetual, future or option."""
    return instrument.value.kind if isinstance(instrument, Keyed) else instrument.kind


def instrument_key(instrument: InstrumentData) -> Any:
    """What events of the instrument carry: its key, or itself where it has none."""
    return instrument if isinstance(instrument, MarketDataInstrument) else instrument.key


def find_instrument(instrument_map: Mapping[SubscriptionId, K], subscription_id: SubscriptionId) -> K:
    """The key of the instrument that was subscribed under this id.

    Raises:
        UnidentifiableError: There is none.
    """
    try:
        return instrument_map[subscription_id]
    except KeyError:
        raise UnidentifiableError(subscription_id) from None


def display_subscriptions_without_exchange(subscriptions: Iterable[Subscription[Any]]) -> str:
    """`(btc_usdt_spot, PublicTrades),(eth_usdt_spot, PublicTrades)`, for logs of one venue."""
    return ",".join(f"({subscription.instrument}, {subscription.kind})" for subscription in subscriptions)


def _kind_text(kind: MarketDataInstrumentKind) -> str:
    return "spot" if isinstance(kind, Spot) else str(kind)
