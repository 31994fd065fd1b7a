"""Feeds a portfolio as an engine would: prices, fills with the balances that follow from them, and whatever else happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from barter_python.execution.account import AccountEvent, AccountSnapshot, Funding
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.order.id import OrderId, StrategyId
from barter_python.execution.trade import AssetFees, Trade, TradeId
from barter_python.instrument.asset import Asset, AssetIndex, AssetNameInternal
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import (
    Instrument,
    InstrumentDefinition,
    InstrumentIndex,
    InstrumentQuoteAsset,
    Underlying,
)
from barter_python.instrument.kind import PerpetualContract, Spot
from barter_python.instrument.side import Side
from barter_python.statistic.portfolio.portfolio import Portfolio, portfolio
from barter_python.statistic.portfolio.tracker import PortfolioTracker
from barter_python.statistic.portfolio.trip import PriceRange

D = Decimal
START = datetime(2025, 1, 1, tzinfo=UTC)
EXCHANGE = ExchangeId.BINANCE_SPOT


def pair(base: str, quote: str, size: str | None = None, exchange: ExchangeId = EXCHANGE) -> InstrumentDefinition:
    assets = Asset.new_from_exchange(base), Asset.new_from_exchange(quote)
    kind = Spot() if size is None else PerpetualContract(D(size), assets[1])
    name = f"{exchange.value}-{base}{quote}".lower()
    return Instrument(exchange, name, base + quote, Underlying(*assets), InstrumentQuoteAsset.UNDERLYING_QUOTE, kind)


class Data:
    def __init__(self) -> None:
        self.value: Decimal | None = None

    def price(self) -> Decimal | None:
        return self.value


class State:
    def __init__(self) -> None:
        self.data = Data()
        self.price_range: PriceRange | None = None


class AccountFeed:
    """One exchange. Fees are fractions of the value of a fill, in the quote asset.

    Args:
        pairs: What is traded.
        balances: At the start, by name.
        fee: Of each fill.
        valuation: In what it is valued.
    """

    def __init__(
        self, pairs: Sequence[InstrumentDefinition], balances: dict[str, str], fee: str = "0", valuation: str | None = None
    ) -> None:
        self.instruments = IndexedInstruments.new(pairs)
        self.states = [State() for _ in self.instruments.instruments()]
        self.tracker = PortfolioTracker(self.instruments, None if valuation is None else AssetNameInternal(valuation))
        self.tracker.start(START, self.states, [])
        self.fee = D(fee)
        self.time = START
        self.total = {self.asset(name): D(amount) for name, amount in balances.items()}
        held = [AssetBalance(asset, Balance(amount, amount), START) for asset, amount in self.total.items()]
        self.tell(AccountSnapshot(ExchangeIndex(0), held, []))

    def asset(self, name: str) -> AssetIndex:
        return self.instruments.find_asset_index(EXCHANGE, name.lower())

    def instrument(self, name: str) -> InstrumentIndex:
        return self.instruments.find_instrument_index(EXCHANGE, f"{EXCHANGE.value}-{name}".lower())

    def tell(self, kind: object) -> None:
        self.tracker.update_from_account(AccountEvent(ExchangeIndex(0), kind))  # type: ignore[arg-type]

    def wait(self, **length: float) -> None:
        self.time += timedelta(**length)

    def price(self, name: str, price: str) -> None:
        """A market event at the time of the feed."""
        if self.time > self.tracker.time_next:
            self.tracker.on_time(self.time)
        state = self.states[self.instrument(name)]
        state.data.value = D(price)
        if state.price_range is not None:
            state.price_range.update(D(price))

    def book(self, name: str, amount: Decimal) -> None:
        asset = self.asset(name)
        self.total[asset] = self.total.get(asset, D(0)) + amount
        self.tell(AssetBalance(asset, Balance(self.total[asset], self.total[asset]), self.time))

    def fill(
        self,
        name: str,
        quantity: str,
        price: str,
        realised: str | None = None,
        charged: tuple[str, str] | None = None,
        strategy: str = "a",
    ) -> None:
        """Buy, or sell a negative quantity.

        Args:
            name: Of the pair.
            quantity: In base units or contracts.
            price: In quote currency.
            realised: Of a contract, what the exchange pays for what is closed.
            charged: What is taken as a fee, by asset and amount; by default the fraction of the value in the quote asset.
            strategy: Whose order it was.
        """
        index = self.instrument(name)
        found = self.instruments.find_instrument(index)
        base, quote = (
            str(self.instruments.find_asset(key).asset.name_internal) for key in (found.underlying.base, found.underlying.quote)
        )
        size = D(1) if isinstance(found.kind, Spot) else found.kind.contract_size
        value = abs(D(quantity)) * D(price) * size
        asset, amount = (quote, value * self.fee) if charged is None else (charged[0], D(charged[1]))
        if isinstance(found.kind, Spot):
            self.book(base, D(quantity))
            self.book(quote, -D(quantity) * D(price))
        else:
            self.book(quote, D(realised or 0))
        self.book(asset, -amount)
        side = Side.BUY if D(quantity) > 0 else Side.SELL
        fees = AssetFees.quote_fees(value * self.fee)
        self.tell(
            Trade(
                *(
                    TradeId(str(self.time)),
                    OrderId("1"),
                    index,
                    StrategyId(strategy),
                    self.time,
                    side,
                    D(price),
                    abs(D(quantity)),
                    fees,
                ),
                fees_charged=AssetFees(self.asset(asset), amount),
            )
        )

    def fund(self, name: str, amount: str) -> None:
        index = self.instrument(name)
        self.tell(Funding(index, self.time, D(amount)))
        self.book(
            str(self.instruments.find_asset(self.instruments.find_instrument(index).underlying.quote).asset.name_internal),
            D(amount),
        )

    def portfolio(self) -> Portfolio:
        return portfolio(self.tracker, self.time)
