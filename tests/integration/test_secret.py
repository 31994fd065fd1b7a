"""A secret shows itself to nobody but the signer."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback

import msgspec
import pytest

from barter_python.errors import ConfigError
from barter_python.integration.secret import Secret, secret_from_environment

CANARY = "canary-4711-key"
SECRET = Secret(CANARY)


class Holder:
    def __init__(self) -> None:
        self.key = SECRET


def test_whatever_shows_it_shows_a_mask() -> None:
    shown = [repr(SECRET), str(SECRET), f"{SECRET}", f"{SECRET:>40}", f"{SECRET!r}", "%s %r" % (SECRET, SECRET), repr([SECRET])]  # noqa: UP031

    assert not any(CANARY in text for text in shown)
    assert str(SECRET) == "***"
    assert SECRET.reveal() == CANARY


def test_it_goes_into_no_document() -> None:
    for dump in (pickle.dumps, json.dumps, msgspec.json.encode, msgspec.msgpack.encode):
        with pytest.raises(TypeError) as caught:
            dump(SECRET)
        assert CANARY not in str(caught.value)


def test_what_holds_it_cannot_be_pickled() -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="a Secret cannot be pickled"):
            pickle.dumps([SECRET], protocol)


def test_a_copy_is_the_same() -> None:
    assert copy.copy(SECRET) is SECRET
    assert copy.deepcopy([SECRET])[0] is SECRET


def test_it_is_in_no_log_and_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            logging.getLogger("test").exception("failed with %s", SECRET)
            captured = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())

    assert CANARY not in caplog.text + captured


def test_its_members_are_not_listed() -> None:
    assert not hasattr(SECRET, "__dict__")
    with pytest.raises(TypeError):
        vars(SECRET)


def test_equal_values_are_not_equal() -> None:
    assert Secret(CANARY) != SECRET
    assert SECRET in [SECRET]


@pytest.mark.parametrize("value", ["", " ", "key ", "\nkey"])
def test_a_key_with_blanks_is_refused_without_showing_it(value: str) -> None:
    with pytest.raises(ConfigError, match="a secret is empty or begins or ends with a blank, expected the key itself"):
        Secret(value)


def test_it_can_come_from_the_environment() -> None:
    assert secret_from_environment({"KEY": f"{CANARY}\n"}, "KEY").reveal() == CANARY
    with pytest.raises(ConfigError, match="environment variable KEY is not set, expected a key"):
        secret_from_environment({"KEY": " "}, "KEY")
