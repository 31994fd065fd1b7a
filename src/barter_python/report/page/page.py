"""The page: its sections in order, and the data that its script draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from importlib.util import find_spec
from typing import Any, Final

import msgspec

from barter_python.errors import ConfigError
from barter_python.report import charts
from barter_python.report.amount import decimals_of, minute
from barter_python.report.comparison import comparison_rows, equity_together
from barter_python.report.concerns import refusals, warnings
from barter_python.report.instruments import instrument_rows
from barter_python.report.page import sections
from barter_python.report.page.html import chart, section, table, text
from barter_python.report.series import DailyReturns, chart_time, daily_returns, monthly_returns
from barter_python.report.tear_sheets import format_duration

__all__ = ["MISSING_PLOTLY", "comparison_html", "has_plotly", "report_html"]

MISSING_PLOTLY: Final = "a report needs plotly, which is not installed: pip install 'barter-python[report]'"

_POLICY: Final = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
"""The page asks for nothing, and could not."""
_NOTHING: Final[dict[str, Any]] = {"figures": {}, "prices": {}, "trips": {}, "instruments": []}
_TRIP_COLUMNS: Final = (
    "instrument",
    "strategy",
    "side",
    "quantity_max",
    "price_entry_average",
    "price_exit_average",
    "pnl_price",
    "fees",
    "funding",
    "pnl",
    "pnl_return",
    "mae",
    "mfe",
    "trades",
)
_RETURNS_MIN: Final = 5
"""Fewer have no distribution."""
_TRIP_TEXTS: Final = frozenset({"instrument", "strategy", "side"})


def has_plotly() -> bool:
    """Whether the extra `report` is installed."""
    return find_spec("plotly") is not None


def report_html(document: Mapping[str, Any]) -> str:
    """The report of a result as HTML. The same document gives the same text.

    Raises:
        ConfigError: plotly is not installed.
    """
    return _filled(f"{document['id']} - report", _body(document), _data(document))


def comparison_html(runs: Mapping[str, Mapping[str, Any]]) -> str:
    """Results side by side as HTML, by name.

    Raises:
        ConfigError: plotly is not installed.
    """
    body = _frame(
        f"{len(runs)} runs",
        ", ".join(runs),
        "",
        section("equity", "Return", chart("equity", "Return since the start of each run", height=420)),
        section("figures", "Figures", table("Figures of each run", ("Figure", *runs), comparison_rows(runs))),
    )
    figures = {"equity": equity_together(runs)}
    return _filled("Runs side by side", body, {**_NOTHING, "figures": figures})


def _filled(title: str, body: str, data: Mapping[str, Any]) -> str:
    if not has_plotly():
        raise ConfigError(MISSING_PLOTLY)
    from plotly.offline import get_plotlyjs

    return _PAGE.format(
        policy=_POLICY,
        title=text(title),
        style=_asset("page.css"),
        body=body,
        data=msgspec.json.encode(data).decode().replace("<", "\\u003c"),
        plotly=get_plotlyjs(),
        script=_asset("page.js"),
    )


def _asset(name: str) -> str:
    return (files("barter_python.report.page") / name).read_text(encoding="utf-8")


_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
{body}
<script type="application/json" id="data">{data}</script>
<script>{plotly}</script>
<script>{script}</script>
</body>
</html>
"""


def _body(document: Mapping[str, Any]) -> str:
    portfolio = document["portfolio"]
    doubts = sections.concerns(document, warnings(document), refusals(document))
    if portfolio is None:
        content = [doubts, "<p>The run was not accounted for.</p>"]
    else:
        content = [sections.headline(portfolio), doubts, *_earned(portfolio), *_traded(document)]
    content += [
        section("execution", "Execution", sections.execution(document)),
        section("origin", "Configuration, data and versions", sections.origin(document)),
    ]
    return _frame(str(document["id"]), _subtitle(document), _contents(document), *content)


def _frame(title: str, subtitle: str, contents: str, *content: str) -> str:
    nav = f'<nav aria-label="Sections">{contents}</nav>' if contents else ""
    return (
        '<a class="skip" href="#main">Skip to the figures</a>'
        f"<header><div><h1>{text(title)}</h1><p>{text(subtitle)}</p></div>"
        '<button id="theme" type="button" aria-label="Light or dark">Light / dark</button></header>'
        f'{nav}<main id="main">{"".join(content)}</main>'
    )


def _subtitle(document: Mapping[str, Any]) -> str:
    portfolio = document["portfolio"]
    if portfolio is None:
        return f"{document['events']:,} events"
    start, end = portfolio["time_start"], portfolio["time_end"]
    lasted = format_duration(datetime.fromisoformat(end) - datetime.fromisoformat(start))
    count = len(document["instruments"])
    return (
        f"{minute(start)} to {minute(end)} UTC ({lasted}), {count:,} instrument{'' if count == 1 else 's'}, "
        f"{document['events']:,} events, {len(document['trades']):,} fills, all in {portfolio['valuation']}"
    )


def _contents(document: Mapping[str, Any]) -> str:
    names = {"execution": "Execution", "origin": "Configuration"}
    if document["portfolio"] is not None:
        earned = {
            "equity": "Equity",
            "months": "Months",
            "risk": "Risk",
            "costs": "Result and costs",
            "instruments": "Instruments",
        }
        names = {**earned, "prices": "Prices", "trips": "Trips", **names}
    return "".join(f'<a href="#{name}">{label}</a>' for name, label in names.items())


