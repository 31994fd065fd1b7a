"""The filters of `exchangeInfo`: what a symbol accepts, and why the venue would refuse an order. Pure. Rust origin: none.

| filter | checked |
|---|---|
| `PRICE_FILTER` | limit price and trigger price: `minPrice`, `maxPrice`, `tickSize`; each counts where it is not zero |
| `PERCENT_PRICE_BY_SIDE`, `PERCENT_PRICE` | limit price against the average price, where that is known |
| `LOT_SIZE` | quantity: `minQty`, `maxQty`, `stepSize` |
| `MARKET_LOT_SIZE` | the same of a market order |
| `NOTIONAL`, `MIN_NOTIONAL` | price times quantity; of a market order at the average price, where that is known |
| `MAX_NUM_ORDERS` | how many orders of the symbol are open |

Source: https://github.com/binance/binance-spot-api-docs/blob/master/filters.md
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

import msgspec

from barter_python.execution.client.binance.amount import amount
from barter_python.execution.order.order import OrderKind
from barter_python.execution.order.request import RequestOpen
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.side import Side
from barter_python.instrument.spec import InstrumentSpec, InstrumentSpecNotional, InstrumentSpecPrice, InstrumentSpecQuantity
from barter_python.numeric import ZERO, in_money_context

__all__ = ["Filter", "SymbolRules"]


class Filter(msgspec.Struct, rename="camel"):
    """A filter of any type; what its type lacks limits nothing."""

    filter_type: str
    min_price: str = "0"
    max_price: str = "0"
    tick_size: str = "0"
    min_qty: str = "0"
    max_qty: str = "0"
    step_size: str = "0"
    min_notional: str = "0"
    max_notional: str = "0"
    apply_to_market: bool = False
    apply_min_to_market: bool = False
    apply_max_to_market: bool = False
    multiplier_up: str = "0"
    multiplier_down: str = "0"
    bid_multiplier_up: str = "0"
    bid_multiplier_down: str = "0"
    ask_multiplier_up: str = "0"
    ask_multiplier_down: str = "0"
    max_num_orders: int = 0


class SymbolRules:
    """What a symbol accepts.

    Args:
        filters: As the venue tells them.

    Raises:
        DecodeError: A number is none.
    """

    __slots__ = ("_by_type", "needs_average")

    def __init__(self, filters: list[Filter]) -> None:
        self._by_type: dict[str, _Limits] = {found.filter_type: _limits(found) for found in filters}
        self.needs_average = any(name in self._by_type for name in ("PERCENT_PRICE_BY_SIDE", "PERCENT_PRICE"))

    def refusal(self, wanted: RequestOpen, average: Decimal | None, open_orders: int) -> str | None:
        """Why the venue would refuse an order, in its words and ours; None where no filter does.

        Args:
            wanted: The order.
            average: The average price, in quote currency; None where it is not known.
            open_orders: How many orders of the symbol are open.
        """
        for name, check in _CHECKS.items():
            limits = self._by_type.get(name)
            problem = None if limits is None else next(check(limits, wanted, average, open_orders), None)
            if problem is not None:
                return f"Filter failure: {name}: {problem}"
        return None

    def spec(self, base_asset: str) -> InstrumentSpec | None:
        """The same as a specification; None where the venue limits neither price nor quantity."""
        price, lot = self._by_type.get("PRICE_FILTER"), self._by_type.get("LOT_SIZE")
        if price is None or lot is None:
            return None
        notional = self._by_type.get("NOTIONAL") or self._by_type.get("MIN_NOTIONAL")
        return InstrumentSpec(
            InstrumentSpecPrice(price["min_price"], price["tick_size"]),
            InstrumentSpecQuantity(AssetNameExchange(base_asset), lot["min_qty"], lot["step_size"]),
            InstrumentSpecNotional(ZERO if notional is None else notional["min_notional"]),
        )


_Limits: TypeAlias = Mapping[str, Decimal]
_Check: TypeAlias = Callable[[_Limits, RequestOpen, Decimal | None, int], Iterator[str]]


def _limits(found: Filter) -> _Limits:
    texts = {name: str(int(value) if isinstance(value, bool) else value) for name, value in msgspec.structs.asdict(found).items()}
    del texts["filter_type"]
    return {name: amount(name, text) for name, text in texts.items()}


def _price(limits: _Limits, wanted: RequestOpen, average: Decimal | None, open_orders: int) -> Iterator[str]:
    if wanted.kind is OrderKind.LIMIT:
        yield from _steps("price", wanted.price, limits["min_price"], limits["max_price"], limits["tick_size"])
    if wanted.trigger is not None:
        yield from _steps("trigger price", wanted.trigger.price, limits["min_price"], limits["max_price"], limits["tick_size"])


def _percent_by_side(limits: _Limits, wanted: RequestOpen, average: Decimal | None, open_orders: int) -> Iterator[str]:
    side = "bid" if wanted.side is Side.BUY else "ask"
    yield from _percent(limits[f"{side}_multiplier_down"], limits[f"{side}_multiplier_up"], wanted, average)


def _percent_of_both(limits: _Limits, wanted: RequestOpen, average: Decimal | None, open_orders: int) -> Iterator[str]:
    yield from _percent(limits["multiplier_down"], limits["multiplier_up"], wanted, average)


def _percent(down: Decimal, up: Decimal, wanted: RequestOpen, average: Decimal | None) -> Iterator[str]:
    if wanted.kind is OrderKind.LIMIT and average is not None and up:
        lowest, highest = _product(average, down), _product(average, up)
        if not lowest <= wanted.price <= highest:
            yield f"price is {wanted.price}, expected {lowest} to {highest}: the average price is {average}"


def _lot(limits: _Limits, wanted: RequestOpen, average: Decimal | None, open_orders: int) -> Iterator[str]:
    yield from _steps("quantity", wanted.quantity, limits["min_qty"], limits["max_qty"], limits["step_size"])


def _market_lot(limits: _Limits, wanted: RequestOpen, average: Decimal | None, open_orders: int) -> Iterator[str]:
    if wanted.kind is OrderKind.MARKET:
        yield from _lot(limits, wanted, average, open_orders)


def _notional(limits: _Limits, wanted: RequestOpen, average: Decimal | None, open_orders: int) -> Iterator[str]:
    is_market = wanted.kind is OrderKind.MARKET
    price = average if is_market else wanted.price
    if price is None:
        return
    value = _product(price, wanted.quantity)
    min_counts = not is_market or limits["apply_min_to_market"] or limits["apply_to_market"]
    if min_counts and value < limits["min_notional"]:
        yield f"price times quantity is {value}, expected at least {limits['min_notional']}"
    if limits["max_notional"] and (not is_market or limits["apply_max_to_market"]) and value > limits["max_notional"]:
        yield f"price times quantity is {value}, expected at most {limits['max_notional']}"


def _orders(limits: _Limits, wanted: RequestOpen, average: Decimal | None, open_orders: int) -> Iterator[str]:
    if limits["max_num_orders"] and open_orders >= limits["max_num_orders"]:
        yield f"{open_orders} orders are open, expected fewer than {limits['max_num_orders']}"


@in_money_context
def _product(price: Decimal, factor: Decimal) -> Decimal:
    return price * factor


def _steps(name: str, value: Decimal, least: Decimal, most: Decimal, step: Decimal) -> Iterator[str]:
    if value < least:
        yield f"{name} is {value}, expected at least {least}"
    if most and value > most:
        yield f"{name} is {value}, expected at most {most}"
    if step and _remainder(value, step):
        yield f"{name} is {value}, expected a multiple of {step}"


@in_money_context
def _remainder(value: Decimal, step: Decimal) -> Decimal:
    return value % step


_CHECKS: Final[Mapping[str, _Check]] = {
    "PRICE_FILTER": _price,
    "PERCENT_PRICE_BY_SIDE": _percent_by_side,
    "PERCENT_PRICE": _percent_of_both,
    "LOT_SIZE": _lot,
    "MARKET_LOT_SIZE": _market_lot,
    "NOTIONAL": _notional,
    "MIN_NOTIONAL": _notional,
    "MAX_NUM_ORDERS": _orders,
}
