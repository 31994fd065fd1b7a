"""A result as Arrow tables, from its document. Needs the extra `data`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from barter_python.errors import ConfigError
from barter_python.numeric import in_exact_context
from barter_python.statistic.portfolio.curve import EquityPoint
from barter_python.statistic.portfolio.returns import daily_points, returns

if TYPE_CHECKING:
    import pyarrow

__all__ = ["Money", "ResultFrames"]

Money: TypeAlias = Literal["decimal", "text"]
"""How amounts of money are kept: as `decimal128(38, 18)`, or as text with all digits."""

_DIGITS: Final = 38
_DECIMALS: Final = 18
_STEP: Final = Decimal(1).scaleb(-_DECIMALS)
_DECIMAL128: Final = Context(prec=_DIGITS, rounding=ROUND_HALF_EVEN)
_TIMES: Final = frozenset({"time", "time_enter", "time_exit", "time_exchange"})
_TEXTS: Final = frozenset(
    {"instrument", "strategy", "side", "id", "order_id", "liquidity", "cid", "kind", "time_in_force", "state"}
)
_NUMBERS: Final = frozenset({"drawdown", "return", "pnl_return", "mae", "mfe"})
_COUNTS: Final = frozenset({"trades"})


class ResultFrames:
    """The tables of a result.

    Args:
        document: Of the result, as `report_document` and `read_result` give it.
        money: How amounts are kept.

    Raises:
        ConfigError: The run was not accounted for, where a table of the portfolio is asked for; or pyarrow is not installed.
    """

    def __init__(self, document: Mapping[str, Any], money: Money = "decimal") -> None:
        self._document = document
        self._money: Money = money
        self._names = [instrument["name"] for instrument in document["instruments"]]

    @property
    def _portfolio(self) -> Mapping[str, Any]:
        portfolio: Mapping[str, Any] | None = self._document["portfolio"]
        if portfolio is None:
            raise ConfigError("portfolio: the run was not accounted for, expected a run with is_accounted")
        return portfolio

    @property
    def equity(self) -> pyarrow.Table:
        """The equity curve, and how far each point is below the highest one so far, as a fraction."""
        curve = self._portfolio["curve"]
        return self._table({**curve, "drawdown": _drawdowns(curve["equity"])})

    @property
    def returns(self) -> pyarrow.Table:
        """Daily returns, each with the end of its day; none where equity was not positive."""
        curve = self._portfolio["curve"]
        points = daily_points(
            [
                EquityPoint(_time(time), Decimal(equity), Decimal(0))
                for time, equity in zip(curve["time"], curve["equity"], strict=True)
            ]
        )
        values = returns(points)
        return self._table({"time": [point.time for point in points[1:]] if values else [], "return": values or []})

    @property
    def trips(self) -> pyarrow.Table:
        """Round trips, closed ones in order of their exits, then open ones."""
        closed, opened = self._portfolio["trips"], self._portfolio["trips_open"]
        return self._table({name: [*closed[name], *opened[name]] for name in closed})

    @property
    def trades(self) -> pyarrow.Table:
        """Fills in order, with fees in quote currency."""
        trades = self._document["trades"]
        return self._table(
            {
                "time_exchange": [trade["time_exchange"] for trade in trades],
                "instrument": [self._names[trade["instrument"]] for trade in trades],
                "strategy": [trade["strategy"] for trade in trades],
                "id": [trade["id"] for trade in trades],
                "order_id": [trade["order_id"] for trade in trades],
                "side": [trade["side"] for trade in trades],
                "price": [trade["price"] for trade in trades],
                "quantity": [trade["quantity"] for trade in trades],
                "fees": [trade["fees"]["fees"] for trade in trades],
                "liquidity": [trade.get("liquidity") for trade in trades],
            }
        )

    @property
    def orders(self) -> pyarrow.Table:
        """What the exchanges answered about orders, in order."""
        orders = self._document["orders"]
        return self._table(
            {
                "instrument": [self._names[order["key"]["instrument"]] for order in orders],
                "strategy": [order["key"]["strategy"] for order in orders],
                "cid": [order["key"]["cid"] for order in orders],
                "side": [order["side"] for order in orders],
                "price": [order["price"] for order in orders],
                "quantity": [order["quantity"] for order in orders],
                "kind": [order["kind"] for order in orders],
                "time_in_force": [_tag(order["time_in_force"]) for order in orders],
                "state": [_state(order["state"]) for order in orders],
            }
        )

    @property
    def positions(self) -> pyarrow.Table:
        """Open positions at the last price."""
        positions = self._document["positions_open"]
        members = ("quantity_abs", "price_entry_average", "pnl_unrealised", "pnl_realised", "time_enter")
        return self._table(
            {
                "instrument": [self._names[position["instrument"]] for position in positions],
                "side": [position["side"] for position in positions],
                **{member: [position[member] for position in positions] for member in members},
            }
        )

    def _table(self, columns: Mapping[str, Sequence[Any]]) -> pyarrow.Table:
        arrow = _arrow()
        return arrow.table({name: _column(arrow, name, values, self._money) for name, values in columns.items()})


def _arrow() -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise ConfigError("frames need pyarrow, which is not installed: pip install 'barter-python[data]'") from error
    return pyarrow


def _column(arrow: Any, name: str, values: Sequence[Any], money: Money) -> Any:
    if name in _TIMES:
        return arrow.array([_time(value) for value in values], arrow.timestamp("us", "UTC"))
    if name in _TEXTS:
        return arrow.array(values, arrow.string())
    if name in _NUMBERS:
        return arrow.array(values, arrow.float64())
    if name in _COUNTS:
        return arrow.array(values, arrow.int64())
    if money == "text":
        return arrow.array(values, arrow.string())
    return arrow.array([_decimal128(value) for value in values], arrow.decimal128(_DIGITS, _DECIMALS))


def _decimal128(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(_STEP, context=_DECIMAL128)


def _time(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


@in_exact_context
def _drawdowns(equity: Sequence[str]) -> list[float]:
    amounts = [Decimal(amount) for amount in equity]
    return [
        float((peak - amount) / peak) if peak > 0 else 0.0 for peak, amount in zip(accumulate(amounts, max), amounts, strict=True)
    ]


def _tag(value: Any) -> str:
    """The name of a variant, with or without a payload."""
    return str(next(iter(value))) if isinstance(value, dict) else str(value)


def _state(value: Any) -> str:
    """The innermost name of an order's state: `Open`, `FullyFilled`, `Cancelled` and so on."""
    if isinstance(value, dict):
        name, payload = next(iter(value.items()))
        return _state(payload) if name in ("Active", "Inactive") else str(name)
    return str(value)