def _earned(portfolio: Mapping[str, Any]) -> list[str]:
    count, daily = len(portfolio["curve"]["time"]), daily_returns(portfolio)
    thinned = f"Drawn by its lowest and highest points: {charts.POINTS_MAX:,} of {count:,}." if count > charts.POINTS_MAX else ""
    return [
        section(
            "equity",
            "Equity",
            chart("equity", "Equity and benchmark, with the drawdown below", height=460, note=thinned),
            chart("exposure", "Value of positions, net and gross", height=220),
        ),
        section("months", "Returns by month", sections.months(monthly_returns(portfolio))),
        section("risk", "Risk", _rolling(daily), _distributions(portfolio, daily), sections.statistics(portfolio)),
        section(
            "costs", "Result and costs", chart("explanation", f"What made the result, in {portfolio['valuation']}", height=320)
        ),
    ]


def _rolling(daily: DailyReturns) -> str:
    if len(daily.values) < charts.ROLLING_DAYS:
        needed = f"{charts.ROLLING_DAYS} daily returns are needed, {len(daily.values)} found"
        return f"<p>Rolling Sharpe ratio and volatility: n/a ({needed}).</p>"
    return chart("rolling", f"Sharpe ratio and volatility of the last {charts.ROLLING_DAYS} days", height=340)


def _distributions(portfolio: Mapping[str, Any], daily: DailyReturns) -> str:
    found = []
    if len(daily.values) >= _RETURNS_MIN:
        found.append(chart("daily", f"Distribution of {len(daily.values):,} daily returns", height=260))
    trips = len(portfolio["trips"]["instrument"])
    if trips:
        found.append(chart("trip-returns", f"Distribution of the returns of {trips:,} trips", height=260))
    return f'<div class="columns">{"".join(found)}</div>'


def _traded(document: Mapping[str, Any]) -> list[str]:
    portfolio = document["portfolio"]
    rows = instrument_rows(document)
    options = "".join(
        f'<option value="{place}">{text(document["instruments"][place]["name"])}</option>' for place in _shown(document)
    )
    prices = (
        f'<p><label for="instrument">Instrument</label> <select id="instrument">{options}</select> '
        '<button id="whole" type="button">Whole run</button></p>'
        + chart("price", "Price with fills, and when there was a position", height=480)
        + '<p class="note" id="price-note" aria-live="polite"></p>'
    )
    trips = len(portfolio["trips"]["instrument"]) + len(portfolio["trips_open"]["instrument"])
    rows_of_trips = (
        '<p class="note">Choose a heading to sort, a row to see it in the chart.</p>'
        '<div class="scroll"><table id="trip-table"><caption class="unseen">Round trips</caption>'
        "<thead></thead><tbody></tbody></table></div>"
        '<p class="pages"><button id="previous" type="button">Previous</button> <span id="page" aria-live="polite"></span> '
        '<button id="next" type="button">Next</button></p>'
    )
    return [
        section("instruments", "Instruments", sections.instruments(rows)),
        sections.open_positions(document),
        section("prices", "Prices and fills", prices if options else "<p>Nothing was traded, and no price is known.</p>"),
        section("trips", "Round trips", rows_of_trips if trips else "<p>There was no round trip.</p>"),
    ]


def _shown(document: Mapping[str, Any]) -> list[int]:
    """Places of the instruments that have a chart, those with most fills first."""
    fills = [0] * len(document["instruments"])
    for trade in document["trades"]:
        fills[trade["instrument"]] += 1
    prices = document["portfolio"]["prices"]
    shown = [
        place
        for place, item in enumerate(document["instruments"])
        if fills[place] or any(price is not None for price in prices.get(item["name"], ()))
    ]
    return sorted(shown, key=lambda place: -fills[place])


def _data(document: Mapping[str, Any]) -> dict[str, Any]:
    portfolio = document["portfolio"]
    if portfolio is None:
        return _NOTHING
    daily = daily_returns(portfolio)
    returns = [value for value in portfolio["trips"]["pnl_return"] if value is not None]
    figures = {
        "equity": charts.equity(portfolio),
        "exposure": charts.exposure(portfolio),
        "rolling": charts.rolling_ratios(daily, portfolio["statistics"]["risk_free"]),
        "daily": charts.distribution(daily.values, "days") if len(daily.values) >= _RETURNS_MIN else None,
        "trip-returns": charts.distribution(returns, "trips"),
        "explanation": charts.explanation(portfolio),
    }
    return {
        "figures": {name: drawn for name, drawn in figures.items() if drawn is not None},
        "period": [chart_time(datetime.fromisoformat(portfolio[name])) for name in ("time_start", "time_end")],
        "prices": {str(place): charts.instrument_chart(document, place) for place in _shown(document)},
        "instruments": [
            {
                "name": item["name"],
                "currency": item["currency"],
                "quote": item["quote"],
                "decimals": decimals_of(item["currency"]),
            }
            for item in document["instruments"]
        ],
        "trips": _trips(portfolio),
    }


def _trips(portfolio: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Closed trips, then open ones, by column; numbers are for display."""
    both = (portfolio["trips"], portfolio["trips_open"])
    found: dict[str, list[Any]] = {}
    for name in _TRIP_COLUMNS:
        values: Sequence[Any] = [value for trips in both for value in trips[name]]
        found[name] = list(values) if name in _TRIP_TEXTS else [None if value is None else float(value) for value in values]
    for name in ("time_enter", "time_exit"):
        found[name] = [chart_time(datetime.fromisoformat(time)) if time else None for trips in both for time in trips[name]]
    found["is_open"] = [int(place > 0) for place, trips in enumerate(both) for _ in trips["instrument"]]
    return found
