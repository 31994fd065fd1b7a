"""`barter rehearse`: a venue in a box to rehearse paper and live trading against."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import click

from barter_python.backtest.synthetic import SyntheticInstrument, SyntheticMarket
from barter_python.cli.loading import load_config
from barter_python.cli.trading.stop import StopRequests, stop_signals
from barter_python.config.system import SystemConfig
from barter_python.errors import ConfigError
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.rehearsal.binance_spot import CaptureFeed, EventFeed, RehearsalConfig, RehearsalVenue
from barter_python.rehearsal.binance_spot.market_feed import MarketFeed
from barter_python.session.binance_spot import REHEARSAL_URL, as_binance_spells

__all__ = ["rehearse_command"]

_SPOT: Final = ExchangeId.BINANCE_SPOT
_TICK: Final = Decimal("0.01")
_TRADES: Final = 1_000_000_000
"""More than anybody waits for."""
_POSITIVE: Final = click.FloatRange(min=0, min_open=True)


@click.command("rehearse", short_help="Serve Binance spot on this machine, to rehearse trading.")
@click.argument("config", type=click.Path(path_type=Path))
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65_535), help="Of this machine; 0 for a free one."
)
@click.option(
    "--capture",
    "captures",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A recording of Binance spot, in the place of a synthetic market; repeat it for files that continue each other.",
)
@click.option(
    "--speed", default=1.0, show_default=True, type=_POSITIVE, help="How many times faster than it was a capture goes by."
)
@click.option("--seed", default=7, show_default=True, help="Seed of the synthetic market.")
@click.option("--price", default=100.0, show_default=True, type=_POSITIVE, help="At which the synthetic market begins.")
@click.option(
    "--trades-per-second",
    default=10.0,
    show_default=True,
    type=_POSITIVE,
    help="Of the synthetic market, which has no order books.",
)
def rehearse_command(
    config: Path, port: int, captures: tuple[Path, ...], speed: float, seed: int, price: float, trades_per_second: float
) -> None:
    """Serve Binance spot on this machine, with the instruments and the account of the configuration CONFIG, until Ctrl-C.

    `barter live` and `barter paper` trade there where BARTER_REHEARSAL_URL names the address, which is printed. The market is
    a seeded random walk that begins now, or a capture. At the end the trades and the balances of the account are printed.
    """
    system = load_config(config).system
    instruments = IndexedInstruments.new(
        as_binance_spells(item).to_instrument() for item in system.instruments if item.exchange is _SPOT
    )
    if not instruments.instruments():
        raise ConfigError(f"{config}: system.instruments: found none of {_SPOT.value!r}, expected at least one")
    feed = _capture(instruments, captures) if captures else _synthetic(instruments, seed, price, trades_per_second)
    rehearsal = RehearsalConfig(instruments, _account(system, config), port=port)
    if captures and speed != 1:
        rehearsal = replace(rehearsal, checks_timestamps=False)  # no client can keep up with such a clock
    asyncio.run(_serve(RehearsalVenue(rehearsal, feed), rehearsal, speed if captures else 1.0))


def _synthetic(instruments: IndexedInstruments, seed: int, price: float, trades_per_second: float) -> MarketFeed:
    walks = tuple(SyntheticInstrument(keyed.key, price, _TICK) for keyed in instruments.instruments())
    market = SyntheticMarket(_SPOT, walks, _TRADES, seed, trades_per_second, datetime.now(UTC))
    return EventFeed.of_chunks(market.stream())


def _capture(instruments: IndexedInstruments, paths: Sequence[Path]) -> MarketFeed:
    names = [str(keyed.value.name_exchange) for keyed in instruments.instruments()]
    if len(names) != 1:
        raise ConfigError(f"--capture: found the instruments {', '.join(names)}, expected one: a capture has one market")
    return CaptureFeed(paths, names[0])


def _account(system: SystemConfig, path: Path) -> SimulatedExchangeConfig:
    execution = next((item for item in system.executions if item.mocked_exchange is _SPOT), None)
    if execution is None:
        raise ConfigError(f"{path}: system.executions: found none of {_SPOT.value!r}, expected one: it has the account")
    exchange = execution.matching()
    held = [replace(balance, asset=AssetNameExchange(str(balance.asset).upper())) for balance in exchange.initial_state.balances]
    return replace(exchange, initial_state=AccountSnapshot(_SPOT, held, exchange.initial_state.instruments))


async def _serve(venue: RehearsalVenue, config: RehearsalConfig, speed: float) -> None:
    stop = StopRequests()
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(venue)
        except OSError as error:
            raise ConfigError(f"--port {config.port}: {error.strerror}, expected a free one") from error
        stop.is_running = True
        click.echo(f"export {REHEARSAL_URL}={venue.rest_url}")
        click.echo(f"export BINANCE_API_KEY={config.api_key} BINANCE_API_SECRET={config.api_secret.reveal()}")
        click.echo("The uid of the account is 1. Ctrl-C ends the rehearsal.")
        with stop_signals(stop):
            market = asyncio.create_task(venue.replay(speed))
            wanted = asyncio.create_task(stop.wanted.wait())
            await asyncio.wait((market, wanted), return_when=asyncio.FIRST_COMPLETED)
            market.cancel()
            wanted.cancel()
            await asyncio.wait((market, wanted))
        if not market.cancelled():
            market.result()
        books = venue.books()
    click.echo(f"{len(books.orders):,} orders, {len(books.trades):,} fills, {len(books.open_orders()):,} orders open still")
    for asset, balance in sorted(books.balances.items()):
        click.echo(f"{asset}: {balance.total.normalize():f}, free {balance.free.normalize():f}")
