"""Dragging a slider with the mouse."""

import numpy as np
import pytest

from tests.browser.conftest import Paths, Ravine, until


def moved(before: Paths, after: Paths) -> set[int]:
    return {run for run, (old, new) in enumerate(zip(before, after, strict=True)) if not np.array_equal(old, new)}


@pytest.mark.parametrize("name", ["rho", "lr"])
def test_a_slider_moves_the_path_of_its_own_run_alone(ravine: Ravine, name: str) -> None:
    before = ravine.open()
    slider = ravine.slider(name, run=1)
    ravine.drag(slider, 0.4, 0.6)
    assert moved(before, ravine.settled()) == {1}
    value = ravine.comparison["runs"][1][name]
    assert value != ravine.service.catalog["default"]["runs"][1][name]
    assert float(ravine.field(slider).input_value()) == pytest.approx(value, rel=1e-5)


def test_paths_follow_while_the_hand_is_still_down(ravine: Ravine) -> None:
    before = ravine.open()
    slider = ravine.slider("rho", run=1)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    height = box["y"] + box["height"] / 2
    ravine.page.mouse.move(box["x"] + 0.5 * box["width"], height)
    ravine.page.mouse.down()
    ravine.page.mouse.move(box["x"] + 0.6 * box["width"], height)
    until(lambda: moved(before, ravine.paths()) == {1}, "the path moves before the mouse is let go")
    ravine.page.mouse.up()


def test_every_move_is_measured_from_the_hand_to_the_picture(ravine: Ravine) -> None:
    ravine.open()
    assert not ravine.measures()
    ravine.drag(ravine.slider("lr", run=5), 0.3, 0.7)
    ravine.settled()
    durations = until(lambda: len(found := ravine.measures()) > 3 and found, "the moves were measured")
    assert all(0 < duration < 10_000 for duration in durations)


def test_the_condition_bends_the_heights_and_all_paths(ravine: Ravine) -> None:
    heights = (
        "[...[...document.querySelectorAll('[data-part=map] .plot')].flatMap(plot => plot.data)"
        ".find(trace => trace.meta.role === 'heat').z[3]]"
    )
    before = ravine.open()
    below = ravine.page.evaluate(heights)
    ravine.drag(ravine.slider("condition"), 0.55, 0.3)
    assert moved(before, ravine.settled()) == set(range(6))
    until(lambda: ravine.page.evaluate(heights) != below, "the heights are drawn anew")


def test_a_slider_obeys_the_keyboard(ravine: Ravine) -> None:
    before = ravine.open()
    ravine.slider("rho", run=2).focus()
    ravine.page.keyboard.press("ArrowLeft")
    assert moved(before, ravine.settled()) == {2}
