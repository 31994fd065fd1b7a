"""Which subscriptions bring nothing."""

from __future__ import annotations

import pytest
from tests.data.streams.venue import sub

from barter_python.data.streams.live_subscription import LiveSubscription

ALLOWED = 60.0
# A look every ten seconds: `x` where something came before it, `.` where nothing did; `!` where it is then told to be silent.
SILENCES = {
    "busy": "xxxxxxxxxx",
    "silent from the start": ".....!....",
    "told once": ".....!............",
    "silent after some data": "x.....!",
    "told again after data": ".....!x...........!",
    "a market that is known to be quieter": "x....x....x....x....x......",
    "is silent after twice its longest silence": "x....x.......!",
}


@pytest.mark.parametrize("looks", SILENCES.values(), ids=SILENCES)
def test_silence(looks: str) -> None:
    live, seen = LiveSubscription(sub()), ""
    for look in looks:
        if look == "x":
            live.heard()
        seen += "!" if live.look(10.0, ALLOWED) else look.replace("!", "?")

    assert looks == seen


def test_the_first_of_two_rivals_that_is_heard_drops_the_other() -> None:
    first, second = LiveSubscription(sub()), LiveSubscription(sub())
    first.look(60.0, ALLOWED)
    first.compete_with(second)
    second.heard()

    assert (first.is_dropped, second.is_dropped) == (True, False)
    assert not first.look(600.0, ALLOWED)


def test_a_rival_is_not_needed_once_something_has_come() -> None:
    first, second = LiveSubscription(sub()), LiveSubscription(sub())
    first.look(60.0, ALLOWED)
    first.heard()
    first.compete_with(second)

    assert (first.is_dropped, second.is_dropped) == (False, True)
