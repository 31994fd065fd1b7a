"""What a run has earned, from its result document and its market data alone: shares no code with what is checked.

Equity, its explanation and round trips are computed with rational numbers of Python's own, ratios with numpy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

Document = Mapping[str, Any]
MONEY = Context(prec=29, rounding=ROUND_HALF_EVEN, Emin=0, Emax=28)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Price:
    """A price of an instrument, by its index in the document."""

    time: datetime
    instrument: int
    price: Decimal


class Ledger:
    """Balances, positions and rates as a reader of the document would keep them.

    Args:
        document: The result.
    """

    def __init__(self, document: Document) -> None:
        self.instruments = document["instruments"]
        self.valuation = document["portfolio"]["valuation"]
        names = sorted({name for item in self.instruments for name in (item["base"], item["quote"], item["currency"])})
        self.asset_names = names  # one exchange: an index in the document is a place in the sorted list
        self.balances: dict[str, Fraction] = defaultdict(Fraction)
        for asset in document["portfolio"]["assets"]:
            self.balances[asset["asset"]] = Fraction(asset["start"])
        self.prices: dict[int, Decimal] = {}
        self.first: dict[int, Decimal] = {}
        self.held: dict[int, Fraction] = defaultdict(Fraction)
        self.cash: dict[int, Fraction] = defaultdict(Fraction)
        self.contract_cash: dict[int, Fraction] = defaultdict(Fraction)

    def see(self, price: Price) -> None:
        self.prices[price.instrument] = price.price
        self.first.setdefault(price.instrument, price.price)

    def fill(self, trade: Document) -> None:
        instrument = self.instruments[trade["instrument"]]
        quantity, price = Fraction(trade["quantity"]), Fraction(trade["price"])
        quantity = quantity if trade["side"] == "Buy" else -quantity
        if instrument["kind"] == "Spot":
            self.balances[instrument["base"]] += quantity
            self.balances[instrument["quote"]] -= quantity * price
        else:  # equity counts what is open at its price, so what was paid for it may count as paid
            self.held[trade["instrument"]] += quantity * Fraction(instrument["contract_size"])
            self.contract_cash[trade["instrument"]] -= quantity * price * Fraction(instrument["contract_size"])
        charged = trade["fees_charged"]
        self.balances[self.asset_names[charged["asset"]]] -= Fraction(charged["fees"])

    def fund(self, payment: Document) -> None:
        self.balances[self.instruments[payment["instrument"]]["currency"]] += Fraction(payment["amount"])

    def rate(self, asset: str, prices: Mapping[int, Decimal]) -> Fraction | None:
        """Breadth first from the valuation asset; a price in the way is preferred to an inverse one."""
        known: dict[str, Decimal] = {self.valuation: Decimal(1)}
        while asset not in known:
            found: dict[str, Decimal] = {}
            for is_inverse in (False, True):
                for index, item in enumerate(self.instruments):
                    here, there = (item["quote"], item["base"]) if is_inverse else (item["base"], item["quote"])
                    if there in known and here not in known and here not in found and index in prices:
                        found[here] = (
                            MONEY.divide(known[there], prices[index])
                            if is_inverse
                            else MONEY.multiply(known[there], prices[index])
                        )
            if not found:
                return None
            known |= found
        return Fraction(known[asset])

    def equity(self, prices: Mapping[int, Decimal] | None = None) -> Fraction:
        prices = self.prices if prices is None else prices
        total = Fraction()
        for asset, amount in self.balances.items():
            total += amount * (self.rate(asset, prices) or 0)
        for index, quantity in self.held.items():
            open_value = quantity * Fraction(prices[index]) + self.contract_cash[index]
            total += open_value * (self.rate(self.instruments[index]["currency"], prices) or 0)
        return total


def curve(document: Document, prices: Iterable[Price]) -> list[Fraction]:
    """Equity at each time of the document's curve."""
    times = [datetime.fromisoformat(time) for time in document["portfolio"]["curve"]["time"]]
    happened = sorted(_happened(document, prices), key=lambda item: item[0])
    ledger, found, place = Ledger(document), [], 0
    for time in times[1:]:
        while place < len(happened) and happened[place][0] <= time:
            _, apply, what = happened[place]
            getattr(ledger, apply)(what)
            place += 1
        found.append(ledger.equity({**_first_prices(document, happened), **ledger.prices}))
    start = Ledger(document)
    return [start.equity(_first_prices(document, happened)), *found]


