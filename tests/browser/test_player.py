"""Play, pause, scrub."""

import numpy as np

from tests.browser.conftest import Ravine, same, until


def assert_cut_at(ravine: Ravine, step: int, whole: list[np.ndarray]) -> None:
    """The paths end at a step, their playheads stand there, and the rest is drawn faintly."""
    cut = ravine.paths()
    assert same(cut, [path[: step + 1] for path in whole])
    (heads,) = ravine.marks("playhead")
    assert np.array_equal(heads, np.array([path[min(step, len(path) - 1)] for path in whole]))
    assert same(ravine.marks("ghost"), [path[min(step, len(path) - 1) :] for path in whole])


def test_scrubbing_cuts_the_paths_and_moves_the_playheads(ravine: Ravine) -> None:
    whole = ravine.open()
    scrub = ravine.page.locator("input.scrub")
    ravine.drag(scrub, 0.9, 0.25)
    step = int(scrub.input_value())
    assert 100 < step < 150
    ravine.page.wait_for_timeout(100)
    assert_cut_at(ravine, step, whole)


def test_the_keyboard_scrubs_step_by_step_and_the_end_is_the_whole_path(ravine: Ravine) -> None:
    whole = ravine.open()
    ravine.page.locator("input.scrub").focus()
    ravine.page.keyboard.press("Home")
    assert_cut_at(ravine, 0, whole)
    ravine.page.keyboard.press("ArrowRight")
    ravine.page.keyboard.press("ArrowRight")
    assert_cut_at(ravine, 2, whole)
    ravine.page.keyboard.press("End")
    assert same(ravine.paths(), whole)


def test_play_lets_the_paths_grow_and_pause_holds_them(ravine: Ravine) -> None:
    whole = ravine.open()
    play = ravine.page.locator("button.play")
    scrub = ravine.page.locator("input.scrub")
    play.click()
    assert play.get_attribute("aria-label") == "Pause"
    until(lambda: 5 < int(scrub.input_value()) < 400, "the steps run")
    play.click()
    step = int(scrub.input_value())
    ravine.page.wait_for_timeout(200)
    assert int(scrub.input_value()) == step
    assert_cut_at(ravine, step, whole)
    play.click()
    until(lambda: int(scrub.input_value()) > step, "it goes on from where it stood")


def test_play_ends_at_the_end(ravine: Ravine) -> None:
    whole = ravine.open()
    play = ravine.page.locator("button.play")
    ravine.page.locator("input.scrub").fill("480")
    play.click()
    until(lambda: play.get_attribute("aria-label") == "Play", "it stops by itself")
    assert same(ravine.paths(), whole)


def test_a_slider_moved_in_the_middle_keeps_the_playhead(ravine: Ravine) -> None:
    ravine.open()
    ravine.page.locator("input.scrub").fill("40")
    ravine.drag(ravine.slider("rho", run=1), 0.5, 0.7)
    ravine.page.wait_for_timeout(300)
    whole = until(lambda: ravine.service.paths(ravine.comparison), "the answer")
    until(lambda: same(ravine.paths(), [path[:41] for path in whole]), "the new paths, cut at the same step")
