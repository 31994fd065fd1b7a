"""Logging of a system to standard output. Rust origin: barter::logging.

Everything in the package logs through the standard library, below the logger `barter_python`. These functions are for programs;
a library that uses barter-python sets up its own logging.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from typing import Final

from barter_python.errors import ConfigError

__all__ = ["AuditFilter", "JsonFormatter", "init_json_logging", "init_logging"]

_VARIABLE: Final = "BARTER_LOG"
_ROOT: Final = "barter_python"
_REPLICA: Final = "barter_python.engine.audit.replica"
_LEVELS: Final = ("debug", "info", "warning", "error")


class AuditFilter(logging.Filter):
    """Leaves out what a replica logs: the engine has said it already. Rust: `AuditSpanFilter`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is shown."""
        return not record.name.startswith(_REPLICA)


class JsonFormatter(logging.Formatter):
    """One JSON object for each record, with the members timestamp, level, target, message and, where there is one, error."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        document = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "target": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            document["error"] = self.formatException(record.exc_info)
        return json.dumps(document, ensure_ascii=False)


def init_logging() -> None:
    """Log as text, from the level that the environment variable BARTER_LOG names; that is info where it is not set.

    Raises:
        ConfigError: It names no level.
    """
    _init(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))


def init_json_logging() -> None:
    """Log as JSON lines, from the level that the environment variable BARTER_LOG names; that is info where it is not set.

    Raises:
        ConfigError: It names no level.
    """
    _init(JsonFormatter())


def _init(formatter: logging.Formatter) -> None:
    level = os.environ.get(_VARIABLE, "info").lower()
    if level not in _LEVELS:
        raise ConfigError(f"{_VARIABLE}: found {level!r}, expected one of: {', '.join(_LEVELS)}")
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    handler.addFilter(AuditFilter())
    logger = logging.getLogger(_ROOT)
    logger.handlers = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False
