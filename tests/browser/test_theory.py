"""The theory panel: what it says of the ravine, live, and what its button does."""

import re

import numpy as np
import pytest

from tests.browser.conftest import Ravine, until

RAVINE = {
    "problem": {"kind": "surface", "name": "ravine", "parameters": {"condition": 40, "angle": 30}},
    "start": [-4, 2],
    "steps": 200,
    "runs": [{"optimizer": "momentum", "lr": 0.1, "rho": 0.5}, {"optimizer": "adam", "lr": 0.1}],
}
CARD = "[data-part=theory] .theory-run"


def said(ravine: Ravine, run: int = 0) -> str:
    return ravine.page.locator(CARD).nth(run).inner_text()


def opened(ravine: Ravine) -> str:
    ravine.page.keyboard.press("t")
    return until(lambda: ravine.page.locator(CARD).count() == 2 and said(ravine), "what theory says")


def test_it_says_the_limit_of_the_ravine_and_follows_the_sliders(ravine: Ravine) -> None:
    ravine.open(RAVINE)
    assert "α 0.1; stable below 1.5" in opened(ravine)
    ground = ravine.page.locator(".theory-ground")
    assert "κ 40" in ground.inner_text()
    assert "λ 0.05 to 2" in ground.inner_text()
    assert "No limit known" in said(ravine, 1)
    ravine.slider("rho", 0).press("End")
    until(lambda: "stable below 1.999" in said(ravine), "another limit")
    ravine.slider("condition").press("End")
    until(lambda: "κ 1000" in ground.inner_text(), "another condition number")
    field = ravine.field(ravine.slider("lr", 0))
    field.fill("1")
    field.press("Enter")
    meter = ravine.page.locator(f"{CARD} .meter").first
    until(lambda: float(meter.get_attribute("aria-valuenow") or 0) == pytest.approx(1 / 1.999, rel=1e-3), "its share")


def test_the_best_settings_converge_as_predicted(ravine: Ravine) -> None:
    ravine.open(RAVINE)
    opened(ravine)
    ravine.page.locator(CARD).nth(0).get_by_role("button", name="use the best").click()
    ravine.settled()
    run = ravine.comparison["runs"][0]
    root = (np.sqrt(2) - np.sqrt(2 / 40)) / (np.sqrt(2) + np.sqrt(2 / 40))
    assert run["rho"] == float(f"{root**2:.4g}")
    assert run["lr"] == float(f"{(2 / (np.sqrt(2) + np.sqrt(2 / 40))) ** 2:.4g}")
    assert float(ravine.field(ravine.slider("rho", 0)).input_value()) == run["rho"]
    numbers = re.search(r"per step: −([\d.]+) predicted, −([\d.]+) measured", until(lambda: said(ravine), "it"))
    assert numbers is not None
    predicted, measured = map(float, numbers.groups())
    assert predicted == pytest.approx(-2 * np.log10(root), rel=0.01)
    assert measured == pytest.approx(predicted, rel=0.15)


PREDICTED = """() => document.querySelector("[data-part=curves] .plot").data
  .filter(trace => trace.meta?.role === "predicted").map(trace => [Array.from(trace.x), Array.from(trace.y)])"""


def test_the_predicted_slope_is_drawn_beside_the_measured_one(ravine: Ravine) -> None:
    ravine.open(RAVINE)
    assert ravine.page.evaluate(PREDICTED) == []
    opened(ravine)
    (steps, losses), nothing = until(lambda: ravine.page.evaluate(PREDICTED), "the dotted line")
    assert nothing == [[], []]
    slope = np.log10(losses[1] / losses[0]) / (steps[1] - steps[0])
    assert f"−{-slope:.4g} predicted" in said(ravine)
    note = ravine.page.locator(".chart-note").first
    assert "predicted" in note.inner_text()
    ravine.page.keyboard.press("t")
    until(lambda: ravine.page.evaluate(PREDICTED) == [], "no line any more")
    assert "predicted" not in note.inner_text()
    assert not ravine.page.locator(CARD).first.is_visible()


def test_the_curvature_at_the_playhead_is_told(ravine: Ravine) -> None:
    ravine.open(RAVINE | {"problem": {"kind": "surface", "name": "rosenbrock"}, "start": [-1.5, 2]})
    opened(ravine)
    ravine.page.keyboard.press("Home")
    until(lambda: "At the playhead: λ" in said(ravine), "it")
    matrix = np.array([[1200 * 2.25 - 800 + 2, 600], [600, 200]])  # of f = (1 − x)² + 100 (y − x²)² at (−1.5, 2)
    low, high = np.linalg.eigvalsh(matrix)
    assert f"λ {low:.4g} to {high:.4g}" in said(ravine)


def test_a_network_has_no_such_panel(ravine: Ravine) -> None:
    ravine.visit({"problem": {"kind": "network", "hidden": [4]}, "steps": 10, "runs": [{"optimizer": "sgd"}]})
    ravine.page.locator("article.run").first.wait_for()
    assert ravine.page.locator("[data-part=theory]").is_hidden()
