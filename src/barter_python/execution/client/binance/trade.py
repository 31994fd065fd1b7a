"""From a fill as Binance spot tells of it to a trade. Pure.

Fees are told in the quote asset, in which positions are accounted for: a commission in the base asset is valued at the price of
the fill, one in a third asset (`BNB`) at its latest price, see `fee_prices`. Where that is not known it stays in its own asset.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#account-trade-list-user_data
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from barter_python.data.exchange.venue_message import time_from_milliseconds
from barter_python.execution.client.binance.amount import amount, signed_amount
from barter_python.execution.client.binance.message import AccountTrade, SymbolInfo
from barter_python.execution.order.id import STRATEGY_UNKNOWN, OrderId
from barter_python.execution.trade import AssetFees, Liquidity, Trade, TradeId
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, in_money_context

__all__ = ["to_trade", "trade_fees"]


def to_trade(message: AccountTrade, symbol: SymbolInfo | None, prices: Mapping[tuple[str, str], Decimal]) -> Trade:
    """A fill.

    Args:
        message: What the venue says of it.
        symbol: The pair, None where it is not known.
        prices: See `trade_fees`.

    Raises:
        DecodeError: A number is none.
    """
    price, commission = amount("price", message.price), signed_amount("commission", message.commission)
    liquidity = None if message.is_maker is None else Liquidity.MAKER if message.is_maker else Liquidity.TAKER
    asset = message.commission_asset
    return Trade(
        TradeId(str(message.id)),
        OrderId(str(message.order_id)),
        InstrumentNameExchange(message.symbol),
        STRATEGY_UNKNOWN,
        time_from_milliseconds(message.time),
        Side.BUY if message.is_buyer else Side.SELL,
        price,
        amount("qty", message.qty),
        trade_fees(commission, asset, price, symbol, prices),
        liquidity,
        AssetFees(AssetNameExchange(asset), commission) if asset else None,
    )


@in_money_context
def trade_fees(
    commission: Decimal,
    asset: str,
    price: Decimal,
    symbol: SymbolInfo | None,
    prices: Mapping[tuple[str, str], Decimal],
) -> AssetFees:
    """A commission in the quote asset, or in its own where its value is not known.

    Args:
        commission: In units of `asset`.
        asset: In which it is paid.
        price: Of the fill.
        symbol: The pair, None where it is not known.
        prices: Of a third asset, by that asset and the quote asset.
    """
    if not commission:
        return AssetFees.quote_fees(ZERO)
    if symbol is not None:
        if asset == symbol.quote_asset:
            return AssetFees.quote_fees(commission)
        if asset == symbol.base_asset:
            return AssetFees.quote_fees(commission * price)
        if (asset, symbol.quote_asset) in prices:
            return AssetFees.quote_fees(commission * prices[asset, symbol.quote_asset])
    return AssetFees(AssetNameExchange(asset), commission)
