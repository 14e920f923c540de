"""The whole page without a mouse: everything is reached by Tab, is seen to have the focus, and answers to keys."""

from tests.browser.conftest import Ravine, same, until

MOST = 200
FOCUS = """() => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    return {
        found: [one.tagName.toLowerCase(), one.getAttribute("name"), one.dataset.run, one.dataset.act,
                one.dataset.chart, one.className, one.textContent.trim().slice(0, 30)].join(" "),
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
        seen: box.width > 0 && box.height > 0,
        name: (one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent || one.title).trim(),
    };
}"""


def tab_to(ravine: Ravine, *wanted: str) -> None:
    """Press Tab until what has the focus is described by all of some words."""
    for _ in range(MOST):
        ravine.page.keyboard.press("Tab")
        focus = ravine.page.evaluate(FOCUS)
        if focus["found"].startswith("body"):
            continue
        assert focus["seen"], f"{focus['found']} has the focus, but nobody can see it"
        assert focus["outlined"], f"{focus['found']} has the focus, and does not show it"
        assert focus["name"], f"{focus['found']} has no name"
        if all(word in focus["found"] for word in wanted):
            return
    raise AssertionError(f"Tab does not lead to {wanted}")


def press(ravine: Ravine, *keys: str) -> None:
    for key in keys:
        ravine.page.keyboard.press(key)


def test_a_lesson_is_given_without_a_mouse(ravine: Ravine) -> None:
    first = ravine.open()
    tab_to(ravine, "select surface")
    press(ravine, "ArrowDown")
    other = ravine.settled()
    assert not same(other, first)
    press(ravine, "ArrowUp")
    assert same(ravine.settled(), first)
    tab_to(ravine, "div", "stage")
    press(ravine, "ArrowRight", "ArrowUp")
    moved = ravine.settled()
    assert not same(moved, first)
    tab_to(ravine, "button", " play ")
    press(ravine, "Space")
    until(lambda: ravine.page.locator("button.playing").count(), "it plays")
    press(ravine, "Space")
    until(lambda: not ravine.page.locator("button.playing").count(), "it pauses")
    press(ravine, "End")
    tab_to(ravine, "button", "loss")
    press(ravine, "ArrowRight")
    until(lambda: ravine.page.evaluate("document.activeElement.dataset.chart") == "grad_norm", "the next chart")
    tab_to(ravine, "input rho 1")
    press(ravine, "PageDown")
    assert not same(ravine.settled(), moved)


def test_menus_and_dialogs_open_close_and_give_the_focus_back(ravine: Ravine) -> None:
    ravine.open()
    tab_to(ravine, "button", "Code")
    press(ravine, "Enter")
    until(lambda: ravine.page.locator("dialog[open]").count() == 1, "the script is shown")
    press(ravine, "Escape")
    until(lambda: not ravine.page.locator("dialog[open]").count(), "it is closed")
    assert ravine.page.evaluate("document.activeElement.textContent").strip() == "Code"
    tab_to(ravine, "summary")
    while not ravine.page.evaluate("document.activeElement.closest('.run') !== null"):
        tab_to(ravine, "summary")
    press(ravine, "Enter")
    tab_to(ravine, "button", "Duplicate")
    press(ravine, "Enter")
    assert len(ravine.settled()) == 7
    press(ravine, "Control+z")
    assert len(ravine.settled()) == 6


def test_views_are_chosen_by_keys(ravine: Ravine) -> None:
    ravine.open()
    tab_to(ravine, "input layout")
    press(ravine, "ArrowRight")
    until(lambda: ravine.page.locator(".panels").count(), "the runs stand side by side")
    press(ravine, "ArrowLeft")
    until(lambda: not ravine.page.locator(".panels").count(), "they lie on one map again")
