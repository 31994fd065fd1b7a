"""The report as a browser shows it: nothing fails, nothing is asked for, and what can be clicked works."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.report.browser import Tab, browser, chromium
from tests.report.documents import document

from barter_python.report.page.page import comparison_html, report_html

pytestmark = [
    pytest.mark.skipif(chromium() is None, reason="no Chromium: apt-get install chromium"),
    pytest.mark.timeout(600),
]

WIDTHS = (1280, 420)
CHARTS = {"equity", "exposure", "explanation"}
SIZE_MAX = 8_000_000
POINTS = "Object.fromEntries([...document.querySelectorAll('.chart')].map((chart) => [chart.id.slice(6), \
    (chart.data || []).map((trace) => (trace.x || []).length)]))"
FIRST_CELLS = "[...document.querySelectorAll('#trip-table tbody tr')].map((row) => row.children[%d].textContent)"
COLUMN_OF_PNL = 7


@pytest.fixture
async def tab(tmp_path: Path) -> AsyncIterator[Tab]:
    folder = tmp_path / "chromium"
    folder.mkdir()
    async with browser(folder) as opened:
        yield opened


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures are kept: the folder that BARTER_PICTURES names."""
    folder = Path(os.environ.get("BARTER_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def written(found: dict[str, Any], folder: Path) -> Path:
    path = folder / "report.html"
    path.write_text(report_html(found))
    assert path.stat().st_size < SIZE_MAX
    return path


def nothing_went_wrong(tab: Tab, path: Path) -> None:
    assert [] == tab.complaints
    assert {path.as_uri()} == {request for request in tab.requests if not request.startswith("data:")}


@pytest.mark.parametrize(
    ("name", "charts"),
    [
        pytest.param("two_strategies", {"rolling", "daily", "trip-returns", "price"}, id="two-strategies"),
        pytest.param("none", {"rolling", "daily", "price"}, id="without-a-trade"),
        pytest.param("fifty", {"daily", "trip-returns", "price"}, id="fifty-instruments", marks=pytest.mark.long),
        pytest.param("busy", {"rolling", "daily", "trip-returns", "price"}, id="20,000-fills", marks=pytest.mark.long),
    ],
)
async def test_every_chart_has_its_data_and_nothing_is_asked_for(
    tab: Tab, tmp_path: Path, pictures: Path, name: str, charts: set[str]
) -> None:
    path = written(document(name), tmp_path)
    for width in WIDTHS:
        await tab.open(path, width)
        await tab.picture(pictures / f"report-{name}-{width}.png")
    points = await tab.evaluate(POINTS)

    assert CHARTS | charts == set(points)
    assert all(traces and min(traces) > 0 for traces in points.values()), points
    assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    nothing_went_wrong(tab, path)


async def test_trips_are_sorted_and_a_click_shows_one_in_the_chart(tab: Tab, tmp_path: Path) -> None:
    found = document("two_strategies")
    trips = found["portfolio"]["trips"]
    path = written(found, tmp_path)
    await tab.open(path, 1280)
    heading = f"document.querySelectorAll('#trip-table thead button')[{COLUMN_OF_PNL}].click()"

    await tab.evaluate(heading)
    rising = [float(cell.replace(",", "")) for cell in await tab.evaluate(FIRST_CELLS % COLUMN_OF_PNL)]
    await tab.evaluate(heading)
    falling = [float(cell.replace(",", "")) for cell in await tab.evaluate(FIRST_CELLS % COLUMN_OF_PNL)]
    await tab.evaluate("document.querySelector('#trip-table tbody tr').click()")
    await tab.becomes("document.getElementById('chart-equity').layout.xaxis.range[1] < '2025-02-01'")
    shown = await tab.evaluate(
        "({equity: document.getElementById('chart-equity').layout.xaxis.range, "
        "price: document.getElementById('chart-price').layout.xaxis.range, "
        "instrument: document.getElementById('instrument').selectedOptions[0].textContent})"
    )

    best = max(range(len(trips["pnl"])), key=lambda place: float(trips["pnl"][place]))
    assert sorted(rising) == rising
    assert sorted(rising, reverse=True)[:5] == falling[:5]
    assert float(trips["pnl"][best]) == pytest.approx(falling[0], abs=0.005)
    assert trips["instrument"][best] == shown["instrument"]
    assert [stamp[:16] for stamp in shown["equity"]] == [stamp[:16] for stamp in shown["price"]]
    assert shown["price"][0] < trips["time_enter"][best].replace("T", " ") < shown["price"][1]
    nothing_went_wrong(tab, path)


@pytest.mark.long
async def test_of_many_fills_all_are_drawn_once_few_are_in_sight(tab: Tab, tmp_path: Path) -> None:
    found = document("busy")
    path = written(found, tmp_path)
    await tab.open(path, 1280)
    drawn = "document.getElementById('chart-price').data.filter((t) => t.mode === 'markers').map((t) => t.x.length)"
    note = "document.getElementById('price-note').textContent"

    assert ([1_000, 1_000], True) == (await tab.evaluate(drawn), "2,000 of 20,000 fills in sight" in await tab.evaluate(note))
    day_only = "{'xaxis.range[0]': '2025-01-11 00:00', 'xaxis.range[1]': '2025-01-12 00:00'}"
    await tab.evaluate(f"Plotly.relayout('chart-equity', {day_only}).then(() => true)")
    await tab.becomes(f"!({note}).includes('fills in sight')")

    day = [trade for trade in found["trades"] if "2025-01-11" == trade["time_exchange"][:10]]
    assert len(day) == pytest.approx(sum(await tab.evaluate(drawn)), abs=8)
    nothing_went_wrong(tab, path)


async def test_dark_and_light_are_worn_by_page_and_charts(tab: Tab, tmp_path: Path, pictures: Path) -> None:
    path = written(document("two_strategies"), tmp_path)
    await tab.open(path, 1280, dark=True)
    await tab.picture(pictures / "report-dark.png")
    ink = "document.getElementById('chart-equity').layout.font.color"

    dark = await tab.evaluate(ink)
    await tab.evaluate("document.getElementById('theme').click()")
    await tab.becomes(f"({ink}) !== '{dark}'")

    assert "light" == await tab.evaluate("document.documentElement.dataset.theme")
    nothing_went_wrong(tab, path)


async def test_runs_side_by_side_are_in_one_chart(tab: Tab, tmp_path: Path, pictures: Path) -> None:
    runs = {name: document(name) for name in ("two_strategies", "spot")}
    path = tmp_path / "comparison.html"
    path.write_text(comparison_html(runs))
    await tab.open(path, 1280)
    await tab.picture(pictures / "comparison.png")

    assert list(runs) == await tab.evaluate("document.getElementById('chart-equity').data.map((trace) => trace.name)")
    nothing_went_wrong(tab, path)


def test_text_of_a_run_stays_text() -> None:
    hostile = "</script><script>alert(1)</script>"
    found = {**document("spot"), "id": hostile, "warnings": [hostile], "origin": {"strategy": hostile}}
    found["portfolio"]["trips"]["strategy"] = [hostile] * len(found["portfolio"]["trips"]["strategy"])

    assert "<script>alert" not in report_html(found)


def test_the_same_result_gives_the_same_bytes() -> None:
    assert report_html(document("spot")) == report_html(json.loads(json.dumps(document("spot"))))
