"""Scripts for the simulated exchange that read like a trader's notes, and its answers in the same language.

A script is a list of lines:

    book 99x5 98x3 | 101x2 102x4      the whole order book: bids, best first, then asks
    update 99x0 | 101x7               changed levels
    l1 99x5 | 101x2                   the best bid and ask
    trade 100 x 2 sell                a trade of the market, with the side of its taker
    candle 100 110 95 105 [of 5m] [x 40]   open, high, low and close of what ends with this minute, its length, its volume
    buy 1 @ 100 #a [post|ioc|fok|day] [reduce] [stop P|profit P]
    sell 2 market #b [stop P|profit P]
    cancel a
    wait 5s                           time passes

A line is about BTCUSDT, or about another instrument whose name is before it: `ETHUSDT: buy 1 market #a`. Each happens a second
after the one before it, one that starts with `=` at the same time; candles at the next full minute.
The answers:

    a open 0                          acknowledged, or filled so far
    a fill 1 @ 100 taker fee 0.1      a fill, with its fee in quote currency
    a filled | a cancelled | a expired
    a refused: text                   of the error
    a not cancelled: text
    USDT 900 / 800                    total and free
    liquidation fill 1 @ 91 taker     the venue closes a position, or at an expiry: settlement
    funding -1                        received, or paid where it is negative
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from barter_python.data.book import Level, OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, DataKind, MarketEvent, OrderBookL1, PublicTrade
from barter_python.execution.account import AccountEvent, AccountSnapshot, Funding
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.exchange.model.fee import FeeModel, PercentFees
from barter_python.execution.exchange.model.slippage import NoSlippage, SlippageModel
from barter_python.execution.exchange.simulated.config import InstrumentMargin, SimulatedExchangeConfig
from barter_python.execution.exchange.simulated.exchange import SimulatedExchange
from barter_python.execution.exchange.simulated.queue import ProportionalQueue, QueueModel
from barter_python.execution.exchange.simulated.self_trade import SelfTradePrevention
from barter_python.execution.order.id import ClientOrderId, StrategyId
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.request import (
    OrderRequestCancel,
    OrderRequestOpen,
    OrderResponseCancel,
    RequestCancel,
    RequestOpen,
)
from barter_python.execution.order.state import Cancelled, Expired, FullyFilled, Open, OpenFailed
from barter_python.execution.trade import Liquidity, Trade
from barter_python.instrument.asset import Asset, AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import (
    Instrument,
    InstrumentDefinition,
    InstrumentQuoteAsset,
    Underlying,
)
from barter_python.instrument.kind import FutureContract, InstrumentKind, PerpetualContract
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.instrument.spec import (
    InstrumentSpec,
    InstrumentSpecNotional,
    InstrumentSpecPrice,
    InstrumentSpecQuantity,
)

D = Decimal
EXCHANGE = ExchangeId.BINANCE_SPOT
START = datetime(2025, 1, 1, 12, tzinfo=UTC)
USDT = Asset.new_from_exchange("USDT")
FREE_OF_CHARGE = PercentFees(D(0), D(0))

_TIMES_IN_FORCE = {
    "post": TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY,
    "ioc": TimeInForce.IMMEDIATE_OR_CANCEL,
    "fok": TimeInForce.FILL_OR_KILL,
    "day": TimeInForce.GOOD_UNTIL_END_OF_DAY,
}
_TRIGGERS = {"stop": TriggerKind.STOP, "profit": TriggerKind.TAKE_PROFIT}


def spec(
    tick: str = "1", price_min: str = "1", lot: str = "1", quantity_min: str = "1", notional_min: str = "10"
) -> InstrumentSpec:
    return InstrumentSpec(
        InstrumentSpecPrice(D(price_min), D(tick)),
        InstrumentSpecQuantity(Asset.new_from_exchange("BTC"), D(quantity_min), D(lot)),
        InstrumentSpecNotional(D(notional_min)),
    )


def btc_usdt(limits: InstrumentSpec | None = None) -> InstrumentDefinition:
    return Instrument.spot(EXCHANGE, "binance_spot-btcusdt", "BTCUSDT", ("BTC", "USDT"), limits)


def contract(
    size: str = "1",
    *,
    expiry: datetime | None = None,
    kind: InstrumentKind | None = None,
    settlement: Asset = USDT,
    base: str = "BTC",
) -> InstrumentDefinition:
    """A perpetual in USDT, a future where it has an expiry."""
    if kind is None and expiry is None:
        kind = PerpetualContract(D(size), settlement)
    elif kind is None and expiry is not None:
        kind = FutureContract(D(size), settlement, expiry)
    pair = Underlying(Asset.new_from_exchange(base), USDT)
    assert kind is not None
    return Instrument(EXCHANGE, f"{base}-contract", f"{base}USDT", pair, InstrumentQuoteAsset.UNDERLYING_QUOTE, kind)


def bnb_usdt() -> InstrumentDefinition:
    """Makes BNB known, for fees."""
    return Instrument.spot(EXCHANGE, "binance_spot-bnbusdt", "BNBUSDT", ("BNB", "USDT"))


def snapshot(holds: str) -> AccountSnapshot:
    """An account from `USDT 1000, BTC 2/1`: total, and free where it is less."""
    balances = []
    for part in filter(None, (part.strip() for part in holds.split(","))):
        asset, amount = part.split()
        total, _, free = amount.partition("/")
        balances.append(AssetBalance(AssetNameExchange(asset), Balance(D(total), D(free or total)), START))
    return AccountSnapshot(EXCHANGE, balances, [])


class Venue:
    """A simulated exchange that runs scripts on its first instrument."""

    def __init__(
        self,
        holds: str = "USDT 1000, BTC 10",
        *,
        instruments: Sequence[InstrumentDefinition] = (),
        fee: FeeModel = FREE_OF_CHARGE,
        queue: QueueModel | None = None,
        slippage: SlippageModel | None = None,
        margins: tuple[InstrumentMargin, ...] = (),
        initial_state: AccountSnapshot | None = None,
        candle_volume_share: str | None = None,
        self_trade_prevention: SelfTradePrevention = SelfTradePrevention.CANCEL_NEWEST,
        start: datetime = START,
    ) -> None:
        indexed = IndexedInstruments.new(instruments or [btc_usdt()])
        config = SimulatedExchangeConfig(
            EXCHANGE,
            initial_state or snapshot(holds),
            fee,
            queue or ProportionalQueue(),
            slippage or NoSlippage(),
            margins,
            None if candle_volume_share is None else D(candle_volume_share),
            self_trade_prevention,
        )
        self.exchange = SimulatedExchange(config, indexed)
        self.now = start
        self._cids: dict[str, str] = {}
        self.describe(AccountEvent(EXCHANGE, order) for item in config.initial_state.instruments for order in item.orders)
        self._indexes = {str(keyed.value.name_exchange): keyed.key for keyed in indexed.instruments()}

    def run(self, *lines: str) -> list[str]:
        """Run a script and describe all that was answered."""
        return [told for line in lines for told in self.describe(self.play(line))]

    def describe(self, events: Iterable[AccountEvent]) -> list[str]:
        """Account events in a trader's words."""
        events = list(events)
        for event in events:
            if isinstance(event.kind, Order) and isinstance(event.kind.state, Open):
                self._cids[event.kind.state.id] = event.kind.key.cid
        return [_describe(event.kind, self.exchange, self._cids) for event in events]

    def play(self, line: str) -> list[AccountEvent]:
        """Run one line."""
        name, _, line = line.rpartition(": ")
        name = name or "BTCUSDT"
        step = timedelta(seconds=0 if line.startswith("=") else 1)
        word, _, rest = line.removeprefix("=").partition(" ")
        if word == "wait":
            self.now += timedelta(seconds=float(rest.removesuffix("s")))
            return self.exchange.on_time(self.now)
        self.now = _next_minute(self.now) if word == "candle" and step else self.now + step
        if word in ("buy", "sell"):
            return self.exchange.on_request(parse_open(line.removeprefix("="), name), self.now)
        if word == "cancel":
            request = OrderRequestCancel(key(rest.removeprefix("id ")), RequestCancel())
            return self.exchange.on_request(request, self.now)
        return list(self.exchange.on_market(self.event(parse_market(word, rest, self.now), name)))

    def event(self, kind: DataKind, name: str = "BTCUSDT") -> MarketEvent:
        """Market data of an instrument, now."""
        return MarketEvent(self.now, self.now, EXCHANGE, self._indexes[name], kind)

    def balances(self) -> list[str]:
        """What the account holds."""
        return [f"{asset} {_text(held.total)} / {_text(held.free)}" for asset, held in self.exchange.account.balances().items()]


