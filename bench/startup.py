"""How long one waits for the server and for the page, and what the server keeps in memory.

The first start finds an empty cache folder, the second the one that the first has filled. Memory is read where Linux
tells it, so this comparison runs on Linux only. There is no peer: these are promises, not ratios.
"""

import json
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser

from bench.browser import SCREEN, chromium
from bench.pairs import Row, Times, amount
from bench.server import Server, served
from core.catalog import DEFAULT_NETWORK
from core.problems.surfaces import SURFACES

LOADS = 5
READY_WITHIN, PAINTED_WITHIN, MEMORY_WITHIN = 10_000, 2_000, 600
PATH_PAINTED = """() => {
    const drawn = () => document.querySelectorAll(".map .scatterlayer path.js-line").length;
    const look = () => {
        if (!drawn()) return requestAnimationFrame(look);
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => { window.firstPath ??= performance.now(); };
        requestAnimationFrame(() => port2.postMessage(null));
    };
    requestAnimationFrame(look);
}"""


def measure() -> list[Row]:
    with TemporaryDirectory() as folder:
        with served(Path(folder)) as server:
            first = server.ready_after
        with served(Path(folder)) as server:
            loads = loaded(server.address)
            begun = server.resident()
            visited = visit(server)
            row = Row(
                "resident memory of the server",
                f"{server.resident():.0f} MiB", "–", "–", f"≤ {MEMORY_WITHIN} MiB", server.resident() <= MEMORY_WITHIN,
                f"{begun:.0f} MiB before {visited}",
            )  # fmt: skip
            second = server.ready_after
    again = f"first start, empty cache: {amount(first)}"
    cold = f"{LOADS} loads, each in a new profile"
    return [
        Row("start to ready, cache warm", amount(second), "–", "–", "≤ 10 s", second <= READY_WITHIN, again),
        Row("page load to first painted path", str(loads), "–", "–", "≤ 2 s", loads.median <= PAINTED_WITHIN, cold),
        row,
    ]


def loaded(address: str) -> Times:
    """Return how long a browser that has never been here waits for the first path."""
    with chromium() as browser:
        return Times([first_path(browser, address) for _ in range(LOADS)])


def first_path(browser: Browser, address: str) -> float:
    """Return the milliseconds from navigation to the frame in which a path is painted."""
    context = browser.new_context(viewport=SCREEN)
    page = context.new_page()
    page.add_init_script(f"({PATH_PAINTED})()")
    page.goto(address)
    page.locator(".map .scatterlayer path.js-line").first.wait_for(state="attached")
    page.wait_for_timeout(300)
    found = page.evaluate("window.firstPath")
    context.close()
    return float(found)


def visit(server: Server) -> str:
    """Ask for every surface with every lecture optimizer, and the network with its landscapes."""
    for surface in SURFACES:
        runs = [{"optimizer": name, "lr": lr} for name, lr in surface.rates.items()]
        problem = {"kind": "surface", "name": surface.identifier()}
        post(server.address, "/api/run", {"problem": problem, "steps": 500, "runs": runs})
        body = {"comparison": {"problem": problem, "steps": 500, "runs": runs}, "plane": {"kind": "identity"}}
        post(server.address, "/api/landscape", body | {"resolution": 51})
    network = DEFAULT_NETWORK.canonical()
    post(server.address, "/api/run", network)
    for plane in ("pca", "random"):
        post(server.address, "/api/landscape", {"comparison": network, "plane": {"kind": plane}, "resolution": 51})
    return f"{len(SURFACES)} surfaces, the network and its landscapes"


def post(address: str, path: str, body: dict[str, Any]) -> None:
    request = urllib.request.Request(
        address + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        answer.read()
