"""Switches in a run's card: a checkbox and a list, the formula that follows them, and where they have no place."""

import pytest

from tests.browser.conftest import Ravine, same


def test_a_checkbox_turns_the_correction_off_and_on_again(ravine: Ravine) -> None:
    runs = [{"optimizer": "adam", "lr": 0.05}]
    before = ravine.open(ravine.service.catalog["default"] | {"runs": runs, "steps": 50})
    card = ravine.page.locator('article.run[data-run="0"]')
    box = card.get_by_label("Bias correction")
    assert box.get_attribute("name") == "bias_correction"
    assert box.get_attribute("data-run") == "0"
    assert box.is_checked()
    written = card.locator(".run-body > .formula").inner_text()
    box.focus()
    ravine.page.keyboard.press("Space")
    after = ravine.settled()
    assert ravine.comparison["runs"][0]["bias_correction"] is False
    assert not same(after, before)
    assert card.locator(".run-body > .formula").inner_text() != written
    assert card.get_by_label("Bias correction").evaluate("element => element === document.activeElement")
    ravine.page.keyboard.press("Space")
    assert same(ravine.settled(), before)
    assert card.locator(".run-body > .formula").inner_text() == written


def test_a_list_takes_the_gradient_ahead(ravine: Ravine) -> None:
    runs = [{"optimizer": "nesterov", "lr": 0.1, "form": "look_ahead"}]
    ahead = ravine.open(ravine.service.catalog["default"] | {"runs": runs, "steps": 50})
    form = ravine.page.locator('article.run[data-run="0"] select[name="form"]')
    assert form.input_value() == "look_ahead"
    form.select_option("lecture")
    assert not same(ravine.settled(), ahead)
    assert ravine.comparison["runs"][0]["form"] == "lecture"


@pytest.mark.parametrize(("kind", "offered"), [("default", True), ("default_network", False)])
def test_newton_is_offered_on_surfaces_alone(ravine: Ravine, kind: str, offered: bool) -> None:
    ravine.visit(ravine.service.catalog[kind] | {"steps": 20})
    choices = ravine.page.locator("select[name=add] option")
    choices.first.wait_for(state="attached")
    names = choices.evaluate_all("all => all.map(one => one.value)")
    assert ("newton" in names) == offered
    assert "lbfgs" in names
