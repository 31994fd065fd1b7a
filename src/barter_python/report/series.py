"""Series that a report draws, from the document of a result. What is drawn may be thinned, what is computed never is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any, Final

from barter_python.numeric import ZERO, in_exact_context
from barter_python.statistic.portfolio.curve import EquityPoint
from barter_python.statistic.portfolio.returns import daily_points, returns, sharpe_ratio, volatility

__all__ = [
    "Candles",
    "DailyReturns",
    "MonthlyReturns",
    "benchmark_equity",
    "candles",
    "chart_time",
    "daily_returns",
    "drawdowns",
    "histogram",
    "kept_by_extremes",
    "monthly_returns",
    "rolling",
]

_INSTANT: Final = timedelta.resolution


@dataclass(slots=True)
class DailyReturns:
    """Returns of UTC days, the first and the last day as far as the run has of them.

    Attributes:
        times: End of each day, aware UTC.
        values: Fractions.
    """

    times: list[datetime]
    values: list[float]


@dataclass(slots=True)
class MonthlyReturns:
    """Returns of UTC months, as far as the run has of them.

    Attributes:
        months: Fractions, by year and month.
        years: Fractions, by year.
    """

    months: dict[tuple[int, int], float]
    years: dict[int, float]


@dataclass(slots=True)
class Candles:
    """Candles of equal length; those without a price are left out.

    Attributes:
        length: Of each.
        times: Start of each, aware UTC.
        open: First price.
        high: Highest price.
        low: Lowest price.
        close: Last price.
    """

    length: timedelta
    times: list[datetime]
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]


def chart_time(time: datetime) -> str:
    """A time as charts read it: UTC, without a zone."""
    text = f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    return text.rstrip("0").rstrip(".")


def _points(portfolio: Mapping[str, Any]) -> list[EquityPoint]:
    curve = portfolio["curve"]
    return [
        EquityPoint(datetime.fromisoformat(time), Decimal(equity), ZERO)
        for time, equity in zip(curve["time"], curve["equity"], strict=True)
    ]


def daily_returns(portfolio: Mapping[str, Any]) -> DailyReturns:
    """Returns of days; none where equity was not positive."""
    points = daily_points(_points(portfolio))
    values = returns(points)
    return DailyReturns([point.time for point in points[1:]] if values else [], values or [])


@in_exact_context
def monthly_returns(portfolio: Mapping[str, Any]) -> MonthlyReturns:
    """Returns of months and years; none where equity was not positive."""
    points = daily_points(_points(portfolio))
    if returns(points) is None:
        return MonthlyReturns({}, {})
    months: dict[tuple[int, int], Decimal] = {}
    years: dict[int, Decimal] = {}
    for point in points[1:]:
        day = point.time - _INSTANT  # a midnight ends the day before it
        months[day.year, day.month] = years[day.year] = point.equity
    start = points[0].equity
    return MonthlyReturns(_changes(months, start), _changes(years, start))


def _changes(ends: Mapping[Any, Decimal], start: Decimal) -> dict[Any, float]:
    """What each period changed, as fractions of the end of the one before it."""
    found = {}
    for period, end in ends.items():
        found[period], start = float((end - start) / start), end
    return found


def rolling(values: Sequence[float], window: int, risk_free: float) -> tuple[list[float | None], list[float | None]]:
    """Sharpe ratio and volatility of the last days, at each day from the first full window on; None where not available."""
    windows = [values[end - window : end] for end in range(window, len(values) + 1)]
    return [sharpe_ratio(part, risk_free).value for part in windows], [volatility(part).value for part in windows]


@in_exact_context
def drawdowns(equity: Iterable[str]) -> list[float]:
    """How far each point is below the highest one so far, as a fraction: zero or negative."""
    amounts = [Decimal(amount) for amount in equity]
    highest = accumulate(amounts, max)
    return [-float((peak - amount) / peak) if peak > 0 else 0.0 for peak, amount in zip(highest, amounts, strict=True)]


@in_exact_context
def benchmark_equity(portfolio: Mapping[str, Any]) -> list[float | None] | None:
    """What the equity of the start would be worth in the benchmark instrument; None where it has no price."""
    prices = [None if price is None else Decimal(price) for price in portfolio["curve"]["benchmark"]]
    first = next((price for price in prices if price), None)
    if first is None:
        return None
    start = Decimal(portfolio["curve"]["equity"][0])
    return [None if price is None else float(start * price / first) for price in prices]


def kept_by_extremes(values: Sequence[float | None], count: int) -> list[int]:
    """Which points to draw so that no extreme is lost: the lowest and the highest of each of equally long parts.

    Args:
        values: In order; None is as good as zero.
        count: How many are kept at most, at least four.

    Returns:
        Places in ascending order, all where there are no more; the first and the last always.
    """
    if len(values) <= count:
        return list(range(len(values)))
    parts = (count - 2) // 2
    kept = {0, len(values) - 1}
    for part in range(parts):
        places = range(part * len(values) // parts, (part + 1) * len(values) // parts)
        kept.add(min(places, key=lambda place: values[place] or 0.0))
        kept.add(max(places, key=lambda place: values[place] or 0.0))
    return sorted(kept)


_LENGTHS: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (1, 5, 15, 30, 60, 180, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400, 259_200, 604_800)
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def candles(prices: Iterable[tuple[datetime, float]], count: int) -> Candles:
    """Candles of prices.

    Args:
        prices: In order of time, aware UTC.
        count: How many there may be, about: the length is chosen by it.
    """
    found = list(prices)
    span = found[-1][0] - found[0][0] if found else timedelta()
    length = next((length for length in _LENGTHS if span <= count * length), _LENGTHS[-1])
    result = Candles(length, [], [], [], [], [])
    for time, price in found:
        start = time - (time - _EPOCH) % length
        if not result.times or start > result.times[-1]:
            result.times.append(start)
            for column in (result.open, result.high, result.low, result.close):
                column.append(price)
        result.high[-1] = max(result.high[-1], price)
        result.low[-1] = min(result.low[-1], price)
        result.close[-1] = price
    return result


def histogram(values: Sequence[float], bins: int) -> tuple[list[float], list[int], float]:
    """How many values are in each of equally wide bins.

    Returns:
        The middle of each bin, the number of values in it, and the width of a bin; zero is the edge of one.
    """
    if not values:
        return [], [], 0.0
    low, high = min(values), max(values)
    width = (high - low) / bins or abs(low) / 10 or 1.0
    first, last = int(low // width), int(high // width)
    counts = [0] * (last - first + 1)
    for value in values:
        counts[int(value // width) - first] += 1
    return [(first + place + 0.5) * width for place in range(len(counts))], counts, width
