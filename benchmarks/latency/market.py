"""The market of the measurement: messages as Binance spot sends them, at random times, with bursts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

TRADES, BEST_PRICES = "btcusdt@trade", "btcusdt@bookTicker"

_TRADE_SHARE = 0.2
_BURST_SHARE = 0.01
_BURST_MESSAGES = 10


@dataclass(slots=True)
class Message:
    """What the venue sends.

    Attributes:
        due: Seconds from the first one.
        stream: On which of the two streams.
        id: Of a trade, for which an order is expected; None for best prices.
        text: JSON.
    """

    due: float
    stream: str
    id: str | None
    text: str


def messages(count: int, per_second: float, start_ms: int, seed: int = 7) -> Iterator[Message]:
    """A seeded walk: one in five is a trade, the others are best prices; one in a hundred brings nine more at the same moment.

    Args:
        count: How many.
        per_second: On average.
        start_ms: When the first one happens, Unix time.
        seed: Of the random numbers.
    """
    random = Random(seed)
    moments_per_second = per_second / (1 + _BURST_SHARE * (_BURST_MESSAGES - 1))
    due, burst, cents = 0.0, 0, 6_000_000
    for number in range(count):
        if burst:
            burst -= 1
        else:
            due += random.expovariate(moments_per_second)
            burst = _BURST_MESSAGES - 1 if random.random() < _BURST_SHARE else 0
        cents += random.randint(-1, 1)
        if random.random() < _TRADE_SHARE:
            yield Message(due, TRADES, str(number), _trade(number, cents, start_ms + int(due * 1000)))
        else:
            yield Message(due, BEST_PRICES, None, _best_prices(number, cents))


def _trade(number: int, cents: int, time_ms: int) -> str:
    return (
        f'{{"e":"trade","E":{time_ms},"s":"BTCUSDT","t":{number},"p":"{_price(cents)}","q":"0.00131000",'
        f'"T":{time_ms},"m":true,"M":true}}'
    )


def _best_prices(number: int, cents: int) -> str:
    return f'{{"u":{number},"s":"BTCUSDT","b":"{_price(cents)}","B":"5.25000000","a":"{_price(cents + 1)}","A":"4.75000000"}}'


def _price(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}000000"
