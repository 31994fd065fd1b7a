"""Round trips: from flat to flat, by instrument. Rust origin: none; Rust keeps a `PositionExited` of each.

All amounts are in the currency of the instrument, and exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from barter_python.data.event import Candle, DataKind
from barter_python.execution.order.id import StrategyId
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.side import Side
from barter_python.numeric import CONTEXT, ONE, ZERO, decimal_from_float

__all__ = ["PriceRange", "Trip", "TripBook"]


@dataclass(slots=True)
class PriceRange:
    """The lowest and the highest price since a time, in quote currency.

    Attributes:
        time: Since when, aware UTC.
        low: The lowest price.
        high: The highest price.
    """

    time: datetime
    low: Decimal
    high: Decimal

    def update(self, price: Decimal, kind: DataKind | None = None) -> None:
        """Take in a price, and where it comes from a candle that began no earlier than `time`, its extremes."""
        self._take(price)
        if isinstance(kind, Candle) and kind.interval is not None and kind.close_time - kind.interval >= self.time:
            self._take(decimal_from_float(kind.low))
            self._take(decimal_from_float(kind.high))

    def _take(self, price: Decimal | None) -> None:
        if price is not None:
            self.low, self.high = min(self.low, price), max(self.high, price)


@dataclass(slots=True)
class Trip:
    """A round trip, or what is open of one.

    Attributes:
        instrument: Which instrument.
        strategy: Whose fill opened it.
        side: BUY was long, SELL was short.
        quantity_max: Largest quantity reached, positive, in base units or contracts.
        quantity: What is open, positive; zero once it is closed.
        price_entry_average: Volume-weighted price of the fills that increased it.
        price_exit_average: Volume-weighted price of the fills that reduced it, None before the first.
        time_enter: Of the first fill, aware UTC.
        time_exit: Of the last fill, aware UTC; None while it is open.
        pnl_price: Profit of the fills, what is open at the last price.
        fees: Paid less received as rebates, at the prices of their fills: a cost is positive.
        funding: Received less paid.
        price_low: The lowest price from the first to the last fill, as the engine has seen it.
        price_high: The highest.
        trades: Number of fills.
        contract_size: Units of the underlying in one contract, 1 for spot.
    """

    instrument: InstrumentIndex
    strategy: StrategyId
    side: Side
    quantity_max: Decimal
    quantity: Decimal
    price_entry_average: Decimal
    price_exit_average: Decimal | None
    time_enter: datetime
    time_exit: datetime | None
    pnl_price: Decimal
    fees: Decimal
    funding: Decimal
    price_low: Decimal
    price_high: Decimal
    trades: int
    contract_size: Decimal = ONE

    @property
    def pnl(self) -> Decimal:
        """Price PnL less fees plus funding."""
        return self.pnl_price - self.fees + self.funding

    @property
    def cost(self) -> Decimal:
        """The largest quantity at the entry price."""
        return self.price_entry_average * self.quantity_max * self.contract_size

    @property
    def mae(self) -> Decimal:
        """Maximum adverse excursion: the worst price against the entry price as a fraction of it, zero or negative."""
        return self._excursion(self.price_low if self.side is Side.BUY else self.price_high)

    @property
    def mfe(self) -> Decimal:
        """Maximum favourable excursion: the best price against the entry price as a fraction of it, zero or positive."""
        return self._excursion(self.price_high if self.side is Side.BUY else self.price_low)

    def _excursion(self, price: Decimal) -> Decimal:
        if not self.price_entry_average:
            return ZERO
        move = CONTEXT.divide(CONTEXT.subtract(price, self.price_entry_average), self.price_entry_average)
        return move if self.side is Side.BUY else move.copy_negate()


@dataclass(slots=True)
class _Open:
    """Sums of the trip that is open; `quantity` has the sign of the side."""

    strategy: StrategyId
    time: datetime
    prices: PriceRange
    quantity: Decimal = ZERO
    quantity_max: Decimal = ZERO
    entered: Decimal = ZERO
    entered_value: Decimal = ZERO
    exited: Decimal = ZERO
    exited_value: Decimal = ZERO
    fees: Decimal = ZERO
    funding: Decimal = ZERO
    trades: int = 0


@dataclass(slots=True)
class TripBook:
    """The round trips of one instrument. Its arithmetic runs in the exact context of its caller.

    Attributes:
        instrument: Which instrument.
        contract_size: Units of the underlying in one contract, 1 for spot.
        closed: In order of their exits.
    """

    instrument: InstrumentIndex
    contract_size: Decimal
    closed: list[Trip] = field(default_factory=list)
    _open: _Open | None = None

    @property
    def prices(self) -> PriceRange | None:
        """Of the trip that is open, for whoever sees prices; None while flat."""
        return None if self._open is None else self._open.prices

    def add(self, quantity: Decimal, price: Decimal, fee: Decimal, time: datetime, strategy: StrategyId) -> None:
        """Take a fill; a fill that turns the position closes one trip and opens another, and its fee is split by quantity.

        Args:
            quantity: Bought, or negative: sold; net of a fee that was taken from it.
            price: In quote currency.
            fee: A rebate is negative.
            time: Of the fill, aware UTC.
            strategy: Whose fill it is.
        """
        current = self._open
        rest = quantity if current is None else current.quantity + quantity
        if current is None or not rest or (rest > ZERO) == (current.quantity > ZERO):
            self._fill(quantity, price, fee, time, strategy)
            return
        fee_enter = CONTEXT.divide(CONTEXT.multiply(fee, rest), quantity)
        self._fill(quantity - rest, price, fee - fee_enter, time, strategy)
        self._fill(rest, price, fee_enter, time, strategy)

    def _fill(self, quantity: Decimal, price: Decimal, fee: Decimal, time: datetime, strategy: StrategyId) -> None:
        current = self._open
        if current is None:
            current = self._open = _Open(strategy, time, PriceRange(time, price, price))
        current.prices.update(price)
        if (current.quantity < ZERO) == (quantity < ZERO) or not current.quantity:
            current.entered += abs(quantity)
            current.entered_value += abs(quantity) * price
        else:
            current.exited += abs(quantity)
            current.exited_value += abs(quantity) * price
        current.quantity += quantity
        current.quantity_max = max(current.quantity_max, abs(current.quantity))
        current.fees += fee
        current.trades += 1
        if not current.quantity:
            self.closed.append(self._trip(current, ZERO, time, Side.BUY if quantity < ZERO else Side.SELL))
            self._open = None

    def add_funding(self, amount: Decimal) -> bool:
        """Receive an amount, or pay a negative one; False where no trip is open, to which it could belong."""
        if self._open is None:
            return False
        self._open.funding += amount
        return True

    def current(self, price: Decimal) -> Trip | None:
        """The trip that is open, valued at a price; None while flat."""
        current = self._open
        return None if current is None else self._trip(current, price, None, Side.BUY if current.quantity > ZERO else Side.SELL)

    def _trip(self, current: _Open, price: Decimal, time_exit: datetime | None, side: Side) -> Trip:
        profit = current.exited_value + abs(current.quantity) * price - current.entered_value
        return Trip(
            self.instrument,
            current.strategy,
            side,
            current.quantity_max,
            abs(current.quantity),
            CONTEXT.divide(current.entered_value, current.entered),
            CONTEXT.divide(current.exited_value, current.exited) if current.exited else None,
            current.time,
            time_exit,
            (profit if side is Side.BUY else -profit) * self.contract_size,
            current.fees,
            current.funding,
            current.prices.low,
            current.prices.high,
            current.trades,
            self.contract_size,
        )
