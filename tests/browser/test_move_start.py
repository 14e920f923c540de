"""Clicking the map, and dragging the ring on it."""

import numpy as np
import pytest

from tests.browser.conftest import Paths, Ravine


def spot(ravine: Ravine, across: float, up: float) -> tuple[float, float]:
    box = ravine.page.locator("[data-part=map] .stage").bounding_box()
    assert box is not None
    return box["x"] + across * box["width"], box["y"] + up * box["height"]


def assert_all_begin_there(ravine: Ravine, paths: Paths) -> None:
    start = ravine.comparison["start"]
    fields = [float(ravine.page.locator(f"input[name=start_{axis}]").input_value()) for axis in "xy"]
    assert fields == pytest.approx(start)
    for path in (*paths, *ravine.marks("start")):
        assert path[0] == pytest.approx(np.array(start, np.float32))


def test_a_click_on_the_map_moves_the_start_of_every_run(ravine: Ravine) -> None:
    ravine.open()
    ravine.page.mouse.click(*spot(ravine, 0.7, 0.3))
    paths = ravine.settled()
    x, y = ravine.comparison["start"]
    (left, right), (bottom, top) = ravine.page.evaluate(
        "['xaxis', 'yaxis'].map(axis => document.querySelectorAll('[data-part=map] .plot')[1].layout[axis].range)"
    )
    assert 0.55 < (x - left) / (right - left) < 0.85
    assert 0.55 < (y - bottom) / (top - bottom) < 0.85
    assert_all_begin_there(ravine, paths)


def test_the_start_is_dragged_and_the_fields_follow(ravine: Ravine) -> None:
    ravine.open()
    mouse = ravine.page.mouse
    mouse.move(*spot(ravine, 0.3, 0.3))
    mouse.down()
    first = ravine.settled()
    for across in (0.4, 0.5, 0.6):
        mouse.move(*spot(ravine, across, 0.6))
    mouse.up()
    paths = ravine.settled()
    assert_all_begin_there(ravine, paths)
    assert not np.array_equal(first[0][0], paths[0][0])
    assert ravine.measures()
    mouse.move(*spot(ravine, 0.2, 0.2))
    ravine.page.wait_for_timeout(100)
    assert ravine.comparison["start"] == pytest.approx(paths[0][0].tolist(), rel=1e-3), "let go is let go"


def test_arrow_keys_and_fields_move_the_start_too(ravine: Ravine) -> None:
    ravine.open()
    x, y = ravine.comparison["start"]
    ravine.page.locator("[data-part=map] .stage").focus()
    ravine.page.keyboard.press("ArrowRight")
    assert_all_begin_there(ravine, ravine.settled())
    assert ravine.comparison["start"][0] > x
    assert ravine.comparison["start"][1] == pytest.approx(y)
    field = ravine.page.locator("input[name=start_y]")
    field.fill("1.25")
    field.press("Enter")
    assert_all_begin_there(ravine, ravine.settled())
    assert ravine.comparison["start"][1] == 1.25
