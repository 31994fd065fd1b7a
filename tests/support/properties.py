"""How property tests run: the same examples every time, whatever the machine's speed."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

PROPERTY = settings(
    deadline=None, derandomize=True, database=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow]
)
