"""The page without a mouse: play, step, hide runs, and the list of keys."""

import pytest

from tests.browser.conftest import Ravine, same, until

SHOWN = "document.querySelector('output.step').textContent"


def drawn(ravine: Ravine) -> list[bool]:
    """Say of each run whether its path is on the map."""
    return [len(path) > 1 for path in ravine.paths()]


def test_space_plays_and_pauses(ravine: Ravine) -> None:
    ravine.open()
    ravine.page.keyboard.press("Space")
    until(lambda: 0 < len(ravine.paths()[0]) < 400, "the race begins anew")
    ravine.page.keyboard.press("Space")
    at = ravine.page.evaluate(SHOWN)
    ravine.page.wait_for_timeout(200)
    assert ravine.page.evaluate(SHOWN) == at


@pytest.mark.parametrize(
    ("keys", "step"),
    [
        (["ArrowLeft"], 499),
        (["Shift+ArrowLeft", "ArrowRight"], 491),
        (["Home"], 0),
        (["Home", "ArrowRight", "ArrowRight"], 2),
        (["Home", "End"], 500),
    ],
)
def test_arrows_step_through_the_race(ravine: Ravine, keys: list[str], step: int) -> None:
    ravine.open()
    for key in keys:
        ravine.page.keyboard.press(key)
    assert ravine.page.evaluate(SHOWN).startswith(f"step {step} /")


def test_a_digit_or_the_dot_hides_a_run_and_shows_it_again(ravine: Ravine) -> None:
    before = ravine.open()
    ravine.page.keyboard.press("2")
    assert drawn(ravine) == [True, False, True, True, True, True]
    names = "[...document.querySelectorAll('[data-part=curves] text')].map(text => text.textContent.trim())"
    assert "Momentum" not in ravine.page.evaluate(names)
    ravine.page.locator("article.run button.dot").nth(4).click()
    assert drawn(ravine) == [True, False, True, True, False, True]
    ravine.page.keyboard.press("2")
    ravine.page.keyboard.press("5")
    assert same(ravine.paths(), before)
    ravine.page.keyboard.press("9")  # there is no ninth
    assert same(ravine.paths(), before)


def test_what_is_hidden_stays_hidden_when_runs_come_and_go(ravine: Ravine) -> None:
    ravine.open()
    ravine.page.keyboard.press("4")
    card = ravine.page.locator('article.run[data-run="1"]')
    card.locator("summary").click()
    card.get_by_role("button", name="Duplicate").click()
    ravine.page.wait_for_timeout(100)
    until(lambda: drawn(ravine) == [True, True, True, True, False, True, True], "the fourth, now the fifth, is hidden")
    card.locator("summary").click()
    card.get_by_role("button", name="Remove").click()
    until(lambda: drawn(ravine) == [True, True, True, False, True, True], "it is the fourth again")


def test_keys_are_the_fields_where_one_is_typed_in(ravine: Ravine) -> None:
    before = ravine.open()
    name = ravine.page.locator("article.run input.name").nth(0)
    name.focus()
    ravine.page.keyboard.type("2 ?")
    assert same(ravine.paths(), before)
    assert not ravine.page.locator("dialog[open]").count()


def test_the_list_of_keys_opens_and_closes_by_keys(ravine: Ravine) -> None:
    ravine.open()
    ravine.page.keyboard.press("?")
    dialog = ravine.page.get_by_role("dialog", name="Keys")
    dialog.wait_for(state="visible")
    ravine.page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    ravine.page.locator("[data-part=keys]").click()
    dialog.get_by_role("button", name="Close").click()
    dialog.wait_for(state="hidden")
