"""Toys, each added as CONTRIBUTING says under "How to add": what is edited, and a program that then finds it working."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["ADDITIONS", "Addition"]


@dataclass(frozen=True)
class Addition:
    """Something new.

    Attributes:
        edits: By file below `src/barter_python`: a text that stands there once, and what takes its place.
        files: By file what is written at its end; it may be a new one.
        program: Ends with an exception unless the new thing works.
    """

    edits: dict[str, tuple[tuple[str, str], ...]]
    program: str
    files: dict[str, str] = field(default_factory=dict)


_CONNECTOR = """
from barter_python.data.exchange.connector import Accepted, Connector, StatelessTransformer
from barter_python.data.exchange.toy.decode import decode
from barter_python.data.subscription import SubKind, SubscriptionId
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import Spot

__all__ = ["TOY"]

TOY = Connector(
    exchange=ExchangeId.TOY,
    url="wss://toy.example",
    instrument_kinds=(Spot,),
    channels={SubKind.PUBLIC_TRADES: "trades"},
    market=lambda instrument: f"{instrument.base}-{instrument.quote}",
    requests=lambda subs, time: [sub.market for sub in subs],
    acknowledge=lambda message: Accepted() if message == b"ok" else None,
    subscription_id=lambda message: SubscriptionId("trades|" + message.split()[0].decode()),
    transformer=lambda: StatelessTransformer(lambda message, received: decode(message, received)),
)
"""

_DECODE = '''
from barter_python.data.event import PublicTrade
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

__all__ = ["decode"]


def decode(message, time_received):
    """`btc-usdt 101.5 0.25` is a trade."""
    market, price, amount = message.decode().split()
    trade = PublicTrade("1", float(price), float(amount), Side.BUY)
    return [NamedMarketEvent(time_received, time_received, ExchangeId.TOY, InstrumentNameExchange(market), trade)]
'''

_STREAMED = """
from datetime import UTC, datetime
from barter_python.data.exchange.registry import connector_of, supported_sub_kinds
from barter_python.data.subscription import SubKind
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import Spot

venue = ExchangeId("toy")
assert (SubKind.PUBLIC_TRADES,) == supported_sub_kinds(venue, Spot())
(event,) = connector_of(venue).transformer().transform(b"btc-usdt 101.5 0.25", datetime(2025, 1, 1, tzinfo=UTC))
assert (101.5, "btc-usdt") == (event.kind.price, event.instrument)
"""

_CLIENT = '''
from typing import ClassVar

from barter_python.execution.account import AccountSnapshot
from barter_python.execution.client.client import ExecutionClient
from barter_python.instrument.exchange import ExchangeId

__all__ = ["ToyClient"]


class ToyClient(ExecutionClient):
    """An account that holds nothing."""

    EXCHANGE: ClassVar[ExchangeId] = ExchangeId.OTHER

    async def account_snapshot(self, assets, instruments, /):
        return AccountSnapshot(self.EXCHANGE, [], [])
'''

_ACCOUNT = '''
from contextlib import asynccontextmanager

from barter_python.execution.client.toy.client import ToyClient

__all__ = ["toy"]


@asynccontextmanager
async def toy(account):
    """The account of that name."""
    yield ToyClient()
'''

_TRADED = """
import asyncio
from barter_python.cli.live import _VENUES
from barter_python.instrument.exchange import ExchangeId
from barter_python.session.account import open_accounts, traded_venues

async def account():
    async with open_accounts(traded_venues([ExchangeId.OTHER], _VENUES), _VENUES, "1") as executions:
        (execution,) = executions
        assert "ToyClient" == type(execution.client).__name__
        assert [] == (await execution.client.account_snapshot((), ())).balances

asyncio.run(account())
"""

_FILLS_AND_KILLS = """
from datetime import UTC, datetime
from decimal import Decimal as D
from barter_python import *
from barter_python.codec import decode, encode
from barter_python.codec.execution import UNINDEXED
from barter_python.execution.exchange.simulated.exchange import SimulatedExchange
from barter_python.execution.order.order import TimeInForce
from barter_python.execution.order.state import Open
from barter_python.instrument.name import InstrumentNameExchange

