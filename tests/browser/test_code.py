"""Copy as code: a dialog with a tab a library, by mouse and by keys."""

from core.code import script
from core.spec import Comparison
from tests.browser.conftest import Ravine, until

SHOWN = "document.querySelector('#code-text').textContent"


def expected(ravine: Ravine, flavour) -> str:
    return script(Comparison.model_validate(ravine.comparison), flavour)


def test_the_script_of_what_is_on_the_page_is_shown_and_copied(visit, service) -> None:
    ravine = visit(service, permissions=["clipboard-read", "clipboard-write"])
    ravine.open()
    page = ravine.page
    page.get_by_role("button", name="Code", exact=True).click()
    dialog = page.get_by_role("dialog", name="Copy as code")
    until(lambda: page.evaluate(SHOWN) == expected(ravine, "optax"), "the script in optax")
    dialog.get_by_role("tab", name="PyTorch").click()
    until(lambda: page.evaluate(SHOWN) == expected(ravine, "pytorch"), "the script in PyTorch")
    dialog.get_by_role("button", name="Copy").click()
    dialog.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == expected(ravine, "pytorch")
    dialog.get_by_role("button", name="Close").click()
    dialog.wait_for(state="hidden")


def test_keys_alone_open_it_turn_the_tabs_and_close_it(ravine: Ravine) -> None:
    ravine.open()
    page = ravine.page
    opener = page.get_by_role("button", name="Code", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Copy as code")
    dialog.get_by_role("tab", name="optax").focus()
    page.keyboard.press("ArrowRight")
    until(lambda: page.evaluate(SHOWN) == expected(ravine, "pytorch"), "the script in PyTorch")
    assert dialog.get_by_role("tab", name="PyTorch").evaluate("tab => tab === document.activeElement")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "code-text"
    step = page.evaluate("document.querySelector('output.step').textContent")
    page.keyboard.press("Home")
    assert page.evaluate("document.querySelector('output.step').textContent") == step
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert opener.evaluate("button => button === document.activeElement")


def test_a_network_has_no_script_and_the_dialog_says_so(ravine: Ravine) -> None:
    ravine.expected_errors = ("422",)
    ravine.visit({"problem": {"kind": "network", "hidden": [4]}, "steps": 10, "runs": [{"optimizer": "sgd"}]})
    page = ravine.page
    page.get_by_role("button", name="Code", exact=True).click()
    dialog = page.get_by_role("dialog", name="Copy as code")
    until(lambda: "formula" in page.evaluate(SHOWN), "why there is no script")
    assert dialog.get_by_role("button", name="Copy").is_disabled()
