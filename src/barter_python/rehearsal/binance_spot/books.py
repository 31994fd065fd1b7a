"""What the venue knows of the account: balances, orders, trades. Rust origin: none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from barter_python.execution.balance import Balance
from barter_python.execution.order.order import OrderKind, TimeInForce, Trigger
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, in_money_context

__all__ = ["Books", "VenueOrder", "VenueTrade"]


@dataclass(slots=True, frozen=True)
class VenueTrade:
    """A fill of the account.

    Attributes:
        id: The venue's id, counted over all symbols.
        order_id: The venue's id of the order.
        symbol: The venue's name of the instrument.
        side: Bought or sold.
        price: In quote currency.
        quantity: In base units.
        commission: In units of `commission_asset`, negative for a rebate.
        commission_asset: The venue's name of the asset.
        time: The venue's stamp, aware UTC.
        is_maker: Whether the order rested before.
    """

    id: int
    order_id: int
    symbol: str
    side: Side
    price: Decimal
    quantity: Decimal
    commission: Decimal
    commission_asset: str
    time: datetime
    is_maker: bool

    @property
    @in_money_context
    def quote_quantity(self) -> Decimal:
        """Price times quantity."""
        return self.price * self.quantity


@dataclass(slots=True)
class VenueOrder:
    """An order as the venue keeps it.

    Attributes:
        id: The venue's id.
        symbol: The venue's name of the instrument.
        client_id: The client's name of the order, unique among open orders only.
        side: Buy or sell.
        type: Such as `LIMIT_MAKER`, as it was sent.
        kind: Market or limit.
        time_in_force: How long it lives.
        price: Limit price, zero for a market order.
        quantity: In base units.
        trigger: What it waits for; None where it arrives at once.
        time: When it arrived, aware UTC.
        status: `NEW`, `PARTIALLY_FILLED`, `FILLED`, `CANCELED` or `EXPIRED`.
        update_time: Of the last change, aware UTC.
        executed: Filled so far, in base units.
        quote_executed: The same in quote currency.
        expiry_reason: The venue's word for why it expired; empty where it has not.
        trades: Its fills, in order.
        is_acknowledged: Whether its owner was told that it is new.
    """

    id: int
    symbol: str
    client_id: str
    side: Side
    type: str
    kind: OrderKind
    time_in_force: TimeInForce
    price: Decimal
    quantity: Decimal
    trigger: Trigger | None
    time: datetime
    status: str = "NEW"
    update_time: datetime = field(init=False)
    executed: Decimal = ZERO
    quote_executed: Decimal = ZERO
    expiry_reason: str = ""
    trades: list[VenueTrade] = field(default_factory=list)
    is_acknowledged: bool = False

    def __post_init__(self) -> None:
        self.update_time = self.time

    @property
    def is_open(self) -> bool:
        """Whether it may still be filled."""
        return self.status in ("NEW", "PARTIALLY_FILLED")


@dataclass(slots=True, frozen=True)
class Books:
    """The account at a moment; a copy that nothing changes any more.

    Attributes:
        time: The venue's, aware UTC.
        balances: By the venue's name of the asset.
        orders: All there ever were, oldest first.
        trades: All there ever were, oldest first.
    """

    time: datetime
    balances: Mapping[str, Balance]
    orders: tuple[VenueOrder, ...]
    trades: tuple[VenueTrade, ...]

    def open_orders(self) -> tuple[VenueOrder, ...]:
        """Those that may still be filled."""
        return tuple(order for order in self.orders if order.is_open)

    def order(self, client_id: str) -> VenueOrder:
        """The latest order of that name.

        Raises:
            LookupError: There is none.
        """
        for order in reversed(self.orders):
            if order.client_id == client_id:
                return order
        known = ", ".join(order.client_id for order in self.orders) or "none"
        raise LookupError(f"client order id is {client_id!r}, expected one of: {known}")

    @in_money_context
    def position(self, symbol: str) -> Decimal:
        """What was bought less what was sold of a symbol, in base units, commissions apart."""
        signed = (
            trade.quantity if trade.side is Side.BUY else -trade.quantity for trade in self.trades if trade.symbol == symbol
        )
        return sum(signed, ZERO)
