"""What may be left out of market data when the engine cannot keep up.

Of each instrument, the newest survives:

    trade, best bid and ask, candle, liquidation    the last one of each
    book snapshot                                   the last one; what came before it is obsolete
    book updates                                    all, merged into one: a book that misses an update is wrong for ever
    lost connection                                 the last one of each exchange

What survives keeps its order. A strategy that counts trades sees fewer of them; prices and books are right.
"""

from __future__ import annotations

from collections.abc import Sequence

from barter_python.data.book import OrderBook, OrderBookSide, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import MarketEvent, MarketReconnecting
from barter_python.engine.event import EngineEvent
from barter_python.instrument.side import Side

__all__ = ["conflate"]


def conflate(events: Sequence[EngineEvent]) -> list[EngineEvent]:
    """The market data that has to be processed still. An event of another sort is kept."""
    kept: dict[object, EngineEvent] = {}
    for number, event in enumerate(events):
        if isinstance(event, MarketEvent):
            _keep(kept, event)
        elif isinstance(event, MarketReconnecting):
            _replace(kept, event.exchange, event)
        else:
            kept[number, "command"] = event
    return list(kept.values())


def _keep(kept: dict[object, EngineEvent], event: MarketEvent) -> None:
    key = (event.instrument, type(event.kind))
    if isinstance(event.kind, OrderBookSnapshot):
        kept.pop((event.instrument, OrderBookUpdate), None)
    elif isinstance(event.kind, OrderBookUpdate):
        earlier = kept.get(key)
        if isinstance(earlier, MarketEvent) and isinstance(earlier.kind, OrderBookUpdate):
            merged = OrderBookUpdate(_merge(earlier.kind.book, event.kind.book))
            event = MarketEvent(event.time_exchange, event.time_received, event.exchange, event.instrument, merged)
    _replace(kept, key, event)


def _replace(kept: dict[object, EngineEvent], key: object, event: EngineEvent) -> None:
    kept.pop(key, None)  # so that it stands where the newest one stood
    kept[key] = event


def _merge(earlier: OrderBook, later: OrderBook) -> OrderBook:
    """One update that does what two do."""
    merged = OrderBook(later.sequence, later.time_engine)
    merged.bids = _merge_side(Side.BUY, earlier.bids, later.bids)
    merged.asks = _merge_side(Side.SELL, earlier.asks, later.asks)
    return merged


def _merge_side(side: Side, earlier: OrderBookSide, later: OrderBookSide) -> OrderBookSide:
    levels = {level.price: level for level in (*earlier.levels, *later.levels)}
    return OrderBookSide.as_received(side, list(levels.values()))
