"""From a slider's move to the painted frame: the real page with its server, and a page that needs none.

The control computes the same six paths in JavaScript and draws them by the same calls into the same figures, so what is
left between the two is the way to the server and back. Sliders are moved by key presses at the rate of a held-down key;
both pages are tabs of one browser and take turns.
"""

import json
import math
import time
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, BrowserContext, Page, Route

from bench.browser import SCREEN, chromium
from bench.pairs import Row, Times, farthest
from bench.server import served
from core.catalog import DEFAULT

STEPS = 500
BLOCKS, MOVES = 6, 20
RATE = 25
"""Key presses a second."""
MEASURE = "ravine:slider-to-paint"
RUN = [run.optimizer for run in DEFAULT.runs].index("momentum")


def measure() -> list[Row]:
    with TemporaryDirectory() as cache, served(Path(cache)) as server, chromium() as browser:
        real, control = pages(browser, server.address)
        paths = in_turn((real, f"input[type=range][name=rho][data-run='{RUN}']"), (control, "input[name=rho]"))
        apart = difference(real, control)
        heights = in_turn((real, "input[type=range][name=condition]"), (control, "input[name=condition]"))
    return [
        *rows(
            f"slider to paint, ρ, 6 runs × {STEPS} steps, map and chart", *paths, 50, f"last iterates apart: {apart}"
        ),
        *rows("slider to paint, condition number, heights too", *heights, 80, ""),
    ]


def rows(figure: str, ours: Times, control: Times, most: float, check: str) -> list[Row]:
    share, peer = ours.p95 / control.p95, f"no server {control}"
    found = [Row(f"{figure}: p95", str(ours), peer, f"{share:.2f}", f"≤ {most:.0f} ms", ours.p95 <= most, check)]
    if check:
        moves = f"{len(ours.values)} moves each"
        found.append(
            Row("the same beside a page without a server", "–", "–", f"{share:.2f}", "≤ 1.25", share <= 1.25, moves)
        )
    return found


def pages(browser: Browser, address: str) -> tuple[Page, Page]:
    """Open both pages in one browser, the control with the plots' sizes and axes of the real one."""
    context = browser.new_context(viewport=SCREEN, color_scheme="light", locale="en")
    real = context.new_page()
    asked = DEFAULT.model_copy(update={"steps": STEPS}).canonical()
    real.goto(f"{address}/?c={quote(json.dumps(asked))}")
    real.locator(".js-plotly-plot").nth(2).wait_for()
    real.wait_for_timeout(1000)
    return real, control_page(context, address, real, asked)


def control_page(context: BrowserContext, address: str, real: Page, asked: dict[str, Any]) -> Page:
    plots = real.evaluate(
        """() => [...document.querySelectorAll(".js-plotly-plot")].map(({ layout, data }) => ({
            size: { width: layout.width, height: layout.height },
            axes: Object.fromEntries(["xaxis", "yaxis"].map((name) => {
                const { range, type, dtick } = layout[name];
                return [name, { range: [...range], ...(type && { type }), ...(dtick && { dtick }) }];
            })),
            roles: data.map(({ meta }) => meta.role),
            grid: { x: [...(data[0].x ?? [])], y: [...(data[0].y ?? [])] },
        }))"""
    )
    ground, above, chart = plots[:3]
    comparison = {**asked, "start": asked.get("start") or DEFAULT.origin()}
    setup = {"comparison": comparison, "run": RUN, "map": above, "curve": chart, "heights": ground["grid"]}
    body = Path(__file__).with_name("control.html").read_text(encoding="utf-8")
    script = f"<script>window.setup = {json.dumps(setup)}</script>\n    <script type="
    body = body.replace("<script type=", script, 1)

    def answer(route: Route) -> None:
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    context.route("**/control", answer)
    page = context.new_page()
    page.goto(f"{address}/control")
    page.wait_for_selector("body.ready", state="attached")
    return page


def in_turn(*tabs: tuple[Page, str]) -> list[Times]:
    """Move a slider in each tab, block after block, forth and back; the first block of each is not counted."""
    keys = cycle(("ArrowLeft", "ArrowRight"))
    found: list[list[float]] = [[] for _ in tabs]
    for block in range(BLOCKS + 1):
        key = next(keys)
        for index in range(len(tabs)):
            place = (index + block) % len(tabs)
            values = moved(*tabs[place], key)
            if block:
                found[place] += values
    return [Times(values) for values in found]


def moved(page: Page, slider: str, key: str) -> list[float]:
    """Press a key on a slider as a held-down key repeats, and return the milliseconds each move took."""
    page.bring_to_front()
    page.wait_for_timeout(700)
    page.evaluate(f"performance.clearMeasures('{MEASURE}')")
    page.focus(slider)
    begin = time.perf_counter()
    for press in range(MOVES):
        time.sleep(max(0.0, begin + press / RATE - time.perf_counter()))
        page.keyboard.press(key)
    page.wait_for_timeout(500)
    found = page.evaluate(f"performance.getEntriesByName('{MEASURE}').map(({{ duration }}) => duration)")
    assert len(found) == MOVES, f"{MOVES} moves, but {len(found)} were measured"
    return found


def difference(real: Page, control: Page) -> str:
    """Return how far apart the last drawn points of the two pages are at most, the sliders standing alike."""
    rho = real.evaluate(f"document.querySelector(`input[name=rho][data-run='{RUN}']`).value")
    control.evaluate(
        """(rho) => {
            const slider = document.querySelector("[name=rho]");
            slider.value = rho;
            slider.dispatchEvent(new Event("input"));
        }""",
        rho,
    )
    control.wait_for_timeout(300)
    ends = """() => {
        const { data } = document.querySelectorAll(".js-plotly-plot")[1];
        return data.filter(({ meta }) => meta.role === "path").map(({ x, y }) => [x[x.length - 1], y[y.length - 1]]);
    }"""
    pairs = zip(real.evaluate(ends), control.evaluate(ends), strict=True)
    return farthest((run.optimizer for run in DEFAULT.runs), [math.dist(ours, theirs) for ours, theirs in pairs])
