"""The address bar holds everything: what is shared is what is seen."""

import json
from collections.abc import Callable
from urllib.parse import quote

from tests.browser.conftest import Ravine, holds, same, until

RACE = {
    "problem": {"kind": "surface", "name": "rosenbrock"},
    "start": [-1.2, 1.7],
    "steps": 700,
    "seed": 3,
    "noise": {"kind": "gaussian", "scale": 0.3},
    "runs": [
        {"optimizer": "momentum", "lr": 0.0005, "rho": 0.9, "label": "mine & yours #1"},
        {"optimizer": "adam", "lr": 0.05, "schedule": {"kind": "step", "factor": 0.1, "every": 100}},
    ],
}


def test_a_reload_draws_the_same_bytes(ravine: Ravine) -> None:
    ravine.open()
    ravine.drag(ravine.slider("rho", run=1), 0.3, 0.8)
    before = ravine.settled()
    comparison = ravine.comparison
    ravine.page.reload()
    assert same(ravine.settled(), before)
    assert ravine.comparison == comparison


def test_the_address_draws_the_same_bytes_elsewhere(visit: Callable[..., Ravine], ravine: Ravine) -> None:
    before = ravine.open(RACE)
    ravine.page.mouse.click(700, 300)
    before = ravine.settled()
    other = visit(ravine.service)
    other.page.goto(ravine.address)
    assert same(other.settled(), before)
    assert other.address == ravine.address


def test_names_noise_and_schedules_survive_the_address(ravine: Ravine) -> None:
    ravine.open(RACE)
    assert holds(ravine.comparison, RACE)
    assert ravine.page.locator("article.run input.name").nth(0).input_value() == "mine & yours #1"
    assert ravine.slider("scale").count() == 1
    assert ravine.slider("every", run=1).count() == 1


def test_back_leads_from_networks_to_the_surface_that_was_left(ravine: Ravine) -> None:
    before = ravine.open()
    ravine.page.locator("a[data-kind=network]").click()
    ravine.page.wait_for_function("document.body.dataset.kind === 'network'")
    ravine.page.go_back()
    assert same(ravine.settled(), before)


def test_a_refused_address_keeps_what_was_set_until_it_is_mended(ravine: Ravine) -> None:
    ravine.expected_errors = ("422",)
    broken = RACE | {"steps": -1}
    ravine.page.goto(f"{ravine.service.address}/?c={quote(json.dumps(broken))}")
    banner = ravine.page.locator("[data-part=banner]")
    banner.wait_for(state="visible")
    assert "steps" in banner.inner_text()
    assert "mend what is said below" in ravine.page.locator("[data-part=map] .map-words").inner_text()
    ravine.page.wait_for_timeout(600)
    assert ravine.comparison == broken
    steps = ravine.page.locator("[data-part=problem] input[name=steps]")
    steps.fill("400")
    steps.blur()
    ravine.settled()
    banner.wait_for(state="hidden")
    assert holds(ravine.comparison, RACE | {"steps": 400})


def test_an_address_that_no_page_can_show_stays_until_something_is_changed(ravine: Ravine) -> None:
    ravine.expected_errors = ("422", "400")
    ravine.page.goto(f"{ravine.service.address}/?c={{garbage")
    until(ravine.paths, "another comparison in its place")
    until(lambda: "link is damaged" in ravine.page.locator("[data-part=banner]").inner_text(), "what is wrong")
    unknown = RACE | {"problem": {"kind": "surface", "name": "no_such_surface"}}
    ravine.page.goto(f"{ravine.service.address}/?c={quote(json.dumps(unknown))}")
    until(ravine.paths, "another comparison in its place")
    banner = ravine.page.locator("[data-part=banner]")
    banner.wait_for(state="visible")
    assert "problem" in banner.inner_text()
    assert ravine.comparison == unknown
    ravine.drag(ravine.slider("rho", run=1), 0.3, 0.8)
    ravine.settled()
    banner.wait_for(state="hidden")
