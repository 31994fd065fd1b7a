"""Positions, fees, balances and profit of a run, from its result document alone: shares no code with what is checked.

Everything is computed with rational numbers of Python's own. The engine rounds an average entry price to the digits of its money;
what follows from such a price is compared to twenty decimals, all else to the last digit.

    python -m tests.result.recompute_positions result.json
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

Document = Mapping[str, Any]
ROUNDED = Fraction(1, 10**20)


@dataclass
class Held:
    """What is open of an instrument."""

    quantity: Fraction = Fraction(0)
    entry: Fraction = Fraction(0)
    realised: Fraction = Fraction(0)
    funding: Fraction = Fraction(0)
    fees_enter: Fraction = Fraction(0)
    fees_exit: Fraction = Fraction(0)
    largest: Fraction = Fraction(0)


@dataclass
class Books:
    """What a reader of the document keeps."""

    held: dict[int, Held] = field(default_factory=lambda: defaultdict(Held))
    closed: list[tuple[int, Held]] = field(default_factory=list)
    balances: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))


def books(document: Document) -> Books:
    """Fills and funding payments, in their order."""
    kept, instruments = Books(), document["instruments"]
    names = sorted({name for item in instruments for name in (item["base"], item["quote"], item["currency"])})
    for asset in document["portfolio"]["assets"]:
        kept.balances[asset["asset"]] = Fraction(asset["start"])
    happened = [(trade["time_exchange"], 0, trade) for trade in document["trades"]]
    happened += [(payment["time"], 1, payment) for payment in document["funding"]]
    for _, kind, item in sorted(happened, key=lambda entry: entry[:2]):
        instrument = instruments[item["instrument"]]
        if kind == 1:
            kept.balances[instrument["currency"]] += Fraction(item["amount"])
            held = kept.held[item["instrument"]]
            if held.quantity:
                held.funding += Fraction(item["amount"])
                held.realised += Fraction(item["amount"])
        else:
            _fill(kept, instrument, names, item)
    return kept


def _fill(kept: Books, instrument: Document, names: list[str], trade: Document) -> None:
    sign = 1 if trade["side"] == "Buy" else -1
    quantity, price = sign * Fraction(trade["quantity"]), Fraction(trade["price"])
    charged, amount = names[trade["fees_charged"]["asset"]], Fraction(trade["fees_charged"]["fees"])
    kept.balances[charged] -= amount
    is_spot = instrument["kind"] == "Spot"
    if is_spot:
        kept.balances[instrument["base"]] += quantity
        kept.balances[instrument["quote"]] -= quantity * price
        if charged == instrument["base"]:
            quantity -= amount
    size = Fraction(1) if is_spot else Fraction(instrument["contract_size"])
    gained = _move(kept, trade["instrument"], quantity, price, Fraction(trade["fees"]["fees"]), size)
    if not is_spot:
        kept.balances[instrument["currency"]] += gained


def _move(kept: Books, key: int, quantity: Fraction, price: Fraction, fee: Fraction, size: Fraction) -> Fraction:
    """Change what is held; returns the profit of what was closed, before fees."""
    held = kept.held[key]
    if held.quantity * quantity >= 0:
        whole = held.quantity + quantity
        held.entry = (held.entry * held.quantity + price * quantity) / whole
        held.quantity, held.largest = whole, max(held.largest, abs(whole))
        held.fees_enter += fee
        held.realised -= fee
        return Fraction(0)
    closing = min(abs(quantity), abs(held.quantity))
    share = closing / abs(quantity)
    gained = closing * (price - held.entry) * (1 if held.quantity > 0 else -1) * size
    held.realised += gained - fee * share
    held.fees_exit += fee * share
    left = held.quantity + quantity
    if abs(quantity) < abs(held.quantity):
        held.quantity = left
        return gained
    held.quantity = Fraction(0)
    kept.closed.append((key, held))
    kept.held[key] = Held()
    if left:
        _move(kept, key, left, price, fee * (1 - share), size)
    return gained


def differences(document: Document) -> Iterator[str]:
    """Where the document says something else."""
    kept = books(document)
    if len(kept.closed) != len(document["positions_exited"]):
        yield f"positions_exited: {len(document['positions_exited'])}, recomputed {len(kept.closed)}"
    for number, ((key, held), told) in enumerate(zip(kept.closed, document["positions_exited"], strict=False)):
        yield from _of_position(f"positions_exited[{number}]", key, held, told, told["quantity_abs_max"], held.largest)
    still_open = {key: held for key, held in kept.held.items() if held.quantity}
    if set(still_open) != {told["instrument"] for told in document["positions_open"]}:
        yield f"positions_open: recomputed those of {sorted(still_open)}"
    for told in document["positions_open"]:
        held = still_open.get(told["instrument"], Held())
        quantity = Fraction(told["quantity_abs"]) * (1 if told["side"] == "Buy" else -1)
        yield from _of_position("positions_open", told["instrument"], held, told, quantity, held.quantity)
    for asset in document["portfolio"]["assets"]:
        yield from _differs(f"balance of {asset['asset']}", asset["end"], kept.balances[asset["asset"]], ROUNDED)


def _of_position(place: str, key: int, held: Held, told: Document, quantity: object, recomputed: Fraction) -> Iterator[str]:
    if key != told["instrument"]:
        yield f"{place}.instrument: {told['instrument']}, recomputed {key}"
    yield from _differs(f"{place}.quantity", quantity, recomputed, Fraction(0))
    yield from _differs(f"{place}.price_entry_average", told["price_entry_average"], held.entry, ROUNDED)
    yield from _differs(f"{place}.pnl_realised", told["pnl_realised"], held.realised, ROUNDED)
    yield from _differs(f"{place}.fees_enter", told["fees_enter"]["fees"], held.fees_enter, ROUNDED)
    yield from _differs(f"{place}.fees_exit", told["fees_exit"]["fees"], held.fees_exit, ROUNDED)
    yield from _differs(f"{place}.funding", told.get("funding", "0"), held.funding, Fraction(0))


def _differs(place: str, told: Any, recomputed: Fraction, tolerance: Fraction) -> Iterator[str]:
    if abs(Fraction(told) - recomputed) > tolerance:
        yield f"{place}: {told}, recomputed {float(recomputed)}"


if __name__ == "__main__":
    found = list(differences(json.loads(Path(sys.argv[1]).read_text())))
    print("\n".join(found) or "the same")
    sys.exit(bool(found))
