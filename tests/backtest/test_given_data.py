"""`Backtest`: whatever a user has at hand goes in, and says what was taken for granted."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from math import sin
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from tests.strategy.bars import EXCHANGE, candles, instruments

from barter_python import (
    Backtest,
    BacktestSummary,
    BarData,
    BarStrategy,
    ConfigError,
    ExchangeId,
    InstrumentIndex,
    InstrumentState,
    MarketDataError,
    MarketDataInMemory,
    MovingAverageCross,
    PercentFees,
    PerpetualContract,
    Spot,
    SyntheticInstrument,
    SyntheticMarket,
    Trader,
)
from barter_python.backtest.instrument_defaults import default_instrument, default_spec, pair_of
from barter_python.codec.config import load_backtest_config
from barter_python.data.bar import Bar
from barter_python.data.event import Candle
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.file.import_options import CandleStamp, ImportOptions
from barter_python.data.file.importer import import_market_data
from barter_python.data.file.writer import write_market_data
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.spec import ContractUnits

START, HOUR = datetime(2025, 1, 1, tzinfo=UTC), timedelta(hours=1)
CLOSES = [round(100 + 5 * sin(number / 5), 2) for number in range(200)]
ROWS = [
    {
        "time": START + number * HOUR,
        "open": before,
        "high": max(before, close),
        "low": min(before, close),
        "close": close,
        "volume": 10.0,
        "trades": 1,
    }
    for number, (before, close) in enumerate(zip([CLOSES[0], *CLOSES], CLOSES, strict=False))
]
TOLD = ImportOptions(exchange=ExchangeId.SIMULATED, instrument="BTCUSDT", stamp=CandleStamp.OPEN)


class BuyLow(BarStrategy[BarData]):
    """Buys below 97, sells above 103."""

    def on_bar(self, bar: Bar, instrument: InstrumentState[BarData], trader: Trader, /) -> None:
        if bar.close < 97:
            trader.order_to_weight(instrument, 0.5)
        elif bar.close > 103:
            trader.close(instrument)


def written(path: Path) -> Path:
    text = StringIO()
    table = csv.DictWriter(text, ROWS[0])
    table.writeheader()
    table.writerows(row | {"time": row["time"].isoformat()} for row in ROWS)  # type: ignore[attr-defined]
    path.write_text(text.getvalue())
    return path


def named_events() -> list[NamedMarketEvent]:
    return [
        NamedMarketEvent(
            row["time"] + HOUR,
            row["time"] + HOUR,
            ExchangeId.SIMULATED,
            InstrumentNameExchange("BTCUSDT"),
            Candle(row["time"] + HOUR, row["open"], row["high"], row["low"], row["close"], 10.0, 1, HOUR),
        )
        for row in ROWS
    ]


def market_data_file(folder: Path, suffix: str) -> Path:
    path = folder / f"events.{suffix}"
    write_market_data(path, named_events())
    return path


def catalog(folder: Path) -> Path:
    series = folder / "catalog/candles-1h/simulated/BTCUSDT"
    series.mkdir(parents=True)
    import_market_data(written(folder / "btcusdt.csv"), series / "2025-01-01_2025-01-31.parquet", TOLD)
    return folder / "catalog"


def parquet(folder: Path) -> Path:
    pl.DataFrame(ROWS).write_parquet(folder / "BTCUSDT.parquet")
    return folder / "BTCUSDT.parquet"


def run(data: Any, **given: Any) -> BacktestSummary:
    return Backtest(data, BuyLow(), **{"cash": {"usdt": 10_000}, "fees": "0.001", **given}).run()


FORMS: list[Any] = [
    pytest.param(lambda folder: written(folder / "btcusdt-1h.csv"), id="csv"),
    pytest.param(lambda folder: str(written(folder / "btcusdt_1h.csv")), id="path-as-text"),
    pytest.param(lambda folder: [written(folder / "BTCUSDT.csv")], id="paths"),
    pytest.param(lambda folder: {"BTCUSDT": written(folder / "a.csv")}, id="path-by-name"),
    pytest.param(lambda folder: {"BTCUSDT": pl.DataFrame(ROWS)}, id="polars-by-name"),
    pytest.param(lambda folder: {"BTCUSDT": pd.DataFrame(ROWS).set_index("time")}, id="pandas-by-name"),
    pytest.param(parquet, id="parquet-of-another-program"),
    pytest.param(lambda folder: market_data_file(folder, "parquet"), id="market-data-file"),
    pytest.param(lambda folder: market_data_file(folder, "jsonl.gz"), id="json-lines"),
    pytest.param(catalog, id="catalog"),
    pytest.param(lambda folder: named_events(), id="events"),
    pytest.param(lambda folder: iter(named_events()), id="generator-of-events"),
]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_candles_give_the_same_result_in_every_form(form: Callable[[Path], Any], tmp_path: Path) -> None:
    expected = run({"BTCUSDT": pl.DataFrame(ROWS)})

    assert len(expected.record.trades) > 5
    assert expected.record == run(form(tmp_path)).record


def test_a_run_can_be_repeated() -> None:
    backtest = Backtest(named_events(), BuyLow())

    assert backtest.run().record == backtest.run().record


@pytest.mark.parametrize(
    ("expected", "backtest"),
    [
        pytest.param(
            [
                "data: candles are stamped with their open: so none is known too early",
                "data: the exchange is 'simulated'",
                "data: the instrument is 'ASSET-USDT'",
                "data: stamps without an offset are UTC",
                "ASSET-USDT is spot, asset priced in usdt, ticks of 0.01, lots of 0.01",
                "the account has 10,000 usdt",
                "fees are 0.001 of the value of a fill",
                "an order takes 50 ms to the exchange, and its answer 50 ms back",
            ],
            lambda: Backtest(pl.DataFrame(ROWS), BuyLow()),
            id="a-frame",
        ),
        pytest.param(
            [
                "BTCUSDT is spot, btc priced in usdt, ticks of 0.01, lots of 0.01",
                "an order takes 50 ms to the exchange, and its answer 50 ms back",
            ],
            lambda: Backtest(named_events(), BuyLow(), cash=500, fees=0),
            id="events",
        ),
        pytest.param(
            [],
            lambda: Backtest(
                candles(CLOSES),
                BuyLow(),
                instruments=instruments("BTCUSDT"),
                cash=1,
                fees=PercentFees(Decimal(0), Decimal(0)),
                latency=Backtest(named_events(), BuyLow()).executions[0].new_latency(),
            ),
            id="everything-given",
        ),
    ],
)
def test_what_is_taken_for_granted_is_told(expected: list[str], backtest: Callable[[], Backtest]) -> None:
    made = backtest()

    assert expected == made.assumptions
    assert [f"  {line}" for line in expected] == str(made).splitlines()[1:]


def test_an_instrument_without_market_data_is_told(tmp_path: Path) -> None:
    both = [default_instrument(ExchangeId.SIMULATED, name) for name in ("BTCUSDT", "ETHUSDT")]
    backtest = Backtest(market_data_file(tmp_path, "parquet"), BuyLow(), instruments=both, cash=1, fees=0)

    assert "no market data of simulated ETHUSDT; the files have: simulated BTCUSDT" == backtest.assumptions[0]


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    path = market_data_file(tmp_path, "parquet")

    with pytest.raises(MarketDataError, match="given twice"):
        run([path, path])


def test_a_run_is_silent_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    run(named_events())

    assert ("", "") == capsys.readouterr()


def test_two_instruments_by_name() -> None:
    summary = run({"BTCUSDT": pl.DataFrame(ROWS), "ETH/USDT": pl.DataFrame(ROWS)})

    assert {0, 1} == {trade.instrument for trade in summary.record.trades}


def test_a_source_of_backtests() -> None:
    market = SyntheticMarket(EXCHANGE, (SyntheticInstrument(InstrumentIndex(0), 100.0, Decimal("0.01")),), 20_000, seed=1)
    summary = Backtest(market, MovingAverageCross(50, 500), instruments=instruments("BTCUSDT"), cash=5_000).run()

    assert len(summary.record.trades) > 0


@pytest.mark.parametrize(
    "form", [lambda _: named_events(), lambda folder: written(folder / "btcusdt.csv")], ids=["events", "csv"]
)
def test_a_part_of_the_time(form: Callable[[Path], Any], tmp_path: Path) -> None:
    start, end = START + 50 * HOUR, START + 150 * HOUR

    times = [trade.time_exchange for trade in run(form(tmp_path), start=start, end=end).record.trades]

    assert len(times) > 0
    assert start <= min(times) <= max(times) < end


def test_a_configuration_in_place_of_defaults(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(CONFIG)
    by_path = Backtest(named_events(), BuyLow(), config=config).run()
    by_value = Backtest(named_events(), BuyLow(), config=load_backtest_config(CONFIG)).run()

    assert by_path.record == by_value.record
    assert len(by_path.record.trades) > 0


CONFIG = """{
  "risk_free_return": "0",
  "system": {
    "instruments": [{"exchange": "simulated", "name_exchange": "BTCUSDT", "underlying": {"base": "btc", "quote": "usdt"},
                     "quote": "underlying_quote", "kind": "spot"}],
    "executions": [{"mocked_exchange": "simulated", "latency_ms": 100, "fees_percent": "0.001",
                    "initial_state": {"exchange": "simulated", "instruments": [], "balances": [
                      {"asset": "usdt", "time_exchange": "2025-01-01T00:00:00Z",
                       "balance": {"total": "10000", "free": "10000"}}]}}]
  }
}"""


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        pytest.param("cash and config are both given", {"config": "config.json"}, id="twice"),
        pytest.param("cash: no instrument uses 'eur', expected one of: btc, usdt", {"cash": {"eur": 1}}, id="unknown-asset"),
        pytest.param("cash of 'usdt' is -1", {"cash": {"usdt": -1}}, id="negative-cash"),
        pytest.param("cash of 'usdt' is 'much', expected a number", {"cash": {"usdt": "much"}}, id="cash-no-number"),
        pytest.param("fees is '1.5', expected a fraction", {"fees": "1.5"}, id="fees"),
        pytest.param("slippage is -1, expected a fraction", {"slippage": -1}, id="slippage"),
        pytest.param("data is 5, expected a path", {"data": 5}, id="no-data"),
        pytest.param("data is [], expected a sequence", {"data": []}, id="nothing"),
        pytest.param(
            "start or end is given with a source",
            {"data": MarketDataInMemory(candles(CLOSES)), "instruments": instruments("BTCUSDT"), "start": START},
            id="part-of-a-source",
        ),
        pytest.param("instruments are not given", {"data": candles(CLOSES)}, id="events-without-names"),
        pytest.param("'XYZ': its name tells no base", {"data": {"XYZ": pl.DataFrame(ROWS)}}, id="name-without-assets"),
        pytest.param("config.json: cannot be read", {"cash": None, "fees": None, "config": "config.json"}, id="no-config"),
    ],
)
def test_what_contradicts_itself_is_told(expected: str, given: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=expected.replace("[", r"\[")):
        run(given.pop("data", named_events()), **given)


@pytest.mark.parametrize(
    ("expected", "data"),
    [
        pytest.param("there is no such file", "nowhere.csv", id="no-file"),
        pytest.param("there is no such file", "nowhere.parquet", id="no-parquet"),
        pytest.param("the suffix is '.xlsx'", "prices.xlsx", id="suffix"),
        pytest.param("the columns are 'a'", pl.DataFrame({"a": [1]}), id="columns"),
    ],
)
def test_data_that_cannot_be_read_is_told(expected: str, data: Any) -> None:
    with pytest.raises(MarketDataError, match=expected):
        run(data)


@pytest.mark.parametrize(
    ("expected", "name", "quotes"),
    [
        pytest.param(("BTC", "USDT"), "BTCUSDT", (), id="usual-quote"),
        pytest.param(("BTC", "USD"), "BTCUSD", (), id="usd-is-not-usdt"),
        pytest.param(("btc", "pln"), "btcpln", ("pln",), id="quote-of-the-account"),
        pytest.param(("XBT", "USD"), "XBT/USD", (), id="slash"),
        pytest.param(("BTC", "USDT"), "BTC-USDT-SWAP", (), id="dashes"),
        pytest.param(("BTC", "USD"), "BTC.USD", (), id="dot"),
    ],
)
def test_assets_are_told_by_the_name(expected: tuple[str, str], name: str, quotes: tuple[str, ...]) -> None:
    assert expected == pair_of(name, quotes)


def test_an_exchange_of_perpetuals_has_perpetuals() -> None:
    assert isinstance(default_instrument(ExchangeId.BINANCE_FUTURES_USD, "BTCUSDT").kind, PerpetualContract)
    assert isinstance(default_instrument(ExchangeId.BINANCE_SPOT, "BTCUSDT").kind, Spot)


@pytest.mark.parametrize(
    ("tick", "lot", "prices"),
    [
        pytest.param("0.01", "0.00001", ["60000", "60000.25"], id="btc"),
        pytest.param("0.1", "0.001", ["150.5"], id="sol"),
        pytest.param("0.00000001", "1", ["0.0000712345678"], id="tiny"),
        pytest.param("1", "0.01", ["100"], id="whole"),
    ],
)
def test_ticks_are_as_fine_as_the_prices_and_a_lot_is_worth_at_most_one(tick: str, lot: str, prices: list[str]) -> None:
    spec = default_spec([Decimal(price) for price in prices], ContractUnits.CONTRACT)

    assert spec is not None
    assert (Decimal(tick), Decimal(lot)) == (spec.price.tick_size, spec.quantity.increment)


def test_without_a_price_there_are_no_limits() -> None:
    assert default_spec([], ContractUnits.CONTRACT) is None
