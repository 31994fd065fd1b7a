"""Portfolio accounting while a run lasts: fed with the engine's events, whichever driver has them. Rust origin: none.

What market events cost is one comparison of times, which the engine makes: before it takes in the first event that is stamped
after `time_next`, it calls `on_time`. Prices are asked from the state of the instruments then. Account events add to exact
sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, Protocol

from barter_python.errors import ConfigError
from barter_python.execution.account import AccountEvent, AccountSnapshot, Funding
from barter_python.execution.balance import AssetBalance
from barter_python.execution.order.order import Order
from barter_python.execution.trade import AssetFees, Trade
from barter_python.instrument.asset import QUOTE_ASSET, AssetIndex, AssetNameInternal
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.instrument.side import Side
from barter_python.numeric import CONTEXT, ZERO, in_exact_context, in_money_context, rounded_amount
from barter_python.statistic.portfolio.account import InstrumentAccount
from barter_python.statistic.portfolio.curve import EquityCurve, EquityPoint
from barter_python.statistic.portfolio.holdings import Holdings
from barter_python.statistic.portfolio.ledger import TradeLedger
from barter_python.statistic.portfolio.trip import PriceRange
from barter_python.statistic.portfolio.valuation import Valuation, default_valuation

__all__ = ["InstrumentData", "PortfolioTracker", "TrackedInstrument"]

_AT_ONCE: Final = datetime.min.replace(tzinfo=UTC)


class InstrumentData(Protocol):
    """Tells the price of an instrument."""

    def price(self) -> Decimal | None:
        """In quote currency, None where none is known."""
        ...


class TrackedInstrument(Protocol):
    """The state of an instrument, as far as a portfolio looks at it.

    Attributes:
        price_range: Kept up to date by the state while it is not None.
    """

    price_range: PriceRange | None

    @property
    def data(self) -> InstrumentData:
        """Tells the price."""
        ...


class PortfolioTracker:
    """Takes in what the engine takes in, and knows at any time what the portfolio is worth, and why.

    Args:
        instruments: Of the run.
        valuation: Asset in which everything is valued, None for the quote asset that most instruments share.
        benchmark: Instrument whose price the portfolio is compared with, None for the first one.

    Attributes:
        instruments: Of the run.
        valuation: What assets are worth.
        benchmark: Index of the instrument whose price the portfolio is compared with.
        benchmark_start: Its first price, None where none is known yet.
        accounts: What was earned with each instrument, by index.
        holdings: What the exchanges keep.
        curve: Equity by time.
        rates_start: What assets were worth at the start, or when their first price was known, by asset index.
        fees_unvalued: What was paid in assets whose worth is not known, by name.
        time_in_market: Seconds with a position of any instrument, up to the last fill.
        time_next: The engine calls `on_time` before the first event that is stamped after it.

    Raises:
        ConfigError: No instrument uses the valuation asset, or there is no such benchmark.
    """

    __slots__ = (
        "_adopted",
        "_assets",
        "_awaited",
        "_contracts",
        "_in_market_since",
        "_instruments",
        "_prices_start",
        "_states",
        "_valued",
        "accounts",
        "benchmark",
        "benchmark_start",
        "curve",
        "fees_unvalued",
        "holdings",
        "instruments",
        "rates_start",
        "time_in_market",
        "time_next",
        "time_start",
        "valuation",
    )

    def __init__(
        self,
        instruments: IndexedInstruments,
        valuation: AssetNameInternal | None = None,
        benchmark: InstrumentNameInternal | None = None,
    ) -> None:
        self.instruments = instruments
        self.valuation = Valuation(instruments, _known_asset(instruments, valuation))
        self.benchmark = _benchmark(instruments, benchmark)
        self.accounts = [InstrumentAccount(keyed.key, keyed.value) for keyed in instruments.instruments()]
        self.holdings = Holdings(instruments)
        self.rates_start: dict[AssetIndex, Decimal] = {}
        self.fees_unvalued: dict[str, Decimal] = {}
        self.time_in_market = 0.0
        self.time_next = _AT_ONCE
        self.benchmark_start: Decimal | None = None
        self._in_market_since: datetime | None = None
        self._assets = [keyed.key for keyed in instruments.assets()]
        self._instruments = [account.key for account in self.accounts]
        self._valued = [asset for asset in self._assets if self.valuation.paths[asset] is not None]
        self._contracts = [account for account in self.accounts if account.is_linear and not account.is_spot]
        self._awaited: list[AssetIndex] = []
        self._adopted: dict[AssetIndex, Decimal] = {}
        self._prices_start: dict[AssetIndex, Decimal] = {}

    def start(self, time: datetime, states: Sequence[TrackedInstrument], balances: Iterable[AssetBalance]) -> None:
        """Begin, before the first event.

        Args:
            time: Start of the run, aware UTC.
            states: Of all instruments, by index.
            balances: What is known already, by asset index.
        """
        self._states = states
        self.time_start = time
        self.curve = EquityCurve(time)
        self.holdings.seed(balances)
        self._await_prices(self._assets)

    @in_money_context
    def price(self, instrument: InstrumentIndex) -> Decimal | None:
        """The price of an instrument as the engine knows it, else that of our last fill; None before both."""
        price = self._states[instrument].data.price()
        return self.accounts[instrument].last_fill if price is None else price

    def rate(self, asset: AssetIndex) -> Decimal | None:
        """What one unit of an asset is worth, None where that is not known."""
        return self.valuation.rate(asset, self.price)

    def on_time(self, time: datetime) -> None:
        """Remember what is the case, before an event of `time` is taken in."""
        if self.benchmark_start is None:
            self.benchmark_start = self.price(self.benchmark)
        if time > self.curve.time_next and not self.holdings.is_known:
            self.curve.skip_until(time)
        elif time > self.curve.time_next:
            self.curve.append_until(time, self.point(self.curve.time_next))
        if self.time_next is _AT_ONCE:
            self._await_prices(self._awaited)
        else:
            self.time_next = self.curve.time_next

    def update_from_account(self, event: AccountEvent) -> None:
        """Take in an account event that the engine has accepted."""
        kind = event.kind
        if isinstance(kind, Order):
            return
        if isinstance(kind, AssetBalance):
            self._advance(kind.time_exchange)
            self.holdings.take_balance(kind)
            if kind.asset not in self.rates_start:
                self._await_prices([*self._awaited, AssetIndex(_index(kind.asset))])
        elif isinstance(kind, Trade):
            self._advance(kind.time_exchange)
            self._on_trade(kind)
        elif isinstance(kind, Funding):
            self._advance(kind.time_exchange)
            self._on_funding(kind)
        elif isinstance(kind, AccountSnapshot) and isinstance(event.exchange, int):
            self._advance(max((balance.time_exchange for balance in kind.balances), default=_AT_ONCE))
            self.holdings.take_snapshot(kind, self.instruments.find_exchange(event.exchange))
            self._await_prices(self._assets)

    def _advance(self, time: datetime) -> None:
        if time > self.time_next:
            self.on_time(time)

    @in_exact_context
    def _on_funding(self, funding: Funding) -> None:
        account = self.accounts[_index(funding.instrument)]
        account.fund(funding.amount)
        self.holdings.explained[account.currency] += funding.amount

    @in_exact_context
    def _on_trade(self, trade: Trade) -> None:
        account = self.accounts[_index(trade.instrument)]
        explained, before = self.holdings.explained, account.realised
        account.last_fill = trade.price
        charged = _charged(trade, account)
        fee = self._fee(account, trade, charged)
        asset, is_base = charged.asset, charged.asset == account.base and account.is_spot
        account.fill(trade, charged.fees if is_base else ZERO, fee)
        if account.is_spot:
            quantity = abs(trade.quantity) if trade.side is Side.BUY else -abs(trade.quantity)
            explained[account.base] += quantity
            explained[account.currency] -= quantity * trade.price
        else:
            explained[account.currency] += account.realised - before
        if isinstance(asset, int):
            explained[asset] -= charged.fees
        self._states[account.key].price_range = account.trips.prices
        self._measure_time_in_market(trade.time_exchange)

    def _fee(self, account: InstrumentAccount, trade: Trade, charged: AssetFees) -> Decimal:
        """A fee in the currency of its instrument, at the prices of the moment; zero where its worth is not known."""
        asset, amount = charged.asset, charged.fees
        if asset == account.currency or not amount:
            return amount
        if asset == account.base and account.is_spot:
            return amount * trade.price
        if isinstance(asset, int):
            index = AssetIndex(asset)
            price = self._sell_for_fee(index, amount, account.currency)
            if price is not None:
                return amount * price
            rate, currency = self.rate(index), self.rate(account.currency)
            if rate is not None and currency:
                return rounded_amount(CONTEXT.divide(CONTEXT.multiply(amount, rate), currency))
        name = self._asset_name(asset)
        self.fees_unvalued[name] = self.fees_unvalued.get(name, ZERO) + amount
        return ZERO

    def _sell_for_fee(self, asset: AssetIndex, amount: Decimal, currency: AssetIndex) -> Decimal | None:
        """What a fee takes of a holding leaves the position in its home instrument, at the price of the moment.

        Returns:
            That price, where it is in the given currency.
        """
        home = self.valuation.homes[asset]
        price = None if home is None else self.price(home)
        if home is None or price is None:
            return None
        self.accounts[home].holdings.add(-amount, price)
        return price if self._asset_name(self.accounts[home].currency) == self._asset_name(currency) else None

    def _asset_name(self, asset: object) -> str:
        return self.instruments.find_asset(AssetIndex(asset)).asset.name_internal if isinstance(asset, int) else str(asset)

    def _measure_time_in_market(self, time: datetime) -> None:
        is_in_market = any(account.net.quantity for account in self.accounts)
        if is_in_market and self._in_market_since is None:
            self._in_market_since = time
        elif not is_in_market and self._in_market_since is not None:
            self.time_in_market += (time - self._in_market_since).total_seconds()
            self._in_market_since = None

    def seconds_in_market(self, time: datetime) -> float:
        """Seconds with a position of any instrument up to `time`."""
        since = self._in_market_since
        return self.time_in_market + (0.0 if since is None else max(0.0, (time - since).total_seconds()))

    @in_exact_context
    def _await_prices(self, assets: Iterable[AssetIndex]) -> None:
        """Find the first prices of assets; what was there of an asset at the start is a position at its first price."""
        awaited = []
        for asset in dict.fromkeys(assets):
            if self.valuation.paths[asset] is None or not (self.holdings.now[asset] or self.holdings.start[asset]):
                continue
            if asset not in self.rates_start:
                rate = self.rate(asset)
                if rate is None:
                    awaited.append(asset)
                    continue
                self.rates_start[asset] = rate
            self._adopt(asset)
        self._awaited = awaited
        awaits_benchmark = self.benchmark_start is None and not self.curve.points
        self.time_next = _AT_ONCE if awaited or awaits_benchmark else self.curve.time_next

    def _adopt(self, asset: AssetIndex) -> None:
        """Enter what was there at the start into the ledger of its home instrument."""
        home = self.valuation.homes[asset]
        amount = self.holdings.start[asset] - self._adopted.get(asset, ZERO)
        if home is None or not amount:
            return
        price = self._prices_start.setdefault(asset, self.price(home) or ZERO)
        self.accounts[home].holdings.add(amount, price)
        self._adopted[asset] = self.holdings.start[asset]

    @in_exact_context
    def point_start(self) -> EquityPoint:
        """What the portfolio was worth at the start, each asset at its first price."""
        cash = positions = ZERO
        for asset, rate in self.rates_start.items():
            value = self.holdings.start[asset] * rate
            if self.valuation.homes[asset] is None:
                cash += value
            else:
                positions += value
        return EquityPoint(self.time_start, cash + positions, cash, positions, abs(positions), self.benchmark_start)

    def point(self, time: datetime) -> EquityPoint:
        """What the portfolio is worth by what is known now."""
        amounts = self.holdings.now
        rates = [(asset, amounts[asset], self.rate(asset)) for asset in self._valued if amounts[asset]]
        contracts = [
            (account.net, self.price(account.key), self.rate(account.currency))
            for account in self._contracts
            if account.net.quantity
        ]
        found = self._point(time, rates, contracts, self.price(self.benchmark))
        found.prices = tuple(None if price is None else float(price) for price in map(self.price, self._instruments))
        return found

    @in_exact_context
    def _point(
        self,
        time: datetime,
        rates: list[tuple[AssetIndex, Decimal, Decimal | None]],
        contracts: list[tuple[TradeLedger, Decimal | None, Decimal | None]],
        benchmark: Decimal | None,
    ) -> EquityPoint:
        cash = net = gross = unrealised = ZERO
        unpriced: dict[int, Decimal] = {}
        for asset, amount, rate in rates:
            if rate is None:
                unpriced[asset] = amount
            elif self.valuation.homes[asset] is None:
                cash += amount * rate
            else:
                value = amount * rate
                net += value
                gross += abs(value)
        equity = cash + net
        for ledger, price, rate in contracts:
            if price is not None and rate is not None:
                value = ledger.quantity * ledger.contract_size * price * rate
                unrealised += ledger.unrealised(price) * rate
                net += value
                gross += abs(value)
        return EquityPoint(time, equity + unrealised, cash, net, gross, benchmark, unpriced or None)


def _charged(trade: Trade, account: InstrumentAccount) -> AssetFees:
    """What the venue took; where it does not tell, what the fill says. The currency of the instrument by its index."""
    charged = trade.fees if trade.fees_charged is None else trade.fees_charged
    return AssetFees(account.currency, charged.fees) if charged.asset is QUOTE_ASSET else charged


def _index(key: object) -> InstrumentIndex:
    assert isinstance(key, int), "an index in the engine"
    return InstrumentIndex(key)


def _known_asset(instruments: IndexedInstruments, name: AssetNameInternal | None) -> AssetNameInternal:
    if name is None:
        return default_valuation(instruments)
    known = sorted({keyed.value.asset.name_internal for keyed in instruments.assets()})
    if name not in known:
        raise ConfigError(f"valuation: found {name[:200]!r}, expected an asset of the run: {', '.join(known)}")
    return AssetNameInternal(name)


def _benchmark(instruments: IndexedInstruments, name: InstrumentNameInternal | None) -> InstrumentIndex:
    if name is None:
        return InstrumentIndex(0)
    known = {keyed.value.name_internal: keyed.key for keyed in instruments.instruments()}
    if name not in known:
        raise ConfigError(f"benchmark: found {name[:200]!r}, expected an instrument of the run: {', '.join(known)}")
    return known[name]