def key(cid: str, name: str = "BTCUSDT") -> OrderKey:
    return OrderKey(EXCHANGE, InstrumentNameExchange(name), StrategyId("s"), ClientOrderId(cid))


def parse_open(line: str, name: str = "BTCUSDT") -> OrderRequestOpen:
    """An order from its line."""
    words = line.split()
    limit = D(words[3]) if words[2] == "@" else None
    trigger = next((Trigger(D(words[at + 1]), _TRIGGERS[word]) for at, word in enumerate(words) if word in _TRIGGERS), None)
    lives = next((_TIMES_IN_FORCE[word] for word in words if word in _TIMES_IN_FORCE), TimeInForce.GOOD_UNTIL_CANCELLED)
    wanted = RequestOpen(
        Side.BUY if words[0] == "buy" else Side.SELL,
        D(0) if limit is None else limit,
        D(words[1]),
        OrderKind.MARKET if limit is None else OrderKind.LIMIT,
        lives,
        "reduce" in words,
        trigger,
    )
    return OrderRequestOpen(key(next(word[1:] for word in words if word.startswith("#")), name), wanted)


def parse_market(word: str, rest: str, now: datetime) -> DataKind:
    """Market data from its line."""
    if word == "trade":
        price, _, amount, side = rest.split()
        return PublicTrade("t", float(price), float(amount), Side.BUY if side == "buy" else Side.SELL)
    if word == "candle":
        words = rest.split()
        length = re.search(r"of (\d+)m", rest)
        interval = None if length is None else timedelta(minutes=int(length[1]))
        volume = float(words[words.index("x") + 1]) if "x" in words else 1.0
        return Candle(now, *(float(price) for price in words[:4]), volume, 1, interval)
    bids, asks = (_levels(side) for side in rest.split("|"))
    if word == "l1":
        return OrderBookL1(now, bids[0] if bids else None, asks[0] if asks else None)
    book = OrderBook(1, None, bids, asks)
    return OrderBookSnapshot(book) if word == "book" else OrderBookUpdate(book)


