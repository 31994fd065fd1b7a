"""A bad entry of a message costs none of the good ones, on any venue whose messages have several."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.data.exchange.venue import RECEIVED

from barter_python.data.event import PublicTrade
from barter_python.data.exchange.registry import connector_of
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId


def bitmex(price: str, trade_id: int) -> str:
    members = f'"size":1,"price":{price},"trdMatchID":"{trade_id}","trdType":"Regular"'
    return f'{{"timestamp":"2023-02-18T09:27:59.701Z","symbol":"XBTUSD","side":"Sell",{members}}}'


def bybit(price: str, trade_id: int) -> str:
    return f'{{"T":1672304486865,"s":"BTCUSDT","S":"Buy","v":"1","p":"{price}","i":"{trade_id}"}}'


def gateio(price: str, trade_id: int) -> str:
    return f'{{"size":"-3","id":{trade_id},"create_time_ms":1774443183399,"price":"{price}","contract":"ETH_USDT"}}'


def kraken(price: str, trade_id: int) -> str:
    return f'["{price}","{trade_id}","1534614057.321597","s","l",""]'


def okx(price: str, trade_id: int) -> str:
    return f'{{"instId":"BTC-USDT","tradeId":"{trade_id}","px":"{price}","sz":"1","side":"buy","ts":"1630048897897"}}'


Entry = Callable[[str, int], str]
VENUES: dict[str, tuple[ExchangeId, str, Entry]] = {
    "bitmex": (ExchangeId.BITMEX, '{"table":"trade","action":"insert","data":[%s]}', bitmex),
    "bybit": (ExchangeId.BYBIT_SPOT, '{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1,"data":[%s]}', bybit),
    "gateio": (ExchangeId.GATEIO_PERPETUALS_USD, '{"channel":"futures.trades","event":"update","result":[%s]}', gateio),
    "kraken": (ExchangeId.KRAKEN, '[0,[%s],"trade","XBT/USD"]', kraken),
    "okx": (ExchangeId.OKX, '{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[%s]}', okx),
}
GOOD = "100.5"


@pytest.mark.parametrize("bad", ["-1", "0"], ids=["negative", "zero"])
@pytest.mark.parametrize(("exchange", "message", "entry"), VENUES.values(), ids=VENUES)
def test_the_error_of_a_bad_entry_comes_between_the_good_ones(exchange: ExchangeId, message: str, entry: Entry, bad: str) -> None:
    entries = entry(GOOD, 1), entry(bad, 2), entry(GOOD, 3)
    [first, error, last] = connector_of(exchange).transformer().transform((message % ",".join(entries)).encode(), RECEIVED)

    assert isinstance(error, MarketDataError)
    for event, trade_id in ((first, "1"), (last, "3")):
        assert not isinstance(event, MarketDataError)
        assert isinstance(event.kind, PublicTrade)
        assert event.kind.price == 100.5
        assert trade_id in (event.kind.id, f"{event.kind.amount:g}")


@pytest.mark.parametrize(("exchange", "message", "entry"), VENUES.values(), ids=VENUES)
def test_an_entry_of_another_shape_is_a_bad_one(exchange: ExchangeId, message: str, entry: Entry) -> None:
    [error, event] = connector_of(exchange).transformer().transform((message % f"7,{entry(GOOD, 1)}").encode(), RECEIVED)

    assert isinstance(error, MarketDataError)
    assert "not a message of" in str(error)
    assert not isinstance(event, MarketDataError)


@pytest.mark.parametrize(("exchange", "message", "entry"), VENUES.values(), ids=VENUES)
def test_a_list_that_is_none_is_an_error_of_the_message(exchange: ExchangeId, message: str, entry: Entry) -> None:
    with pytest.raises(MarketDataError):
        connector_of(exchange).transformer().transform((message.replace("[%s]", '"x"')).encode(), RECEIVED)


def test_a_size_of_less_than_one_contract_without_its_decimals() -> None:
    """What Gate.io sends to who does not ask for sizes with decimals."""
    entries = ",".join(gateio("2171.44", trade_id) for trade_id in (1, 2))
    message = (VENUES["gateio"][1] % entries).replace('"-3","id":2', '0,"id":2')
    [event, error] = connector_of(ExchangeId.GATEIO_PERPETUALS_USD).transformer().transform(message.encode(), RECEIVED)

    assert not isinstance(event, MarketDataError)
    assert str(error) == "amount is 0.0, expected a number other than zero"
