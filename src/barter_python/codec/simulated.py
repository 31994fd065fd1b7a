"""Codec of an execution by the simulated exchange. Rust origin: none.

Most members have a default; so that a misspelt one is not taken for missing, members that are not known are refused. Fees have
none: to forget them is the usual way to a strategy that earns money only on paper.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from barter_python.codec.exchange_model import fee_model, latency_model, queue_model, slippage_model
from barter_python.codec.execution import UNINDEXED
from barter_python.codec.instrument import exchange_id, instrument_name_exchange
from barter_python.codec.scalar import decimal, instant, names
from barter_python.codec.shape import closed_struct, convert, member, option, sequence
from barter_python.config.execution import SimulatedExecutionConfig
from barter_python.errors import DecodeError
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.exchange.model.fee import FeeModel
from barter_python.execution.exchange.model.latency import LatencyModel
from barter_python.execution.exchange.model.slippage import SlippageModel
from barter_python.execution.exchange.simulated.config import FundingRate, InstrumentMargin, MarginMode, SimulatedExchangeConfig
from barter_python.execution.exchange.simulated.self_trade import SelfTradePrevention
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.numeric import CONTEXT, ONE

__all__ = ["simulated_execution_config"]


def _margin(
    instrument: InstrumentNameExchange, rate: Decimal | None, leverage: Decimal | None, funding: Any, *terms: Any
) -> InstrumentMargin:
    if rate is not None and leverage is not None:
        raise DecodeError("found both initial_margin_rate and leverage, expected one of them")
    if leverage is not None:
        if leverage < 1:
            raise DecodeError(f"found {leverage:f}, expected a number of at least 1").inside(".leverage")
        rate = CONTEXT.divide(ONE, leverage)
    return InstrumentMargin(instrument, ONE if rate is None else rate, funding, *terms)


_margins: Final = sequence(
    closed_struct(
        _margin,
        instrument=instrument_name_exchange,
        initial_margin_rate=option(decimal),
        leverage=member(option(decimal), lambda _: None),
        funding=member(convert(sequence(closed_struct(FundingRate, time=instant, rate=decimal)), tuple, list), absent=[]),
        mode=member(names({mode.value: mode for mode in MarginMode}), absent="cross"),
        maintenance_margin_rate=member(decimal, absent=0),
        liquidation_fee_rate=member(decimal, absent="0.005"),
    )
)


def _execution(
    exchange: ExchangeId, state: AccountSnapshot, latency: LatencyModel, fee: FeeModel, slippage: SlippageModel, *others: Any
) -> SimulatedExecutionConfig:
    queue, margins, share, prevention = others
    config = SimulatedExchangeConfig(exchange, state, fee, queue, slippage, tuple(margins), share, prevention)
    return SimulatedExecutionConfig(config, latency)


simulated_execution_config: Final = closed_struct(
    _execution,
    simulated_exchange=member(exchange_id, "exchange.exchange"),
    initial_state=UNINDEXED.account_snapshot,
    latency=member(latency_model, absent={}),
    fees=member(fee_model, "exchange.fee"),
    slippage=member(slippage_model, "exchange.slippage", absent=None),
    queue=member(queue_model, "exchange.queue", absent="proportional"),
    margins=member(_margins, "exchange.margins", absent=[]),
    candle_volume_share=member(option(decimal), "exchange.candle_volume_share"),
    self_trade_prevention=member(
        names({item.value: item for item in SelfTradePrevention}), "exchange.self_trade_prevention", absent="cancel_newest"
    ),
)
"""An execution that has the member `simulated_exchange`."""
