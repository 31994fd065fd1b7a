"""From a configuration to the parts of a simulated exchange. Rust origin: none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from barter_python.errors import ConfigError
from barter_python.execution.exchange.simulated.account import Account
from barter_python.execution.exchange.simulated.clearing import Clearing
from barter_python.execution.exchange.simulated.config import InstrumentMargin, SimulatedExchangeConfig
from barter_python.execution.exchange.simulated.derivative import DerivativeSettlement
from barter_python.execution.exchange.simulated.fees import InstrumentFees
from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.exchange.simulated.market import InstrumentMarket
from barter_python.execution.exchange.simulated.settlement import Settlement
from barter_python.execution.exchange.simulated.spot import SpotSettlement
from barter_python.execution.order.order import Order, OrderKind
from barter_python.execution.order.request import OrderRequestOpen, RequestOpen
from barter_python.execution.order.state import Open
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentDefinition, InstrumentIndex
from barter_python.instrument.kind import FutureContract, Spot
from barter_python.numeric import ZERO, in_money_context

__all__ = ["Expiry", "FundingPayment", "adopt_orders", "schedule", "new_account", "new_markets"]


@dataclass(slots=True, frozen=True)
class FundingPayment:
    """When which position pays or receives how much."""

    time: datetime
    market: InstrumentMarket
    settlement: DerivativeSettlement
    rate: Decimal


@dataclass(slots=True, frozen=True)
class Expiry:
    """When the position of a future is settled."""

    time: datetime
    market: InstrumentMarket
    settlement: DerivativeSettlement


@in_money_context
def new_account(config: SimulatedExchangeConfig, instruments: IndexedInstruments) -> Account:
    """The account before its open orders are taken over.

    Raises:
        ConfigError: A balance is impossible.
    """
    for entry in config.initial_state.balances:
        total, free = entry.balance.total, entry.balance.free
        if not (total.is_finite() and free.is_finite() and ZERO <= free <= total):
            raise ConfigError(
                f"initial_state, balance of {str(entry.asset)!r}: total {total}, free {free}, expected free from zero to total"
            )
    assets = [str(keyed.value.asset.name_exchange) for keyed in instruments.assets() if keyed.value.exchange is config.exchange]
    return Account(config.initial_state.balances, assets)


def new_markets(
    config: SimulatedExchangeConfig, instruments: IndexedInstruments, clearing: Clearing
) -> dict[InstrumentIndex, InstrumentMarket]:
    """A market for each instrument of the venue, by index."""
    margins = {str(margin.instrument): margin for margin in config.margins}
    markets = {}
    for keyed in instruments.definitions(config.exchange):
        definition = keyed.value
        margin = margins.get(str(definition.name_exchange), InstrumentMargin(definition.name_exchange))
        settlement = _settlement(definition, margin, config, clearing)
        markets[keyed.key] = InstrumentMarket(definition, settlement, clearing, config)
    return markets


def _settlement(
    instrument: InstrumentDefinition, margin: InstrumentMargin, config: SimulatedExchangeConfig, clearing: Clearing
) -> Settlement:
    fees = InstrumentFees(config.fee, instrument)
    if isinstance(instrument.kind, Spot):
        return SpotSettlement(instrument, clearing.account, fees)
    return DerivativeSettlement(instrument, clearing.account, fees, margin, clearing.orders.live)


def schedule(config: SimulatedExchangeConfig, markets: Mapping[str, InstrumentMarket]) -> list[FundingPayment | Expiry]:
    """All funding payments and expiries, the last first."""
    due: list[FundingPayment | Expiry] = []
    for margin in config.margins:
        market = markets[str(margin.instrument)]
        if isinstance(market.settlement, DerivativeSettlement):
            due += [FundingPayment(item.time, market, market.settlement, item.rate) for item in margin.funding]
    for market in markets.values():
        kind = market.instrument.kind
        if isinstance(market.settlement, DerivativeSettlement) and isinstance(kind, FutureContract):
            due.append(Expiry(kind.expiry, market, market.settlement))
    due.sort(key=lambda item: item.time)
    due.reverse()
    return due


@in_money_context
def adopt_orders(
    config: SimulatedExchangeConfig, markets: Mapping[str, InstrumentMarket], clearing: Clearing
) -> Iterator[LiveOrder]:
    """Take over the open orders that the account starts with. They arrive at the book with the first market data.

    Raises:
        ConfigError: An order is no limit order, trades an unknown instrument, or is not covered by the balances.
    """
    adopted = [
        _adopt(order, markets, clearing)
        for snapshot in config.initial_state.instruments
        for order in snapshot.orders
        if isinstance(order.state, Open)
    ]
    clearing.account.adopt_reservations()
    return iter(adopted)


def _adopt(order: Order, markets: Mapping[str, InstrumentMarket], clearing: Clearing) -> LiveOrder:
    place = f"initial_state, order {order.key.cid!r}"
    market = markets.get(str(order.key.instrument))
    if market is None:
        raise ConfigError(f"{place}: instrument {str(order.key.instrument)!r} is not traded on {clearing.exchange.value!r}")
    if order.kind is not OrderKind.LIMIT:
        raise ConfigError(f"{place}: kind {order.kind}, expected Limit: no other order stays open")
    assert isinstance(order.state, Open), "only open orders are adopted"
    wanted = RequestOpen(order.side, order.price, order.quantity, order.kind, order.time_in_force)
    live = LiveOrder(order.state.id, OrderRequestOpen(order.key, wanted), order.state.time_exchange)
    live.filled = order.state.filled_quantity
    live.remaining = order.quantity - live.filled
    error = clearing.secure(market.settlement, live, [(order.price, live.remaining)])
    if error is not None:
        raise ConfigError(f"{place}: {error}")
    clearing.orders.add(live)
    market.wait_for_data(live)
    return live
