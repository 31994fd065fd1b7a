"""How close the simulated exchange comes to what takers really paid.

    barter data convert CAPTURE /tmp/market.parquet
    python -m benchmarks.fill_fidelity /tmp/market.parquet --tick 0.01

Each taker order of the file (consecutive trades with one venue time and one side) is sent as a market order of the same size to a
simulated exchange which has seen what the file has before its first trade, and nothing after it. Printed is how far the average
price of the simulated fills is from that of the recorded ones.

A recorded book is not always complete at that moment. Updates of depth come every 100 ms: what happened since the last one is
missing. The book counts as complete for a taker where depth was updated since the taker before, and where its best price on the
side that is taken is that of the stream of best prices, which is not delayed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.table import Table

from barter_python.data.book import OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import MarketEvent, OrderBookL1, PublicTrade
from barter_python.data.file.market_data_file import open_market_data
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.exchange.model.fee import PercentFees
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.execution.exchange.simulated.exchange import SimulatedExchange
from barter_python.execution.order.id import STRATEGY_UNKNOWN, ClientOrderId
from barter_python.execution.order.order import OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequestOpen, RequestOpen
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument, InstrumentIndex
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, decimal_from_float, in_money_context
from barter_python.timed import EPOCH

WITHIN_TICKS = ("0", "0.5", "1", "2", "5", "10", "50", "100", "500")
RICH = Balance(Decimal(10**14), Decimal(10**14))


@dataclass(slots=True)
class Taker:
    """An order of someone else that took liquidity, as its trades show it."""

    time: datetime
    side: Side
    quantity: Decimal
    value: Decimal


@dataclass(slots=True)
class Comparison:
    """What it paid, against what it would have paid.

    Attributes:
        ticks: Distance of the average prices, not negative; None where the simulated exchange could not fill all of it.
        is_fresh: Depth was updated since the taker before.
        is_complete: And its best price is that of the stream of best prices.
    """

    ticks: Decimal | None
    is_fresh: bool
    is_complete: bool


class Replay:
    """Feeds a file to a simulated exchange, and sends each taker order just before its trades."""

    def __init__(self, exchange: ExchangeId, instrument: str, tick: Decimal) -> None:
        pair = Instrument.spot(exchange, instrument, instrument, ("BASE", "QUOTE"))
        balances = [AssetBalance(AssetNameExchange(name), RICH, EPOCH) for name in ("BASE", "QUOTE")]
        config = SimulatedExchangeConfig(exchange, AccountSnapshot(exchange, balances, []), PercentFees(ZERO, ZERO))
        self._exchange = SimulatedExchange(config, IndexedInstruments.new([pair]))
        self._key = (exchange, InstrumentNameExchange(instrument))
        self._tick = tick
        self._book = OrderBook()
        self._l1 = OrderBookL1()
        self._is_fresh = False
        self._sent = 0

    @in_money_context
    def compare(self, events: Iterable[MarketEvent]) -> list[Comparison]:
        """Compare every taker order after the first snapshot of the book."""
        found = []
        for event, taker in with_takers(events):
            if taker is not None and self._book.bids.levels:
                found.append(self._compare(taker))
            self._exchange.on_market(event)
            kind = event.kind
            if isinstance(kind, OrderBookSnapshot | OrderBookUpdate):
                self._book.update(kind)
                self._is_fresh = True
            elif isinstance(kind, OrderBookL1):
                self._l1 = kind
        return found

    def _compare(self, taker: Taker) -> Comparison:
        is_fresh, self._is_fresh = self._is_fresh, False
        level = self._book.asks.best() if taker.side is Side.BUY else self._book.bids.best()
        best = self._l1.best_ask if taker.side is Side.BUY else self._l1.best_bid
        is_complete = is_fresh and level is not None and best is not None and level.price == best.price
        fills = self._send(taker)
        quantity = sum((fill.quantity for fill in fills), ZERO)
        if quantity != taker.quantity:
            return Comparison(None, is_fresh, is_complete)
        value = sum((fill.price * fill.quantity for fill in fills), ZERO)
        return Comparison(abs(value - taker.value) / quantity / self._tick, is_fresh, is_complete)

    def _send(self, taker: Taker) -> list[Trade]:
        self._sent += 1
        key = OrderKey(*self._key, STRATEGY_UNKNOWN, ClientOrderId(str(self._sent)))
        wanted = RequestOpen(taker.side, ZERO, taker.quantity, OrderKind.MARKET, TimeInForce.IMMEDIATE_OR_CANCEL)
        answers = self._exchange.on_request(OrderRequestOpen(key, wanted), taker.time)
        return [answer.kind for answer in answers if isinstance(answer.kind, Trade)]


def with_takers(events: Iterable[MarketEvent]) -> Iterator[tuple[MarketEvent, Taker | None]]:
    """Every event; the first trade of a taker order with all of it, which may reach beyond other events."""
    all_events = list(events)
    takers: dict[int, Taker] = {}
    latest: Taker | None = None
    for number, event in enumerate(all_events):
        kind = event.kind
        if not isinstance(kind, PublicTrade):
            continue
        price, amount = decimal_from_float(kind.price), decimal_from_float(kind.amount)
        assert price is not None, "files have possible prices only"
        assert amount is not None, "files have possible amounts only"
        if latest is None or (latest.time, latest.side) != (event.time_exchange, kind.side):
            latest = takers[number] = Taker(event.time_exchange, kind.side, ZERO, ZERO)
        latest.quantity += amount
        latest.value += price * amount
    for number, event in enumerate(all_events):
        yield event, takers.get(number)


def print_distribution(console: Console, title: str, comparisons: list[Comparison]) -> None:
    """Share of the takers within so many ticks, for each degree of completeness."""
    groups = {
        "all takers": comparisons,
        "depth updated since the taker before": [item for item in comparisons if item.is_fresh],
        "complete book": [item for item in comparisons if item.is_complete],
    }
    table = Table(title=title)
    table.add_column("|simulated - recorded average price| in ticks")
    for name in groups:
        table.add_column(name, justify="right")
    table.add_row("takers", *(f"{len(group):,}" for group in groups.values()))
    for limit in WITHIN_TICKS:
        within = [sum(item.ticks is not None and item.ticks <= Decimal(limit) for item in group) for group in groups.values()]
        shares = [f"{count / max(1, len(group)):.2%}" for count, group in zip(within, groups.values(), strict=True)]
        table.add_row(f"at most {limit}", *shares)
    table.add_row("not filled completely", *(f"{sum(item.ticks is None for item in group):,}" for group in groups.values()))
    console.print(table)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="market data file of one instrument, with order books, best prices and trades")
    parser.add_argument("--tick", type=Decimal, required=True, help="tick size of the instrument")
    options = parser.parse_args()
    file = open_market_data(options.file)
    (found,) = file.info().instruments
    key = (found.exchange, str(found.instrument))
    events = [event for chunk in file.events({key: InstrumentIndex(0)}) for event in chunk if isinstance(event, MarketEvent)]
    comparisons = Replay(found.exchange, str(found.instrument), options.tick).compare(events)
    print_distribution(Console(highlight=False, width=130), f"{found.exchange.value} {found.instrument}", comparisons)


if __name__ == "__main__":
    main()
