"""Which messages say that the venue is about to end the connection."""

from __future__ import annotations

import pytest
from tests.data.exchange.venue import RECEIVED

from barter_python.data.exchange.registry import connector_of
from barter_python.instrument.exchange import ExchangeId

SHUTDOWN = b'{"e":"serverShutdown","E":1770123456789}'
NOTICE = b'{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade.","connId":"a"}'
RESTART = b'{"event":"info","code":20051,"msg":"Stopping. Please try to reconnect"}'
UPGRADE = (
    b'{"time":1780992412,"time_ms":1780992412642,"channel":"futures.system","event":"update",'
    b'"result":{"type":"upgrade","msg":"The connection will soon be closed for a service upgrade. Please reconnect."}}'
)
BINANCE, BITFINEX, OKX = ExchangeId.BINANCE_SPOT, ExchangeId.BITFINEX, ExchangeId.OKX

MESSAGES = {
    "binance": (BINANCE, SHUTDOWN, True),
    "binance, wrapped": (ExchangeId.BINANCE_FUTURES_USD, b'{"stream":"x","data":%b}' % SHUTDOWN, True),
    "binance, an answer": (BINANCE, b'{"result":null,"id":1}', False),
    "bitfinex, restart": (BITFINEX, RESTART, True),
    "bitfinex, end of a maintenance": (BITFINEX, RESTART.replace(b"20051", b"20061"), True),
    "bitfinex, begin of a maintenance": (BITFINEX, RESTART.replace(b"20051", b"20060"), False),
    "bitfinex, an error with that code": (BITFINEX, RESTART.replace(b"info", b"error"), False),
    "bitfinex, heartbeat": (BITFINEX, b'[420191,"hb"]', False),
    "gateio": (ExchangeId.GATEIO_PERPETUALS_USD, UPGRADE, True),
    "gateio, spot": (ExchangeId.GATEIO_SPOT, UPGRADE.replace(b"futures.", b"spot."), True),
    "gateio, another notice": (ExchangeId.GATEIO_SPOT, UPGRADE.replace(b'"upgrade"', b'"outdated_sbe_schema_id"'), False),
    "gateio, an answer": (ExchangeId.GATEIO_SPOT, UPGRADE.replace(b'"update"', b'"subscribe"'), False),
    "gateio, pong": (ExchangeId.GATEIO_SPOT, b'{"time":1,"channel":"spot.pong","event":"","error":null,"result":null}', False),
    "okx": (OKX, NOTICE, True),
    "okx, another notice": (OKX, NOTICE.replace(b"64008", b"64009"), False),
    "okx, an error with that code": (OKX, NOTICE.replace(b"notice", b"error"), False),
    "okx, pong": (OKX, b"pong", False),
}


@pytest.mark.parametrize(("exchange", "message", "expected"), MESSAGES.values(), ids=MESSAGES)
def test_announces_end(exchange: ExchangeId, message: bytes, expected: bool) -> None:
    connector = connector_of(exchange)

    assert expected is connector.announces_end(message)
    assert list(connector.transformer().transform(message, RECEIVED)) == []
