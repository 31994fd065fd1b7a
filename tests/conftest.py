"""What holds for all tests: they fail neither because a machine is slow nor because of how they were started."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from tests.support.dispositions import dispositions_of_the_foreground

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(autouse=True, scope="session")
def _signals_as_in_the_foreground() -> Iterator[None]:
    with dispositions_of_the_foreground():
        yield
