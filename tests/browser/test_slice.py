"""The slice: a line on the map, and the loss along it."""

from typing import Any

import numpy as np
import pytest

from core.landscape.profile import profile
from core.problems.planar import Planar
from core.spec import Comparison
from tests.browser.conftest import Ravine, same, until

LINE = """() => {
  const plot = document.querySelector(".slice-side .plot");
  const of = role => plot?.data?.find(trace => trace.meta.role === role);
  return of("profile") && {
    x: Array.from(of("profile").x),
    loss: Array.from(of("profile").y),
    stars: Array.from(of("minima").x),
    handles: [...document.querySelectorAll(".handle")].map(one => one.getBoundingClientRect().toJSON()),
    pressed: document.querySelector(".slice-side .chip[aria-pressed=true]")?.textContent ?? null,
  };
}"""


def line(ravine: Ravine) -> dict[str, Any]:
    return until(lambda: ravine.page.evaluate(LINE), "a slice")


def surface(ravine: Ravine) -> Planar:
    problem = Comparison.model_validate(ravine.comparison).resolve()
    assert isinstance(problem, Planar)
    return problem


def test_a_slice_along_x_is_the_surface_on_that_line_and_follows_sliders(ravine: Ravine) -> None:
    before = ravine.open(view="slice")
    ravine.page.locator(".slice-side .chip", has_text="Along x").click()

    def agrees() -> bool:
        found, (x, y) = line(ravine), ravine.comparison["start"]
        ends = (found["x"][0], y), (found["x"][-1], y)
        wanted = profile(surface(ravine), *ends, len(found["x"])).loss
        return bool(found["x"][0] < x < found["x"][-1]) and np.allclose(found["loss"], wanted, rtol=1e-4, atol=1e-5)

    until(agrees, "the loss on the line")
    first = line(ravine)
    ravine.slider("condition").press("ArrowLeft")
    assert not same(ravine.settled(), before)
    until(lambda: line(ravine)["loss"] != first["loss"] and agrees(), "the loss of the other surface")


def test_the_line_from_start_to_minimum_has_a_star_and_its_ends_can_be_moved(ravine: Ravine) -> None:
    paths = ravine.open(view="slice")
    found = until(lambda: (now := line(ravine))["stars"] and now, "a star")
    (star,) = found["stars"]
    assert star == pytest.approx(found["x"][-1] * 1.3 / 1.6, rel=1e-2)
    box = found["handles"][1]
    ravine.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    ravine.page.mouse.down()
    ravine.page.mouse.move(box["x"] - 40, box["y"] + 60, steps=3)
    ravine.page.mouse.up()
    moved = until(lambda: (now := line(ravine))["loss"] != found["loss"] and now, "another line")
    assert moved["handles"][0] == found["handles"][0]
    assert moved["pressed"] is None
    ravine.page.locator(".handle").first.press("ArrowUp")
    until(lambda: line(ravine)["handles"][0]["y"] < found["handles"][0]["y"], "the other end, moved by a key")
    assert same(ravine.settled(), paths), "the start stays"
    ravine.page.locator("select[name=surface]").select_option("booth")
    until(lambda: line(ravine)["pressed"] == "Start → minimum", "a line that suits the other surface")


def test_a_network_has_no_slice(ravine: Ravine) -> None:
    ravine.visit(view="slice")
    line(ravine)
    ravine.page.locator("a[data-kind=network]").click()
    ravine.page.locator("input[name=layout][value=slice]:disabled").wait_for(state="attached")
    assert ravine.page.locator("input[name=layout][value=overlay]").is_checked()