def _happened(document: Document, prices: Iterable[Price]) -> Iterator[tuple[datetime, str, Any]]:
    yield from ((price.time, "see", price) for price in prices)
    yield from ((datetime.fromisoformat(trade["time_exchange"]), "fill", trade) for trade in document["trades"])
    yield from ((datetime.fromisoformat(payment["time"]), "fund", payment) for payment in document["funding"])


def _first_prices(document: Document, happened: list[tuple[datetime, str, Any]]) -> dict[int, Decimal]:
    first: dict[int, Decimal] = {}
    for _, apply, what in happened:
        if apply == "see":
            first.setdefault(what.instrument, what.price)
            if len(first) == len(document["instruments"]):
                break
    return first


def earnings(document: Document, prices: Iterable[Price]) -> dict[tuple[str, str], dict[str, Fraction]]:
    """By instrument and strategy: price PnL, fees less rebates, and value of all fills, in the currency of the instrument.

    What a fee takes of the base asset was sold at the price of its fill; a third asset is valued through the valuation asset.
    """
    names = [item["name"] for item in document["instruments"]]
    found: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    held: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    ledger = Ledger(document)
    for _, apply, what in sorted(_happened(document, prices), key=lambda item: item[0]):
        if apply == "see":
            ledger.see(what)
        elif apply == "fill":
            item = document["instruments"][what["instrument"]]
            key, size = (item["name"], what["strategy"]), Fraction(item["contract_size"])
            quantity, price = Fraction(what["quantity"]), Fraction(what["price"])
            asset, fee = ledger.asset_names[what["fees_charged"]["asset"]], Fraction(what["fees_charged"]["fees"])
            signed = quantity if what["side"] == "Buy" else -quantity
            fee_value = fee
            if item["kind"] == "Spot" and asset == item["base"]:
                signed, fee_value = signed - fee, fee * price
            elif asset != item["currency"]:
                ratio = (ledger.rate(asset, ledger.prices) or 0) / (ledger.rate(item["currency"], ledger.prices) or 1)
                fee_value = fee * ratio
            held[key] += signed * size
            found[key]["price_pnl"] -= signed * size * price
            found[key]["fees"] -= fee_value
            found[key]["turnover"] += quantity * size * price
    for (name, strategy), quantity in held.items():
        found[name, strategy]["price_pnl"] += quantity * Fraction(ledger.prices[names.index(name)])
    return found


def trips(document: Document, instrument: int) -> list[Fraction]:
    """Price PnL of the closed round trips of an instrument, in order."""
    item = document["instruments"][instrument]
    found, held, cash = [], Fraction(), Fraction()
    base_index = sorted({name for other in document["instruments"] for name in (other["base"], other["quote"])}).index(
        item["base"]
    )
    for trade in document["trades"]:
        if trade["instrument"] != instrument:
            continue
        quantity = Fraction(trade["quantity"]) * (1 if trade["side"] == "Buy" else -1)
        if item["kind"] == "Spot" and trade["fees_charged"]["asset"] == base_index:
            quantity -= Fraction(trade["fees_charged"]["fees"])
        price = Fraction(trade["price"])
        turned = held and (held + quantity) * held < 0
        closing = -held if turned else quantity
        held, cash = held + closing, cash - closing * price
        if not held:
            found.append(cash * Fraction(item["contract_size"]))
            cash = Fraction()
        if turned:
            held, cash = quantity - closing, -(quantity - closing) * price
    return found


def daily(document: Document, values: list[Fraction]) -> list[float]:
    """Returns from the start over each midnight to the end."""
    times = [datetime.fromisoformat(time) for time in document["portfolio"]["curve"]["time"]]
    last = len(times) - 1
    chosen = [
        value
        for place, (time, value) in enumerate(zip(times, values, strict=True))
        if place in (0, last) or time.astimezone(UTC).time() == datetime.min.time()
    ]
    return [float(after / before - 1) for before, after in pairwise(chosen)]
