"""Positions: opened, increased, reduced, closed and flipped by fills. Rust origin: barter::engine::state::position.

All prices and profits are in the quote currency of the instrument. Those of contracts count the contract size (divergence 19),
and funding payments are part of them (divergence 21).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from barter_python.execution.trade import AssetFees, Trade, TradeId
from barter_python.instrument.instrument import InstrumentKey
from barter_python.instrument.side import Side
from barter_python.numeric import ONE, ZERO, in_money_context

__all__ = [
    "TRADES_MAX",
    "Position",
    "PositionExited",
    "PositionManager",
    "calculate_pnl_realised",
    "calculate_pnl_return",
    "calculate_pnl_unrealised",
    "calculate_price_entry_average",
]

TRADES_MAX: Final = 10_000
"""Of how many fills a position knows the ids: one that is never closed must not grow for ever (Rust keeps them all)."""

_BUY: Final = Side.BUY


@dataclass(slots=True)
class PositionExited:
    """A position that was closed.

    Attributes:
        instrument: Which instrument.
        side: BUY was long, SELL was short.
        price_entry_average: Volume-weighted price of all fills that increased it.
        quantity_abs_max: Largest quantity reached, positive.
        pnl_realised: Profit and loss after fees, with funding.
        fees_enter: Fees of the fills that increased it.
        fees_exit: Fees of the fills that reduced it.
        time_enter: Of the first fill, aware UTC.
        time_exit: Of the last fill, aware UTC.
        trades: Ids of the fills, in order; of more than `TRADES_MAX` the latest.
        funding: Sum of the funding payments while it was open: positive where they were received. Part of `pnl_realised`.
        contract_size: Units of the underlying in one contract, 1 for spot; not on the wire.
    """

    instrument: InstrumentKey
    side: Side
    price_entry_average: Decimal
    quantity_abs_max: Decimal
    pnl_realised: Decimal
    fees_enter: AssetFees
    fees_exit: AssetFees
    time_enter: datetime
    time_exit: datetime
    trades: list[TradeId]
    funding: Decimal = ZERO
    contract_size: Decimal = ONE

    @classmethod
    def from_position(cls, position: Position) -> PositionExited:
        """The final record of a position."""
        return cls(
            position.instrument,
            position.side,
            position.price_entry_average,
            position.quantity_abs_max,
            position.pnl_realised,
            position.fees_enter,
            position.fees_exit,
            position.time_enter,
            position.time_exchange_update,
            list(position.trades),
            position.funding,
            position.contract_size,
        )

    def pnl_return(self) -> Decimal:
        """Profit as a fraction of the capital used, see `calculate_pnl_return`."""
        return calculate_pnl_return(self.pnl_realised, self.price_entry_average, self.quantity_abs_max, self.contract_size)


@dataclass(slots=True)
class Position:
    """An open position, always net: one per instrument.

    Attributes:
        instrument: Which instrument.
        side: BUY is long, SELL is short.
        price_entry_average: Volume-weighted price of all fills that increased it.
        quantity_abs: Current quantity, positive.
        quantity_abs_max: Largest quantity reached, positive.
        pnl_unrealised: Profit and loss of closing it at the last price, after estimated exit fees.
        pnl_realised: Profit and loss of what was closed already, after all fees so far, with funding.
        fees_enter: Fees of the fills that increased it.
        fees_exit: Fees of the fills that reduced it.
        time_enter: Of the first fill, aware UTC.
        time_exchange_update: Of the last fill, aware UTC.
        trades: Ids of the fills, in order; of more than `TRADES_MAX` the latest.
        funding: Sum of the funding payments while it was open: positive where they were received. Part of `pnl_realised`.
        contract_size: Units of the underlying in one contract, 1 for spot; not on the wire, as the instrument has it.
    """

    instrument: InstrumentKey
    side: Side
    price_entry_average: Decimal
    quantity_abs: Decimal
    quantity_abs_max: Decimal
    pnl_unrealised: Decimal
    pnl_realised: Decimal
    fees_enter: AssetFees
    fees_exit: AssetFees
    time_enter: datetime
    time_exchange_update: datetime
    trades: list[TradeId]
    funding: Decimal = ZERO
    contract_size: Decimal = ONE

    @classmethod
    @in_money_context
    def from_trade(cls, trade: Trade, contract_size: Decimal = ONE) -> Position:
        """Open a position with its first fill."""
        quantity = abs(trade.quantity)
        return cls(
            trade.instrument,
            trade.side,
            trade.price,
            quantity,
            quantity,
            ZERO,
            -trade.fees.fees,
            trade.fees,
            AssetFees.quote_fees(ZERO),
            trade.time_exchange,
            trade.time_exchange,
            [trade.id],
            contract_size=contract_size,
        )

    def copy(self) -> Position:
        """The same position, which changes by itself."""
        return replace(self, trades=list(self.trades))

    @in_money_context
    def update_from_trade(self, trade: Trade) -> tuple[Position | None, PositionExited | None]:
        """Apply a fill of the same instrument: increase, reduce, close or flip.

        Args:
            trade: A fill with a quantity other than zero.

        Returns:
            What is open afterwards (this position, a new one after a flip, or None) and what was closed. Do not use this
            object again where it was closed. A fill of another instrument changes nothing.
        """
        if trade.instrument != self.instrument:
            return self, None
        self._remember(trade.id)
        quantity = abs(trade.quantity)
        if trade.side is self.side:
            self._increase(trade, quantity)
            return self, None
        if quantity < self.quantity_abs:
            self._reduce(trade, quantity, trade.fees.fees)
            return self, None
        if quantity == self.quantity_abs:
            self._reduce(trade, quantity, trade.fees.fees)
            return None, PositionExited.from_position(self)
        return self._flip(trade, quantity)

    @in_money_context
    def update_from_funding(self, amount: Decimal) -> None:
        """Add a funding payment, positive where it was received, to the realised profit."""
        self.funding += amount
        self.pnl_realised += amount

    def _remember(self, trade: TradeId) -> None:
        if len(self.trades) >= TRADES_MAX:
            del self.trades[0]
        self.trades.append(trade)

    def _increase(self, trade: Trade, quantity: Decimal) -> None:
        self.price_entry_average = calculate_price_entry_average(
            self.price_entry_average, self.quantity_abs, trade.price, quantity
        )
        self.quantity_abs += quantity
        self.quantity_abs_max = max(self.quantity_abs_max, self.quantity_abs)
        self.pnl_realised -= trade.fees.fees
        self.fees_enter = AssetFees(self.fees_enter.asset, self.fees_enter.fees + trade.fees.fees)
        self.time_exchange_update = trade.time_exchange
        self.update_pnl_unrealised(trade.price)

    def _reduce(self, trade: Trade, quantity: Decimal, fee: Decimal) -> None:
        self.update_pnl_realised(quantity, trade.price, fee)
        self.quantity_abs -= quantity
        before = self.fees_exit.fees
        # Results keep millions of fills: one number less for each position that is closed at once.
        self.fees_exit = AssetFees(self.fees_exit.asset, before + fee if before else fee)
        self.time_exchange_update = trade.time_exchange
        self.update_pnl_unrealised(trade.price)

    def _flip(self, trade: Trade, quantity: Decimal) -> tuple[Position, PositionExited]:
        """Close this position, and open one on the other side with the rest of the fill. Both share the fee by quantity."""
        rest = quantity - self.quantity_abs
        fee_enter = trade.fees.fees * (rest / quantity)
        fee_exit = trade.fees.fees * (self.quantity_abs / quantity)
        opening = Trade(
            trade.id,
            trade.order_id,
            trade.instrument,
            trade.strategy,
            trade.time_exchange,
            trade.side,
            trade.price,
            rest,
            AssetFees(trade.fees.asset, fee_enter),
        )
        self._reduce(trade, self.quantity_abs, fee_exit)
        return Position.from_trade(opening, self.contract_size), PositionExited.from_position(self)

    def update_pnl_unrealised(self, price: Decimal) -> None:
        """Revalue what is open at `price`."""
        self.pnl_unrealised = calculate_pnl_unrealised(
            self.side,
            self.price_entry_average,
            self.quantity_abs,
            self.quantity_abs_max,
            self.fees_enter.fees,
            price,
            self.contract_size,
        )

    @in_money_context
    def update_pnl_realised(self, closed_quantity: Decimal, closed_price: Decimal, closed_fee: Decimal) -> None:
        """Add the profit of closing a part."""
        self.pnl_realised += calculate_pnl_realised(
            self.side, self.price_entry_average, closed_quantity, closed_price, closed_fee, self.contract_size
        )


@dataclass(slots=True)
class PositionManager:
    """The current position of an instrument.

    Attributes:
        current: None while flat.
        contract_size: Of the instrument: units of the underlying in one contract, 1 for spot; not on the wire.
    """

    current: Position | None = None
    contract_size: Decimal = ONE

    def set_contract_size(self, contract_size: Decimal) -> None:
        """Take over the contract size of the instrument, for positions to come and for one that was read from the wire."""
        self.contract_size = contract_size
        if self.current is not None:
            self.current.contract_size = contract_size

    def update_from_funding(self, amount: Decimal) -> None:
        """Add a funding payment, positive where it was received, to the position; one while flat changes nothing."""
        if self.current is not None:
            self.current.update_from_funding(amount)

    def update_from_trade(self, trade: Trade) -> PositionExited | None:
        """Apply a fill; returns the position that it closed, if it closed one."""
        if self.current is None:
            self.current = Position.from_trade(trade, self.contract_size)
            return None
        self.current, exited = self.current.update_from_trade(trade)
        return exited


@in_money_context
def calculate_price_entry_average(
    current_price_entry_average: Decimal,
    current_quantity_abs: Decimal,
    trade_price: Decimal,
    trade_quantity_abs: Decimal,
) -> Decimal:
    """Volume-weighted entry price after a fill; zero where both quantities are zero."""
    if not current_quantity_abs and not trade_quantity_abs:
        return ZERO
    current_value = current_price_entry_average * current_quantity_abs
    trade_value = trade_price * trade_quantity_abs
    return (current_value + trade_value) / (current_quantity_abs + trade_quantity_abs)


@in_money_context
def calculate_pnl_unrealised(
    position_side: Side,
    price_entry_average: Decimal,
    quantity_abs: Decimal,
    quantity_abs_max: Decimal,
    fees_enter: Decimal,
    price: Decimal,
    contract_size: Decimal = ONE,
) -> Decimal:
    """Profit of closing `quantity_abs` at `price`, after exit fees estimated from the entry fees per quantity.

    Source: contract size * (price difference * quantity) - exit fees
    """
    exit_fees = fees_enter if quantity_abs == quantity_abs_max else (quantity_abs / quantity_abs_max) * fees_enter
    value_now = quantity_abs * price
    value_entry = quantity_abs * price_entry_average
    if position_side is _BUY:
        return contract_size * (value_now - value_entry) - exit_fees
    return contract_size * (value_entry - value_now) - exit_fees


@in_money_context
def calculate_pnl_realised(
    position_side: Side,
    price_entry_average: Decimal,
    closed_quantity: Decimal,
    closed_price: Decimal,
    closed_fee: Decimal,
    contract_size: Decimal = ONE,
) -> Decimal:
    """Profit of having closed a quantity (its sign is ignored) at a price, after the fee.

    Source: contract size * (price difference * quantity) - fee
    """
    quantity = abs(closed_quantity)
    value_closed = quantity * closed_price
    value_entry = quantity * price_entry_average
    if position_side is _BUY:
        return contract_size * (value_closed - value_entry) - closed_fee
    return contract_size * (value_entry - value_closed) - closed_fee


@in_money_context
def calculate_pnl_return(
    pnl_realised: Decimal, price_entry_average: Decimal, quantity_abs_max: Decimal, contract_size: Decimal = ONE
) -> Decimal:
    """Profit as a fraction of the capital used; zero where no capital was used.

    Source: pnl / (entry price * largest quantity * contract size)
    """
    cost = price_entry_average * quantity_abs_max * contract_size
    return pnl_realised / cost if cost else ZERO
