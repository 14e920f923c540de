"""axe-core finds nothing wrong with the page in any state that it has, light and dark, wide and narrow."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Ravine

RACE = {
    "problem": {"kind": "surface", "name": "ravine"},
    "steps": 60,
    "noise": {"kind": "gaussian", "scale": 0.5},
    "seeds": 16,
    "runs": [
        {"optimizer": "momentum", "lr": 0.1, "fork": {"at": 20, "values": {"rho": 0.5}}},
        {"optimizer": "adam", "lr": 0.2, "noise": {"kind": "none"}, "start": [-3, 1], "seed": 4},
    ],
}
FORMULA = {
    "problem": {"kind": "formula", "expression": "x^2 + 10*sin(y)"},
    "runs": [{"optimizer": "sgd", "lr": 0.05}],
}
NETWORK = {"problem": {"kind": "network", "hidden": [4]}, "steps": 20, "runs": [{"optimizer": "sgd", "lr": 0.05}]}
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

Act = Callable[[Ravine], None]


def nothing(ravine: Ravine) -> None:
    del ravine


def press(*keys: str) -> Act:
    def act(ravine: Ravine) -> None:
        for key in keys:
            ravine.page.keyboard.press(key)

    return act


def choose_chart(name: str) -> Act:
    return lambda ravine: ravine.page.locator(f"[data-chart={name}]").click()


def step_in(ravine: Ravine) -> None:
    ravine.page.locator(".scrub").fill("30")
    ravine.page.keyboard.press("a")


def drop_beside(ravine: Ravine) -> None:
    ravine.page.keyboard.press("Shift+Digit1")
    ravine.page.locator(".scrub").fill("30")
    ravine.page.keyboard.press("d")
    ravine.page.locator(".drop").wait_for()
    ravine.page.locator("button.split").click()
    ravine.page.locator("select[name=second]").select_option("state")


STATES: dict[str, tuple[dict, Act]] = {
    "a race": (RACE, nothing),
    "a formula": (FORMULA, nothing),
    "a network": (NETWORK, nothing),
    "the anatomy of a step": (RACE | {"seeds": 1}, step_in),
    "a drop, two charts and a selected run": (RACE, drop_beside),
    "forking": (RACE, press("f")),
    "a table": (RACE, choose_chart("table")),
    "theory": (RACE | {"noise": {"kind": "none"}, "seeds": 1}, press("t", "Shift+ArrowLeft")),
    "the list of keys": (RACE, press("?")),
    "code": (FORMULA, lambda ravine: ravine.page.get_by_role("button", name="Code").click()),
    "the menu of a run": (RACE, lambda ravine: ravine.page.locator(".run summary").first.click()),
}


DARK = ["a race", "a network", "the anatomy of a step", "a table", "theory", "code"]


def violations(ravine: Ravine) -> list[str]:
    found = Axe().run(ravine.page).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def open_in(ravine: Ravine, state: str) -> None:
    comparison, act = STATES[state]
    ravine.visit(comparison)
    ravine.page.locator("body.ready").wait_for()
    ravine.page.locator("[data-part=curves] .js-plotly-plot").first.wait_for()
    act(ravine)
    ravine.page.wait_for_timeout(300)


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_wrong_in_the_light_and_in_the_dark(visit, service, state: str) -> None:
    """The page follows the system while it is open."""
    ravine = visit(service, viewport=WIDE)
    ravine.page.emulate_media(color_scheme="light")
    open_in(ravine, state)
    assert violations(ravine) == []
    if state in DARK:
        ravine.page.emulate_media(color_scheme="dark")
        ravine.page.locator("html[data-theme=dark]").wait_for()
        ravine.page.wait_for_timeout(300)
        assert violations(ravine) == []


@pytest.mark.parametrize("state", ["a race", "a formula", "theory", "a network"])
def test_nothing_is_wrong_on_a_phone(visit, service, state: str) -> None:
    ravine = visit(service, viewport=NARROW, has_touch=True)
    open_in(ravine, state)
    assert violations(ravine) == []


def test_nothing_is_wrong_with_the_embed(ravine: Ravine) -> None:
    ravine.page.goto(f"{ravine.service.address}/embed?controls=rho,lr")
    ravine.page.locator(".js-plotly-plot").first.wait_for()
    assert violations(ravine) == []
