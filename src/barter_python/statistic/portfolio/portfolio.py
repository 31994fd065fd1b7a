"""What a run has earned, and why. Rust origin: none.

Equity is what all balances and what contracts have not realised yet are worth. Each change of it has a cause:

    equity at the end = equity at the start + price PnL (realised + unrealised) + fees + rebates + funding
                        + conversions + unexplained

to the last digit. Price PnL, fees, rebates and funding are kept by instrument and strategy in the currency of the instrument,
and valued at its last rate. Conversions are what remains by asset once these are taken off: changes in the worth of currencies
that are no position, and differences between the prices of instruments that share an asset. Unexplained are changes of balances
that no fill, fee or funding accounts for: deposits, withdrawals, or a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from barter_python.execution.order.id import StrategyId
from barter_python.instrument.asset import AssetIndex, AssetNameInternal
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.numeric import ZERO, in_exact_context
from barter_python.statistic.portfolio.account import InstrumentAccount
from barter_python.statistic.portfolio.curve import EquityPoint
from barter_python.statistic.portfolio.ledger import TradeLedger
from barter_python.statistic.portfolio.tracker import PortfolioTracker
from barter_python.statistic.portfolio.trip import Trip

__all__ = ["AssetValue", "Earnings", "EarningsRow", "Explanation", "Portfolio", "portfolio"]


@dataclass(slots=True)
class Earnings:
    """Parts of what was earned, each with the sign of its effect: a fee is negative.

    Attributes:
        pnl_realised: Price PnL of what was closed.
        pnl_unrealised: Price PnL of what is open, at the last price.
        fees: Paid.
        rebates: Received from venues for fills.
        funding: Received less paid.
    """

    pnl_realised: Decimal = ZERO
    pnl_unrealised: Decimal = ZERO
    fees: Decimal = ZERO
    rebates: Decimal = ZERO
    funding: Decimal = ZERO

    @property
    @in_exact_context
    def pnl_price(self) -> Decimal:
        """Realised and unrealised."""
        return self.pnl_realised + self.pnl_unrealised

    @property
    @in_exact_context
    def net(self) -> Decimal:
        """Everything."""
        return self.pnl_realised + self.pnl_unrealised + self.fees + self.rebates + self.funding

    @in_exact_context
    def plus(self, other: Earnings, rate: Decimal) -> Earnings:
        """The sum with others, valued at a rate."""
        return Earnings(
            self.pnl_realised + other.pnl_realised * rate,
            self.pnl_unrealised + other.pnl_unrealised * rate,
            self.fees + other.fees * rate,
            self.rebates + other.rebates * rate,
            self.funding + other.funding * rate,
        )


@dataclass(slots=True)
class EarningsRow:
    """What was earned with an instrument by one strategy.

    Attributes:
        instrument: Which instrument.
        strategy: Whose fills; None for what was there at the start, and what fees of other instruments took of it.
        currency: The asset in which all amounts are.
        rate: What one unit of it is worth at the end, None where that is not known: then the row is part of no total.
        earnings: In that currency.
        quantity: What it holds at the end, negative for short, in base units or contracts.
        turnover: Value of its fills.
        trades: Number of its fills.
    """

    instrument: InstrumentIndex
    strategy: StrategyId | None
    currency: AssetIndex
    rate: Decimal | None
    earnings: Earnings
    quantity: Decimal
    turnover: Decimal
    trades: int


@dataclass(slots=True)
class AssetValue:
    """What became of the balance of an asset.

    Attributes:
        asset: Which asset.
        start: Balance at the start.
        end: Balance at the end.
        rate_start: What one unit was worth when its first price was known, None where that is not known.
        rate_end: What one unit is worth at the end, None where that is not known: then it is part of no total.
        unexplained: In the asset: what no fill, fee or funding accounts for.
        conversion: In the valuation asset: what changed its worth besides what was earned.
    """

    asset: AssetIndex
    start: Decimal
    end: Decimal
    rate_start: Decimal | None
    rate_end: Decimal | None
    unexplained: Decimal
    conversion: Decimal


@dataclass(slots=True)
class Explanation:
    """Why equity has changed, in the valuation asset: `start + earnings.net + conversions + unexplained == end`.

    Attributes:
        start: Equity at the start.
        earnings: Of all instruments.
        conversions: Of all assets.
        unexplained: Changes of balances that no fill, fee or funding accounts for.
        end: Equity at the end.
    """

    start: Decimal
    earnings: Earnings
    conversions: Decimal
    unexplained: Decimal
    end: Decimal


@dataclass(slots=True)
class Portfolio:
    """What a run has earned.

    Attributes:
        valuation: The asset in which everything is valued.
        benchmark: Index of the instrument whose price it is compared with.
        time_start: Start of the run, aware UTC.
        time_end: Its end.
        curve: Equity by time, with start and end.
        explanation: Why it has changed.
        rows: What was earned, by instrument and strategy; instruments without are left out.
        assets: What became of balances; assets that there never were are left out.
        trips: Closed round trips in order of their exits.
        trips_open: Open ones at the last price, by instrument.
        unvalued: Names of assets that there are or were, whose worth is not known.
        unpriced: Instruments of which no price was ever known.
        fees_unvalued: Fees in assets whose worth was not known, by name; they are part of no total.
        seconds_in_market: With a position of any instrument.
    """

    valuation: AssetNameInternal
    benchmark: InstrumentIndex
    time_start: datetime
    time_end: datetime
    curve: list[EquityPoint]
    explanation: Explanation
    rows: list[EarningsRow]
    assets: list[AssetValue]
    trips: list[Trip]
    trips_open: list[Trip]
    unvalued: list[str]
    unpriced: list[InstrumentIndex]
    fees_unvalued: dict[str, Decimal]
    seconds_in_market: float


@in_exact_context
def portfolio(tracker: PortfolioTracker, time_end: datetime) -> Portfolio:
    """What a run has earned up to a time, by all that its tracker was told. Changes nothing."""
    curve = _curve(tracker, time_end)
    rows = list(_rows(tracker))
    assets = list(_assets(tracker, _earned_by_asset(tracker, rows)))
    earnings = Earnings()
    for row in rows:
        if row.rate is not None:
            earnings = earnings.plus(row.earnings, row.rate)
    trips = sorted((trip for account in tracker.accounts for trip in account.trips.closed), key=_time_exit)
    return Portfolio(
        tracker.valuation.asset,
        tracker.benchmark,
        tracker.time_start,
        curve[-1].time,
        curve,
        Explanation(
            curve[0].equity,
            earnings,
            sum((asset.conversion for asset in assets), ZERO),
            sum((asset.unexplained * asset.rate_end for asset in assets if asset.rate_end is not None), ZERO),
            curve[-1].equity,
        ),
        rows,
        assets,
        trips,
        [trip for account in tracker.accounts for trip in _open_trip(tracker, account)],
        _unvalued(tracker, assets),
        [account.key for account in tracker.accounts if tracker.price(account.key) is None],
        dict(tracker.fees_unvalued),
        tracker.seconds_in_market(curve[-1].time),
    )


def _time_exit(trip: Trip) -> datetime:
    return trip.time_enter if trip.time_exit is None else trip.time_exit


def _curve(tracker: PortfolioTracker, time_end: datetime) -> list[EquityPoint]:
    """All points, each with what was not priced at its time at the first price."""
    now = tracker.point(time_end)
    points = tracker.curve.points_until(time_end, now)
    last = max(time_end, points[-1].time if points else tracker.time_start)
    while points and points[-1].time >= last:
        points.pop()
    return [tracker.point_start(), *(_priced(tracker, point) for point in points), _priced(tracker, now.at(last))]


def _priced(tracker: PortfolioTracker, point: EquityPoint) -> EquityPoint:
    if point.unpriced is None:
        return point
    point = point.at(point.time)
    for index, amount in (point.unpriced or {}).items():
        asset = AssetIndex(index)
        value = amount * tracker.rates_start.get(asset, ZERO)
        point.equity += value
        if tracker.valuation.homes[asset] is None:
            point.cash += value
        else:
            point.exposure_net += value
            point.exposure_gross += abs(value)
    point.unpriced = None
    return point


def _rows(tracker: PortfolioTracker) -> Iterator[EarningsRow]:
    for account in tracker.accounts:
        if not account.is_used:
            continue
        if account.holdings.quantity or account.holdings.cash or account.holdings.funding:
            yield _row(tracker, account, None, account.holdings)
        for strategy, ledger in account.strategies.items():
            yield _row(tracker, account, strategy, ledger)


def _row(tracker: PortfolioTracker, account: InstrumentAccount, strategy: StrategyId | None, ledger: TradeLedger) -> EarningsRow:
    price = tracker.price(account.key) or ZERO
    earnings = Earnings(ledger.cash + ledger.cost, ledger.unrealised(price), -ledger.fees, ledger.rebates, ledger.funding)
    if not account.is_linear:
        earnings = Earnings(ZERO, ZERO, -ledger.fees, ledger.rebates, ledger.funding)
    rate = tracker.rate(account.currency)
    return EarningsRow(account.key, strategy, account.currency, rate, earnings, ledger.quantity, ledger.turnover, ledger.trades)


def _earned_by_asset(tracker: PortfolioTracker, rows: list[EarningsRow]) -> dict[AssetIndex, Decimal]:
    """What was earned, by the asset in whose balance it is, or that would be worth it: in the valuation asset.

    What a spot instrument holds is in its base asset, what was paid for it in its quote asset.
    """
    earned: dict[AssetIndex, Decimal] = {}
    for row in rows:
        if row.rate is None:
            continue
        account = tracker.accounts[row.instrument]
        held = row.quantity * (tracker.price(row.instrument) or ZERO) if account.is_spot else ZERO
        earned[account.base] = earned.get(account.base, ZERO) + held * row.rate
        earned[row.currency] = earned.get(row.currency, ZERO) + (row.earnings.net - held) * row.rate
    return earned


def _assets(tracker: PortfolioTracker, earned: dict[AssetIndex, Decimal]) -> Iterator[AssetValue]:
    holdings, unrealised = tracker.holdings, _unrealised(tracker)
    for keyed in tracker.instruments.assets():
        asset = keyed.key
        start, end, unexplained = holdings.start[asset], holdings.now[asset], holdings.unexplained(asset)
        rate_start, rate_end = tracker.rates_start.get(asset), tracker.rate(asset)
        if not (start or end or unexplained or holdings.explained[asset] or earned.get(asset)):
            continue
        value = (end + unrealised.get(asset, ZERO) - unexplained) * (rate_end or ZERO)
        conversion = value - start * (rate_start or ZERO) - earned.get(asset, ZERO)
        yield AssetValue(asset, start, end, rate_start, rate_end, unexplained, conversion)


def _unrealised(tracker: PortfolioTracker) -> dict[AssetIndex, Decimal]:
    """What contracts have not realised yet, by settlement asset."""
    found: dict[AssetIndex, Decimal] = {}
    for account in tracker.accounts:
        price = tracker.price(account.key) if account.net.quantity and account.is_linear and not account.is_spot else None
        if price is not None:
            found[account.currency] = found.get(account.currency, ZERO) + account.net.unrealised(price)
    return found


def _open_trip(tracker: PortfolioTracker, account: InstrumentAccount) -> Iterator[Trip]:
    price = tracker.price(account.key) if account.net.quantity else None
    trip = None if price is None else account.trips.current(price)
    if trip is not None:
        yield trip


def _unvalued(tracker: PortfolioTracker, assets: list[AssetValue]) -> list[str]:
    names = (tracker.instruments.find_asset(found.asset).asset.name_internal for found in assets if found.rate_end is None)
    return sorted({*map(str, names)})
