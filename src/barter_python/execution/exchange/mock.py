"""The simple exchange of Rust barter: market orders are filled at once, completely, at their own price.

It knows nothing of the market; it is there for parity with Rust and for tests of strategies. What differs from Rust
(divergence 2): both legs of a trade are booked, a cancel is answered, and nothing that is requested makes it raise. Fill prices
have at most 12 significant digits and fees at most 16 decimals, as at a venue, so that balances reconcile with trades and fees to
the last digit: a price that was computed, as a micro price is, has as many digits as a number can have.

Rust origin: barter_execution::exchange::mock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Context, Decimal
from typing import Final

from barter_python.data.event import MarketEvent
from barter_python.errors import ConfigError
from barter_python.execution.account import AccountEvent, AccountEventKind, AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.error import (
    BalanceInsufficient,
    InstrumentInvalid,
    OrderAlreadyCancelled,
    OrderAlreadyFullyFilled,
    OrderError,
    OrderRejected,
)
from barter_python.execution.exchange.model.fee import Fees, PairAsset, PercentFees
from barter_python.execution.order.id import ClientOrderId, OrderId
from barter_python.execution.order.order import Order, OrderKind
from barter_python.execution.order.request import (
    OrderRequest,
    OrderRequestCancel,
    OrderRequestOpen,
    OrderResponseCancel,
    RequestOpen,
)
from barter_python.execution.order.state import Cancelled, Open, OpenFailed, OrderState
from barter_python.execution.trade import AssetFees, Liquidity, Trade, TradeId
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.kind import Spot
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, in_money_context, rounded_amount

__all__ = ["MockExchange"]

_PRICES: Final = Context(prec=12)
_FILLED: Final = OrderAlreadyFullyFilled()


class MockExchange:
    """An account at a venue where every market order is filled.

    A buyer pays price times quantity in the quote asset and receives the quantity, a seller the other way round. The fee is in
    the quote asset, as in Rust, unless another one is named.

    How long requests and answers travel is the matter of whoever drives it.

    Args:
        exchange: Which exchange is mocked.
        initial_state: Balances and orders to start with, under the venue's names.
        fees_percent: Fee of a trade as a fraction of its value: 0.05 charges five percent.
        instruments: The instruments of that exchange; all must be spot.
        fee_asset: In which asset of the pair fees are charged.

    Attributes:
        is_passive: Always: it does not look at the market.
        time_next: Always None: time alone brings nothing about.

    Raises:
        ConfigError: An instrument is not spot.
    """

    def __init__(
        self,
        exchange: ExchangeId,
        initial_state: AccountSnapshot,
        fees_percent: Decimal,
        instruments: Iterable[InstrumentDefinition],
        fee_asset: PairAsset = "quote",
    ) -> None:
        self.is_passive: Final = True
        self.time_next: Final = None
        self.exchange = exchange
        self._fee_model = PercentFees(fees_percent, fees_percent, fee_asset)
        self._instruments: dict[str, InstrumentDefinition] = {}
        self._balances: dict[str, Balance] = {}
        self._orders_open: dict[ClientOrderId, Order] = {}
        self._orders_closed: dict[ClientOrderId, OrderError] = {}
        self._orders_cancelled: list[Order] = []
        self._order_sequence = 0
        for instrument in instruments:
            self._add_instrument(instrument)
        for balance in initial_state.balances:
            self._balances[str(balance.asset)] = balance.balance
        for snapshot in initial_state.instruments:
            for order in snapshot.orders:
                self._adopt(order)

    def _add_instrument(self, instrument: InstrumentDefinition) -> None:
        if not isinstance(instrument.kind, Spot):
            raise ConfigError(
                f"instrument {instrument.name_exchange!r} of {self.exchange.value!r}: kind {type(instrument.kind).__name__}, "
                "expected spot: the mock exchange trades nothing else"
            )
        self._instruments[instrument.name_exchange] = instrument
        for asset in (instrument.underlying.base, instrument.underlying.quote):
            self._balances.setdefault(asset.name_exchange, Balance())

    def _adopt(self, order: Order) -> None:
        if isinstance(order.state, Open):
            self._orders_open[order.key.cid] = order
        elif isinstance(order.state, Cancelled):
            self._orders_cancelled.append(order)
            self._orders_closed[order.key.cid] = OrderAlreadyCancelled()

    def balances(self) -> dict[str, Balance]:
        """What the account holds, by the venue's asset name."""
        return dict(self._balances)

    def account_snapshot(self, time_exchange: datetime) -> AccountSnapshot:
        """Balances and orders, stamped with the venue's time."""
        balances = [self._asset_balance(name, time_exchange) for name in self._balances]
        orders: dict[str, list[Order]] = {name: [] for name in sorted(self._instruments)}
        for order in [*self._orders_open.values(), *self._orders_cancelled]:
            orders.setdefault(str(order.key.instrument), []).append(order)
        return AccountSnapshot(
            self.exchange,
            balances,
            [InstrumentAccountSnapshot(InstrumentNameExchange(name), found) for name, found in orders.items()],
        )

    @in_money_context
    def on_request(self, request: OrderRequest, time: datetime) -> list[AccountEvent]:
        """Take a request that arrives at `time`; returns what happened to the account, in order."""
        kinds = self._open(request, time) if isinstance(request, OrderRequestOpen) else self._cancel(request, time)
        return [AccountEvent(self.exchange, kind) for kind in kinds]

    def on_market(self, _: MarketEvent) -> tuple[AccountEvent, ...]:
        """Nothing: the mock exchange does not look at the market."""
        return ()

    def on_time(self, _: datetime) -> list[AccountEvent]:
        """Nothing: no order of the mock exchange expires."""
        return []

    def _open(self, request: OrderRequestOpen, time_exchange: datetime) -> list[AccountEventKind]:
        error = self._refusal(request)
        if error is None:
            return self._fill(request, self._instruments[str(request.key.instrument)], time_exchange)
        return [_order(request, OpenFailed(error))]

    def _refusal(self, request: OrderRequestOpen) -> OrderError | None:
        """Why an order cannot be filled; None where it can."""
        name, wanted = str(request.key.instrument), request.state
        instrument = self._instruments.get(name)
        if instrument is None:
            return InstrumentInvalid(InstrumentNameExchange(name), f"not traded on {self.exchange.value}")
        if wanted.kind is not OrderKind.MARKET:
            return OrderRejected(f"kind {wanted.kind}, the mock exchange supports Market only")
        for member, value in (("quantity", wanted.quantity), ("price", wanted.price)):
            if not value.is_finite() or value <= ZERO:
                return OrderRejected(f"{member} {value}, expected a positive number")
        if request.key.cid in self._orders_open or request.key.cid in self._orders_closed:
            return OrderRejected(f"cid {request.key.cid!r} was used before, expected a new one")
        return self._shortage(instrument, wanted)

    def _shortage(self, instrument: InstrumentDefinition, wanted: RequestOpen) -> BalanceInsufficient | None:
        changes, _ = self._changes(instrument, wanted)
        for name, change in changes.items():
            free = self._balances[name].free
            if free + change < ZERO:
                return BalanceInsufficient(AssetNameExchange(name), f"free {free}, required including fees {-change}")
        return None

    def _changes(self, instrument: InstrumentDefinition, wanted: RequestOpen) -> tuple[dict[str, Decimal], Fees]:
        """What a fill adds to base and quote, and what of that is the fee."""
        price = _fill_price(wanted.price)
        fees = self._fee_model.fees(instrument, wanted.side, price, wanted.quantity, False)
        fees = Fees(fees.asset, rounded_amount(fees.amount), fees.amount_quote)
        sign = 1 if wanted.side is Side.BUY else -1
        base, quote = instrument.underlying.base.name_exchange, instrument.underlying.quote.name_exchange
        changes: dict[str, Decimal] = {base: sign * wanted.quantity, quote: -sign * price * wanted.quantity}
        changes[fees.asset] -= fees.amount
        return changes, fees

    def _fill(
        self, request: OrderRequestOpen, instrument: InstrumentDefinition, time_exchange: datetime
    ) -> list[AccountEventKind]:
        wanted = request.state
        changes, fees = self._changes(instrument, wanted)
        price = _fill_price(wanted.price)
        for asset, amount in changes.items():
            self._book(asset, amount)
        order_id = OrderId(str(self._order_sequence))
        self._order_sequence += 1
        self._orders_closed[request.key.cid] = _FILLED
        trade = Trade(
            TradeId(order_id),
            order_id,
            request.key.instrument,
            request.key.strategy,
            time_exchange,
            wanted.side,
            price,
            wanted.quantity,
            AssetFees.quote_fees(rounded_amount(fees.in_quote(instrument, price))),
            Liquidity.TAKER,
            AssetFees(fees.asset, fees.amount),
        )
        # The order comes last: before it, the engine would see neither an order nor a position, and the strategy
        # might order again.
        return [
            *(self._asset_balance(asset, time_exchange) for asset in changes),
            trade,
            _order(request, Open(order_id, time_exchange, wanted.quantity)),
        ]

    def _book(self, asset: str, amount: Decimal) -> None:
        balance = self._balances[asset]
        self._balances[asset] = Balance(balance.total + amount, balance.free + amount)

    def _cancel(self, request: OrderRequestCancel, time_exchange: datetime) -> list[AccountEventKind]:
        cid = request.key.cid
        order = self._orders_open.pop(cid, None)
        if order is None:
            error = self._orders_closed.get(cid, OrderRejected(f"unknown order {cid!r}"))
            return [OrderResponseCancel(request.key, error)]
        assert isinstance(order.state, Open), "only open orders are kept as open"
        cancelled = Cancelled(order.state.id, time_exchange)
        self._orders_closed[cid] = OrderAlreadyCancelled()
        self._orders_cancelled.append(order.with_state(cancelled))
        return [OrderResponseCancel(request.key, cancelled), *self._release(order, time_exchange)]

    def _release(self, order: Order, time_exchange: datetime) -> list[AccountEventKind]:
        """Free what a cancelled order of the initial state had reserved, as far as anything is reserved."""
        instrument = self._instruments.get(str(order.key.instrument))
        if instrument is None or not isinstance(order.state, Open):
            return []
        reserved = order.state.quantity_remaining(order.quantity)
        asset = instrument.underlying.base.name_exchange
        if order.side is Side.BUY:
            asset, reserved = instrument.underlying.quote.name_exchange, reserved * order.price
        balance = self._balances[asset]
        self._balances[asset] = Balance(balance.total, min(balance.total, balance.free + reserved))
        return [self._asset_balance(asset, time_exchange)]

    def _asset_balance(self, asset: str, time_exchange: datetime) -> AssetBalance:
        return AssetBalance(AssetNameExchange(asset), self._balances[asset], time_exchange)


def _order(request: OrderRequestOpen, state: OrderState) -> Order:
    wanted = request.state
    return Order(request.key, wanted.side, wanted.price, wanted.quantity, wanted.kind, wanted.time_in_force, state)


def _fill_price(price: Decimal) -> Decimal:
    rounded = _PRICES.plus(price)
    return price if rounded == price else rounded
