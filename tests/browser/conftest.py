"""A real server, a real browser, and a page whose picture is compared with what the API answers.

What is drawn is read out of the charts themselves. A page that writes an error to its console fails its test.
"""

import functools
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page

from bench.browser import chromium

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".pytest_cache" / "ravine"
PATIENCE = 30.0
COMPILED = "Finished XLA compilation"
"""What JAX writes for every program it compiles, once JAX_LOG_COMPILES is set."""

Paths = list[NDArray[np.float32]]
Comparison = dict[str, Any]


def until(true: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Wait for something that is true, and return it."""
    limit = time.monotonic() + patience
    while not (found := true()):
        assert time.monotonic() < limit, f"not within {patience:.0f} s: {what}"
        time.sleep(0.03)
    return found


def same(first: Paths, second: Paths) -> bool:
    return len(first) == len(second) and all(map(np.array_equal, first, second))


def holds(whole: Any, part: Any) -> bool:
    """Say whether everything in a comparison is in another, which may have defaults beside it."""
    if isinstance(part, dict):
        return all(key in whole and holds(whole[key], value) for key, value in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(holds, whole, part))
    return whole == part


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Service:
    """`ravine serve` as a process of its own."""

    def __init__(self, log: Path, port: int | None = None, **limits: str) -> None:
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = log
        self._environment = os.environ | {"RAVINE_CACHE_DIR": str(CACHE), "JAX_LOG_COMPILES": "1"} | limits
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        until(self._ready, f"a server that is ready; it said:\n{self.log.read_text()[-2000:]}", 120)

    def _ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the server stopped:\n{self.log.read_text()[-2000:]}"
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.address}/readyz").status_code == 200
        return False

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(20)

    @property
    def compilations(self) -> int:
        return self.log.read_text().count(COMPILED)

    @functools.cached_property
    def catalog(self) -> dict[str, Any]:
        return httpx.get(f"{self.address}/api/catalog").json()

    def paths(self, comparison: Comparison) -> Paths:
        """Compute a comparison by another way than the page's: in one answer, as JSON."""
        return [np.array(run["path"], np.float32) for run in self.run(comparison)["runs"]]

    def run(self, comparison: Comparison) -> dict[str, Any]:
        """Return the whole answer to a comparison."""
        answer = httpx.post(f"{self.address}/api/run", json=comparison, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()


READ_PATHS = """role => {
  const plots = [...document.querySelectorAll("[data-part=map] .plot")];
  const found = plots.flatMap(plot => plot.data ?? []).filter(trace => trace.meta?.role === role);
  return found.map(trace => Array.from(trace.x, (x, at) => [x, trace.y[at]]));
}"""


class Ravine:
    """The page as its users meet it, and what they see there."""

    def __init__(self, page: Page, service: Service) -> None:
        self.page = page
        self.service = service
        self.expected_errors: tuple[str, ...] = ()
        self.errors: list[str] = []
        page.set_default_timeout(1000 * PATIENCE)
        page.on("pageerror", self._fail)
        page.on("console", self._listen)

    def deafen(self) -> None:
        """Hear no more errors: the tab is another test's."""
        self.page.remove_listener("pageerror", self._fail)
        self.page.remove_listener("console", self._listen)

    def _fail(self, error: Any) -> None:
        self.errors.append(f"page error: {error}")

    def _listen(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(f"console: {message.text} ({message.location.get('url')})")

    @property
    def unexpected(self) -> list[str]:
        return [error for error in self.errors if not any(part in error for part in self.expected_errors)]

    def open(self, comparison: Comparison | None = None, view: str | None = None) -> Paths:
        """Open the page, with a comparison or its own, and wait until that is drawn."""
        self.visit(comparison, view)
        return self.settled()

    def visit(self, comparison: Comparison | None = None, view: str | None = None) -> None:
        """Open the page without waiting for a picture."""
        asked = {"c": None if comparison is None else json.dumps(comparison), "view": view}
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        self.page.goto(f"{self.service.address}/?{query}")

    @property
    def address(self) -> str:
        return self.page.evaluate("location.href")

    @property
    def comparison(self) -> Comparison:
        """Read the comparison out of the address bar."""
        return json.loads(parse_qs(urlsplit(self.address).query)["c"][0])

    def marks(self, role: str, within: Page | Frame | None = None) -> Paths:
        """Read the points of every trace of a role out of the map: `path`, `playhead`, `start`, …"""
        found = (within or self.page).evaluate(READ_PATHS, role)
        return [np.array(points, np.float32).reshape(-1, 2) for points in found]

    def paths(self, within: Page | Frame | None = None) -> Paths:
        return self.marks("path", within)

    def settled(self) -> Paths:
        """Wait until the address bar rests, and what it holds is what is drawn; return the paths."""
        expected: dict[str, Paths] = {}

        def drawn() -> Paths | None:
            address = self.address
            if "?c=" not in address:
                return None
            if address not in expected:
                self.page.wait_for_timeout(300)
                if self.address != address:
                    return None
                expected[address] = self.service.paths(self.comparison)
            paths = self.paths()
            return paths if same(paths, expected[address]) and self.address == address else None

        return until(drawn, "the map shows what the API answers to the comparison in the address bar")

    def slider(self, name: str, run: int | None = None, within: Page | Frame | None = None) -> Locator:
        place = f'[data-run="{run}"]' if run is not None else ":not([data-run])"
        return (within or self.page).locator(f'input[type=range][name="{name}"]{place}')

    def field(self, slider: Locator) -> Locator:
        """Return the number field beside a slider."""
        return slider.locator("xpath=../input[@type='number']")

    def words(self, slider: Locator) -> Locator:
        """Return the complaint beside a slider."""
        return slider.locator("xpath=../*[contains(@class, 'complaint')]")

    def drag(self, slider: Locator, start: float, end: float, moves: int = 8) -> None:
        """Drag a slider with the mouse, from one share of its track to another."""
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        assert box is not None
        mouse, height = self.page.mouse, box["y"] + box["height"] / 2
        mouse.move(box["x"] + start * box["width"], height)
        mouse.down()
        for move in range(1, moves + 1):
            mouse.move(box["x"] + (start + (end - start) * move / moves) * box["width"], height)
            self.page.wait_for_timeout(16)
        mouse.up()

    def measures(self, within: Page | Frame | None = None) -> list[float]:
        """Return the milliseconds from each slider move to its picture."""
        script = "performance.getEntriesByName('ravine:slider-to-paint', 'measure').map(one => one.duration)"
        return (within or self.page).evaluate(script)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(tmp_path_factory.mktemp("server") / "log")
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start a browser for this folder alone: its driver keeps an event loop running, and others start their own."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def tabs(browser: Browser) -> Callable[..., Page]:
    """Return the tab for the tests that want one with the same options: what it compiled once, it need not again."""
    open_tabs: dict[str, Page] = {}

    def tab(**options: Any) -> Page:
        asked = json.dumps(options, sort_keys=True)
        if asked not in open_tabs:
            open_tabs[asked] = browser.new_context(**options).new_page()
        return open_tabs[asked]

    return tab


def leave(page: Page) -> None:
    """Make a tab as good as new: an empty page, nothing stored, no routes, no button held."""
    page.mouse.up()
    page.unroute_all(behavior="ignoreErrors")
    page.goto("about:blank")
    page.context.set_storage_state({})
    page.mouse.move(0, 0)


@pytest.fixture
def visit(browser: Browser, tabs: Callable[..., Page]) -> Iterator[Callable[..., Ravine]]:
    """Open pages; at the end none of them may have written an error.

    They are opened in a tab that other tests have used and will use, and a second one with the same options in a fresh
    profile. What would stay in a tab, such as a script at the start of every page or a routed socket, is for one too.
    """
    opened: list[Ravine] = []
    closing: list[BrowserContext] = []

    def begin(service: Service, *, fresh: bool = False, **options: Any) -> Ravine:
        options = {"viewport": {"width": 1440, "height": 900}} | options
        if fresh or any(one.page is tabs(**options) for one in opened):
            closing.append(browser.new_context(**options))
            page = closing[-1].new_page()
        else:
            page = tabs(**options)
        ravine = Ravine(page, service)
        opened.append(ravine)
        return ravine

    yield begin
    errors = [error for ravine in opened for error in ravine.unexpected]
    for context in closing:
        context.close()
    for ravine in opened:
        ravine.deafen()
        if not ravine.page.is_closed():
            leave(ravine.page)
    assert not errors, "the page wrote errors:\n" + "\n".join(errors)


@pytest.fixture
def ravine(visit: Callable[..., Ravine], service: Service) -> Ravine:
    """A page that nobody has opened yet."""
    return visit(service)
