"""The questions that a strategy answers, and the default answers. Rust origin: barter::strategy."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, Protocol, TypeAlias

from barter_python.engine.state.global_data import DefaultGlobalData, GlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData, InstrumentDataState
from barter_python.engine.state.instrument.filter import InstrumentFilter
from barter_python.engine.state.instrument.state import InstrumentState
from barter_python.engine.state.state import EngineState
from barter_python.execution.order.id import ClientOrderIdSequence, StrategyId
from barter_python.execution.order.order import OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, RequestOpen
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import IndexedInstrument, InstrumentIndex
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.side import Side
from barter_python.strategy.close_positions import close_what_is_not_being_closed
from barter_python.strategy.engine import StrategyEngine

__all__ = [
    "NO_ORDERS",
    "AlgoOrders",
    "AlgoStrategy",
    "ClosePositionsStrategy",
    "DataStrategy",
    "DefaultStrategy",
    "OnDisconnectStrategy",
    "OnTradingDisabledStrategy",
    "SessionStrategy",
    "Strategy",
]

AlgoOrders: TypeAlias = tuple[Iterable[OrderRequestCancel], Iterable[OrderRequestOpen]]
"""Orders to cancel, and orders to open."""

NO_ORDERS: Final[AlgoOrders] = ((), ())
"""The answer of a strategy that wants nothing; returning it costs nothing."""


class AlgoStrategy(Protocol):
    """Which orders do you want now?"""

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        """Asked after every event while trading is enabled. The answer goes to the risk manager, then to the exchanges."""
        ...


class ClosePositionsStrategy(Protocol):
    """Which orders close the positions of these instruments?"""

    def close_positions_requests(
        self,
        state: EngineState[Any, Any],
        filter: InstrumentFilter,  # noqa: A002 - barter's name
        /,
    ) -> AlgoOrders:
        """Asked by the command `ClosePositions`. The answer bypasses the risk manager."""
        ...


class OnDisconnectStrategy(Protocol):
    """What do you do when a connection is lost?"""

    def on_disconnect(self, engine: StrategyEngine[Any, Any], exchange: ExchangeId, /) -> object:
        """Called with the engine, for example to cancel orders; the result enters the audit."""
        ...


class OnTradingDisabledStrategy(Protocol):
    """What do you do when trading is switched off? Rust: `OnTradingDisabled`."""

    def on_trading_disabled(self, engine: StrategyEngine[Any, Any], /) -> object:
        """Called with the engine, for example to cancel orders; the result enters the audit."""
        ...


class DataStrategy(Protocol):
    """Which data of yours shall the engine keep up to date? Rust's users give it to the builder of the state."""

    def instrument_data(self, instrument: Keyed[InstrumentIndex, IndexedInstrument], /) -> InstrumentDataState:
        """Called once for each instrument, before the first event."""
        ...

    def global_data(self) -> GlobalData:
        """Called once, before the first event; for data across instruments."""
        ...


class SessionStrategy(Protocol):
    """Which client order ids does a session use? Rust's are random."""

    def begin_session(self, tag: str, /) -> None:
        """Put a tag into the client order ids, which no other session of the account has. Called on paper and live."""
        ...


class Strategy(
    AlgoStrategy,
    ClosePositionsStrategy,
    OnDisconnectStrategy,
    OnTradingDisabledStrategy,
    DataStrategy,
    SessionStrategy,
    Protocol,
):
    """All answers. Subclass `DefaultStrategy` to give only some of them yourself."""


class DefaultStrategy:
    """Wants no orders, closes positions with market orders, does nothing on a disconnect or when disabled, keeps stock data.

    Attributes:
        id: Owner of the orders.
        cids: Source of client order ids.
    """

    def __init__(self, id: str = "default") -> None:  # noqa: A002 - barter's name
        self.id: StrategyId = StrategyId(id)
        self.cids: ClientOrderIdSequence = ClientOrderIdSequence(id)

    def begin_session(self, tag: str, /) -> None:
        """Put a tag into the client order ids, so that they are not those of an earlier session whose orders may be open.

        Call it before the first order of a live or a paper session. Backtests need none.

        Args:
            tag: See `execution.order.id.session_tag`. The same tag gives the same ids again.

        Raises:
            ConfigError: The id of the strategy has characters that venues do not take.
        """
        self.cids.begin_session(tag)

    def instrument_data(self, instrument: Keyed[InstrumentIndex, IndexedInstrument], /) -> InstrumentDataState:
        """Keep the best bid and ask, and the last traded price."""
        return DefaultInstrumentMarketData()

    def global_data(self) -> GlobalData:
        """Keep nothing."""
        return DefaultGlobalData()

    def market_order(self, instrument: InstrumentState[Any], side: Side, quantity: Decimal, price: Decimal) -> OrderRequestOpen:
        """A request for a market order under the next client order id.

        Args:
            instrument: Which instrument.
            side: Buy or sell.
            quantity: In base units or contracts, positive.
            price: The expected price, in quote currency.
        """
        key = OrderKey(instrument.instrument.exchange, instrument.key, self.id, self.cids.next())
        return OrderRequestOpen(key, RequestOpen(side, price, quantity, OrderKind.MARKET, TimeInForce.IMMEDIATE_OR_CANCEL))

    def limit_order(
        self,
        instrument: InstrumentState[Any],
        side: Side,
        quantity: Decimal,
        price: Decimal,
        time_in_force: TimeInForce = TimeInForce.GOOD_UNTIL_CANCELLED,
    ) -> OrderRequestOpen:
        """A request for a limit order under the next client order id; arguments as of `market_order`."""
        key = OrderKey(instrument.instrument.exchange, instrument.key, self.id, self.cids.next())
        return OrderRequestOpen(key, RequestOpen(side, price, quantity, OrderKind.LIMIT, time_in_force))

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        """Want nothing."""
        return NO_ORDERS

    def close_positions_requests(
        self,
        state: EngineState[Any, Any],
        filter: InstrumentFilter,  # noqa: A002 - barter's name
        /,
    ) -> AlgoOrders:
        """Close what of each position is not being closed yet with one immediate market order at the current price.

        Asked again before the fill, it orders nothing more. See `close_what_is_not_being_closed` for lots, dust, and contracts.
        """
        return close_what_is_not_being_closed(self.id, state, filter, self.cids.next)

    def on_disconnect(self, engine: StrategyEngine[Any, Any], exchange: ExchangeId, /) -> object:
        """Do nothing."""
        return None

    def on_trading_disabled(self, engine: StrategyEngine[Any, Any], /) -> object:
        """Do nothing."""
        return None
