"""`barter paper`: a strategy on live market data, with simulated orders."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import Any

import click

from barter_python.cli.trading.context import TradingContext
from barter_python.cli.trading.options import TradingOptions, load, plan, trading_options
from barter_python.cli.trading.report import report
from barter_python.cli.trading.run import TradingRun, trade
from barter_python.session.binance_spot import binance_market

__all__ = ["paper_command"]


@click.command("paper", short_help="Run a strategy on live market data, with simulated orders.")
@trading_options
@click.pass_context
def paper_command(context: click.Context, /, **options: Any) -> None:
    """Run a strategy with the configuration CONFIG on live market data, with simulated orders.

    No order leaves this machine. Ctrl-C, or the key q, ends the session in order: orders are cancelled, and the trading
    summary is printed. A second Ctrl-C ends it at once.
    """
    given = TradingOptions(**options)
    run = _plan(given)
    outcome, is_interrupted = trade(run, context.find_object(TradingContext) or TradingContext())
    report(outcome, given, run.origin, is_interrupted=is_interrupted)


def _plan(options: TradingOptions) -> TradingRun:
    loaded = load(options)
    executions = loaded.config.system.executions
    return plan(options, loaded, "paper", lambda: nullcontext(executions), partial(binance_market, None), is_live=False)
