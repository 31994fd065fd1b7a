"""How well orders were executed: fees, liquidity, fill ratio, slippage, time to fill.

All figures come from the record of a backtest. What is compared with is the price of the instrument as the engine knew it when it
sent the order, so that latency, spread, slippage and queueing all count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from barter_python.execution.order.id import ClientOrderId, OrderId
from barter_python.execution.order.request import OrderRequestOpen, RequestOpen
from barter_python.execution.order.state import Cancelled, Open
from barter_python.execution.trade import AssetFees, Liquidity, Trade
from barter_python.instrument.asset import AssetIndex, AssetNameInternal
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import IndexedInstrument, InstrumentKey
from barter_python.instrument.kind import contract_size
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, in_money_context
from barter_python.result.record import BacktestRecord

__all__ = ["ExecutionQuality", "execution_quality"]

_BASIS_POINTS: Final = Decimal(10_000)


@dataclass(slots=True)
class ExecutionQuality:
    """Figures of one instrument. Ratios are None where there is nothing to divide by.

    Attributes:
        orders: Number of orders sent, those included that were refused.
        trades: Number of fills.
        fees: Paid, by the asset in which the venue took them; negative for a rebate.
        maker_share: Value of the fills that provided liquidity / value of the fills of which that is known, from 0 to 1.
        fill_ratio: Quantity filled / quantity ordered, from 0 to 1.
        slippage: Cost in quote currency of having been filled at other prices than the one at which the order was sent; negative
            where they were better. Fees are not part of it.
        slippage_basis_points: The same per value at that price, in hundredths of a percent.
        time_to_fill_mean: From sending an order until the venue had filled all of it; orders that were not are left out.
        time_to_fill_max: The longest.
    """

    orders: int
    trades: int
    fees: dict[AssetNameInternal, Decimal]
    maker_share: Decimal | None
    fill_ratio: Decimal | None
    slippage: Decimal | None
    slippage_basis_points: Decimal | None
    time_to_fill_mean: timedelta | None
    time_to_fill_max: timedelta | None


def execution_quality(record: BacktestRecord, instruments: IndexedInstruments) -> dict[InstrumentNameInternal, ExecutionQuality]:
    """The figures of every instrument for which orders were sent or filled, in index order."""
    collected: dict[InstrumentKey, _Collected] = {}
    for (time, request), price in zip(record.requests, record.prices, strict=True):
        if isinstance(request, OrderRequestOpen):
            collected.setdefault(request.key.instrument, _Collected()).send(request, _Sent(time, request.state, price))
    for order in record.orders:
        found = collected.get(order.key.instrument)
        if found is not None and isinstance(order.state, Open | Cancelled):
            found.name(order.state.id, order.key.cid)
    for trade in record.trades:
        collected.setdefault(trade.instrument, _Collected()).fill(trade)
    return {
        keyed.value.name_internal: _figures(instruments, keyed.value, collected[keyed.key])
        for keyed in instruments.instruments()
        if keyed.key in collected
    }


@dataclass(slots=True)
class _Sent:
    """An order on its way through the record."""

    time: datetime
    wanted: RequestOpen
    price: Decimal | None
    filled: Decimal = ZERO
    time_filled: datetime | None = None

    def take(self, trade: Trade) -> None:
        self.filled += abs(trade.quantity)
        if self.filled >= self.wanted.quantity:
            self.time_filled = trade.time_exchange


@dataclass(slots=True)
class _Collected:
    """What the record has on one instrument."""

    sent: list[_Sent] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    by_cid: dict[ClientOrderId, _Sent] = field(default_factory=dict)
    by_id: dict[OrderId, _Sent] = field(default_factory=dict)

    def send(self, request: OrderRequestOpen, sent: _Sent) -> None:
        """A client order id that was used before is refused: what is filled is the first order of that name."""
        self.sent.append(sent)
        self.by_cid.setdefault(request.key.cid, sent)

    def name(self, order_id: OrderId, cid: ClientOrderId) -> None:
        """The venue has given an order a name."""
        if cid in self.by_cid:
            self.by_id[order_id] = self.by_cid[cid]

    def fill(self, trade: Trade) -> None:
        found = self.by_id.get(trade.order_id)
        if found is not None:
            found.take(trade)
        self.trades.append(trade)


@in_money_context
def _figures(instruments: IndexedInstruments, instrument: IndexedInstrument, collected: _Collected) -> ExecutionQuality:
    size = contract_size(instrument.kind)
    trades = collected.trades
    slippage, value_sent = _slippage(collected, size)
    mean, longest = _times_to_fill(collected.sent)
    return ExecutionQuality(
        orders=len(collected.sent),
        trades=len(trades),
        fees=_fees(instruments, instrument, trades),
        maker_share=_ratio(_value(trades, Liquidity.MAKER), _value(trades, *Liquidity)),
        fill_ratio=_ratio(
            sum((abs(trade.quantity) for trade in trades), ZERO), sum((sent.wanted.quantity for sent in collected.sent), ZERO)
        ),
        slippage=slippage if value_sent else None,
        slippage_basis_points=_ratio(slippage * _BASIS_POINTS, value_sent),
        time_to_fill_mean=mean,
        time_to_fill_max=longest,
    )


def _times_to_fill(orders: Iterable[_Sent]) -> tuple[timedelta | None, timedelta | None]:
    """Mean and longest."""
    count, total, longest = 0, timedelta(), timedelta()
    for sent in orders:
        if sent.time_filled is not None:
            time = sent.time_filled - sent.time
            count, total, longest = count + 1, total + time, max(longest, time)
    return (total / count, longest) if count else (None, None)


def _slippage(collected: _Collected, size: Decimal) -> tuple[Decimal, Decimal]:
    """Cost against the price at the time of sending, and the value at that price, both in quote currency."""
    cost = value = ZERO
    for trade in collected.trades:
        sent = collected.by_id.get(trade.order_id)
        if sent is not None and sent.price is not None:
            quantity = abs(trade.quantity) * size
            worse = trade.price - sent.price if trade.side is Side.BUY else sent.price - trade.price
            cost += worse * quantity
            value += sent.price * quantity
    return cost, value


def _fees(
    instruments: IndexedInstruments, instrument: IndexedInstrument, trades: Iterable[Trade]
) -> dict[AssetNameInternal, Decimal]:
    """Where a venue does not tell what it took, the fees in quote currency count."""
    paid: dict[AssetNameInternal, Decimal] = {}
    for trade in trades:
        charged = AssetFees(instrument.underlying.quote, trade.fees.fees) if trade.fees_charged is None else trade.fees_charged
        name = _asset_name(instruments, charged.asset)
        paid[name] = paid.get(name, ZERO) + charged.fees
    return paid


def _asset_name(instruments: IndexedInstruments, asset: object) -> AssetNameInternal:
    """An asset that no instrument uses has no internal name but the venue's."""
    return (
        instruments.find_asset(AssetIndex(asset)).asset.name_internal if isinstance(asset, int) else AssetNameInternal(str(asset))
    )


def _value(trades: Iterable[Trade], *liquidity: Liquidity) -> Decimal:
    return sum((trade.value_quote() for trade in trades if trade.liquidity in liquidity), ZERO)


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    if not whole:
        return None
    return part / whole if part else ZERO
