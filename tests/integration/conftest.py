"""The mark of tests that open sockets on this machine."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "loopback: opens sockets on this machine, in real time")
