"""How fast messages of Binance become market events, beside a bare loop of `msgspec.json.decode` over the same bytes.

    python -m benchmarks.decoders
    python -m benchmarks.decoders --capture btcusdt.gz

Measured is what a live connection does with a message: read it, check it and its place in the sequence of its order book, make
the event. Without a capture the stream is a seeded one, with the mix of messages that spot sends for BTC/USDT. Each run starts
with nothing read before. Speeds are of processor time, so that other programs on the machine count less.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import process_time

import msgspec
from rich.console import Console
from rich.table import Table

from barter_python.data.exchange.binance.message import (
    BinanceMessage,
    BinanceOrderBookL1,
    BinanceOrderBookL2Snapshot,
    BinanceOrderBookL2Update,
    BinanceTrade,
    infer_exchange,
    parse,
)
from barter_python.data.exchange.binance.transformer import BinanceTransformer
from barter_python.data.exchange.decimal_text import AMOUNTS, PRICES
from barter_python.data.file.capture_lines import read_capture_lines
from barter_python.instrument.exchange import ExchangeId

SYMBOL = "BTCUSDT"
TIME = datetime(2025, 1, 1, tzinfo=UTC)
KINDS = {"trades": BinanceTrade, "best prices": BinanceOrderBookL1, "book updates": BinanceOrderBookL2Update}


@dataclass(slots=True)
class Stream:
    """Messages of one instrument.

    Attributes:
        exchange: Who sends them.
        snapshot: Of the order book, which the updates follow.
        messages: All others.
    """

    exchange: ExchangeId
    snapshot: bytes
    messages: list[bytes]

    def of_kind(self, kind: type[BinanceMessage]) -> Stream:
        return Stream(self.exchange, self.snapshot, [message for message in self.messages if isinstance(parse(message), kind)])

    def bare_loop(self) -> None:
        decode = msgspec.json.decode
        for message in self.messages:
            decode(message)

    def decode(self) -> None:
        transformer = BinanceTransformer(self.exchange)
        transformer.on_snapshot(self.snapshot, TIME, SYMBOL)
        transform = transformer.transform
        for message in self.messages:
            transform(message, TIME)


def captured(path: Path) -> Stream:
    """A capture; one without a snapshot starts with an empty book right before its first update."""
    messages = [line.message for line in read_capture_lines([path])]
    parsed = [parse(message) for message in messages]
    exchange = next(found for found in map(infer_exchange, filter(None, parsed)) if found is not None)
    snapshots = [message for message, read in zip(messages, parsed, strict=True) if isinstance(read, BinanceOrderBookL2Snapshot)]
    first = next(read.first_update_id for read in parsed if isinstance(read, BinanceOrderBookL2Update))
    return Stream(
        exchange,
        snapshots[0] if snapshots else empty_snapshot(first - 1),
        [message for message in messages if message not in snapshots],
    )


def generated(count: int, seed: int = 11) -> Stream:
    """A walk of the best prices: 70 % best prices, 22 % trades, 8 % book updates of 40 levels."""
    random = Random(seed)
    price, number, milliseconds = 6_000_000, 0, 1_735_689_600_000
    messages = []
    for trade_id in range(count):
        milliseconds += 8
        price += random.randint(-20, 20)
        bid, ask, amount = text(price), text(price + 1), text(random.randint(1, 100_000), 5)
        draw = random.random()
        if draw < 0.70:
            message = f'"u":{number},"s":"{SYMBOL}","b":"{bid}","B":"{amount}","a":"{ask}","A":"{amount}"'
        elif draw < 0.92:
            head = f'"e":"trade","E":{milliseconds},"s":"{SYMBOL}","t":{trade_id}'
            message = f'{head},"p":"{bid}","q":"{amount}","T":{milliseconds},"m":true,"M":true'
        else:
            head = f'"e":"depthUpdate","E":{milliseconds},"s":"{SYMBOL}","U":{number + 1},"u":{number + 40}'
            message = f'{head},"b":{levels(random, price, -1)},"a":{levels(random, price + 1, 1)}'
            number += 40
        messages.append(f"{{{message}}}".encode())
    return Stream(ExchangeId.BINANCE_SPOT, empty_snapshot(0), messages)


def empty_snapshot(update_id: int) -> bytes:
    return b'{"lastUpdateId":%d,"bids":[],"asks":[]}' % update_id


def levels(random: Random, price: int, step: int) -> str:
    """Twenty levels, best first; every third one is removed."""
    prices = [price + step * distance for distance in sorted(random.sample(range(3_000), 20))]
    amounts = [0 if place % 3 == 0 else random.randint(1, 100_000) for place in range(20)]
    return msgspec.json.encode([(text(at), text(amount, 5)) for at, amount in zip(prices, amounts, strict=True)]).decode()


def text(value: int, decimals: int = 2) -> str:
    """As the venue writes it: with eight decimals."""
    return f"{value // 10**decimals}.{value % 10**decimals:0{decimals}}" + "0" * (8 - decimals)


def fastest(runs: Sequence[Callable[[], object]], repeat: int) -> list[float]:
    """Processor seconds of the fastest of `repeat` runs of each, taken in turns."""
    best = [float("inf")] * len(runs)
    for _ in range(repeat):
        for place, run in enumerate(runs):
            PRICES.clear()
            AMOUNTS.clear()
            started = process_time()
            run()
            best[place] = min(best[place], process_time() - started)
    return best


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--capture", type=Path, help="recorded stream of one instrument; see `barter data convert`")
    parser.add_argument("--messages", type=int, default=50_000, help="length of the generated stream")
    parser.add_argument("--repeat", type=int, default=5, help="the fastest of so many runs counts")
    options = parser.parse_args()
    stream = generated(options.messages) if options.capture is None else captured(options.capture)
    title = "generated stream" if options.capture is None else options.capture.name
    table = Table(title=f"{title}, {stream.exchange.value}, one core")
    table.add_column("")
    for column in ("messages", "messages/s", "bare loop", "times the bare loop"):
        table.add_column(column, justify="right")
    for name, part in {"all": stream, **{name: stream.of_kind(kind) for name, kind in KINDS.items()}}.items():
        count = len(part.messages)
        ours, bare = fastest((part.decode, part.bare_loop), options.repeat)
        table.add_row(name, f"{count:,}", f"{count / ours:,.0f}", f"{count / bare:,.0f}", f"{ours / bare:.1f}")
    Console(highlight=False).print(table)


if __name__ == "__main__":
    main()