time, venue = datetime(2025, 1, 1, tzinfo=UTC), ExchangeId.BINANCE_SPOT
instruments = IndexedInstruments.new([Instrument.spot(venue, "btc_usdt", "BTCUSDT", ("BTC", "USDT"))])
cash = AssetBalance(AssetNameExchange("USDT"), Balance(D(1000), D(1000)), time)
config = SimulatedExchangeConfig(venue, AccountSnapshot(venue, [cash], []), PercentFees(D(0), D(0)))
exchange = SimulatedExchange(config, instruments)
exchange.on_market(MarketEvent(time, time, venue, InstrumentIndex(0), OrderBookL1(time, Level(D(99), D(1)), Level(D(101), D(1)))))
key = OrderKey(venue, InstrumentNameExchange("BTCUSDT"), StrategyId("s"), ClientOrderId("1"))
wanted = RequestOpen(Side.BUY, D(101), D(3), OrderKind.LIMIT, TimeInForce("FillAndKill"))
events = [event.kind for event in exchange.on_request(OrderRequestOpen(key, wanted), time)]
assert [D(1)] == [kind.quantity for kind in events if isinstance(kind, Trade)]
assert not any(isinstance(getattr(kind, "state", None), Open) for kind in events[-1:])
request = OrderRequestOpen(key, wanted)
assert request == decode(encode(request, UNINDEXED.order_request_open), UNINDEXED.order_request_open)
"""

_FLAT_FEES = '''

@dataclass(slots=True)
class FlatFees:
    """So much for each fill.

    Attributes:
        per_fill: In quote currency.
    """

    per_fill: Decimal

    def fees(self, instrument: InstrumentDefinition, side: Side, price: Decimal, quantity: Decimal, is_maker: bool, /) -> Fees:
        """See `FeeModel`."""
        return Fees(instrument.underlying.quote, self.per_fill)
'''

_CHARGED = """
from decimal import Decimal as D
from barter_python import BarterError, ExchangeId, Instrument, Side
from barter_python.codec.simulated import simulated_execution_config as codec

state = {"exchange": "okx", "balances": [], "instruments": []}
document = {"simulated_exchange": "okx", "initial_state": state, "fees": {"per_fill": "0.5"}}
config = codec.read(document)
instrument = Instrument.spot(ExchangeId.OKX, "btc_usdt", "BTC-USDT", ("BTC", "USDT"))
assert D("0.5") == config.exchange.fee.fees(instrument, Side.BUY, D(100), D(2), False).amount
assert {"per_fill": "0.5"} == codec.write(config)["fees"]
"""

_WIN_LOSS = '''

@dataclass(slots=True)
class WinLoss:
    """Winning positions for each losing one."""

    value: Decimal

    @classmethod
    def calculate(cls, wins: Decimal, losses: Decimal) -> WinLoss | None:
        """None where nothing was lost."""
        value = checked_div(wins, losses)
        return None if value is None else cls(value)
'''

_SHOWN = """
from datetime import UTC, datetime
from decimal import Decimal as D
from barter_python.codec.statistic import tear_sheet
from barter_python.report.tear_sheets import instrument_table
from barter_python.statistic.summary.instrument import TearSheetGenerator
from barter_python.statistic.summary.trading import TradingSummary
from barter_python.statistic.time import ANNUAL_365

