"""The networks page: training live, then its landscape, coarse and then fine."""

import httpx
import numpy as np
from playwright.sync_api import Route

from tests.browser.conftest import Ravine, until

SMALL = {
    "problem": {"kind": "network", "hidden": [16]},
    "steps": 60,
    "runs": [{"optimizer": "sgd", "lr": 0.05}, {"optimizer": "adam", "lr": 0.002}],
}
HEAT = """() => {
  const plots = [...document.querySelectorAll("[data-part=map] .plot")];
  const heat = plots.flatMap(plot => plot.data ?? []).find(trace => trace.meta.role === "heat");
  return heat?.z?.length ? Array.from(heat.z, row => Array.from(row)) : null;
}"""
CURVES = """() => (document.querySelector("[data-part=curves] .plot").data ?? [])
  .filter(trace => trace.meta.role === "curve").map(trace => trace.x.at(-1))"""
NOTE_WORDS = """() => {
  window.said = [];
  const words = document.querySelector("[data-part=map] .map-words");
  const note = () => window.said.push(words.textContent);
  new MutationObserver(note).observe(words, {childList: true, characterData: true});
}"""


def surveyed(ravine: Ravine) -> list[list[float]]:
    """Wait until a landscape is drawn to its end: no words are left on the map."""
    words = ravine.page.locator("[data-part=map] .map-words")
    return until(lambda: words.is_hidden() and ravine.page.evaluate(HEAT), "the landscape is there", 60)


def test_a_network_trains_before_the_eyes_and_its_landscape_follows_coarse_then_fine(ravine: Ravine) -> None:
    ravine.open()
    ravine.page.evaluate(NOTE_WORDS)
    ravine.page.locator("a[data-kind=network]").click()
    runs = ravine.service.catalog["default_network"]["runs"]
    steps = ravine.service.catalog["default_network"]["steps"]
    until(lambda: len(ravine.page.evaluate(CURVES)) == len(runs), "curves while it trains")
    until(lambda: ravine.page.evaluate(CURVES) == [steps] * len(runs), "the curves reach the end", 60)
    fine = surveyed(ravine)
    assert len(fine) == len(fine[0]) == 51
    paths = ravine.paths()
    assert len(paths) == len(runs)
    assert all(len(path) > 5 for path in paths)
    said = ravine.page.evaluate("window.said")
    assert any("Training" in text for text in said)
    assert any("coarse" in text for text in said), "the coarse landscape is shown before the fine one"
    assert ravine.comparison["problem"]["kind"] == "network"
    assert ravine.page.locator("[data-part=honesty] .bars tbody tr").count() == len(runs)


def test_another_plane_shows_another_landscape_of_the_same_training(ravine: Ravine) -> None:
    ravine.visit(SMALL)
    pca = surveyed(ravine)
    ravine.page.get_by_role("button", name="Random plane").click()
    until(lambda: ravine.page.evaluate(HEAT) != pca, "another landscape", 60)
    surveyed(ravine)
    assert ravine.page.get_by_role("button", name="Random plane").get_attribute("aria-pressed") == "true"
    assert len(ravine.paths()) == 2
    assert np.ptp(np.concatenate(ravine.paths())[:, 0]) < 0.05, "one dot"
    note = ravine.page.locator("[data-part=map] .map-note.own")
    assert note.is_visible(), "why"
    assert "of this plane's width" in note.inner_text()


def test_a_slider_let_go_leaves_the_curves_and_the_landscape_of_its_last_value(ravine: Ravine) -> None:
    ravine.visit(SMALL)
    surveyed(ravine)
    ravine.drag(ravine.slider("lr", run=0), 0.5, 0.8)
    ravine.page.wait_for_timeout(600)  # the address bar follows a moment later

    def losses() -> np.ndarray:
        answer = httpx.post(f"{ravine.service.address}/api/run", json=ravine.comparison, timeout=60).json()
        return np.array(answer["runs"][0]["test_loss"], np.float32)

    script = """() => document.querySelector("[data-part=curves] .plot").data
      .filter(trace => trace.meta.role === "curve").map(trace => trace.y)"""
    until(lambda: np.array_equal(np.array(ravine.page.evaluate(script)[0], np.float32), losses()), "the last curves")
    surveyed(ravine)
    assert len(ravine.paths()) == 2


def test_choices_that_come_once_another_page_is_shown_leave_the_panel_as_it_is(ravine: Ravine) -> None:
    held: list[Route] = []
    ravine.page.route("**/openapi.json", lambda route: held.append(route))
    ravine.visit(SMALL)
    ravine.slider("l2").wait_for()
    ravine.page.locator("a[data-kind=surface]").click()
    ravine.settled()
    held[0].continue_()
    ravine.page.locator("a[data-kind=network]").click()
    ravine.page.locator("select[name=activation]").wait_for()
    assert ravine.slider("l2").is_visible()
    assert not ravine.page.locator("[data-part=network] input[name=condition]").count()
