"""Another window onto a surface: by wheel, buttons, keys and a pull; its heights are computed for it."""

from typing import Any

import numpy as np
import pytest

from tests.browser.conftest import Ravine, same, until

GROUND = """() => {
  const { data, layout } = document.querySelectorAll("[data-part=map] .plot")[0];
  const heat = data.find(trace => trace.meta.role === "heat");
  return { x: layout.xaxis.range, y: layout.yaxis.range, grid: [heat.x[0], heat.x.at(-1), heat.y[0], heat.y.at(-1)] };
}"""


def ground(ravine: Ravine) -> dict[str, Any]:
    """Wait until the heights fill the window, and return it."""

    def filled() -> Any:
        found = ravine.page.evaluate(GROUND)
        return np.allclose(found["grid"], [*found["x"], *found["y"]], rtol=1e-5, atol=1e-5) and found

    return until(filled, "heights for the whole window")


def length(range_: list[float]) -> float:
    return range_[1] - range_[0]


def test_the_wheel_zooms_about_the_pointer_and_all_can_be_shown_again(ravine: Ravine) -> None:
    before = ravine.open()
    whole = ground(ravine)
    box = ravine.page.locator("[data-part=map] .stage").bounding_box()
    assert box is not None
    ravine.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    ravine.page.mouse.wheel(0, -400)
    until(lambda: length(ravine.page.evaluate(GROUND)["x"]) < 0.7 * length(whole["x"]), "a smaller window")
    near = ground(ravine)
    assert length(near["x"]) / length(whole["x"]) == pytest.approx(np.exp(-0.6), rel=1e-2)
    assert np.mean(near["x"]) == pytest.approx(np.mean(whole["x"]), abs=0.1 * length(whole["x"]))
    assert same(ravine.paths(), before)
    ravine.page.locator("[data-zoom=fit]").click()
    until(lambda: ravine.page.evaluate(GROUND)["x"] == whole["x"], "all of it")
    assert ground(ravine) == whole


def test_keys_and_buttons_zoom_and_another_surface_begins_whole(ravine: Ravine) -> None:
    ravine.open()
    whole = ground(ravine)
    ravine.page.locator("[data-part=map] .stage").focus()
    ravine.page.keyboard.press("+")
    until(lambda: length(ravine.page.evaluate(GROUND)["x"]) < length(whole["x"]), "a smaller window")
    ravine.page.locator("[data-zoom=out]").click()
    ravine.page.locator("[data-zoom=out]").click()
    until(lambda: length(ravine.page.evaluate(GROUND)["x"]) > length(whole["x"]), "a larger window")
    ground(ravine)
    ravine.page.keyboard.press("0")
    until(lambda: ravine.page.evaluate(GROUND)["x"] == whole["x"], "all of it")
    ravine.page.keyboard.press("+")
    ravine.page.locator("select[name=surface]").select_option("himmelblau")
    ravine.settled()
    assert ground(ravine)["x"][0] < -4


def test_a_pull_moves_the_map_and_not_the_start(ravine: Ravine) -> None:
    before = ravine.open()
    whole = ground(ravine)
    box = ravine.page.locator("[data-part=map] .stage").bounding_box()
    assert box is not None
    x, y = box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"]
    ravine.page.keyboard.down("Shift")
    ravine.page.mouse.move(x, y)
    ravine.page.mouse.down()
    ravine.page.mouse.move(x - 120, y)
    ravine.page.mouse.up()
    ravine.page.keyboard.up("Shift")
    until(lambda: ravine.page.evaluate(GROUND)["x"][0] > whole["x"][0] + 0.5, "the window lies farther right")
    moved = ground(ravine)
    assert length(moved["x"]) == pytest.approx(length(whole["x"]), rel=1e-3)
    assert moved["y"] == pytest.approx(whole["y"], abs=1e-3)
    assert same(ravine.paths(), before)


def test_no_window_is_refused_however_long_one_zooms(ravine: Ravine) -> None:
    ravine.open()
    for name in ("in", "out"):
        for _ in range(45):
            ravine.page.locator(f"[data-zoom={name}]").evaluate("button => button.click()")
        ravine.page.wait_for_timeout(300)
        ground(ravine)
        assert ravine.page.locator("[data-part=banner]").is_hidden()
