"""What was earned with one instrument, by the strategies that traded it. Rust origin: none."""

from __future__ import annotations

from decimal import Decimal

from barter_python.execution.order.id import StrategyId
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetIndex
from barter_python.instrument.instrument import IndexedInstrument, InstrumentIndex
from barter_python.instrument.kind import Spot, contract_size
from barter_python.instrument.side import Side
from barter_python.numeric import CONTEXT
from barter_python.statistic.portfolio.ledger import TradeLedger
from barter_python.statistic.portfolio.trip import TripBook

__all__ = ["InstrumentAccount"]


class InstrumentAccount:
    """The ledgers of an instrument. All arithmetic runs in the exact context of the caller.

    Args:
        key: Index of the instrument.
        instrument: Its definition.

    Attributes:
        key: Index of the instrument.
        is_spot: Whether the base asset is delivered.
        base: The asset that a spot instrument delivers.
        currency: In which everything is counted: the quote asset, or the settlement asset of a contract.
        is_linear: Whether profits are in the currency in which prices are; those of other contracts are not known here.
        net: Of all fills of a contract: what the exchange keeps as its position. Of a spot instrument only the quantity.
        strategies: Of the fills of each strategy.
        holdings: What was there at the start, and what fees in other instruments have taken of it.
        trips: Round trips of the net position.
        last_fill: Price of the last fill, for an instrument whose data tells no price; None before the first.
    """

    __slots__ = ("base", "currency", "holdings", "is_linear", "is_spot", "key", "last_fill", "net", "strategies", "trips")

    def __init__(self, key: InstrumentIndex, instrument: IndexedInstrument) -> None:
        size, kind, quote = contract_size(instrument.kind), instrument.kind, instrument.underlying.quote
        self.key = key
        self.is_spot = isinstance(kind, Spot)
        self.base: AssetIndex = instrument.underlying.base
        settlement = quote if isinstance(kind, Spot) else kind.settlement_asset
        assert isinstance(settlement, int), "an index once indexed"
        self.currency = AssetIndex(settlement)
        self.is_linear = settlement == quote
        self.net = TradeLedger(size)
        self.strategies: dict[StrategyId, TradeLedger] = {}
        self.holdings = TradeLedger(size)
        self.trips = TripBook(key, size)
        self.last_fill: Decimal | None = None

    def fill(self, trade: Trade, fee_base: Decimal, fee: Decimal) -> None:
        """Take a fill.

        Args:
            trade: The fill.
            fee_base: What was taken of the base asset as a fee.
            fee: All that was taken, in the currency of the instrument; a rebate is negative.
        """
        price, quantity, net = trade.price, abs(trade.quantity), self.net
        change = (quantity if trade.side is Side.BUY else -quantity) - fee_base
        ledger = self.strategies.get(trade.strategy)
        if ledger is None:
            ledger = self.strategies[trade.strategy] = TradeLedger(net.contract_size)
        ledger.fill(change, price, quantity * price * net.contract_size, fee)
        if self.is_spot:
            net.quantity += change
        else:
            net.add(change, price)
        if change:
            self.trips.add(change, price, fee, trade.time_exchange, trade.strategy)
        self.last_fill = price

    def fund(self, amount: Decimal) -> None:
        """Share a funding payment among the strategies by what each holds; what nobody holds is nobody's."""
        self.trips.add_funding(amount)
        rest, holders = amount, [ledger for ledger in self.strategies.values() if ledger.quantity]
        if not holders or not self.net.quantity:
            self.holdings.funding += amount
            return
        for ledger in holders[1:]:
            share = CONTEXT.divide(CONTEXT.multiply(amount, ledger.quantity), self.net.quantity)
            ledger.funding += share
            rest -= share
        holders[0].funding += rest

    @property
    def realised(self) -> Decimal:
        """Price PnL of what was closed."""
        return self.net.cash + self.net.cost

    @property
    def is_used(self) -> bool:
        """Whether anything has happened."""
        holdings = self.holdings
        return bool(self.strategies or holdings.quantity or holdings.cash or holdings.funding)
