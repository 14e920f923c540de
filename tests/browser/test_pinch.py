"""Two fingers on a map: they zoom and pull it, and the start stays where it was."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.browser.conftest import Ravine, Service, same, until

WINDOW = """() => {
  const { layout } = document.querySelector("[data-part=map] .js-plotly-plot");
  const box = document.querySelector("[data-part=map] .stage").getBoundingClientRect();
  return { x: layout.xaxis.range, y: layout.yaxis.range, margin: layout.margin, box: box.toJSON() };
}"""


class Fingers:
    """Touches, as the browser gets them from a screen."""

    def __init__(self, ravine: Ravine) -> None:
        self._session = ravine.page.context.new_cdp_session(ravine.page)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        given = [{"x": x, "y": y, "id": place} for place, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": given})


@pytest.fixture
def phone(visit: Callable[..., Ravine], service: Service) -> Ravine:
    return visit(service, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


def window(ravine: Ravine) -> dict[str, Any]:
    return ravine.page.evaluate(WINDOW)


def at(found: dict[str, Any], x: float, y: float) -> tuple[float, float]:
    """Return where on the plane a point of the screen is."""
    box, margin = found["box"], found["margin"]
    across = (x - box["x"] - margin["l"]) / (box["width"] - margin["l"] - margin["r"])
    up = 1 - (y - box["y"] - margin["t"]) / (box["height"] - margin["t"] - margin["b"])
    return tuple(float(low + share * (high - low)) for (low, high), share in ((found["x"], across), (found["y"], up)))


def test_what_lies_between_two_fingers_stays_between_them(phone: Ravine) -> None:
    before = phone.open()
    phone.page.locator("[data-part=map]").scroll_into_view_if_needed()
    whole = window(phone)
    x, y = whole["box"]["x"] + 180, whole["box"]["y"] + 120
    fingers = Fingers(phone)
    fingers.touch("Start", (x - 30, y))
    fingers.touch("Start", (x - 30, y), (x + 30, y))
    for step in range(1, 6):
        fingers.touch("Move", (x - 30 - 6 * step, y + 4 * step), (x + 30 + 6 * step, y + 4 * step))
    fingers.touch("End")
    until(lambda: np.diff(window(phone)["x"]) < 0.55 * np.diff(whole["x"]), "a smaller window")
    near = window(phone)
    assert np.diff(near["x"]) / np.diff(whole["x"]) == pytest.approx(0.5, rel=2e-2)
    assert np.diff(near["y"]) / np.diff(whole["y"]) == pytest.approx(0.5, rel=2e-2)
    assert at(near, x, y + 20) == pytest.approx(at(whole, x, y), abs=0.02 * float(np.diff(near["x"])[0]))
    assert same(phone.settled(), before)


def test_a_second_finger_takes_back_what_the_first_had_moved_and_a_tap_moves_the_start(phone: Ravine) -> None:
    before = phone.open()
    start = phone.comparison.get("start")
    phone.page.locator("[data-part=map]").scroll_into_view_if_needed()
    found = window(phone)
    x, y = found["box"]["x"] + 150, found["box"]["y"] + 100
    fingers = Fingers(phone)
    fingers.touch("Start", (x, y))
    fingers.touch("Move", (x + 40, y))
    until(lambda: not same(phone.paths(), before), "one finger moves the start")
    fingers.touch("Start", (x + 40, y), (x + 90, y))
    fingers.touch("Move", (x + 41, y), (x + 91, y))
    fingers.touch("End")
    assert same(until(lambda: same(found := phone.settled(), before) and found, "the start is back"), before)
    assert phone.comparison.get("start") == start
    found = window(phone)
    fingers.touch("Start", (x, y))
    fingers.touch("End")
    until(lambda: not same(phone.settled(), before), "a tap moves the start")
    assert phone.comparison["start"] == pytest.approx(at(found, x, y), abs=0.02)