time = datetime(2025, 1, 1, tzinfo=UTC)
generator = TearSheetGenerator.init(time)
generator.wins, generator.pnl_returns.losses.count = 3, D(2)
sheet = generator.generate(D(0), ANNUAL_365)
assert D("1.5") == sheet.win_loss.value
assert {"value": "1.5"} == tear_sheet().write(sheet)["win_loss"]
table = instrument_table(TradingSummary(time, time, {"btc_usdt": sheet}, {}))
assert "Win / Loss" in [*table.columns[0].cells]
"""

_EXCHANGE = {
    "instrument/exchange.py": (('    OKX = "okx"\n', '    OKX = "okx"\n    TOY = "toy"\n'),),
    "data/exchange/registry.py": (
        (
            "from barter_python.data.subscription import (\n",
            "from barter_python.data.exchange.toy.connector import TOY\nfrom barter_python.data.subscription import (\n",
        ),
        ("        OKX,\n", "        OKX,\n        TOY,\n"),
    ),
}

_LIVE = "_VENUES = {ExchangeId.BINANCE_SPOT: binance_spot}"

ADDITIONS = {
    "An exchange": Addition(
        _EXCHANGE,
        _STREAMED,
        {
            "data/exchange/toy/__init__.py": "",
            "data/exchange/toy/connector.py": _CONNECTOR,
            "data/exchange/toy/decode.py": _DECODE,
        },
    ),
    "A client": Addition(
        {
            "cli/live.py": (
                ("\n" + _LIVE, "\nfrom barter_python.session.toy import toy\n\n" + _LIVE[:-1] + ", ExchangeId.OTHER: toy}"),
            )
        },
        _TRADED,
        {"execution/client/toy/__init__.py": "", "execution/client/toy/client.py": _CLIENT, "session/toy.py": _ACCOUNT},
    ),
    "An order type": Addition(
        {
            "execution/order/order.py": (
                (
                    '    IMMEDIATE_OR_CANCEL = "ImmediateOrCancel"\n',
                    '    IMMEDIATE_OR_CANCEL = "ImmediateOrCancel"\n    FILL_AND_KILL = "FillAndKill"\n',
                ),
            ),
            "codec/execution.py": (
                ("TimeInForce.IMMEDIATE_OR_CANCEL)", "TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_AND_KILL)"),
            ),
            "execution/exchange/simulated/live_order.py": (
                ("TimeInForce.FILL_OR_KILL)", "TimeInForce.FILL_OR_KILL, TimeInForce.FILL_AND_KILL)"),
            ),
        },
        _FILLS_AND_KILLS,
    ),
    "A statistic": Addition(
        {
            "statistic/summary/instrument.py": (
                ("import ProfitFactor, WinRate", "import ProfitFactor, WinLoss, WinRate"),
                (
                    "    win_rate: WinRate | None\n",
                    "    win_rate: WinRate | None\n    win_loss: WinLoss | None\n",
                ),
                (
                    "self.profit_gross, self.loss_gross),\n",
                    "self.profit_gross, self.loss_gross),\n"
                    "            win_loss=WinLoss.calculate(Decimal(self.wins), self.pnl_returns.losses.count),\n",
                ),
            ),
            "codec/statistic.py": (
                ("import ProfitFactor, WinRate", "import ProfitFactor, WinLoss, WinRate"),
                (
                    "        profit_factor=option(profit_factor),\n",
                    "        profit_factor=option(profit_factor),\n        win_loss=option(struct(WinLoss, value=decimal)),\n",
                ),
            ),
            "report/tear_sheets.py": (
                (
                    '        ("Win Rate", lambda',
                    '        ("Win / Loss", str),\n        ("Win Rate", lambda',
                ),
            ),
        },
        _SHOWN,
        {"statistic/metric/win_rate.py": _WIN_LOSS},
    ),
    "A fee model": Addition(
        {
            "codec/exchange_model.py": (
                ("    FeeTier,\n", "    FeeTier,\n    FlatFees,\n"),
                (
                    '"maker": (PercentFees, _percent_fees)}',
                    '"maker": (PercentFees, _percent_fees), "per_fill": (FlatFees, closed_struct(FlatFees, per_fill=decimal))}',
                ),
            ),
        },
        _CHARGED,
        {"execution/exchange/model/fee.py": _FLAT_FEES},
    ),
}
