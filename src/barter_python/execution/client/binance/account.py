"""From messages of Binance spot about an account to account events. Pure.

A fill in an `executionReport` is a trade and then the order after it; balances come in a message of their own. A report of type
`TRADE` in which nothing was filled tells of no trade. One whose price is zero is not believed: the order says that more was
filled than is known, so that the venue is asked for the fill.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/user-data-stream.md#order-update
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from logging import getLogger
from typing import Final

from barter_python.data.exchange.venue_message import time_from_milliseconds
from barter_python.execution.account import AccountEvent, AccountEventKind
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.client.binance.amount import amount
from barter_python.execution.client.binance.message import AccountPosition, BinanceAccount, ExecutionReport, SymbolInfo
from barter_python.execution.client.binance.order import to_order
from barter_python.execution.client.binance.trade import to_trade
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.numeric import in_money_context

__all__ = ["balances", "execution_events", "position_balances"]

_LOG: Final = getLogger(__name__)


def execution_events(
    report: ExecutionReport, symbols: Mapping[str, SymbolInfo], prices: Mapping[tuple[str, str], Decimal]
) -> list[AccountEvent]:
    """What a report tells: a fill, and the order after it.

    Args:
        report: The message.
        symbols: The assets of symbols.
        prices: See `trade.trade_fees`.

    Raises:
        DecodeError: A member has a value that is not documented.
    """
    kinds: list[AccountEventKind] = []
    fill = report.trade()
    if fill is not None:
        trade = to_trade(fill, symbols.get(fill.symbol), prices)
        if trade.quantity and trade.price:
            kinds.append(trade)
        elif trade.quantity:
            _LOG.warning("fill %s of order %s of %s has no price: the venue is asked for it", fill.id, fill.order_id, fill.symbol)
    return _events([*kinds, to_order(report.order())])


def balances(message: BinanceAccount, assets: Sequence[AssetNameExchange]) -> list[AssetBalance]:
    """The balances of the given assets, of all that the account holds where none is given. What it does not hold is zero.

    Raises:
        DecodeError: A number is none.
    """
    held = {AssetNameExchange(found.asset): _balance(found.free, found.locked) for found in message.balances}
    time = time_from_milliseconds(message.update_time)
    return [AssetBalance(asset, held.get(asset) or Balance(), time) for asset in assets or held]


def position_balances(message: AccountPosition) -> list[AccountEvent]:
    """The balances of an account position.

    Raises:
        DecodeError: A number is none.
    """
    time = time_from_milliseconds(message.update_time)
    return _events(
        AssetBalance(AssetNameExchange(found.asset), _balance(found.free, found.locked), time) for found in message.balances
    )


@in_money_context
def _balance(free: str, locked: str) -> Balance:
    available = amount("free", free)
    return Balance(available + amount("locked", locked), available)


def _events(kinds: Iterable[AccountEventKind]) -> list[AccountEvent]:
    return [AccountEvent(ExchangeId.BINANCE_SPOT, kind) for kind in kinds]
