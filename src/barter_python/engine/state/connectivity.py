"""Health of the connections to every exchange. Rust origin: barter::engine::state::connectivity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Final

from barter_python.errors import ExchangeIndexError
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.index import IndexedInstruments

__all__ = ["ConnectivityState", "ConnectivityStates", "Health", "generate_empty_indexed_connectivity_states"]


class Health(Enum):
    """HEALTHY: events arrive. RECONNECTING: the connection is down, or was never up."""

    HEALTHY = "Healthy"
    RECONNECTING = "Reconnecting"


_HEALTHY: Final = Health.HEALTHY
_RECONNECTING: Final = Health.RECONNECTING


@dataclass(slots=True)
class ConnectivityState:
    """Health of the two connections to one exchange."""

    market_data: Health = _RECONNECTING
    account: Health = _RECONNECTING

    def all_healthy(self) -> bool:
        """Whether both are healthy."""
        return self.market_data is _HEALTHY and self.account is _HEALTHY


class ConnectivityStates:
    """Health of every connection.

    Attributes:
        global_health: HEALTHY only while every connection of every exchange is. Rust and the wire: `global`.
        exchanges: By exchange, in index order.
    """

    __slots__ = ("_states", "exchanges", "global_health")

    def __init__(self, global_health: Health, exchanges: dict[ExchangeId, ConnectivityState]) -> None:
        self.global_health: Health = global_health
        self.exchanges: dict[ExchangeId, ConnectivityState] = exchanges
        self._states = list(exchanges.values())

    def update_from_account_reconnecting(self, exchange: ExchangeId) -> None:
        """The account connection went down."""
        self.connectivity(exchange).account = _RECONNECTING
        self.global_health = _RECONNECTING

    def update_from_market_reconnecting(self, exchange: ExchangeId) -> None:
        """The market data connection went down."""
        self.connectivity(exchange).market_data = _RECONNECTING
        self.global_health = _RECONNECTING

    def update_from_account_event(self, exchange: ExchangeIndex) -> None:
        """An account event arrived, so the account connection is up."""
        if self.global_health is _HEALTHY:
            return
        state = self.connectivity_index(exchange)
        if state.account is not _HEALTHY:
            state.account = _HEALTHY
            self._update_global()

    def update_from_market_event(self, exchange: ExchangeId) -> None:
        """A market event arrived, so the market data connection is up.

        Raises:
            ExchangeIndexError: The exchange is not part of the run.
        """
        state = self.connectivity(exchange)
        if self.global_health is _HEALTHY:
            return
        if state.market_data is not _HEALTHY:
            state.market_data = _HEALTHY
            self._update_global()

    def _update_global(self) -> None:
        if all(state.all_healthy() for state in self._states):
            self.global_health = _HEALTHY

    def connectivity_index(self, key: ExchangeIndex) -> ConnectivityState:
        """Health of an exchange, by index.

        Raises:
            ExchangeIndexError: The index is out of range.
        """
        if 0 <= key < len(self._states):
            return self._states[key]
        raise ExchangeIndexError(f"ExchangeIndex({key}) is not tracked, expected less than {len(self._states)}")

    def connectivity(self, key: ExchangeId) -> ConnectivityState:
        """Health of an exchange, by id.

        Raises:
            ExchangeIndexError: The exchange is not part of the run.
        """
        state = self.exchanges.get(key)
        if state is None:
            known = ", ".join(exchange.value for exchange in self.exchanges) or "none"
            raise ExchangeIndexError(f"exchange {key.value!r} is not tracked, expected one of: {known}")
        return state

    def exchange_ids(self) -> list[ExchangeId]:
        """Every exchange, in index order."""
        return list(self.exchanges)

    def exchange_states(self) -> list[ConnectivityState]:
        """Health of every exchange, in index order."""
        return list(self._states)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ConnectivityStates)
            and self.global_health is other.global_health
            and self.exchanges == other.exchanges
        )

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"ConnectivityStates({self.global_health}, {self.exchanges!r})"


def generate_empty_indexed_connectivity_states(instruments: IndexedInstruments) -> ConnectivityStates:
    """Every connection of every exchange, none of them up yet."""
    return ConnectivityStates(_RECONNECTING, {keyed.value: ConnectivityState() for keyed in instruments.exchanges()})
