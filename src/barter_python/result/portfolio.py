"""The portfolio in the result document: plain dicts, lists, text and numbers. docs/reference/result.md describes it.

Money is text with all its digits, ratios are numbers. What has many entries is kept by column: lists of one length under the
names of their members.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from barter_python.codec.scalar import instant
from barter_python.codec.shape import option
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.kind import contract_size, settlement_asset
from barter_python.numeric import EXACT, in_exact_context
from barter_python.statistic.portfolio.drawdown import EquityDrawdown
from barter_python.statistic.portfolio.figure import Figure
from barter_python.statistic.portfolio.portfolio import Earnings, EarningsRow, Portfolio
from barter_python.statistic.portfolio.statistics import PortfolioStatistics, portfolio_statistics, trip_profits
from barter_python.statistic.portfolio.trip import Trip
from barter_python.statistic.portfolio.trip_statistics import TripStatistics, trip_statistics

__all__ = ["instruments_document", "money", "portfolio_document"]

_INSTANT: Final = option(instant).write


def money(value: Decimal | None) -> str | None:
    """All digits of an amount, without an exponent and without zeros that say nothing."""
    if value is None:
        return None
    return format(value.normalize(EXACT), "f") if value else "0"


def instruments_document(instruments: IndexedInstruments) -> list[dict[str, Any]]:
    """Every instrument of a run, in index order."""
    return [_instrument(instruments, keyed.key) for keyed in instruments.instruments()]


def _instrument(instruments: IndexedInstruments, index: InstrumentIndex) -> dict[str, Any]:
    instrument = instruments.find_instrument(index)
    settlement, underlying = settlement_asset(instrument.kind), instrument.underlying
    return {
        "name": str(instrument.name_internal),
        "exchange": instrument.exchange.value.value,
        "name_exchange": str(instrument.name_exchange),
        "kind": type(instrument.kind).__name__,
        "base": _asset(instruments, underlying.base),
        "quote": _asset(instruments, underlying.quote),
        "currency": _asset(instruments, underlying.quote if settlement is None else settlement),
        "contract_size": money(contract_size(instrument.kind)),
    }


def _asset(instruments: IndexedInstruments, index: Any) -> str:
    return str(instruments.find_asset(index).asset.name_internal)


@in_exact_context
def portfolio_document(portfolio: Portfolio, instruments: IndexedInstruments, risk_free: float) -> dict[str, Any]:
    """A portfolio and its statistics.

    Args:
        portfolio: What was earned.
        instruments: Of the run.
        risk_free: Annual return of a riskless investment, as a fraction.
    """
    names = [str(keyed.value.name_internal) for keyed in instruments.instruments()]
    explanation = portfolio.explanation
    return {
        "valuation": str(portfolio.valuation),
        "benchmark": names[portfolio.benchmark],
        "time_start": instant.write(portfolio.time_start),
        "time_end": instant.write(portfolio.time_end),
        "curve": _curve(portfolio),
        "prices": _prices(portfolio, names),
        "explanation": {
            "start": money(explanation.start),
            **_earnings(explanation.earnings),
            "conversions": money(explanation.conversions),
            "unexplained": money(explanation.unexplained),
            "end": money(explanation.end),
        },
        "earnings": [_row(row, names, instruments) for row in portfolio.rows],
        "assets": _assets(portfolio, instruments),
        "unvalued": portfolio.unvalued,
        "unpriced": [names[instrument] for instrument in portfolio.unpriced],
        "fees_unvalued": {name: money(amount) for name, amount in portfolio.fees_unvalued.items()},
        "statistics": _statistics(portfolio_statistics(portfolio, risk_free)),
        "statistics_by_instrument": _by_instrument(portfolio, names),
        "statistics_by_strategy": _by_strategy(portfolio),
        "trips": _trips(portfolio.trips, names),
        "trips_open": _trips(portfolio.trips_open, names),
    }


def _curve(portfolio: Portfolio) -> dict[str, list[Any]]:
    curve = portfolio.curve
    amounts = ("equity", "cash", "exposure_net", "exposure_gross", "benchmark")
    return {
        "time": [instant.write(point.time) for point in curve],
        **{name: [money(amount) for amount in map(attrgetter(name), curve)] for name in amounts},
    }


def _prices(portfolio: Portfolio, names: Sequence[str]) -> dict[str, list[float | None]]:
    """At the times of the curve, of the benchmark and of what was held: eight digits, for charts."""
    shown = sorted({portfolio.benchmark, *(row.instrument for row in portfolio.rows)})
    return {names[index]: [_chart_price(point.prices, index) for point in portfolio.curve] for index in shown}


def _chart_price(prices: Sequence[float | None] | None, index: int) -> float | None:
    price = None if prices is None else prices[index]
    return None if price is None else float(f"{price:.8g}")


def _earnings(earnings: Earnings) -> dict[str, Any]:
    return {item.name: money(getattr(earnings, item.name)) for item in fields(earnings)}


def _row(row: EarningsRow, names: Sequence[str], instruments: IndexedInstruments) -> dict[str, Any]:
    return {
        "instrument": names[row.instrument],
        "strategy": row.strategy,
        "currency": _asset(instruments, row.currency),
        "rate": money(row.rate),
        **_earnings(row.earnings),
        "quantity": money(row.quantity),
        "turnover": money(row.turnover),
        "trades": row.trades,
    }


def _assets(portfolio: Portfolio, instruments: IndexedInstruments) -> list[dict[str, Any]]:
    return [
        {
            "exchange": instruments.find_asset(value.asset).exchange.value,
            "asset": _asset(instruments, value.asset),
            "start": money(value.start),
            "end": money(value.end),
            "rate_start": money(value.rate_start),
            "rate_end": money(value.rate_end),
            "unexplained": money(value.unexplained),
            "conversion": money(value.conversion),
        }
        for value in portfolio.assets
    ]


def _statistics(statistics: PortfolioStatistics) -> dict[str, Any]:
    return {item.name: _statistic(getattr(statistics, item.name)) for item in fields(statistics)}


def _statistic(value: Any) -> Any:
    match value:
        case Figure():
            return {"value": value.value, "observations": value.observations, "reason": value.reason}
        case TripStatistics():
            return {item.name: _statistic(getattr(value, item.name)) for item in fields(value)}
        case EquityDrawdown():
            return {
                "depth": value.depth,
                "peak": money(value.peak),
                "lowest": money(value.lowest),
                "time_peak": instant.write(value.time_peak),
                "time_lowest": instant.write(value.time_lowest),
                "time_recovery": _INSTANT(value.time_recovery),
                "seconds": value.duration.total_seconds(),
            }
        case Decimal():
            return money(value)
        case _:
            return value


def _by_instrument(portfolio: Portfolio, names: Sequence[str]) -> dict[str, Any]:
    """Of closed trips, in the currency of each instrument."""
    found = {}
    for index in sorted({row.instrument for row in portfolio.rows}):
        trips = [trip for trip in portfolio.trips if trip.instrument == index]
        found[names[index]] = _statistic(trip_statistics(trips, [trip.pnl for trip in trips]))
    return found


def _by_strategy(portfolio: Portfolio) -> dict[str, Any]:
    """Of closed trips by whose fill opened them, in the valuation asset."""
    found = {}
    for strategy in sorted({row.strategy for row in portfolio.rows if row.strategy is not None}):
        own = trip_profits(portfolio, [trip for trip in portfolio.trips if trip.strategy == strategy])
        found[str(strategy)] = _statistic(trip_statistics(*own))
    return found


_TRIP_COLUMNS: Final[dict[str, Callable[[Trip], Any]]] = {
    "strategy": lambda trip: str(trip.strategy),
    "side": lambda trip: trip.side.value,
    "time_enter": lambda trip: instant.write(trip.time_enter),
    "time_exit": lambda trip: _INSTANT(trip.time_exit),
    "quantity": lambda trip: money(trip.quantity),
    "quantity_max": lambda trip: money(trip.quantity_max),
    "price_entry_average": lambda trip: money(trip.price_entry_average),
    "price_exit_average": lambda trip: money(trip.price_exit_average),
    "pnl_price": lambda trip: money(trip.pnl_price),
    "fees": lambda trip: money(trip.fees.copy_negate()),
    "funding": lambda trip: money(trip.funding),
    "pnl": lambda trip: money(trip.pnl),
    "pnl_return": lambda trip: float(trip.pnl / trip.cost) if trip.cost else None,
    "mae": lambda trip: float(trip.mae),
    "mfe": lambda trip: float(trip.mfe),
    "price_low": lambda trip: money(trip.price_low),
    "price_high": lambda trip: money(trip.price_high),
    "trades": lambda trip: trip.trades,
}


def _trips(trips: Iterable[Trip], names: Sequence[str]) -> dict[str, list[Any]]:
    found = list(trips)
    return {
        "instrument": [names[trip.instrument] for trip in found],
        **{name: [take(trip) for trip in found] for name, take in _TRIP_COLUMNS.items()},
    }
