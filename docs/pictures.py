"""Draws the pictures of the documentation: `make pictures`.

It starts the real server on a free port, opens the real page in Chromium (RAVINE_BROWSER, or the one on the PATH), and
ends both. A picture is taken when the page shows its result, never after a fixed wait.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from bench.browser import chromium

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
DESK = (1240, 775)
PHONE = (390, 844)
PATIENCE = 120_000
"""Milliseconds: the first comparison of a fresh installation is compiled before it is drawn."""
LARGEST = 300_000
"""Bytes; a README should not weigh more than what it describes."""
DIGIT = re.compile(r"\d")
LESSON = """
<body style="margin: 0 auto; max-width: 720px; padding: 32px; font: 17px/1.6 Georgia, serif; color: #222">
  <h1 style="font-size: 26px; margin: 0 0 12px">Why momentum helps in a ravine</h1>
  <p>Across the valley the gradient keeps changing its sign, along it the gradient keeps its direction. The velocity
  adds both up. Move &rho; and see what is left of the zigzag:</p>
  {iframe}
  <p>At &rho; = 0 this is gradient descent. Near 1 the ball swings past the goal and comes back.</p>
</body>
"""

RACES: dict[str, dict[str, object]] = {
    "formula": {
        "problem": {"kind": "formula", "expression": "x^2 + 10*sin(y)"},
        "steps": 120,
        "runs": [{"optimizer": "momentum", "lr": 0.03, "rho": 0.9}, {"optimizer": "sgd", "lr": 0.05}],
    },
    "seeds": {
        "problem": {"kind": "surface", "name": "ravine"},
        "steps": 200,
        "seeds": 64,
        "noise": {"kind": "gaussian", "scale": 1.5},
        "runs": [
            {"optimizer": "sgd", "lr": 0.5},
            {"optimizer": "momentum", "lr": 0.2, "rho": 0.85},
            {"optimizer": "adam", "lr": 0.25},
        ],
    },
    "panels": {
        "problem": {"kind": "surface", "name": "himmelblau"},
        "steps": 200,
        "runs": [
            {"optimizer": "sgd", "lr": 0.01},
            {"optimizer": "momentum", "lr": 0.01, "rho": 0.9},
            {"optimizer": "nesterov", "lr": 0.01, "rho": 0.9},
            {"optimizer": "adagrad", "lr": 0.5},
            {"optimizer": "rmsprop", "lr": 0.05},
            {"optimizer": "adam", "lr": 0.2},
        ],
    },
}


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of a server; it is ended by its process id."""
    command = [str(Path(sys.executable).with_name("ravine")), "serve", "--port", "0"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        said = process.stdout.readline()
        found = re.search(r"http://\S+", said)
        if not found:
            raise SystemExit(f"the server did not start: {said or 'it said nothing'}")
        yield found.group()
    finally:
        process.terminate()
        process.wait(20)


def embedding(address: str) -> str:
    """Return the iframe that the README shows, on this server."""
    snippet = re.search(r"<iframe.*?</iframe>", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert snippet, "the README shows no iframe"
    return snippet.group().replace("http://localhost:8000", address)


def open_page(browser: Browser, size: tuple[int, int], scheme: str = "light") -> Page:
    """Open a tab of a size and a colour scheme."""
    width, height = size
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=2 if size == PHONE else 1,
    )
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: print(f"  the page failed: {error}"))
    return page


def settled(page: Page) -> None:
    """Wait until every run has a result and the picture stands still."""
    page.locator(".run .result").filter(has_text=DIGIT).first.wait_for()
    while not all(map(DIGIT.search, page.locator(".run .result").all_text_contents())):
        page.wait_for_timeout(100)
    still(page)


def still(page: Page) -> None:
    """Wait until two looks, half a second apart, see the same."""
    before = b""
    for _ in range(60):
        now = page.screenshot()
        if now == before:
            return
        before = now
        page.wait_for_timeout(500)


def keep(page: Page, name: str) -> None:
    """Write a picture."""
    target = PICTURES / f"{name}.png"
    page.screenshot(path=target)
    size = target.stat().st_size
    print(f"{target.relative_to(ROOT)}  {size // 1000} KB{'  TOO LARGE' if size > LARGEST else ''}")
    page.close()


def surfaces(browser: Browser, address: str, scheme: str) -> None:
    page = open_page(browser, DESK, scheme)
    page.goto(address)
    settled(page)
    keep(page, f"surfaces-{scheme}")


def networks(browser: Browser, address: str) -> None:
    page = open_page(browser, DESK)
    page.goto(address)
    settled(page)
    page.click("a[data-kind=network]")
    settled(page)
    # The plane's caption and the bars are there once the landscape is; `still` waits for the fine one.
    page.locator("[data-part=plane]").filter(has_text=re.compile(r"\d %")).wait_for()
    page.locator("[data-part=honesty] .bars").wait_for()
    page.wait_for_timeout(2000)
    still(page)
    keep(page, "networks-light")


def laboratory(
    browser: Browser, address: str, name: str, *, view: str = "", step: int | None = None, key: str = ""
) -> None:
    """Draw a race of one's own: in a view, with the playhead at a step, and after a key."""
    comparison = RACES[name]
    page = open_page(browser, DESK)
    query = urlencode({"c": json.dumps(comparison)} | ({"view": view} if view else {}))
    page.goto(f"{address}/?{query}")
    settled(page)
    if step is not None:
        page.locator(".scrub").fill(str(step))
    if key:
        page.keyboard.press(key)
    still(page)
    keep(page, name)


def phone(browser: Browser, address: str) -> None:
    page = open_page(browser, PHONE)
    page.goto(address)
    settled(page)
    keep(page, "phone")


def embed(browser: Browser, address: str) -> None:
    page = open_page(browser, (800, 730))
    lesson = LESSON.format(iframe=embedding(address))
    page.route("**/lesson", lambda route: route.fulfill(body=lesson, content_type="text/html; charset=utf-8"))
    page.goto(f"{address}/lesson")
    frame = page.frame_locator("iframe")
    frame.locator(".step").filter(has_text=re.compile(r"/ [1-9]")).wait_for()
    page.wait_for_timeout(1000)
    still(page)
    keep(page, "embed")


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with server() as address, chromium() as browser:
        surfaces(browser, address, "light")
        surfaces(browser, address, "dark")
        networks(browser, address)
        laboratory(browser, address, "formula", step=14, key="a")
        laboratory(browser, address, "seeds", step=60)
        laboratory(browser, address, "panels", view="panels")
        phone(browser, address)
        embed(browser, address)


if __name__ == "__main__":
    main()
