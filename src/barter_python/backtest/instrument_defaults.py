"""Instruments of which only exchange and name are known: assets, kind, and limits on orders. Rust origin: none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from itertools import islice
from typing import Final

from barter_python.config.system import InstrumentConfig
from barter_python.data.event import Candle, DataKind, MarketEvent, MarketStreamEvent, OrderBookL1, PublicTrade
from barter_python.errors import ConfigError, shown
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex, InstrumentQuoteAsset, Underlying
from barter_python.instrument.kind import InstrumentKind, PerpetualContract, Spot
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.spec import (
    InstrumentSpec,
    InstrumentSpecNotional,
    InstrumentSpecPrice,
    InstrumentSpecQuantity,
    OrderQuantityUnits,
)
from barter_python.numeric import ONE, ZERO, decimal_from_float, money_context

__all__ = ["default_instrument", "default_spec", "first_prices", "pair_of"]

_QUOTES: Final = ("USDT", "USDC", "FDUSD", "TUSD", "BUSD", "DAI", "USD", "EUR", "GBP", "JPY", "BTC", "ETH", "BNB")
_SEPARATORS: Final = re.compile(r"[-_/:. ]+")
_PERPETUALS: Final = (ExchangeId.BINANCE_FUTURES_USD, ExchangeId.BYBIT_PERPETUALS_USD, ExchangeId.GATEIO_PERPETUALS_USD)
_DECIMALS_MAX: Final = 8
_PRICES_MAX: Final = 1_000
_EVENTS_MAX: Final = 200_000


def pair_of(name: str, quotes: Sequence[str] = ()) -> tuple[str, str]:
    """Base and quote asset of an instrument, by its name, such as `BTCUSDT`, `BTC-USDT` or `XBT/USD`.

    Args:
        name: The venue's name.
        quotes: Assets that are taken for the quote first, such as those that the account has.

    Raises:
        ConfigError: The name does not tell them.
    """
    parts = [part for part in _SEPARATORS.split(name) if part]
    if len(parts) > 1:
        return parts[0], parts[1]
    for quote in (*quotes, *_QUOTES):
        if name.upper().endswith(quote.upper()) and len(name) > len(quote):
            return name[: -len(quote)], name[-len(quote) :]
    raise ConfigError(
        f"instrument {shown(name)}: its name tells no base and quote asset, expected one such as BTC/USDT, or the instruments"
    )


def default_instrument(exchange: ExchangeId, name: str, quotes: Sequence[str] = ()) -> InstrumentConfig:
    """An instrument without a spec: linear perpetual where the exchange has nothing else, spot elsewhere.

    Raises:
        ConfigError: The name does not tell its assets.
    """
    base, quote = map(AssetNameExchange, pair_of(name, quotes))
    kind: InstrumentKind = PerpetualContract(ONE, quote) if exchange in _PERPETUALS else Spot()
    return InstrumentConfig(
        exchange,
        InstrumentNameExchange(name),
        Underlying(base, quote),
        InstrumentQuoteAsset.UNDERLYING_QUOTE,
        kind,
    )


def first_prices(events: Iterable[list[MarketStreamEvent]], count: int) -> Mapping[InstrumentIndex, list[Decimal]]:
    """The first thousand prices of each instrument.

    Args:
        events: Of which no more are read than needed, and at most 200,000.
        count: Number of instruments.
    """
    found: dict[InstrumentIndex, list[Decimal]] = {}
    complete = 0
    for event in islice(_market_events(events), _EVENTS_MAX):
        price = _price(event.kind)
        known = found.setdefault(event.instrument, [])
        if price is not None and len(known) < _PRICES_MAX:
            known.append(price)
            complete += len(known) == _PRICES_MAX
            if complete == count:
                break
    return found


def default_spec(prices: Sequence[Decimal], unit: OrderQuantityUnits) -> InstrumentSpec | None:
    """Limits on orders as venues have them: ticks as fine as the prices, lots worth at most one unit of quote currency.

    Args:
        prices: Some of the instrument, in quote currency; without any there is no spec.
        unit: What quantities count.
    """
    if not prices:
        return None
    with money_context():
        tick = ONE.scaleb(-max(min(_DECIMALS_MAX, _decimals(price)) for price in prices))
        lot = ONE.scaleb(-max(0, int(prices[0].log10().to_integral_value(ROUND_CEILING))))
    return InstrumentSpec(InstrumentSpecPrice(tick, tick), InstrumentSpecQuantity(unit, lot, lot), InstrumentSpecNotional(ZERO))


def _market_events(chunks: Iterable[list[MarketStreamEvent]]) -> Iterator[MarketEvent]:
    return (event for chunk in chunks for event in chunk if isinstance(event, MarketEvent))


def _price(kind: DataKind) -> Decimal | None:
    if isinstance(kind, PublicTrade):
        return decimal_from_float(kind.price)
    if isinstance(kind, Candle):
        return decimal_from_float(kind.close)
    if isinstance(kind, OrderBookL1) and kind.best_bid is not None:
        return kind.best_bid.price
    return None


def _decimals(price: Decimal) -> int:
    exponent = price.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
