"""Your data of an instrument. Rust origin: barter::engine::state::instrument::data."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Protocol

from barter_python.data.event import MarketEvent, OrderBookL1, PublicTrade
from barter_python.execution.account import AccountEvent
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen
from barter_python.numeric import decimal_from_float
from barter_python.timed import Timed

__all__ = ["DefaultInstrumentMarketData", "InstrumentDataState"]


class InstrumentDataState(Protocol):
    """What a strategy wants to know of an instrument: market data, indicators, signals. The engine keeps it up to date."""

    def process(self, event: MarketEvent | AccountEvent, /) -> None:
        """Take in an event of this instrument."""
        ...

    def price(self) -> Decimal | None:
        """The current price in quote currency, None where none is known."""
        ...

    def record_in_flight_open(self, request: OrderRequestOpen, /) -> None:
        """A request to open an order was sent."""
        ...

    def record_in_flight_cancel(self, request: OrderRequestCancel, /) -> None:
        """A request to cancel an order was sent."""
        ...


class DefaultInstrumentMarketData:
    """The best bid and ask, and the price of the last trade. Subclass it to add your own indicators.

    Attributes:
        l1: The latest best bid and ask.
        last_traded_price: The price of the latest trade, None before the first.
    """

    __slots__ = ("l1", "last_traded_price")

    def __init__(self, l1: OrderBookL1 | None = None, last_traded_price: Timed[Decimal] | None = None) -> None:
        self.l1: OrderBookL1 = OrderBookL1() if l1 is None else l1
        self.last_traded_price = last_traded_price

    def process(self, event: MarketEvent | AccountEvent, /) -> None:
        """Keep the latest trade price and level one; events stamped no later than what is known change nothing."""
        kind = event.kind
        if type(kind) is PublicTrade:
            time = event.time_exchange  # type: ignore[union-attr] # only market events carry trades of the market
            last = self.last_traded_price
            if last is None or last.time < time:
                price = decimal_from_float(kind.price)
                if price is not None:
                    self.last_traded_price = Timed(price, time)
        elif type(kind) is OrderBookL1 and self.l1.last_update_time < event.time_exchange:  # type: ignore[union-attr]
            self.l1 = kind

    def price(self) -> Decimal | None:
        """The micro price of level one, or else the last traded price."""
        price = self.l1.volume_weighed_mid_price()
        if price is not None:
            return price
        last = self.last_traded_price
        return None if last is None else last.value

    def record_in_flight_open(self, request: OrderRequestOpen, /) -> None:
        """Ignore the request."""

    def record_in_flight_cancel(self, request: OrderRequestCancel, /) -> None:
        """Ignore the request."""

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, DefaultInstrumentMarketData)
            and self.l1 == other.l1
            and self.last_traded_price == other.last_traded_price
        )

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.l1!r}, {self.last_traded_price!r})"
