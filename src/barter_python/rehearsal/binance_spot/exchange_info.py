"""A symbol as the venue describes it. Rust origin: none.

Source: rest-api.md and filters.md of https://github.com/binance/binance-spot-api-docs
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.spec import InstrumentSpec
from barter_python.rehearsal.binance_spot.number_text import amount_text

__all__ = ["symbol_answer"]

_PRECISION: Final = 8
_PRICE_MAX: Final = Decimal(10**12)
_QUANTITY_MAX: Final = Decimal(10**15)
"""Limits of the simulated exchange."""


def symbol_answer(instrument: InstrumentDefinition) -> dict[str, Any]:
    """An entry of `symbols`; filters only where the instrument has a specification."""
    return {
        "symbol": str(instrument.name_exchange),
        "status": "TRADING",
        "baseAsset": str(instrument.underlying.base.name_exchange),
        "baseAssetPrecision": _PRECISION,
        "quoteAsset": str(instrument.underlying.quote.name_exchange),
        "quotePrecision": _PRECISION,
        "quoteAssetPrecision": _PRECISION,
        "baseCommissionPrecision": _PRECISION,
        "quoteCommissionPrecision": _PRECISION,
        "orderTypes": [
            *("LIMIT", "LIMIT_MAKER", "MARKET"),
            *("STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"),
        ],
        "icebergAllowed": False,
        "ocoAllowed": False,
        "otoAllowed": False,
        "opoAllowed": False,
        "quoteOrderQtyMarketAllowed": False,
        "allowTrailingStop": False,
        "cancelReplaceAllowed": False,
        "amendAllowed": False,
        "pegInstructionsAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": [] if instrument.spec is None else _filters(instrument.spec),
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "NONE",
        "allowedSelfTradePreventionModes": ["NONE"],
    }


def _filters(spec: InstrumentSpec) -> list[dict[str, Any]]:
    return [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": amount_text(spec.price.min),
            "maxPrice": amount_text(_PRICE_MAX),
            "tickSize": amount_text(spec.price.tick_size),
        },
        {
            "filterType": "LOT_SIZE",
            "minQty": amount_text(spec.quantity.min),
            "maxQty": amount_text(_QUANTITY_MAX),
            "stepSize": amount_text(spec.quantity.increment),
        },
        {
            "filterType": "NOTIONAL",
            "minNotional": amount_text(spec.notional.min),
            "applyMinToMarket": True,
            "maxNotional": amount_text(_QUANTITY_MAX),
            "applyMaxToMarket": False,
            "avgPriceMins": 0,
        },
    ]
