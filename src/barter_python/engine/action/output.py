"""Reports of what the engine did. Rust origin: barter::engine::action, barter::engine::EngineOutput."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Generic, TypeAlias, TypeVar

from barter_python.engine.error import EngineError, UnrecoverableEngineError, is_unrecoverable
from barter_python.errors import BarterError
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen
from barter_python.execution.position import PositionExited
from barter_python.risk.manager import RiskRefused

__all__ = [
    "AccountDisconnect",
    "ActionOutput",
    "CancelOrdersOutput",
    "Commanded",
    "EngineOutput",
    "EventRefused",
    "GenerateAlgoOrdersOutput",
    "MarketDisconnect",
    "OnTradingDisabled",
    "OpenOrdersOutput",
    "SendCancelsAndOpensOutput",
    "SendRequestsOutput",
    "UpdateFromAccountOutput",
    "UpdateFromMarketOutput",
    "UpdateTradingStateOutput",
]

RequestT = TypeVar("RequestT", OrderRequestCancel, OrderRequestOpen)


class SendRequestsOutput(Generic[RequestT]):
    """Which requests were sent.

    Attributes:
        sent: Handed over, in order.
        errors: Not handed over, each with the reason, in order.
    """

    __slots__ = ("errors", "sent")

    def __init__(self, sent: tuple[RequestT, ...] = (), errors: tuple[tuple[RequestT, EngineError], ...] = ()) -> None:
        self.sent: tuple[RequestT, ...] = sent
        self.errors: tuple[tuple[RequestT, EngineError], ...] = errors

    def is_empty(self) -> bool:
        """Whether there was nothing to send."""
        return not self.sent and not self.errors

    def unrecoverable_errors(self) -> tuple[UnrecoverableEngineError, ...]:
        """The errors after which the engine has to stop."""
        return tuple(error for _, error in self.errors if is_unrecoverable(error))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SendRequestsOutput) and self.sent == other.sent and self.errors == other.errors

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"SendRequestsOutput(sent={self.sent!r}, errors={self.errors!r})"


@dataclass(slots=True)
class SendCancelsAndOpensOutput:
    """Which cancels and opens were sent."""

    cancels: SendRequestsOutput[OrderRequestCancel] = field(default_factory=SendRequestsOutput)
    opens: SendRequestsOutput[OrderRequestOpen] = field(default_factory=SendRequestsOutput)

    def is_empty(self) -> bool:
        """Whether there was nothing to send."""
        return self.cancels.is_empty() and self.opens.is_empty()

    def unrecoverable_errors(self) -> tuple[UnrecoverableEngineError, ...]:
        """The errors after which the engine has to stop, those of cancels first."""
        return self.cancels.unrecoverable_errors() + self.opens.unrecoverable_errors()


@dataclass(slots=True)
class GenerateAlgoOrdersOutput:
    """What became of the strategy's orders.

    Attributes:
        cancels_and_opens: Approved by the risk manager and sent, or not sent for an error.
        cancels_refused: Refused by the risk manager.
        opens_refused: Refused by the risk manager.
    """

    cancels_and_opens: SendCancelsAndOpensOutput = field(default_factory=SendCancelsAndOpensOutput)
    cancels_refused: tuple[RiskRefused[OrderRequestCancel], ...] = ()
    opens_refused: tuple[RiskRefused[OrderRequestOpen], ...] = ()

    def is_empty(self) -> bool:
        """Whether the strategy wanted nothing."""
        return self.cancels_and_opens.is_empty() and not self.cancels_refused and not self.opens_refused

    def unrecoverable_errors(self) -> tuple[UnrecoverableEngineError, ...]:
        """The errors after which the engine has to stop."""
        return self.cancels_and_opens.unrecoverable_errors()


@dataclass(slots=True)
class CancelOrdersOutput:
    """Cancels sent by command. Rust: `ActionOutput::CancelOrders`."""

    output: SendRequestsOutput[OrderRequestCancel]


@dataclass(slots=True)
class OpenOrdersOutput:
    """Opens sent by command. Rust: `ActionOutput::OpenOrders`."""

    output: SendRequestsOutput[OrderRequestOpen]


ActionOutput: TypeAlias = GenerateAlgoOrdersOutput | CancelOrdersOutput | OpenOrdersOutput | SendCancelsAndOpensOutput
"""Result of a command; `SendCancelsAndOpensOutput` is that of closing positions."""


@dataclass(slots=True)
class Commanded:
    """A command was obeyed."""

    output: ActionOutput


@dataclass(slots=True)
class OnTradingDisabled:
    """Trading was switched off; `output` is what the strategy's hook returned."""

    output: object = None


@dataclass(slots=True)
class AccountDisconnect:
    """An account connection went down; `output` is what the strategy's hook returned."""

    output: object = None


@dataclass(slots=True)
class MarketDisconnect:
    """A market data connection went down; `output` is what the strategy's hook returned."""

    output: object = None


@dataclass(slots=True)
class EventRefused:
    """The event names something unknown or means nothing; it changed nothing. Rust panics here (divergence 8)."""

    error: BarterError


EngineOutput: TypeAlias = (
    Commanded
    | OnTradingDisabled
    | AccountDisconnect
    | PositionExited
    | MarketDisconnect
    | GenerateAlgoOrdersOutput
    | EventRefused
)

UpdateFromAccountOutput: TypeAlias = AccountDisconnect | PositionExited | None
"""What an event of the account stream led to, None for nothing."""

UpdateFromMarketOutput: TypeAlias = MarketDisconnect | None
"""What an event of the market stream led to, None for nothing."""

UpdateTradingStateOutput: TypeAlias = OnTradingDisabled | None
"""What a change of the trading state led to, None for nothing."""
