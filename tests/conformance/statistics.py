"""Unit traces of decimals and statistics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from barter_python.codec.execution import INDEXED, balance
from barter_python.codec.json import decode
from barter_python.codec.scalar import decimal, instant
from barter_python.codec.shape import option
from barter_python.codec.state import position_exited
from barter_python.codec.statistic import (
    data_set_summary,
    drawdown_generator,
    mean_drawdown,
    profit_factor,
    tear_sheet_asset_generator,
    tear_sheet_generator,
    timed,
    win_rate,
)
from barter_python.codec.statistic import (
    drawdown as drawdown_codec,
)
from barter_python.codec.statistic import (
    tear_sheet as tear_sheet_codec,
)
from barter_python.codec.statistic import (
    tear_sheet_asset as tear_sheet_asset_codec,
)
from barter_python.errors import DecodeError
from barter_python.execution.balance import Balance
from barter_python.numeric import (
    checked_add,
    checked_div,
    checked_mul,
    checked_sub,
    decimal_from_float,
    decimal_from_text,
    sqrt,
)
from barter_python.statistic.algorithm import (
    calculate_mean,
    calculate_mean_integer,
    calculate_population_variance,
    calculate_recurrence_relation_m,
    calculate_sample_variance,
)
from barter_python.statistic.metric.drawdown import DrawdownGenerator, MaxDrawdownGenerator, MeanDrawdownGenerator
from barter_python.statistic.metric.ratio import CalmarRatio, RateOfReturn, SharpeRatio, SortinoRatio
from barter_python.statistic.metric.win_rate import ProfitFactor, WinRate
from barter_python.statistic.summary.asset import TearSheetAssetGenerator
from barter_python.statistic.summary.dataset import DataSetSummary
from barter_python.statistic.summary.instrument import TearSheetGenerator
from barter_python.statistic.time import (
    ANNUAL_252,
    ANNUAL_365,
    DAILY,
    TimeInterval,
    interval_name,
    interval_seconds,
)
from barter_python.timed import Timed

__all__ = ["dataset", "decimals", "drawdown", "metrics", "tear_sheet", "tear_sheet_asset", "timed_balance"]

_INTERVALS: dict[str, TimeInterval] = {"Daily": DAILY, "Annual252": ANNUAL_252, "Annual365": ANNUAL_365}
_decimal = option(decimal)
_drawdown = option(drawdown_codec)
_mean = option(mean_drawdown)
_timed_decimal = timed(decimal)


def timed_balance(document: object) -> Timed[Balance] | None:
    """A balance and its time, if there is one."""
    return option(timed(balance)).read(document)


def _text(document: str) -> Decimal:
    value = decimal_from_text(document)
    assert value is not None
    return value


def _compare(left: Decimal, right: Decimal) -> int:
    return int(left.compare(right))


_BINARY: dict[str, Callable[[Decimal, Decimal], Decimal | None]] = {
    "add": checked_add,
    "sub": checked_sub,
    "mul": checked_mul,
    "div": checked_div,
}
_UNARY: dict[str, Callable[[Decimal], Decimal | None]] = {
    "sqrt": sqrt,
    "abs": lambda value: value.copy_abs(),
    "neg": lambda value: value.copy_negate(),
}


def decimals(given: Any) -> object:
    """Evaluate an operation on decimals."""
    op, a = given["op"], given["a"]
    if op == "cmp":
        return _compare(_text(a), _text(given["b"]))
    if op == "from_json":
        try:
            return decimal.write(decode(a, decimal))
        except DecodeError:
            return None
    if op == "from_f64":
        return _decimal.write(decimal_from_float(float(a)))
    if op == "from_str":
        return _decimal.write(decimal_from_text(a))
    if op in _BINARY:
        return _decimal.write(_BINARY[op](_text(a), _text(given["b"])))
    return _decimal.write(_UNARY[op](_text(a)))


def _interval(document: Any) -> TimeInterval:
    return _INTERVALS[document] if isinstance(document, str) else timedelta(**document)


def metrics(given: Any) -> object:
    """Calculate a metric and scale it."""

    def value(name: str) -> Decimal:
        return decimal.read(given[name])

    metric = given["metric"]
    if metric == "time_interval":
        interval = _interval(given["interval"])
        return {"name": interval_name(interval), "seconds": interval_seconds(interval)}
    if metric == "win_rate":
        return option(win_rate).write(WinRate.calculate(value("wins"), value("total")))
    if metric == "profit_factor":
        return option(profit_factor).write(ProfitFactor.calculate(value("profits_gross_abs"), value("losses_gross_abs")))
    start = _interval(given["from"])
    ratio: RateOfReturn | SharpeRatio | SortinoRatio | CalmarRatio
    match metric:
        case "rate_of_return":
            ratio = RateOfReturn.calculate(value("mean_return"), start)
        case "sharpe_ratio":
            ratio = SharpeRatio.calculate(value("risk_free_return"), value("mean_return"), value("std_dev_returns"), start)
        case "sortino_ratio":
            risk = value("std_dev_loss_returns")
            ratio = SortinoRatio.calculate(value("risk_free_return"), value("mean_return"), risk, start)
        case "calmar_ratio":
            ratio = CalmarRatio.calculate(value("risk_free_return"), value("mean_return"), value("max_drawdown"), start)
        case other:
            raise NotImplementedError(other)
    return {
        "calculated": decimal.write(ratio.value),
        "scaled": decimal.write(ratio.scale(_interval(given["to"])).value),
    }


def drawdown(given: Any) -> object:
    """Find drawdowns in a series."""
    init = option(_timed_decimal).read(given["init"])
    generator = DrawdownGenerator() if init is None else DrawdownGenerator.init(init)
    deepest, mean = MaxDrawdownGenerator(), MeanDrawdownGenerator()
    results = []
    for point in given["points"]:
        emitted = generator.update(_timed_decimal.read(point))
        if emitted is not None:
            deepest.update(emitted)
            mean.update(emitted)
        results.append(
            {
                "emitted": _drawdown.write(emitted),
                "current": _drawdown.write(generator.generate()),
                "generator": drawdown_generator.write(generator),
                "max": _drawdown.write(deepest.generate()),
                "mean": _mean.write(mean.generate()),
            }
        )
    return results


_ALGORITHMS: dict[str, Callable[..., Decimal]] = {
    "calculate_mean": calculate_mean,
    "calculate_recurrence_relation_m": calculate_recurrence_relation_m,
    "calculate_sample_variance": calculate_sample_variance,
    "calculate_population_variance": calculate_population_variance,
}


def dataset(given: Any) -> object:
    """Summarise a series, or evaluate one step of an online algorithm."""
    if "fn" in given:
        if given["fn"] == "calculate_mean_i64":
            return calculate_mean_integer(*given["args"])
        return decimal.write(_ALGORITHMS[given["fn"]](*map(decimal.read, given["args"])))
    summary = DataSetSummary()
    results = []
    for value in given["values"]:
        summary.update(decimal.read(value))
        results.append(data_set_summary.write(summary))
    return results


def tear_sheet(given: Any) -> object:
    """Collect closed positions and generate tear sheets in between."""
    generator = TearSheetGenerator.init(instant.read(given["time_engine_start"]))
    risk_free_return = decimal.read(given["risk_free_return"])
    positions = [position_exited.read(position) for position in given["positions"]]
    sheets: list[object] = []
    for count in range(len(positions) + 1):
        if count in given["at"]:
            written = {
                name: tear_sheet_codec(interval).write(generator.generate(risk_free_return, interval))
                for name, interval in _INTERVALS.items()
            }
            sheets.append({"after": count, **written})
        if count < len(positions):
            generator.update_from_position(positions[count])
    return {"sheets": sheets, "generator": tear_sheet_generator.write(generator)}


def tear_sheet_asset(given: Any) -> object:
    """Collect balances and generate tear sheets in between."""
    initial = timed_balance(given["initial"])
    generator = TearSheetAssetGenerator() if initial is None else TearSheetAssetGenerator.init(initial)
    balances = [INDEXED.asset_balance.read(item) for item in given["balances"]]
    sheets: list[object] = []
    for count in range(len(balances) + 1):
        if count in given["at"]:
            sheet = generator.generate()
            sheets.append({"after": count, "sheet": tear_sheet_asset_codec.write(sheet)})
        if count < len(balances):
            generator.update_from_balance(balances[count])
    return {"sheets": sheets, "generator": tear_sheet_asset_generator.write(generator)}
