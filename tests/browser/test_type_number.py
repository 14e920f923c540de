"""Typing a number beside a slider."""

import math

import pytest

from tests.browser.conftest import Ravine, same, until

NETWORK = {
    "problem": {"kind": "network", "hidden": [8]},
    "steps": 5,
    "runs": [{"optimizer": "sgd", "lr": 0.05}],
}


def enter(ravine: Ravine, name: str, run: int, text: str) -> None:
    field = ravine.field(ravine.slider(name, run))
    field.fill(text)
    field.press("Enter")


def test_a_valid_number_beyond_the_slider_widens_it(ravine: Ravine) -> None:
    ravine.open()
    slider = ravine.slider("lr", run=4)
    end = float(slider.get_attribute("max") or "")
    assert end == pytest.approx(math.log10(3)), "the slider ends at 3, and its track is logarithmic"
    enter(ravine, "lr", 4, "10")
    ravine.settled()
    assert ravine.comparison["runs"][4]["lr"] == 10
    assert float(slider.get_attribute("max") or "") == 1
    assert float(slider.input_value()) == 1


def test_a_field_is_as_wide_as_what_stands_in_it(ravine: Ravine) -> None:
    ravine.open()
    slider = ravine.slider("lr", run=4)
    field = ravine.field(slider)
    sides = "field => [field.clientWidth, field.scrollWidth]"
    width, _ = field.evaluate(sides)
    for text in ("1000000", "0.98039", "1.23e-10", "0.123456789"):
        field.fill(text)
        inside, needed = field.evaluate(sides)
        assert needed <= inside, text
        assert inside == width or len(text) > 8, "eight characters have room without a slider that shrinks"
    field.press("Enter")
    ravine.settled()
    assert ravine.comparison["runs"][4]["lr"] == 0.123456789


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
    many = {"problem": {"kind": "surface", "name": "booth"}, "runs": 12 * [{"optimizer": "sgd", "lr": 0.01}]}
    before = ravine.open(many)
    steps = ravine.page.locator("input[name=steps]:visible")
    steps.fill("20000")
    steps.press("Enter")
    banner = ravine.page.locator("[data-part=banner]")
    banner.wait_for(state="visible")
    assert "steps" in banner.inner_text().lower()
    assert same(ravine.paths(), before)
    steps.fill("100")
    steps.press("Enter")
    assert {len(path) for path in ravine.settled()} == {101}
    banner.wait_for(state="hidden")


@pytest.mark.parametrize(
    ("name", "text"), [("steps", "0"), ("steps", "1.5"), ("seed", "-1"), ("start_x", "1e300"), ("start_y", "")]
)
def test_a_number_that_no_comparison_can_have_is_not_taken(ravine: Ravine, name: str, text: str) -> None:
    before = ravine.open()
    comparison = ravine.comparison
    field = ravine.page.locator(f"input[name={name}]:visible")
    shown = field.input_value()
    field.fill(text)
    field.press("Enter")
    words = field.locator("xpath=following-sibling::p")
    words.wait_for(state="visible")
    assert ravine.comparison == comparison
    field.blur()
    ravine.drag(ravine.slider("rho", run=1), 0.5, 0.6)
    assert not same(ravine.settled(), before)
    assert field.input_value() == shown
    assert not words.inner_text()


def test_a_slider_that_was_widened_shrinks_again(ravine: Ravine) -> None:
    ravine.open()
    slider = ravine.slider("lr", run=4)
    enter(ravine, "lr", 4, "1e6")
    assert float(slider.get_attribute("max") or "") == 6
    enter(ravine, "lr", 4, "0.1")
    assert float(slider.get_attribute("max") or "") == pytest.approx(math.log10(3))


@pytest.mark.parametrize(("text", "widths"), [("16x8", [16, 8]), ("5", [5]), ("32, 8 – 4", [32, 8, 4])])
def test_hidden_widths_are_read_as_people_write_them(ravine: Ravine, text: str, widths: list[int]) -> None:
    ravine.visit(NETWORK)
    field = ravine.page.locator("input[name=hidden]")
    field.fill(text)
    field.press("Enter")
    until(lambda: ravine.comparison["problem"]["hidden"] == widths, "the widths in the address")


@pytest.mark.parametrize("text", ["abc", "-5", "0", "9999", " ".join(20 * ["8"])])
def test_hidden_widths_that_cannot_be_are_answered_in_words(ravine: Ravine, text: str) -> None:
    ravine.visit(NETWORK)
    field = ravine.page.locator("input[name=hidden]")
    field.wait_for()
    before = ravine.comparison
    field.fill(text)
    field.press("Enter")
    field.locator("xpath=following-sibling::p").wait_for(state="visible")
    ravine.page.wait_for_timeout(400)  # the address follows after a moment
    assert ravine.comparison == before
