"""What the venue says, on its way to the engine. Rust origin: barter::execution::manager."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from barter_python.errors import IndexLookupError
from barter_python.execution.account import AccountEvent, AccountEventKind, AccountSnapshot, AccountStreamEvent
from barter_python.execution.balance import AssetBalance
from barter_python.execution.error import OrderError, OrderRejected
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.link.balance_comparison import BalanceComparison
from barter_python.execution.link.in_flight import InFlight
from barter_python.execution.link.order_tracker import OrderTracker
from barter_python.execution.link.quarantine import Quarantine
from barter_python.execution.link.tracked_order import TrackedOrder
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderResponseCancel
from barter_python.execution.order.state import Cancelled, OpenFailed

__all__ = ["AccountIntake"]


class AccountIntake:
    """Everything about the account passes here: what is news goes on, with the engine's indexes.

    Args:
        indexer: Translates the venue's names.
        orders: Knows what is news.
        in_flight: Is told what the engine was told.
        quarantine: Keeps aside what cannot be indexed.
        emit: Takes the rest.
        ask_about: Is told which orders the venue has to be asked about.

    Attributes:
        orders: As above.
        balances: The balances that the engine was told.
    """

    def __init__(
        self,
        indexer: AccountEventIndexer,
        orders: OrderTracker,
        in_flight: InFlight,
        quarantine: Quarantine,
        emit: Callable[[AccountStreamEvent], None],
        ask_about: Callable[[TrackedOrder], None],
    ) -> None:
        self._indexer = indexer
        self._venue = indexer.map.exchange.value
        self.orders = orders
        self.balances = BalanceComparison()
        self._in_flight = in_flight
        self._quarantine = quarantine
        self._emit = emit
        self._ask_about = ask_about

    def take(self, kind: AccountEventKind, *, is_answer: bool = False) -> None:
        """The venue says something, under its names: on its stream, where it was asked, or in the answer to a request."""
        self.tell(self.orders.take(kind, is_answer=is_answer))

    def tell(self, kinds: Iterable[AccountEventKind]) -> None:
        """Tell the engine, under the venue's names."""
        for kind in kinds:
            indexed = self._quarantine.account_event(AccountEvent(self._venue, self._in_words(kind)))
            if indexed is not None:
                self._emit(indexed)
            self._in_flight.told(kind)
            for balance in _balances(kind):
                self.balances.told(balance)
        for order in self.orders.newly_due():
            self._ask_about(order)

    def _in_words(self, kind: AccountEventKind) -> AccountEventKind:
        """An answer is never lost: where an error names what is not part of the run, it is told in words."""
        if isinstance(kind, Order) and isinstance(kind.state, OpenFailed):
            return (
                kind if self._is_indexed(kind.state.error) else kind.with_state(OpenFailed(OrderRejected(str(kind.state.error))))
            )
        if isinstance(kind, OrderResponseCancel) and not isinstance(kind.state, Cancelled) and not self._is_indexed(kind.state):
            return OrderResponseCancel(kind.key, OrderRejected(str(kind.state)))
        return kind

    def _is_indexed(self, error: OrderError) -> bool:
        try:
            self._indexer.order_error(error)
        except IndexLookupError:
            return False
        return True


def _balances(kind: AccountEventKind) -> Iterable[AssetBalance]:
    if isinstance(kind, AssetBalance):
        return (kind,)
    return kind.balances if isinstance(kind, AccountSnapshot) else ()
