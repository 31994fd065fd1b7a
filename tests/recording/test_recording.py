"""Reading recordings that are not as they should be: a message with file and line, whatever is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from tests.backtest.test_replay import EXCHANGE, INSTRUMENTS, jittered, record_session, replayed, simulated
from tests.support.virtual_time import in_virtual_time

from barter_python import ConfigError, ExchangeId, IndexedInstruments, Instrument, MarketDataError
from barter_python.recording.recording import Recording

Lines: TypeAlias = list[Any]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A recorded session."""
    path = tmp_path_factory.mktemp("session") / "session.jsonl"

    @in_virtual_time
    async def run() -> None:
        await record_session(path, simulated(jittered()), 8_192)

    run()
    return path.read_bytes()


def first(lines: Lines, kind: str) -> int:
    """The place of the first entry of a kind; for processed ones, of one that was market data."""
    return next(
        place for place, line in enumerate(lines) if kind in line and (kind != "Processed" or line[kind]["market"] is not None)
    )


def changed(kind: str, **values: object) -> Callable[[Lines], int]:
    """Changes the first entry of a kind; returns its place."""

    def change(lines: Lines) -> int:
        place = first(lines, kind)
        lines[place][kind].update(values)
        return place

    return change


def without_header(lines: Lines) -> int:
    del lines[0]
    return 0


def two_sessions(lines: Lines) -> int:
    lines += lines[:1]
    return len(lines) - 1


def sent_for_an_unknown_instrument(lines: Lines) -> int:
    place = first(lines, "Sent")
    (request,) = lines[place]["Sent"]["request"].values()
    request["key"]["instrument"] = 3
    return place


def market_of_an_unknown_instrument(lines: Lines) -> int:
    place = first(lines, "Market")
    lines[place]["Market"]["event"]["Item"]["instrument"] = 3
    return place


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param(without_header, "found no header, expected a recording of a session", id="no_header"),
        pytest.param(changed("Header", form=2), "form is 2, expected 1", id="another_form"),
        pytest.param(changed("Header", venues=["okx"]), "exchange is 'okx', expected one of the instruments", id="header_venue"),
        pytest.param(two_sessions, "found another header, expected one session", id="two_sessions"),
        pytest.param(changed("Arrived", exchange="okx"), "exchange is 'okx', expected one of the instruments", id="other_venue"),
        pytest.param(changed("Arrived", exchange="nowhere"), "nowhere", id="unknown_venue"),
        pytest.param(changed("Processed", market=7), "market is 7, expected from 0 to below", id="market_not_told"),
        pytest.param(changed("Sent", time="2024-01-01T00:00:00Z"), "time is 2024-01-01 00:00:00+00:00, expected", id="time"),
        pytest.param(sent_for_an_unknown_instrument, "instrument is 3, expected one of the instruments", id="sent"),
        pytest.param(market_of_an_unknown_instrument, "instrument is 3 of 'binance_spot', expected one of", id="instrument"),
    ],
)
def test_an_entry_that_cannot_be(session: bytes, change: Callable[[Lines], int], problem: str, tmp_path: Path) -> None:
    path, lines = tmp_path / "session.jsonl", [json.loads(line) for line in session.splitlines()]
    place = change(lines)
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))

    with pytest.raises(MarketDataError) as raised:
        replayed(path, simulated(jittered()))

    assert raised.value.message.startswith(f"{path}, line {place + 1}: ")
    assert problem in raised.value.message


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"Market":{}}', b'{"Nothing":null}', b"7" * 5_000])
def test_a_line_that_is_no_entry(session: bytes, line: bytes, tmp_path: Path) -> None:
    path, lines = tmp_path / "session.jsonl", session.splitlines()
    path.write_bytes(b"\n".join([*lines[:9], line, *lines[9:], b""]))

    with pytest.raises(MarketDataError) as raised:
        replayed(path, simulated(jittered()))

    assert raised.value.message.startswith(f"{path}, line 10: ")


@pytest.mark.parametrize("content", [b"", b"\n", b"{", b'{"End":{"time":"2025-01-01T00:00:00Z"}}\n'])
def test_a_file_that_is_no_recording(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    path.write_bytes(content)

    with pytest.raises(MarketDataError, match="line 1: "):
        Recording(path)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(MarketDataError, match="cannot be read: "):
        Recording(tmp_path)


def test_a_session_that_was_cut_off_is_the_same_as_far_as_it_went(session: bytes, tmp_path: Path) -> None:
    path, lines = tmp_path / "session.jsonl", session.splitlines(keepends=True)
    sent = next(place for place, line in enumerate(lines) if place > 500 and line.startswith(b'{"Sent"'))
    start = len(b"".join(lines[: sent - 1]))
    cuts = [*range(start, start + len(b"".join(lines[sent - 1 : sent + 1])), 40), len(session) - 1, len(session) - 100]

    for cut in cuts:
        path.write_bytes(session[:cut])
        _, _, found = replayed(path, simulated(jittered()))

        assert not found.session.is_complete
        assert found.differences == [], cut


def test_fewer_instruments_than_in_the_session(session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    path.write_bytes(session)
    fewer = IndexedInstruments.new([Instrument.spot(EXCHANGE, "btcusdt", "BTCUSDT", ("BTC", "USDT"))])

    with pytest.raises(MarketDataError, match="expected one of the instruments: are they those of the session"):
        Recording(path).record(fewer)


@pytest.mark.parametrize(
    ("venues", "problem"),
    [
        pytest.param([ExchangeId.OKX], "there is one for 'okx', expected one of the session's: 'binance_spot'", id="unknown"),
        pytest.param([EXCHANGE, EXCHANGE], "there is one for 'binance_spot' already, expected at most one", id="two"),
    ],
)
def test_executions_that_do_not_fit(session: bytes, venues: list[ExchangeId], problem: str, tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    path.write_bytes(session)

    with pytest.raises(ConfigError, match=problem):
        replayed(path, *(simulated(jittered(), venue) for venue in venues))


def test_the_instruments_of_the_session_fit(session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    path.write_bytes(session)

    assert Recording(path).record(INSTRUMENTS).is_complete
