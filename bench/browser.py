"""A headless Chromium that speaks to nobody but the server: the bench's, the browser tests', the pictures'."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREEN = {"width": 1440, "height": 900}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a Chromium, the one that RAVINE_BROWSER names or one of the PATH, and end it.

    Raises:
        FileNotFoundError: there is none.
    """
    path = os.environ.get("RAVINE_BROWSER") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        raise FileNotFoundError("There is no Chromium: install one, or name its path in RAVINE_BROWSER.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
