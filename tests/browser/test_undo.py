"""Undo and redo: every gesture is a step in the browser's own history."""

from tests.browser.conftest import Ravine, same, until

PAUSE = 1100
"""Milliseconds; what follows sooner belongs to the same gesture."""


def rho(ravine: Ravine) -> float:
    return ravine.comparison["runs"][1]["rho"]


def test_a_drag_is_undone_as_a_whole_and_done_again(ravine: Ravine) -> None:
    before = ravine.open()
    back, forth = (ravine.page.locator(f"[data-act={way}]") for way in ("back", "forth"))
    assert back.is_disabled()
    assert forth.is_disabled()
    first = rho(ravine)
    ravine.drag(ravine.slider("rho", run=1), 0.6, 0.3)
    bent = ravine.settled()
    second = rho(ravine)
    assert second != first
    # However soon a hand comes back, what it does then is a gesture of its own.
    ravine.drag(ravine.slider("rho", run=1), 0.3, 0.5, moves=3)
    ravine.page.mouse.click(700, 300)
    moved = ravine.settled()
    back.click()
    until(lambda: ravine.page.evaluate("history.state.place") == 2, "the second drag")
    back.click()
    assert same(ravine.settled(), bent)
    ravine.page.keyboard.press("Control+z")
    until(lambda: rho(ravine) == first, "the first ρ is there again")
    assert same(ravine.settled(), before)
    assert float(ravine.field(ravine.slider("rho", run=1)).input_value()) == first
    assert back.is_disabled()
    ravine.page.keyboard.press("Control+Shift+z")
    until(lambda: rho(ravine) == second, "the second ρ")
    forth.click()
    until(lambda: rho(ravine) != second, "that of the second drag")
    forth.click()
    assert same(ravine.settled(), moved)
    assert forth.is_disabled()


def test_something_new_takes_the_place_of_what_was_undone(ravine: Ravine) -> None:
    ravine.open()
    ravine.page.mouse.click(700, 300)
    ravine.settled()
    ravine.page.go_back()
    until(lambda: ravine.page.locator("[data-act=forth]").is_enabled(), "there is something to do again")
    ravine.settled()
    ravine.page.mouse.click(600, 400)
    other = ravine.settled()
    assert ravine.page.locator("[data-act=forth]").is_disabled()
    ravine.page.keyboard.press("Control+y")
    assert same(ravine.settled(), other)


def test_keys_in_a_field_undo_what_was_typed_there(ravine: Ravine) -> None:
    ravine.open()
    ravine.page.mouse.click(700, 300)
    moved = ravine.settled()
    ravine.page.locator("input[name=start_x]").press("Control+z")
    assert same(ravine.settled(), moved)


def test_a_list_that_has_the_focus_and_a_key_that_comes_at_once_undo_too(ravine: Ravine) -> None:
    before = ravine.open()
    ravine.page.locator("select[name=surface]").select_option("booth")
    ravine.page.locator("select[name=surface]").press("Control+z")
    until(lambda: ravine.comparison["problem"]["name"] == "ravine", "the first surface")
    assert same(ravine.settled(), before)
    first = rho(ravine)
    ravine.page.wait_for_timeout(PAUSE)
    ravine.slider("rho", run=1).press("PageDown")
    ravine.page.keyboard.press("Control+z")
    assert same(ravine.settled(), before)
    assert rho(ravine) == first
    assert ravine.page.locator("[data-act=back]").is_disabled()


def test_a_run_that_was_hidden_is_the_one_that_is_hidden_once_another_is_back(ravine: Ravine) -> None:
    ravine.open()
    ravine.page.keyboard.press("3")
    hidden = ravine.page.locator("article.run.off input.name")
    third = hidden.input_value()
    ravine.page.locator("article.run[data-run='0'] summary").click()
    ravine.page.get_by_role("button", name="Remove").click()
    until(lambda: ravine.page.locator("article.run").count() == 5, "five runs")
    ravine.page.locator("[data-act=back]").click()
    until(lambda: ravine.page.locator("article.run").count() == 6, "six runs")
    assert hidden.input_value() == third
