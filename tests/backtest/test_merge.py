"""Sources are merged by time, and each keeps its own order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.backtest.market import tick

from barter_python.backtest.merge import merge_by_time

SOURCE = st.lists(st.integers(0, 30), max_size=30)


def chunks(times: list[int], source: int, length: int) -> list[list[object]]:
    events = [tick(time, price=float(place + 1), instrument=source) for place, time in enumerate(times)]
    return [events[start : start + length] for start in range(0, len(events), length)]


@given(st.lists(SOURCE, min_size=1, max_size=4), st.integers(1, 7))
def test_merged_events_are_those_of_a_stable_sort_by_the_greatest_time_so_far(sources: list[list[int]], length: int) -> None:
    expected = []
    for number, times in enumerate(sources):
        latest = -1
        for place, time in enumerate(times):
            latest = max(latest, time)
            expected.append((latest, number, place, time))
    expected.sort()

    merged = merge_by_time([iter(chunks(times, number, length)) for number, times in enumerate(sources)])

    assert [(number, place + 1.0) for _, number, place, _ in expected] == [
        (event.instrument, event.kind.price) for chunk in merged for event in chunk
    ]
