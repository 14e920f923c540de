"""Six panels side by side, and another window onto the map: from the key to the painted frame, on the real page."""

import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from bench.browser import SCREEN, chromium
from bench.draw import BLOCKS, MOVES, RATE, RUN, STEPS, moved, press
from bench.pairs import Row, Times
from bench.server import served
from core.catalog import DEFAULT

ZOOM = "ravine:zoom-to-paint"


def measure() -> list[Row]:
    with TemporaryDirectory() as cache, served(Path(cache)) as server, chromium() as browser:
        panels = page(browser, server.address, "panels")
        rho = pressed(panels, f"input[type=range][name=rho][data-run='{RUN}']")
        condition = pressed(panels, "input[type=range][name=condition]")
        zoomed = zooms(page(browser, server.address, "overlay"))
    six = f"slider to paint, six panels, {len(DEFAULT.runs)} runs × {STEPS} steps"
    return [
        row(f"{six}, ρ: p95", rho, 90),
        row(f"{six}, condition number, heights too: p95", condition, 90),
        row("map heights at a new zoom, key to paint: p95", zoomed, 80),
    ]


def row(figure: str, times: Times, most: float) -> Row:
    return Row(figure, str(times), "–", "–", f"≤ {most:.0f} ms", times.p95 <= most, f"{len(times.values)} moves")


def page(browser: Browser, address: str, view: str) -> Page:
    opened = browser.new_context(viewport=SCREEN, color_scheme="light", locale="en").new_page()
    asked = DEFAULT.model_copy(update={"steps": STEPS}).canonical()
    opened.goto(f"{address}/?{urlencode({'c': json.dumps(asked), 'view': view})}")
    opened.locator("[data-part=map] .js-plotly-plot").nth(1).wait_for()
    opened.wait_for_timeout(1000)
    return opened


def pressed(on: Page, slider: str) -> Times:
    """Move a slider by keys, block after block, forth and back; the first block is not counted."""
    blocks = [moved(on, press(on, slider, 1 if block % 2 else -1)) for block in range(BLOCKS + 1)]
    return Times([value for values in blocks[1:] for value in values])


def zooms(on: Page) -> Times:
    """Zoom in and out by keys; the first block is not counted."""
    found: list[float] = []
    on.locator("[data-part=map] .stage").first.focus()
    for block in range(BLOCKS + 1):
        on.evaluate(f"performance.clearMeasures('{ZOOM}')")
        begin = time.perf_counter()
        for move in range(MOVES):
            time.sleep(max(0.0, begin + move / RATE - time.perf_counter()))
            on.keyboard.press("+-"[move % 2])
        on.wait_for_timeout(500)
        values = on.evaluate(f"performance.getEntriesByName('{ZOOM}').map(({{ duration }}) => duration)")
        assert len(values) == MOVES, f"{MOVES} zooms, but {len(values)} were measured"
        found += values if block else []
    return Times(found)
