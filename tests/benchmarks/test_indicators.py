from __future__ import annotations

from benchmarks.indicators import BARS, measure, names, walk


def test_an_indicator_is_measured_with_its_size_and_its_error() -> None:
    name, ratio, nanoseconds, sizes, error = measure("Sma", walk(BARS), 1, 1e-7)

    assert ("Sma", True) == (name, float(ratio) > 0.0)
    assert float(nanoseconds.replace(",", "")) > 0.0
    assert 2 == len(sizes.split())
    assert float(error) < 1e-12


def test_every_indicator_is_measured() -> None:
    assert 45 == len(names())