def _levels(text: str) -> list[Level]:
    return [Level(D(price), D(amount)) for price, amount in re.findall(r"([\d.]+)x([\d.]+)", text)]


def _next_minute(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _describe(kind: object, exchange: SimulatedExchange, cids: dict[str, str]) -> str:
    match kind:
        case AssetBalance():
            return f"{kind.asset} {_text(kind.balance.total)} / {_text(kind.balance.free)}"
        case Trade():
            role = "maker" if kind.liquidity is Liquidity.MAKER else "taker"
            fees = f" fee {_text(kind.fees.fees)}" if kind.fees.fees else ""
            name = cids.get(kind.order_id) or kind.order_id.partition("-")[0]
            return f"{name} fill {_text(kind.quantity)} @ {_text(kind.price)} {role}{fees}"
        case Funding():
            return f"funding {_text(kind.amount)}"
        case OrderResponseCancel(state=Cancelled()):
            return f"{kind.key.cid} cancelled"
        case OrderResponseCancel():
            return f"{kind.key.cid} not cancelled: {kind.state}"
        case Order():
            return f"{kind.key.cid} {_state(kind.state)}"
        case _:
            raise TypeError(type(kind))


def _state(state: object) -> str:
    match state:
        case Open():
            return f"open {_text(state.filled_quantity)}"
        case FullyFilled():
            return "filled"
        case Cancelled():
            return "cancelled"
        case Expired():
            return "expired"
        case OpenFailed():
            return f"refused: {state.error}"
        case _:
            raise TypeError(type(state))


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"
