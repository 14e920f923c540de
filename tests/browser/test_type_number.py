"""Typing a number beside a slider."""

import pytest

from tests.browser.conftest import Ravine, same


def enter(ravine: Ravine, name: str, run: int, text: str) -> None:
    field = ravine.field(ravine.slider(name, run))
    field.fill(text)
    field.press("Enter")


def test_a_valid_number_beyond_the_slider_widens_it(ravine: Ravine) -> None:
    ravine.open()
    slider = ravine.slider("lr", run=4)
    assert float(slider.get_attribute("max") or "") == 0, "the slider ends at 1, and its track is logarithmic"
    enter(ravine, "lr", 4, "10")
    ravine.settled()
    assert ravine.comparison["runs"][4]["lr"] == 10
    assert float(slider.get_attribute("max") or "") == 1
    assert float(slider.input_value()) == 1


@pytest.mark.parametrize("text", ["1", "-0.5", ""])
def test_an_invalid_number_is_answered_in_words_and_changes_nothing(ravine: Ravine, text: str) -> None:
    before = ravine.open()
    comparison = ravine.comparison
    enter(ravine, "rho", 1, text)
    words = ravine.words(ravine.slider("rho", run=1))
    words.wait_for(state="visible")
    assert words.inner_text().strip()
    assert same(ravine.settled(), before)
    assert ravine.comparison == comparison


def test_the_words_go_once_the_number_is_valid(ravine: Ravine) -> None:
    ravine.open()
    enter(ravine, "rho", 1, "2")
    ravine.words(ravine.slider("rho", run=1)).wait_for(state="visible")
    enter(ravine, "rho", 1, "0.5")
    ravine.settled()
    assert ravine.comparison["runs"][1]["rho"] == 0.5
    assert not ravine.words(ravine.slider("rho", run=1)).inner_text()


def test_what_only_the_server_can_refuse_is_said_in_words_and_the_picture_stays(ravine: Ravine) -> None:
    before = ravine.open()
    steps = ravine.page.locator("input[name=steps]:visible")
    steps.fill("-3")
    steps.press("Enter")
    banner = ravine.page.locator("[data-part=banner]")
    banner.wait_for(state="visible")
    assert "steps" in banner.inner_text().lower()
    assert same(ravine.paths(), before)
    steps.fill("100")
    steps.press("Enter")
    assert {len(path) for path in ravine.settled()} == {101}
    banner.wait_for(state="hidden")
