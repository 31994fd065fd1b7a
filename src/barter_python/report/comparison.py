"""Several results side by side: what tells them apart, and whether the difference may be luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import sqrt
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table

from barter_python.errors import ConfigError
from barter_python.report.amount import amount, figure, minute, percent
from barter_python.report.charts import POINTS_MAX, Figure, line_figure
from barter_python.report.series import chart_time, daily_returns, kept_by_extremes
from barter_python.statistic.portfolio.returns import daily_rate, mean, standard_deviation
from barter_python.statistic.portfolio.significance import bootstrap, deflated_sharpe_ratio, probabilistic_sharpe_ratio

__all__ = ["comparison_rows", "comparison_table", "equity_together", "named"]

_SEED: Final = 7
_PERCENTS: Final = {
    "total_return": "Total return",
    "benchmark_return": "Benchmark return",
    "annual_return": "Annual return",
    "volatility": "Volatility",
    "drawdown_max": "Max drawdown",
    "leverage_mean": "Exposure avg, gross",
    "time_in_market": "Time in market",
}
_RATIOS: Final = {
    "sharpe_ratio": "Sharpe ratio",
    "sortino_ratio": "Sortino ratio",
    "calmar_ratio": "Calmar ratio",
    "beta": "Beta",
    "turnover": "Turnover",
}


def named(documents: Sequence[Mapping[str, Any]], files: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Results by name: that of the run where no other has it, else that of its file.

    Raises:
        ConfigError: A run was not accounted for, or two have one name.
    """
    ids = [str(document["id"]) for document in documents]
    names = ids if len(set(ids)) == len(ids) else list(files)
    if len(set(names)) < len(names):
        raise ConfigError(f"{', '.join(files)[:200]}: expected results that differ in their id, or in the name of their file")
    for file, document in zip(files, documents, strict=True):
        if document["portfolio"] is None:
            raise ConfigError(f"{file}: portfolio: the run was not accounted for, expected one that was")
    return dict(zip(names, documents, strict=True))


def comparison_rows(runs: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """A row a figure: its name, then its text of each run."""
    portfolios = [document["portfolio"] for document in runs.values()]
    statistics = [portfolio["statistics"] for portfolio in portfolios]
    rows: list[tuple[str, Callable[[Mapping[str, Any]], str]]] = [
        ("From", lambda portfolio: minute(portfolio["time_start"])),
        ("To", lambda portfolio: minute(portfolio["time_end"])),
        ("In", lambda portfolio: str(portfolio["valuation"])),
        ("Equity at the start", lambda portfolio: amount(portfolio["explanation"]["start"], portfolio["valuation"])),
        ("Equity at the end", lambda portfolio: amount(portfolio["explanation"]["end"], portfolio["valuation"])),
    ]
    made = [(label, *(text(portfolio) for portfolio in portfolios)) for label, text in rows]
    made += [(label, *(figure(found[name], is_percent=True) for found in statistics)) for name, label in _PERCENTS.items()]
    made += [(label, *(figure(found[name]) for found in statistics)) for name, label in _RATIOS.items()]
    made += [
        ("Trips", *(f"{found['trips']['trips']:,}" for found in statistics)),
        ("Win rate", *(figure(found["trips"]["win_rate"], is_percent=True) for found in statistics)),
        ("Profit factor", *(figure(found["trips"]["profit_factor"]) for found in statistics)),
        *_significance(portfolios),
    ]
    return made


def _significance(portfolios: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """How likely a Sharpe ratio above zero is, alone and as the best of all runs, and where it would lie on other days."""
    excess = [_excess(portfolio) for portfolio in portfolios]
    sharpes = [_sharpe(values) for values in excess]
    known = [value for value in sharpes if value is not None]
    return [
        ("P(Sharpe > 0)", *(percent(probabilistic_sharpe_ratio(values), 1) for values in excess)),
        (f"The same, best of {len(excess)}", *(percent(deflated_sharpe_ratio(values, known), 1) for values in excess)),
        ("Sharpe, 5 % to 95 %", *(_interval(portfolio, values) for portfolio, values in zip(portfolios, excess, strict=True))),
    ]


def _excess(portfolio: Mapping[str, Any]) -> list[float]:
    statistics = portfolio["statistics"]
    riskless = daily_rate(statistics["risk_free"], statistics["days_per_year"])
    return [value - riskless for value in daily_returns(portfolio).values]


def _sharpe(values: Sequence[float]) -> float | None:
    """Of one return, None where there is none."""
    deviation = standard_deviation(values) if len(values) > 1 else 0.0
    return mean(values) / deviation if deviation else None


def _interval(portfolio: Mapping[str, Any], values: Sequence[float]) -> str:
    if _sharpe(values) is None:
        return "n/a"
    drawn = bootstrap(values, lambda sample: _sharpe(sample) or 0.0, seed=_SEED)
    year = sqrt(portfolio["statistics"]["days_per_year"])
    return f"{drawn.quantile(0.05) * year:,.2f} to {drawn.quantile(0.95) * year:,.2f}"


def comparison_table(runs: Mapping[str, Mapping[str, Any]], console: Console) -> None:
    """Print results side by side, a column a run."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("", no_wrap=True)
    for name in runs:
        table.add_column(name, justify="right", overflow="fold")
    for row in comparison_rows(runs):
        table.add_row(*row)
    console.print(table)


def equity_together(runs: Mapping[str, Mapping[str, Any]]) -> Figure:
    """What each run had earned by when, as fractions of its equity at the start."""
    colours = ("$accent", "$second", "$gain", "$loss", "$muted")
    lines = {}
    for place, (name, document) in enumerate(runs.items()):
        curve = document["portfolio"]["curve"]
        values = [float(value) for value in curve["equity"]]
        earned = [value / values[0] - 1 if values[0] > 0 else None for value in values]
        kept = kept_by_extremes(earned, POINTS_MAX)
        times = [chart_time(datetime.fromisoformat(curve["time"][point])) for point in kept]
        lines[name] = (times, [earned[point] for point in kept], colours[place % len(colours)])
    return line_figure(lines)
