"""The sections of a page that are text: they can be read and printed without any script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from barter_python.numeric import in_exact_context
from barter_python.report.amount import amount, figure, minute, percent, plain
from barter_python.report.concerns import RefusedOrders
from barter_python.report.instruments import InstrumentRow
from barter_python.report.page.html import card, section, table, text
from barter_python.report.series import MonthlyReturns

__all__ = ["concerns", "execution", "headline", "instruments", "months", "open_positions", "origin", "statistics"]

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHOWN: Final = 100
_PERCENTS: Final = {
    "total_return": "Total return",
    "annual_return": "Annual return",
    "volatility": "Volatility, annual",
    "drawdown_max": "Maximum drawdown",
    "day_best": "Best day",
    "day_worst": "Worst day",
    "exposure_mean": "Exposure on average, net",
    "leverage_mean": "Exposure on average, gross",
    "leverage_max": "Exposure at most, gross",
    "time_in_market": "Time in market",
    "benchmark_return": "Return of the benchmark",
    "alpha": "Alpha, annual",
}
_RATIOS: Final = {
    "sharpe_ratio": "Sharpe ratio",
    "sortino_ratio": "Sortino ratio",
    "calmar_ratio": "Calmar ratio",
    "benchmark_sharpe_ratio": "Sharpe ratio of the benchmark",
    "beta": "Beta",
    "turnover": "Turnover, times equity",
}


@in_exact_context
def headline(portfolio: Mapping[str, Any]) -> str:
    """The figures that are looked at first."""
    asset, statistics, parts = portfolio["valuation"], portfolio["statistics"], portfolio["explanation"]
    net = Decimal(parts["end"]) - Decimal(parts["start"])
    trips, drawdown = statistics["trips"], statistics["drawdown"]
    lowest = "" if drawdown is None else f"lowest on {minute(drawdown['time_lowest'])}"
    costs = Decimal(parts["fees"]) + Decimal(parts["rebates"])
    cards = [
        card(f"Net, {asset}", amount(net, asset, is_signed=True), f"of {amount(parts['start'], asset)}", _tone(net)),
        _figure_card("Total return", statistics["total_return"], f"benchmark {_percent(statistics['benchmark_return'])}", True),
        _figure_card("Annual return", statistics["annual_return"], "", True),
        _figure_card("Sharpe ratio", statistics["sharpe_ratio"], _rests_on(statistics["sharpe_ratio"], "daily return")),
        _figure_card("Sortino ratio", statistics["sortino_ratio"], _rests_on(statistics["sortino_ratio"], "daily return")),
        _figure_card("Maximum drawdown", statistics["drawdown_max"], lowest, True),
        _figure_card("Win rate", trips["win_rate"], f"{trips['wins']:,} of {trips['trips']:,} trips", True),
        _figure_card("Profit factor", trips["profit_factor"], _rests_on(trips["profit_factor"], "trip")),
        card(f"Fees less rebates, {asset}", amount(costs, asset, is_signed=True), _share(costs, Decimal(parts["start"]))),
        _figure_card("Time in market", statistics["time_in_market"], _exposure(statistics["leverage_mean"]), True),
    ]
    return '<div class="cards">' + "".join(cards) + "</div>"


def _exposure(entry: Mapping[str, Any]) -> str:
    return "" if entry["value"] is None else f"exposure {_percent(entry)} on average"


def _tone(value: Decimal) -> str:
    return "gain" if value > 0 else "loss" if value < 0 else ""


def _percent(entry: Mapping[str, Any]) -> str:
    return figure(entry, is_percent=True)


def _figure_card(label: str, entry: Mapping[str, Any], below: str, is_percent: bool = False) -> str:
    if entry["value"] is None:
        return card(label, "n/a", entry["reason"])
    return card(label, figure(entry, is_percent=is_percent), below)


def _rests_on(entry: Mapping[str, Any], name: str) -> str:
    count = entry["observations"]
    return f"of {count:,} {name}" + ("" if count == 1 else "s")


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{float(part / whole):.2%} of equity at the start" if whole > 0 else ""


def concerns(document: Mapping[str, Any], warnings: Sequence[str], refused: RefusedOrders) -> str:
    """What casts doubt, and what was refused; nothing where there is neither."""
    lines = [text(warning) for warning in [*warnings, *document["warnings"]]]
    for who, reasons in (("the venue", refused.venue), ("the risk manager", refused.risk)):
        if reasons:
            most = "; ".join(f"{count:,} x {reason[:200]}" for reason, count in reasons.most_common(3))
            lines.append(text(f"{reasons.total():,} orders refused by {who}: {most}"))
    if not lines:
        return ""
    return '<aside class="concerns" aria-label="Warnings"><ul>' + "".join(f"<li>{line}</li>" for line in lines) + "</ul></aside>"


def months(returns: MonthlyReturns) -> str:
    """Returns by month, each with the colour of its size."""
    if not returns.months:
        return "<p>n/a: equity was not positive all the time.</p>"
    head = "".join(f'<th scope="col" class="number">{name}</th>' for name in (*_MONTHS, "Year"))
    largest = max(abs(value) for value in returns.months.values()) or 1.0
    rows = []
    for year, total in returns.years.items():
        cells = "".join(_month(returns.months.get((year, month)), largest) for month in range(1, 13))
        rows.append(f'<tr><th scope="row">{year}</th>{cells}<td class="number strong">{percent(total)}</td></tr>')
    return (
        '<div class="scroll"><table class="months"><caption class="unseen">Returns by month</caption>'
        f'<thead><tr><th scope="col">Year</th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def _month(value: float | None, largest: float) -> str:
    if value is None:
        return '<td class="number"></td>'
    strength = round(12 + 58 * abs(value) / largest) if value else 0
    colour = "gain" if value > 0 else "loss"
    return f'<td class="number" style="--strength:{strength}%;--tone:var(--{colour})">{percent(value)}</td>'


def statistics(portfolio: Mapping[str, Any]) -> str:
    """All figures, with the number of observations they rest on."""
    found, trips = portfolio["statistics"], portfolio["statistics"]["trips"]
    asset = portfolio["valuation"]
    rows = [(label, _percent(found[name]), f"{found[name]['observations']:,}") for name, label in _PERCENTS.items()]
    rows += [(label, figure(found[name]), f"{found[name]['observations']:,}") for name, label in _RATIOS.items()]
    rows += [
        ("Win rate", _percent(trips["win_rate"]), f"{trips['trips']:,}"),
        ("Profit factor", figure(trips["profit_factor"]), f"{trips['trips']:,}"),
        *(
            (label, _money(trips[name], asset), f"{trips[name]['observations']:,}")
            for name, label in (
                ("expectancy", f"Expectancy of a trip, {asset}"),
                ("profit_mean", f"Profit on average, {asset}"),
                ("loss_mean", f"Loss on average, {asset}"),
            )
        ),
    ]
    half = (len(rows) + 1) // 2
    head = ("Figure", "Value", "Observations")
    return (
        '<div class="columns">'
        + table("Figures, first half", head, rows[:half])
        + table("Figures, second half", head, rows[half:])
        + "</div>"
    )


def _money(entry: Mapping[str, Any], asset: str) -> str:
    value = entry["value"]
    return figure(entry) if value is None else amount(Decimal(str(value)), asset)


def instruments(rows: Sequence[InstrumentRow]) -> str:
    """What each instrument earned."""
    head = ("Instrument", "Trips", "Win rate", "Fills", "Turnover", "Price PnL", "Fees", "Funding", "Net", "In")
    return table("What each instrument earned", head, [_instrument(row) for row in rows])


def _instrument(row: InstrumentRow) -> tuple[str, ...]:
    won = "n/a" if row.win_rate is None else _percent(row.win_rate).partition(" ")[0]
    amounts = (amount(value, row.currency, is_signed=True) for value in (row.pnl_price, row.fees, row.funding, row.net))
    return (row.name, f"{row.trips:,}", won, f"{row.fills:,}", amount(row.turnover, row.currency), *amounts, row.currency)


def open_positions(document: Mapping[str, Any]) -> str:
    """What was open at the end: positions and orders; nothing where there is neither."""
    names, content = [item["name"] for item in document["instruments"]], ""
    if document["positions_open"]:
        rows = []
        for position in document["positions_open"][:_SHOWN]:
            currency = document["instruments"][position["instrument"]]["currency"]
            unrealised = amount(position["pnl_unrealised"], currency, is_signed=True)
            entry = plain(position["price_entry_average"])
            side = position["side"].lower()
            rows.append((names[position["instrument"]], side, plain(position["quantity_abs"]), entry, unrealised, currency))
        head = ("Position", "Side", "Quantity", "Entry price", "Unrealised PnL", "In")
        content += table("Open positions", head, rows, texts=2)
    if document["orders_open"]:
        orders = [
            (
                names[order["key"]["instrument"]],
                order["side"].lower(),
                order["kind"].lower(),
                plain(order["quantity"]),
                plain(order["price"]),
            )
            for order in document["orders_open"][:_SHOWN]
        ]
        content += table("Open orders", ("Order", "Side", "Kind", "Quantity", "Price"), orders, texts=3)
    return section("open", "Open at the end", content) if content else ""


def execution(document: Mapping[str, Any]) -> str:
    """How well orders were executed, by instrument."""
    if not document["execution"]:
        return "<p>No order was sent.</p>"
    head = (
        "Instrument",
        "Orders",
        "Fills",
        "Filled",
        "Maker",
        "Slippage, bp",
        "Slippage",
        "Time to fill",
        "Longest",
        "Fees paid",
    )
    return table(
        "Execution quality", head, [_execution(name, quality, document) for name, quality in document["execution"].items()]
    )


def _execution(name: str, quality: Mapping[str, Any], document: Mapping[str, Any]) -> tuple[str, ...]:
    quote = next(item["quote"] for item in document["instruments"] if item["name"] == name)
    slippage = quality["slippage"]
    return (
        name,
        f"{quality['orders']:,}",
        f"{quality['trades']:,}",
        _share_of(quality["fill_ratio"]),
        _share_of(quality["maker_share"]),
        _without_noise(quality["slippage_basis_points"]),
        "n/a" if slippage is None else f"{_without_noise(slippage)} {quote}",
        _milliseconds(quality["time_to_fill_mean_ms"]),
        _milliseconds(quality["time_to_fill_max_ms"]),
        ", ".join(f"{plain(fees)} {asset}" for asset, fees in quality["fees"].items()) or "n/a",
    )


def _without_noise(value: str | None) -> str:
    """Two decimals; zero has no sign."""
    return "n/a" if value is None else f"{round(Decimal(value), 2) or Decimal(0):,.2f}"


def _share_of(value: str | None) -> str:
    return "n/a" if value is None else percent(float(value), 1)


def _milliseconds(value: str | None) -> str:
    return "n/a" if value is None else f"{Decimal(value):,.0f} ms"


def origin(document: Mapping[str, Any]) -> str:
    """What the run was made of."""
    known = {name: document[name] for name in ("id", "risk_free_return", "events")}
    written = msgspec.json.format(msgspec.json.encode({**known, **document["origin"]}), indent=2).decode()
    return f'<pre tabindex="0">{text(written)}</pre>'
