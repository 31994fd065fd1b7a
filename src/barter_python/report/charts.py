"""The charts of a report as figures of plotly: plain dicts of traces and layout, from the document of a result.

Colours are names of the page's, such as `$gain`: the page has each for light and for dark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypeAlias

from barter_python.numeric import in_exact_context
from barter_python.report.series import (
    DailyReturns,
    benchmark_equity,
    candles,
    chart_time,
    drawdowns,
    histogram,
    kept_by_extremes,
    rolling,
)

__all__ = [
    "POINTS_MAX",
    "ROLLING_DAYS",
    "Figure",
    "distribution",
    "equity",
    "explanation",
    "exposure",
    "instrument_chart",
    "line_figure",
    "rolling_ratios",
]

Figure: TypeAlias = dict[str, Any]

POINTS_MAX: Final = 2_000
"""Of a line: what is longer is thinned."""
ROLLING_DAYS: Final = 30
_CANDLES_MAX: Final = 400
_BINS: Final = 40


def equity(portfolio: Mapping[str, Any]) -> Figure:
    """Equity and benchmark, with the drawdown below."""
    times, values = _times(portfolio), [float(amount) for amount in portfolio["curve"]["equity"]]
    benchmark, declines = benchmark_equity(portfolio), drawdowns(portfolio["curve"]["equity"])
    kept = kept_by_extremes(values, POINTS_MAX)
    x = [times[place] for place in kept]
    lines = [_line("Equity", x, [values[place] for place in kept], "$accent", width=2)]
    if benchmark is not None:
        lines.append(_line(f"Holding {portfolio['benchmark']}", x, [benchmark[place] for place in kept], "$muted", dash="dot"))
    decline = _line("Drawdown", x, [declines[place] for place in kept], "$loss", yaxis="y2", fill="tozeroy", format_=".2%")
    return _figure(
        [*lines, decline],
        yaxis={"title": {"text": portfolio["valuation"]}, "domain": [0.32, 1], "tickformat": ","},
        yaxis2={"title": {"text": "drawdown"}, "domain": [0, 0.26], "tickformat": ".2~%", "rangemode": "tozero"},
        xaxis={"type": "date", "anchor": "y2"},
    )


def exposure(portfolio: Mapping[str, Any]) -> Figure:
    """Value of positions by time, net and gross."""
    curve = portfolio["curve"]
    times, gross = _times(portfolio), [float(amount) for amount in curve["exposure_gross"]]
    kept = kept_by_extremes(gross, POINTS_MAX)
    x, net = [times[place] for place in kept], [float(curve["exposure_net"][place]) for place in kept]
    return _figure(
        [
            _line("Gross", x, [gross[place] for place in kept], "$muted", shape="hv"),
            _line("Net", x, net, "$accent", shape="hv", fill="tozeroy"),
        ],
        yaxis={"title": {"text": portfolio["valuation"]}, "rangemode": "tozero", "tickformat": ","},
        xaxis={"type": "date"},
    )


def rolling_ratios(daily: DailyReturns, risk_free: float) -> Figure | None:
    """Sharpe ratio and volatility of the last 30 days; None where there are not so many."""
    if len(daily.values) < ROLLING_DAYS:
        return None
    sharpe, deviation = rolling(daily.values, ROLLING_DAYS, risk_free)
    x = [chart_time(time) for time in daily.times[ROLLING_DAYS - 1 :]]
    return _figure(
        [
            _line("Sharpe ratio", x, sharpe, "$accent"),
            _line("Volatility", x, deviation, "$second", yaxis="y2", format_=".2%"),
        ],
        yaxis={"title": {"text": "Sharpe ratio"}, "domain": [0.54, 1]},
        yaxis2={"title": {"text": "volatility"}, "domain": [0, 0.46], "tickformat": ".0%", "rangemode": "tozero"},
        xaxis={"type": "date", "anchor": "y2"},
    )


def distribution(values: Sequence[float], what: str) -> Figure | None:
    """How often returns of a size occur; None where there are none."""
    if not values:
        return None
    middles, counts, width = histogram(values, _BINS)
    colours = ["$gain" if middle > 0 else "$loss" for middle in middles]
    bars = {
        "type": "bar",
        "name": what,
        "x": middles,
        "y": counts,
        "width": width * 0.94,
        "marker": {"color": colours},
        "hovertemplate": "%{x:.2%}: %{y:,}<extra></extra>",
    }
    return _figure(
        [bars],
        xaxis={
            "tickformat": ".2~%",
            "title": {"text": "return"},
            "range": [middles[0] - width, middles[-1] + width],
        },
        yaxis={"title": {"text": what}},
        showlegend=False,
    )


@in_exact_context
def explanation(portfolio: Mapping[str, Any]) -> Figure:
    """The way from equity at the start to equity at the end."""
    parts, asset = portfolio["explanation"], portfolio["valuation"]
    named = {
        "Realised": parts["pnl_realised"],
        "Unrealised": parts["pnl_unrealised"],
        "Fees": parts["fees"],
        "Rebates": parts["rebates"],
        "Funding": parts["funding"],
        "Conversions": parts["conversions"],
        "Unexplained": parts["unexplained"],
    }
    shown = {name: value for name, value in named.items() if Decimal(value) or name in ("Realised", "Fees")}
    bars = {
        "type": "waterfall",
        "x": [*shown, "Net"],
        "y": [*(float(value) for value in shown.values()), None],
        "measure": [*("relative" for _ in shown), "total"],
        "increasing": {"marker": {"color": "$gain"}},
        "decreasing": {"marker": {"color": "$loss"}},
        "totals": {"marker": {"color": "$accent"}},
        "connector": {"line": {"color": "$grid", "width": 1}},
        "texttemplate": "%{delta:+,.2f}",
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{x}: %{delta:,.8~f}<extra></extra>",
    }
    return _figure([bars], yaxis={"title": {"text": asset}, "tickformat": ","}, xaxis={}, showlegend=False)


def instrument_chart(document: Mapping[str, Any], index: int) -> Figure:
    """What the price chart of an instrument is drawn from: candles, fills, and when there was a position.

    Candles are of prices that the engine knew at the times of the equity curve, and of the instrument's fills.
    """
    portfolio, name = document["portfolio"], document["instruments"][index]["name"]
    fills = [trade for trade in document["trades"] if trade["instrument"] == index]
    sampled = portfolio["prices"].get(name, [])
    prices = [
        (datetime.fromisoformat(time), price)
        for time, price in zip(portfolio["curve"]["time"], sampled, strict=False)
        if price is not None
    ]
    prices += [(datetime.fromisoformat(fill["time_exchange"]), float(fill["price"])) for fill in fills]
    built = candles(sorted(prices), _CANDLES_MAX)
    return {
        "length": _length(built.length),
        "candles": {
            "x": [chart_time(time) for time in built.times],
            "open": built.open,
            "high": built.high,
            "low": built.low,
            "close": built.close,
        },
        "fills": {
            "x": [chart_time(datetime.fromisoformat(fill["time_exchange"])) for fill in fills],
            "price": [float(fill["price"]) for fill in fills],
            "quantity": [float(fill["quantity"]) for fill in fills],
            "buys": [1 if fill["side"] == "Buy" else 0 for fill in fills],
        },
        "positions": _positions(portfolio, name),
    }


def _positions(portfolio: Mapping[str, Any], name: str) -> dict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for trips in (portfolio["trips"], portfolio["trips_open"]):
        for place, instrument in enumerate(trips["instrument"]):
            if instrument == name:
                found["start"].append(chart_time(datetime.fromisoformat(trips["time_enter"][place])))
                end = trips["time_exit"][place] if trips["quantity"][place] == "0" else portfolio["time_end"]
                found["end"].append(chart_time(datetime.fromisoformat(end)))
                found["longs"].append(1 if trips["side"][place] == "Buy" else 0)
    return {key: found[key] for key in ("start", "end", "longs")}


def _length(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}" + ("" if count == 1 else "s")
    return f"{seconds} second" + ("" if seconds == 1 else "s")


def _times(portfolio: Mapping[str, Any]) -> list[str]:
    return [chart_time(datetime.fromisoformat(time)) for time in portfolio["curve"]["time"]]


def _line(
    name: str,
    x: Sequence[str],
    y: Sequence[float | None],
    colour: str,
    *,
    width: float = 1.5,
    dash: str = "solid",
    shape: str = "linear",
    yaxis: str = "y",
    fill: str = "none",
    format_: str = ",.2f",
) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": list(x),
        "y": list(y),
        "yaxis": yaxis,
        "fill": fill,
        "fillcolor": f"{colour}-soft",
        "line": {"color": colour, "width": width, "dash": dash, "shape": shape},
        "hovertemplate": f"%{{y:{format_}}}",
    }


def _figure(traces: list[Figure], **layout: Any) -> Figure:
    return {"data": traces, "layout": layout}


def line_figure(lines: Mapping[str, tuple[Sequence[str], Sequence[float | None], str]]) -> Figure:
    """Lines of fractions by time: by name, times, values, and the name of the colour."""
    return _figure(
        [_line(name, x, y, colour, format_="+.2%") for name, (x, y, colour) in lines.items()],
        xaxis={"type": "date"},
        yaxis={"tickformat": "+.2~%"},
    )
