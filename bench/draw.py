"""From a slider's move to the painted frame: the real page with its server, and a page that needs none.

The control computes the same six paths in JavaScript and draws them by the same calls into the same figures, so what is
left between the two is the way to the server and back. Sliders are moved by key presses at the rate of a held-down key,
and by the mouse; both pages are tabs of one browser and take turns.
"""

import json
import math
import time
from collections.abc import Callable, Iterator
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
"""Moves a second."""
THUMB = 16
"""Pixels."""
MEASURE = "ravine:slider-to-paint"
RUN = [run.optimizer for run in DEFAULT.runs].index("momentum")


def measure() -> list[Row]:
    with TemporaryDirectory() as cache, served(Path(cache)) as server, chromium() as browser:
        real, control = pages(browser, server.address)
        rho = (real, f"input[type=range][name=rho][data-run='{RUN}']"), (control, "input[name=rho]")
        condition = (real, "input[type=range][name=condition]"), (control, "input[name=condition]")
        paths = in_turn(press, *rho)
        apart = f"last iterates apart: {difference(real, control)}"
        heights = in_turn(press, *condition)
        dragged = [in_turn(drag, *tabs) for tabs in (rho, condition)]
    paths_drawn = f"slider to paint, ρ, 6 runs × {STEPS} steps, map and chart"
    heights_drawn = "slider to paint, condition number, heights too"
    share = paths[0].p95 / paths[1].p95
    return [
        row(f"{paths_drawn}: p95", paths, 50, apart),
        Row(
            "the same beside a page without a server",
            "–",
            "–",
            f"{share:.2f}",
            "≤ 1.25",
            share <= 1.25,
            f"{len(paths[0].values)} moves each",
        ),
        row(f"{heights_drawn}: p95", heights, 80),
        row("ρ by the mouse: p95", dragged[0], 50),
        row("condition number by the mouse: p95", dragged[1], 80),
    ]


def row(figure: str, times: list[Times], most: float, check: str = "") -> Row:
    ours, control = times
    share = f"{ours.p95 / control.p95:.2f}"
    return Row(figure, str(ours), f"no server {control}", share, f"≤ {most:.0f} ms", ours.p95 <= most, check)


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
                const { range, type, tickmode, tickvals, ticktext } = layout[name];
                return [name, { range: [...range], ...(type && { type }),
                    ...(tickvals && { tickmode, tickvals, ticktext }) }];
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


Hand = Callable[[Page, str, int], Iterator[None]]
"""Takes hold of a slider, moves it one way at each `next`, and lets go at the end."""


def in_turn(hand: Hand, *tabs: tuple[Page, str]) -> list[Times]:
    """Move a slider in each tab, block after block, forth and back; the first block of each is not counted."""
    ways = cycle((-1, 1))
    found: list[list[float]] = [[] for _ in tabs]
    for block in range(BLOCKS + 1):
        way = next(ways)
        for index in range(len(tabs)):
            place = (index + block) % len(tabs)
            page, slider = tabs[place]
            values = moved(page, hand(page, slider, way))
            if block:
                found[place] += values
    return [Times(values) for values in found]


def press(page: Page, slider: str, way: int) -> Iterator[None]:
    """Press an arrow key again and again, as a held-down key does."""
    page.focus(slider)
    yield
    for _ in range(MOVES):
        page.keyboard.press("ArrowRight" if way > 0 else "ArrowLeft")
        yield


def drag(page: Page, slider: str, way: int) -> Iterator[None]:
    """Drag the thumb, a pixel a move."""
    element = page.locator(slider)
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    assert box is not None
    share = element.evaluate("({ value, min, max }) => (value - min) / (max - min)")
    x, y = box["x"] + THUMB / 2 + share * (box["width"] - THUMB), box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    yield
    for move in range(MOVES):
        page.mouse.move(x + way * (move + 1), y)
        yield
    page.mouse.up()


def moved(page: Page, moves: Iterator[None]) -> list[float]:
    """Move a slider at the rate, and return the milliseconds each move took."""
    page.bring_to_front()
    next(moves)
    page.wait_for_timeout(700)
    page.evaluate(f"performance.clearMeasures('{MEASURE}')")
    begin = time.perf_counter()
    for move in range(MOVES):
        time.sleep(max(0.0, begin + move / RATE - time.perf_counter()))
        next(moves)
    page.wait_for_timeout(500)
    found = page.evaluate(f"performance.getEntriesByName('{MEASURE}').map(({{ duration }}) => duration)")
    next(moves, None)
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
