"""How structs, unions and counted collections are read and written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from barter_python.codec.collection import none_one_or_many, one_or_many
from barter_python.codec.data import level, market_stream_result, order_book
from barter_python.codec.engine import engine_output
from barter_python.codec.execution import UNINDEXED, request_cancel, time_in_force
from barter_python.codec.foreign import Tagged
from barter_python.codec.instrument import instrument
from barter_python.codec.scalar import text, unsigned
from barter_python.codec.shape import strict_members
from barter_python.codec.statistic import tear_sheet_generator
from barter_python.data.book import Level
from barter_python.engine.action.output import OnTradingDisabled
from barter_python.errors import DecodeError
from barter_python.execution.order.order import TimeInForce
from barter_python.execution.order.request import RequestCancel
from barter_python.statistic.summary.instrument import TearSheetGenerator


@pytest.mark.parametrize("document", [{"price": "99.5", "amount": 1, "venue": "x"}, ["99.5", "1"]])
def test_struct_ignores_unknown_members_and_may_be_an_array(document: object) -> None:
    assert level.read(document) == Level(Decimal("99.5"), Decimal(1))


def test_unknown_members_are_refused_for_as_long_as_that_is_asked() -> None:
    document = {"price": "1", "amount": "2", "unknown": 3}
    with strict_members(), pytest.raises(DecodeError, match="unknown"):
        level.read(document)

    assert Level(Decimal(1), Decimal(2)) == level.read(document)


@pytest.mark.parametrize("document", [["99.5"], ["99.5", "1", "2"], {"price": "99.5"}, "99.5", None])
def test_struct_needs_every_member(document: object) -> None:
    with pytest.raises(DecodeError):
        level.read(document)


def test_only_optional_members_may_be_missing() -> None:
    assert request_cancel.read({}) == RequestCancel(None)
    assert UNINDEXED.instrument_account_snapshot.read({"instrument": "BTCUSDT"}).orders == []
    with pytest.raises(DecodeError, match="found null, expected a list"):
        UNINDEXED.instrument_account_snapshot.read({"instrument": "BTCUSDT", "orders": None})


def test_other_name_of_a_member_is_read() -> None:
    asset = {"name_internal": "btc", "name_exchange": "BTC"}
    document = {
        "exchange": "okx",
        "name_internal": "A",
        "name_exchange": "A",
        "underlying": {"base": asset, "quote": asset},
        "quote": "underlying_quote",
        "instrument_kind": "spot",
    }
    assert instrument.write(instrument.read(document)) == {
        "exchange": "okx",
        "name_internal": "a",
        "name_exchange": "A",
        "underlying": {"base": asset, "quote": asset},
        "quote": "UnderlyingQuote",
        "kind": "spot",
        "spec": None,
    }


@pytest.mark.parametrize(
    ("document", "expected"),
    [({"One": 1}, (1,)), ({"Many": [1, 2]}, (1, 2)), ({"Many": [1]}, (1,)), ({"Many": []}, ())],
)
def test_one_or_many_is_written_as_it_was_read(document: object, expected: tuple[int, ...]) -> None:
    for codec in (one_or_many(unsigned), none_one_or_many(unsigned)):
        items = codec.read(document)
        assert expected == items
        assert document == codec.write(items)


@pytest.mark.parametrize("document", [1, [1], "None", {"one": 1}, {"One": [1]}, {"Many": 1}, {"One": 1, "Many": [1]}, {}])
def test_one_or_many_has_no_other_form(document: object) -> None:
    with pytest.raises(DecodeError):
        one_or_many(unsigned).read(document)


def test_tuples_are_written_by_their_number() -> None:
    codec = none_one_or_many(unsigned)
    assert [codec.write(items) for items in ((), (1,), (1, 2))] == ["None", {"One": 1}, {"Many": [1, 2]}]


@pytest.mark.parametrize("value", list(TimeInForce))
def test_time_in_force(value: TimeInForce) -> None:
    assert time_in_force.read(time_in_force.write(value)) is value


def test_time_in_force_that_rests_says_whether_it_may_take() -> None:
    assert time_in_force.write(TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY) == {"GoodUntilCancelled": {"post_only": True}}
    with pytest.raises(DecodeError, match="post_only"):
        time_in_force.read({"GoodUntilCancelled": {}})


def test_market_stream_result_may_be_an_error() -> None:
    document = {"Item": {"Err": {"InvalidSequence": {"prev_last_update_id": 1, "first_update_id": 5}}}}
    error = market_stream_result.read(document)
    assert error == Tagged("InvalidSequence", {"prev_last_update_id": 1, "first_update_id": 5})
    assert document == market_stream_result.write(error)


def test_levels_of_an_event_keep_their_order_and_can_be_read_by_rust() -> None:
    levels = [{"price": "99", "amount": "1"}, {"price": "100", "amount": "1"}]
    document: dict[str, object] = {
        "sequence": 7,
        "time_engine": None,
        "bids": {"levels": levels},
        "asks": {"side": None, "levels": []},
    }
    assert order_book.write(order_book.read(document)) == {**document, "bids": {"side": None, "levels": levels}}


def test_what_a_hook_returned_is_written_by_a_codec_of_yours() -> None:
    codec = engine_output(on_trading_disabled=text)
    assert codec.write(OnTradingDisabled("flat")) == {"OnTradingDisabled": "flat"}
    assert engine_output().write(OnTradingDisabled()) == {"OnTradingDisabled": None}


def test_value_of_no_variant_is_a_programming_mistake() -> None:
    with pytest.raises(TypeError, match="cannot write int, expected one of"):
        UNINDEXED.order_error.write(1)  # type: ignore[arg-type]


def test_statistics_of_rust_are_read_without_what_only_we_count() -> None:
    written = tear_sheet_generator.write(TearSheetGenerator(wins=3, profit_gross=Decimal(7)))
    assert isinstance(written, dict)
    del written["wins"], written["profit_gross"], written["loss_gross"]
    written["pnl_returns"]["total"]["count"] = "5"
    written["pnl_returns"]["losses"]["count"] = "2"
    read = tear_sheet_generator.read(written)
    assert (3, Decimal(0), Decimal(0)) == (read.wins, read.profit_gross, read.loss_gross)
