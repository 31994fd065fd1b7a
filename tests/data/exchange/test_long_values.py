"""A value of a message may be of any length; what is said about it is not."""

from __future__ import annotations

import pytest
from tests.data.exchange.venue import RECEIVED, problem

from barter_python.data.exchange.registry import connector_of
from barter_python.instrument.exchange import ExchangeId

LONG = "7x" * 50_000
CONTRACT = (
    '{"channel":"futures.trades","event":"update","result":[{"size":%s,"id":1,"create_time_ms":1,"price":"%s","contract":"X"}]}'
)
ROW = (
    '{"table":"trade","action":"insert","data":[{"timestamp":"%s","symbol":"X","side":"%s","size":1,"price":1,"trdMatchID":"1"}]}'
)
BITMEX, BYBIT, GATEIO = ExchangeId.BITMEX, ExchangeId.BYBIT_SPOT, ExchangeId.GATEIO_PERPETUALS_USD

MESSAGES = {
    "price": (GATEIO, CONTRACT % (1, LONG)),
    "signed amount": (GATEIO, CONTRACT % (f'"{LONG}"', 1)),
    "time": (BITMEX, ROW % (LONG, "Buy")),
    "side": (BITMEX, ROW % ("2023-02-18T09:27:59.701Z", LONG)),
    "seconds": (ExchangeId.KRAKEN, f'[0,[["1","1","{LONG}","s"]],"trade","XBT/USD"]'),
    "level": (ExchangeId.KRAKEN, f'[0,["{LONG}","1","1","1","1"],"spread","XBT/USD"]'),
    "type": (BYBIT, f'{{"topic":"publicTrade.X","type":"{LONG}","ts":1,"data":[]}}'),
    "topic": (BYBIT, f'{{"topic":"publicTrade.{LONG}.","type":"snapshot","ts":1,"data":[]}}'),
    "member of another type": (GATEIO, CONTRACT % (f'["{LONG}"]', 1)),
    "no JSON": (ExchangeId.BINANCE_SPOT, LONG),
    "channel": (ExchangeId.BITFINEX, f'[{"7" * 18},"te",[1,1,1,1]]'),
}


@pytest.mark.parametrize(("exchange", "message"), MESSAGES.values(), ids=MESSAGES)
def test_at_most_200_characters_of_a_value_are_shown(exchange: ExchangeId, message: str) -> None:
    transformer = connector_of(exchange).transformer()

    assert len(problem(lambda: transformer.transform(message.encode(), RECEIVED))) < 400
