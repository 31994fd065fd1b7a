"""`barter live`: a strategy on live market data, with real orders."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from typing import Any

import click

from barter_python.cli.trading.context import TradingContext
from barter_python.cli.trading.options import TradingOptions, load, plan, trading_options
from barter_python.cli.trading.report import report
from barter_python.cli.trading.run import TradingRun, trade
from barter_python.instrument.exchange import ExchangeId
from barter_python.session.account import AccountRefusedError, open_accounts, traded_venues
from barter_python.session.binance_spot import as_binance_spells, binance_market, binance_spot, rehearsal_url

__all__ = ["live_command"]

_VENUES = {ExchangeId.BINANCE_SPOT: binance_spot}


@click.command("live", short_help="Run a strategy on live market data, with REAL orders.")
@trading_options
@click.option("--real-orders", is_flag=True, help="Say that real orders are wanted. Without it nothing is ordered.")
@click.option(
    "--account",
    required=True,
    help="The account: at Binance its uid, or 'testnet' for the test network. Other keys are refused.",
)
@click.pass_context
def live_command(context: click.Context, /, *, real_orders: bool, account: str, **options: Any) -> None:
    """Run a strategy with the configuration CONFIG on live market data, with REAL orders.

    Orders go to the venue of the configuration's execution; its account, latency and fees count for simulations only. The
    keys come from the environment: BINANCE_API_KEY and BINANCE_API_SECRET.

    Ctrl-C, or the key q, ends the session in order: its orders are cancelled, those of others are left alone, and the
    trading summary is printed. A second Ctrl-C ends it at once, and may leave orders behind.
    """
    if not real_orders:
        raise AccountRefusedError("barter live sends real orders, expected --real-orders to say that they are wanted")
    world = context.find_object(TradingContext) or TradingContext()
    given = TradingOptions(**options)
    run = _plan(given, account, world)
    outcome, is_interrupted = trade(run, world)
    report(outcome, given, run.origin, is_interrupted=is_interrupted)


def _plan(options: TradingOptions, account: str, world: TradingContext) -> TradingRun:
    loaded = load(options)
    system = loaded.config.system
    system = replace(system, instruments=tuple(as_binance_spells(item) for item in system.instruments))
    loaded = replace(loaded, config=replace(loaded.config, system=system))
    venues = _VENUES if world.venues is None else world.venues
    traded = traded_venues([execution.mocked_exchange for execution in system.executions], venues)
    kind = "LIVE" if rehearsal_url(os.environ) is None else "REHEARSAL"
    title = f"{kind} {', '.join(venue.value for venue in traded)} account {account}"
    executions = partial(open_accounts, traded, venues, account)
    return plan(options, loaded, title, executions, partial(binance_market, account), is_live=True)
