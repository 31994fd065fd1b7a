"""A venue in a box: rehearse live trading against a server on this machine that speaks Binance spot over real sockets.

    instruments = IndexedInstruments.new([Instrument.spot(BINANCE_SPOT, "btcusdt", "BTCUSDT", ("BTC", "USDT"), spec)])
    fees = PercentFees(maker, taker, "received")
    account = SimulatedExchangeConfig(BINANCE_SPOT, AccountSnapshot(BINANCE_SPOT, balances, []), fees)
    config = RehearsalConfig(
        instruments,
        account,
        faults=(
            SkipMessages(AtMessage(50), stream="depth"),                            # a gap in the order book
            NoAnswers(AtRequest(1), acts=True, method="POST"),                      # the order is there, the answer is not
            DropConnections(AtTime(timedelta(minutes=1)), VenueChannel.USER, is_abrupt=True),
        ),
    )
    async with RehearsalVenue(config, CaptureFeed(Path("capture.gz"), "BTCUSDT")) as venue:
        trading = asyncio.create_task(trade(venue.rest_url, venue.websocket_url, venue.websocket_api_url))
        await venue.replay(speed=60)      # or, in a test: await venue.step(), again and again
        books = venue.books()             # to compare with what the engine believes

Orders are matched by `SimulatedExchange` on what the streams send. `venue` has the server, `market_feed`, `capture_feed` and
`event_feed` what its market is made of, `faults` what can go wrong, `ledger` the account, `rest`, `streams` and `user_data` the
three interfaces.

Rust origin: none.
"""

from __future__ import annotations

from barter_python.rehearsal.binance_spot.books import Books, VenueOrder, VenueTrade
from barter_python.rehearsal.binance_spot.capture_feed import CaptureFeed
from barter_python.rehearsal.binance_spot.config import RehearsalConfig, RehearsalLimits
from barter_python.rehearsal.binance_spot.event_feed import EventFeed
from barter_python.rehearsal.binance_spot.faults import (
    AtMessage,
    AtRequest,
    AtTime,
    DelayMessages,
    DropConnections,
    DuplicateMessages,
    Fault,
    GarbleAnswers,
    GarbleMessages,
    GoSilent,
    LateAnswers,
    LimitRate,
    NoAnswers,
    RefuseConnections,
    ReorderMessages,
    ServerErrors,
    SkipMessages,
    VenueChannel,
    faults_from_seed,
)
from barter_python.rehearsal.binance_spot.market_feed import FeedMessage, MarketFeed
from barter_python.rehearsal.binance_spot.venue import RehearsalVenue

__all__ = [
    "RehearsalVenue",
    "RehearsalConfig",
    "RehearsalLimits",
    "CaptureFeed",
    "EventFeed",
    "FeedMessage",
    "MarketFeed",
    "Books",
    "VenueOrder",
    "VenueTrade",
    "AtMessage",
    "AtRequest",
    "AtTime",
    "VenueChannel",
    "DelayMessages",
    "DropConnections",
    "DuplicateMessages",
    "Fault",
    "GarbleAnswers",
    "GarbleMessages",
    "GoSilent",
    "LateAnswers",
    "LimitRate",
    "NoAnswers",
    "RefuseConnections",
    "ReorderMessages",
    "ServerErrors",
    "SkipMessages",
    "faults_from_seed",
]
