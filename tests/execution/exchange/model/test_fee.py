"""Fees: rates, tiers, and the asset in which they are charged."""

from __future__ import annotations

from decimal import Decimal

import pytest

from barter_python.execution.exchange.model.fee import FeeAsset, Fees, FeeTier, PercentFees, ThirdAsset, TieredFees, estimate_fees
from barter_python.instrument.asset import Asset, AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import Instrument, InstrumentDefinition, InstrumentQuoteAsset, Underlying
from barter_python.instrument.kind import PerpetualContract
from barter_python.instrument.side import Side

D = Decimal
BTC = Instrument.spot(ExchangeId.BINANCE_SPOT, "binance_spot-btcusdt", "BTCUSDT", ("BTC", "USDT"))
USDT = Asset.new_from_exchange("USDT")
PERPETUAL: InstrumentDefinition = Instrument(
    ExchangeId.BINANCE_FUTURES_USD,
    "btc-perpetual",
    "BTCUSDT",
    Underlying(Asset.new_from_exchange("BTC"), USDT),
    InstrumentQuoteAsset.UNDERLYING_QUOTE,
    PerpetualContract(D("0.01"), USDT),
)
BNB = ThirdAsset(AssetNameExchange("BNB"), D(500))


@pytest.mark.parametrize(
    ("asset", "is_maker", "expected"),
    [
        pytest.param("quote", False, ("USDT", D("0.2"), D("0.2")), id="taker-in-quote"),
        pytest.param("quote", True, ("USDT", D("-0.04"), D("-0.04")), id="maker-rebate-in-quote"),
        pytest.param("base", False, ("BTC", D("0.002"), D("0.2")), id="taker-in-base"),
        pytest.param(BNB, False, ("BNB", D("0.0004"), D("0.2")), id="taker-in-a-third-asset-at-its-price"),
    ],
)
def test_a_fraction_of_the_value(asset: FeeAsset, is_maker: bool, expected: tuple[str, Decimal, Decimal]) -> None:
    fees = PercentFees(D("-0.0002"), D("0.001"), asset).fees(BTC, Side.BUY, D(100), D(2), is_maker)

    assert expected == (fees.asset, fees.amount, fees.in_quote(BTC, D(100)))


@pytest.mark.parametrize(
    ("expected", "instrument", "side"),
    [
        pytest.param(("BTC", D("0.002")), BTC, Side.BUY, id="a buyer receives base"),
        pytest.param(("USDT", D("0.2")), BTC, Side.SELL, id="a seller receives quote"),
        pytest.param(("USDT", D("0.002")), PERPETUAL, Side.BUY, id="a contract settles in quote"),
    ],
)
def test_fees_in_what_is_received(expected: tuple[str, Decimal], instrument: InstrumentDefinition, side: Side) -> None:
    fees = PercentFees(D(0), D("0.001"), "received").fees(instrument, side, D(100), D(2), False)

    assert expected == (fees.asset, fees.amount)


def test_contracts_count_with_their_size() -> None:
    fees = PercentFees(D(0), D("0.001")).fees(PERPETUAL, Side.BUY, D(100), D(3), False)

    assert Fees(AssetNameExchange("USDT"), D("0.003")) == fees


TIERS = TieredFees(
    (FeeTier(D(0), D("0.001"), D("0.002")), FeeTier(D(100), D("0.0005"), D("0.001")), FeeTier(D(1000), D(0), D("0.0005")))
)


def test_rates_fall_with_the_volume_before_a_fill() -> None:
    model = TieredFees(TIERS.tiers)

    charged = [model.fees(BTC, Side.BUY, D(100), D(quantity), False).amount for quantity in ("0.99", "0.01", "9", "1")]

    assert charged == [D("0.198"), D("0.002"), D("0.9"), D("0.05")]


def test_an_estimate_counts_no_volume() -> None:
    model = TieredFees(TIERS.tiers)

    estimates = [estimate_fees(model, BTC, Side.BUY, D(100), D(50), is_maker=True).amount for _ in range(3)]

    assert estimates == [D(5)] * 3
    assert D(0) == model.volume


class FlatFees:
    """A user's own: so much for each fill, whatever its value."""

    def fees(self, instrument: InstrumentDefinition, side: Side, price: Decimal, quantity: Decimal, is_maker: bool, /) -> Fees:
        return Fees(instrument.underlying.quote.name_exchange, D(0) if is_maker else D("0.5"))


def test_a_model_without_memory_needs_no_estimate() -> None:
    assert Fees(AssetNameExchange("USDT"), D("0.5")) == estimate_fees(FlatFees(), BTC, Side.BUY, D(100), D(50), is_maker=False)


def test_fees_in_a_third_asset_need_their_value() -> None:
    with pytest.raises(ValueError, match="fees of 1 BNB: amount_quote is None, expected the same in USDT"):
        Fees(AssetNameExchange("BNB"), D(1)).in_quote(BTC, D(100))
