"""How long a formula that nobody typed before takes from the last key to its painted paths.

The cache folder is empty but for what a start puts there, so every shape is compiled anew; the time includes the page's
pause for typing. Beside it the same with another number in the same formula, which compiles nothing. There is no peer:
these are promises, not ratios.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from playwright.sync_api import Page

from bench.browser import SCREEN, chromium
from bench.pairs import Row, Times
from bench.server import served
from core.catalog import DEFAULT

FORMULAS = (
    "x^2 + 10*sin(y)",
    "(1 - x)^2 + 100*(y - x^2)^2",
    "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    "sin(x)*cos(y) + (x^2 + y^2)/20",
    "20 + x^2 + y^2 - 10*(cos(2*pi*x) + cos(2*pi*y))",
    "exp(-(x^2 + y^2)/3) + abs(x)/9 + sqrt(y^2 + 1)",
)
PATIENCE = 300
NEW_WITHIN, NUMBER_WITHIN = 1000, 500
WATCH = """() => {
    const path = () => document.querySelector(".map .scatterlayer path.js-line")?.getAttribute("d");
    const field = document.querySelector("textarea[name=expression]");
    field.addEventListener("input", () => {
        const [begun, before] = [performance.now(), path()];
        window.painted = null;
        const look = () => {
            const now = path();
            if (!now || now === before) return requestAnimationFrame(look);
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => void (window.painted = performance.now() - begun);
            requestAnimationFrame(() => port2.postMessage(null));
        };
        requestAnimationFrame(look);
    });
}"""


def measure() -> list[Row]:
    begin = DEFAULT.canonical() | {"problem": {"kind": "formula", "expression": "x^2 + y^2"}}
    del begin["start"]
    with TemporaryDirectory() as folder, served(Path(folder)) as server, chromium() as browser:
        page = browser.new_page(viewport=SCREEN)
        page.goto(f"{server.address}/?c={quote(json.dumps(begin))}")
        page.locator(".map .scatterlayer path.js-line").first.wait_for(state="attached")
        page.evaluate(WATCH)
        fresh = Times([typed(page, text) for text in FORMULAS])
        typed(page, "x^2 + 3*x + y^2/7")
        again = Times([typed(page, f"x^2 + {number}*x + y^2/{number + 2}") for number in range(4, 10)])
    return [
        row("last key to the first path of a new formula, 6 runs × 500 steps", fresh, NEW_WITHIN, len(FORMULAS)),
        row("the same, another number in it", again, NUMBER_WITHIN, len(again.values)),
    ]


def row(figure: str, times: Times, goal: int, count: int) -> Row:
    words = f"{count} formulas; 250 ms of it the page waits for another key"
    return Row(figure, str(times), "–", "–", f"≤ {goal} ms", times.median <= goal, words)


def typed(page: Page, text: str) -> float:
    """Return the milliseconds from the event that puts a text into the field to the frame that shows its paths."""
    page.locator("textarea[name=expression]").fill(text)
    for _ in range(PATIENCE):
        page.wait_for_timeout(200)
        found = page.evaluate("window.painted")
        if found is not None:
            page.wait_for_timeout(500)
            return float(found)
    raise TimeoutError(f"no path of {text} was painted")
