"""Logging of a program."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator

import pytest

from barter_python.errors import ConfigError
from barter_python.system.logging import init_json_logging, init_logging


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    logger = logging.getLogger("barter_python")
    before = (logger.handlers, logger.level, logger.propagate)
    yield
    logger.handlers, logger.level, logger.propagate = before


def log(name: str = "barter_python.system") -> None:
    logger = logging.getLogger(name)
    logger.debug("quiet")
    logger.info("hello %s", "world")


def test_text(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BARTER_LOG", raising=False)
    init_logging()
    log()
    (line,) = capsys.readouterr().out.splitlines()
    assert line.endswith(" INFO    barter_python.system: hello world")


def test_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARTER_LOG", "DEBUG")
    init_json_logging()
    log()
    try:
        raise ValueError("a problem")
    except ValueError:
        logging.getLogger("barter_python").exception("failed")
    quiet, hello, failed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (quiet["level"], quiet["message"]) == ("DEBUG", "quiet")
    assert (hello["target"], hello["message"]) == ("barter_python.system", "hello world")
    assert hello["timestamp"].endswith("Z")
    assert "ValueError: a problem" in failed["error"]


@pytest.mark.parametrize("init", [init_logging, init_json_logging])
def test_what_a_replica_logs_is_left_out(init: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> None:
    init()
    log("barter_python.engine.audit.replica")
    assert capsys.readouterr().out == ""


def test_an_unknown_level_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARTER_LOG", "loud")
    with pytest.raises(ConfigError, match="BARTER_LOG: found 'loud', expected one of: debug, info, warning, error"):
        init_logging()
