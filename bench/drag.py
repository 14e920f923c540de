"""What a hand that keeps dragging sees: painted updates a second, with two charts; and clouds of 256 seeds."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Page

from bench.browser import SCREEN, chromium
from bench.draw import MEASURE, RUN, STEPS, THUMB, press
from bench.pairs import Row, Times
from bench.server import served
from core.catalog import DEFAULT

SECONDS = 4
RATE = 60
"""Moves a second, as many as frames."""
SEEDS = 256
NOISE = {"kind": "gaussian", "scale": 0.5}
SLIDER = f"input[type=range][name=rho][data-run='{RUN}']"


def measure() -> list[Row]:
    with TemporaryDirectory() as cache, served(Path(cache)) as server, chromium() as browser:
        rates = [painted(opened(browser, server.address, {})) for _ in range(3)]
        clouds = cloud(opened(browser, server.address, {"seeds": SEEDS, "noise": NOISE}))
    slowest = min(rates)
    return [
        Row(
            f"dragging ρ for {SECONDS} s, map and two charts: painted updates a second",
            f"{slowest:.0f} (of {RATE} moves)",
            "–",
            "–",
            "≥ 30",
            slowest >= 30,
            f"the slowest of {len(rates)} drags",
        ),
        Row(
            f"slider to paint, cloud of {SEEDS} seeds × {STEPS} steps, 6 runs: p95",
            str(clouds),
            "–",
            "–",
            "≤ 150 ms",
            clouds.p95 <= 150,
            f"{len(clouds.values)} moves",
        ),
    ]


def opened(browser: Browser, address: str, changes: dict[str, Any]) -> Page:
    """Open the six runs of the default race with two charts."""
    page = browser.new_context(viewport=SCREEN, color_scheme="light", locale="en").new_page()
    asked = DEFAULT.model_copy(update={"steps": STEPS}).canonical() | changes
    page.goto(f"{address}/?c={quote(json.dumps(asked))}")
    page.locator("[data-part=curves] .js-plotly-plot").wait_for(timeout=120_000)
    page.locator("button.split").click()
    page.locator("[data-part=curves] .js-plotly-plot").nth(1).wait_for()
    page.wait_for_timeout(1000)
    return page


def painted(page: Page) -> float:
    """Drag forth and back, and return how many different frames showed a new picture, a second."""
    thumb = page.locator(SLIDER)
    thumb.scroll_into_view_if_needed()
    box = thumb.bounding_box()
    assert box is not None
    share = thumb.evaluate("({ value, min, max }) => (value - min) / (max - min)")
    x, y = box["x"] + THUMB / 2 + share * (box["width"] - THUMB), box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.wait_for_timeout(500)
    page.evaluate(f"performance.clearMeasures('{MEASURE}')")
    begin = page.evaluate("performance.now()")
    for move in range(SECONDS * RATE):
        page.mouse.move(x - 40 * abs((move / RATE) % 2 - 1), y)
        late = page.evaluate("performance.now()") - begin
        page.wait_for_timeout(max(0.0, 1000 * (move + 1) / RATE - late))
    spent = page.evaluate("performance.now()") - begin
    ends = page.evaluate(f"performance.getEntriesByName('{MEASURE}').map((one) => one.startTime + one.duration)")
    frames = len({round(end) for end in ends})
    page.mouse.up()
    page.context.close()
    return 1000 * frames / spent


def cloud(page: Page) -> Times:
    """Press a key on ρ, and wait for its picture before the next."""
    hand = press(page, SLIDER, -1)
    next(hand)
    values: list[float] = []
    for _ in hand:
        page.wait_for_timeout(400)
        found = page.evaluate(f"performance.getEntriesByName('{MEASURE}').map(({{ duration }}) => duration)")
        assert len(found) == len(values) + 1, f"{len(values) + 1} moves, but {len(found)} were measured"
        values.append(found[-1])
    page.context.close()
    return Times(values[1:])
