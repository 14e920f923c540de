"""The anatomy of a step: arrows that end where the arrays say, and formulas whose numbers come out right."""

import math
import re
from typing import Any

import httpx
import numpy as np
import pytest

from tests.browser.conftest import Ravine, until

BOOTH = {
    "problem": {"kind": "surface", "name": "booth"},
    "start": [-3.0, 4.0],
    "steps": 40,
    "noise": {"kind": "gaussian", "scale": 1.0},
    "runs": [
        {"optimizer": "momentum", "lr": 0.01, "rho": 0.8},
        {"optimizer": "nesterov", "lr": 0.01, "rho": 0.7},
        {"optimizer": "sgd", "lr": 0.02, "schedule": {"kind": "step", "factor": 0.5, "every": 5}},
    ],
}
PLAYHEAD = 11
NUMERIC = re.compile(r"(?:[\d.e+\-*/(), ]|sqrt|sign|max)+")
PARTS = 5
"""In so many pages all rules are told of: one with all of them would be long in the making."""
RATES = {"adadelta": 1.0, "adagrad": 0.5}
VARIANTS = [
    {"optimizer": "adam", "lr": 0.01, "bias_correction": False},
    {"optimizer": "nesterov", "lr": 0.01, "form": "look_ahead"},
    {"optimizer": "adam", "lr": 0.02, "fork": {"at": 6, "values": {"lr": 0.05, "beta1": 0.5}}},
]
VECTORS = ("∇", "‖", "∑", "B")
"""What a rule says of all coordinates together, or in words."""

# Each statement as Python would have it; roots and powers are elements, not signs.
STATEMENTS = """run => {
  const python = node => {
    const parts = [...node.children].map(python);
    if (node.localName === "msup") return parts[0] === ")" ? `)**(${parts[1]})` : `(${parts[0]})**(${parts[1]})`;
    if (node.localName === "msqrt") return `sqrt(${parts.join("")})`;
    if (node.localName === "mfrac") return `((${parts[0]})/(${parts[1]}))`;
    if (node.localName === "mover") return `hat_${parts[0]}`;
    return node.children.length ? parts.join("") : node.textContent;
  };
  const lines = document.querySelectorAll(`[data-dissection="${run}"] > .formula > div`);
  return [...lines].map(line => [...line.querySelectorAll("math")].map(python).join(""));
}"""


# Where on the screen the dots of the runs are.
DOTS = """() => {
  const plot = document.querySelectorAll("[data-part=map] .js-plotly-plot")[1];
  const {x, y} = plot.data.find(trace => trace.meta?.role === "playhead");
  const {left, top} = plot.getBoundingClientRect();
  const {xaxis, yaxis, margin, width, height} = plot.layout;
  const share = (value, [low, high]) => (value - low) / (high - low);
  return x.map((value, run) => [
    left + margin.l + (width - margin.l - margin.r) * share(value, xaxis.range),
    top + margin.t + (height - margin.t - margin.b) * (1 - share(y[run], yaxis.range)),
  ]);
}"""
SELECTED = "[...document.querySelectorAll('article.run.selected')].map(card => card.dataset.run)"


def answer(ravine: Ravine) -> list[dict[str, Any]]:
    return httpx.post(f"{ravine.service.address}/api/run", json=ravine.comparison, timeout=60).json()["runs"]


def dissect(ravine: Ravine, comparison: dict[str, Any], step: int) -> list[dict[str, Any]]:
    ravine.open(comparison)
    runs = answer(ravine)
    ravine.page.locator("input.scrub").fill(str(step))
    ravine.page.keyboard.press("a")
    until(lambda: ravine.page.locator(".dissection:visible").count(), "the numbers")
    return runs


def arrows(ravine: Ravine, role: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Read tail and tip of every arrow: each is six points, the last of which is a gap."""
    read = """role => [...document.querySelectorAll("[data-part=map] .plot")].flatMap(plot => plot.data ?? [])
      .filter(trace => trace.meta?.role === role).map(trace => Array.from(trace.x, (x, at) => [x, trace.y[at]]))"""
    (points,) = ravine.page.evaluate(read, role)
    assert len(points) % 6 == 0
    return [(np.array(points[at]), np.array(points[at + 1])) for at in range(0, len(points), 6)]


def test_arrows_begin_at_the_iterate_and_end_where_the_arrays_say(ravine: Ravine) -> None:
    runs = dissect(ravine, BOOTH, PLAYHEAD)
    paths = [np.array(run["path"]) for run in runs]
    for (tail, tip), path in zip(arrows(ravine, "step"), paths, strict=True):
        np.testing.assert_allclose(tail, path[PLAYHEAD], rtol=1e-6)
        np.testing.assert_allclose(tip, path[PLAYHEAD + 1], rtol=1e-6)
    gradients = [-np.array(run["gradient"][PLAYHEAD]) for run in runs]
    memories = [-np.array(runs[0]["velocity"][PLAYHEAD]), np.array(runs[1]["velocity"][PLAYHEAD])]
    for role, directions in (("gradient", gradients), ("memory", memories)):
        found = arrows(ravine, role)
        for (tail, tip), direction, path in zip(found, directions, paths, strict=False):
            np.testing.assert_allclose(tail, path[PLAYHEAD], rtol=1e-6)
            along = (tip - tail) / np.linalg.norm(tip - tail)
            np.testing.assert_allclose(along, direction / np.linalg.norm(direction), atol=1e-5)
        assert len(found) == len(directions)


def test_arrows_are_there_only_while_there_is_a_step_to_tell_of(ravine: Ravine) -> None:
    dissect(ravine, BOOTH, PLAYHEAD)
    roles = "[...document.querySelectorAll('[data-part=map] .plot')].flatMap(p => p.data ?? []).map(t => t.meta?.role)"
    assert "gradient" in ravine.page.evaluate(roles)
    ravine.page.keyboard.press("End")
    until(lambda: "gradient" not in ravine.page.evaluate(roles), "no arrow at the end")
    assert not ravine.page.locator(".dissection:visible").count()
    ravine.page.keyboard.press("ArrowLeft")
    until(lambda: "gradient" in ravine.page.evaluate(roles), "the last step")
    ravine.page.keyboard.press("a")
    until(lambda: "gradient" not in ravine.page.evaluate(roles), "switched off")
    ravine.page.keyboard.press("End")
    ravine.page.keyboard.press("a")
    until(lambda: "gradient" in ravine.page.evaluate(roles), "the last step that there is")
    assert ravine.page.locator("output.step").inner_text() == "step 39 / 40"


def test_a_click_on_a_dot_selects_its_run_and_leaves_the_start(ravine: Ravine) -> None:
    dissect(ravine, BOOTH, PLAYHEAD)
    before = ravine.comparison
    dots = ravine.page.evaluate(DOTS)
    for run in (2, 0):
        ravine.page.mouse.click(*dots[run])
        until(lambda run=run: ravine.page.evaluate(SELECTED) == [str(run)], f"run {run} is selected")
        assert ravine.page.locator(".dissection:visible").count() == 1
    # What is more than a click is a drag of the start, wherever it begins.
    ravine.page.mouse.move(*dots[0])
    ravine.page.mouse.down()
    ravine.page.mouse.move(dots[0][0] + 60, dots[0][1] + 30, steps=4)
    ravine.page.mouse.up()
    until(lambda: ravine.comparison["start"] != before["start"], "another start")
    ravine.page.locator("select[name=seeds]").select_option("16")
    button = ravine.page.locator("button.anatomy")
    until(button.is_disabled, "no anatomy of many seeds")
    assert "single seed" in (button.get_attribute("aria-label") or "")
    assert button.get_attribute("title") == button.get_attribute("aria-label")


def test_keys_alone_walk_through_the_numbers(ravine: Ravine) -> None:
    """With six runs and none selected the first one is told of."""
    ravine.open()
    ravine.page.keyboard.press("a")
    ravine.page.keyboard.press("Home")
    shown = ravine.page.locator(".dissection:visible")
    until(lambda: shown.count() == 1, "one run")
    sgd = answer(ravine)[0]
    for step in range(3):
        (line,) = until(lambda: ravine.page.evaluate(STATEMENTS, 0), "a line")
        before, after = sgd["path"][step][0], sgd["path"][step + 1][0]
        assert line.startswith(f"x←{before:.4g}".replace("-", "−"))
        assert line.endswith(f"={after:.4g}".replace("-", "−"))
        ravine.page.keyboard.press("ArrowRight")
        until(lambda line=line: ravine.page.evaluate(STATEMENTS, 0) != [line], "the next step")
    ravine.page.keyboard.press("Shift+Digit2")
    until(lambda: ravine.page.evaluate(STATEMENTS, 1), "another run")
    assert not ravine.page.evaluate(STATEMENTS, 0)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_numbers_of_every_rule_come_out_as_they_say_and_as_the_api_says(ravine: Ravine, part: int) -> None:
    optimizers = ravine.service.catalog["optimizers"]
    every = [{"optimizer": entry["name"], "lr": RATES.get(entry["name"], 0.01)} for entry in optimizers]
    answered = dissect(ravine, {**BOOTH, "runs": [*every, *VARIANTS][part::PARTS]}, PLAYHEAD)
    slots = {entry["name"]: entry["slots"] for entry in optimizers}
    for place, run in enumerate(answered):
        selected = f'article.run[data-run="{place}"]'
        if "selected" not in (ravine.page.locator(selected).get_attribute("class") or ""):
            ravine.page.locator(f"{selected} .result").click()
        symbols = ravine.page.locator(f"{selected} .run-body > .formula").first.text_content() or ""
        for at, coordinate in enumerate("xy"):
            until(lambda place=place: ravine.page.evaluate(STATEMENTS, place), f"the numbers of {run['optimizer']}")
            ravine.page.locator(f"{selected} .dissection .chip", has_text=coordinate).click()
            statements = ravine.page.evaluate(STATEMENTS, place)
            told = check(statements, run["optimizer"], whole=not any(word in symbols for word in VECTORS))
            # Their results are the API's: the iterate after the step, and each part of the state.
            assert told["x"] == pytest.approx(run["path"][PLAYHEAD + 1][at], rel=1e-3, abs=1e-5)
            for slot in slots[run["optimizer"]]:
                if slot["symbol"] in told:
                    assert told[slot["symbol"]] == pytest.approx(run[slot["name"]][PLAYHEAD][at], rel=1e-3, abs=1e-6)


def check(statements: list[str], name: str, *, whole: bool) -> dict[str, float]:
    """Compute the right side of every statement anew, from the digits that stand there; return what each says.

    `whole`: every statement is in numbers. Else those that speak of vectors may be in symbols still.
    """
    told: dict[str, float] = {}
    for statement in statements:
        target, right = re.split("[←=]", statement, maxsplit=1)
        expression, result = right.rsplit("=", 1)
        told[target] = evaluated(result)
        if not whole and not NUMERIC.fullmatch(python(expression)):
            continue
        value = evaluated(expression)
        # Digits are four: each number may be off by 5e-4 of itself, and differences of them by more.
        size = max(abs(evaluated(term)) for term in re.findall(r"[\d.]+(?:e[−\d]+)?", expression) or ["0"])
        assert value == pytest.approx(told[target], rel=6e-3, abs=2e-3 * min(1.0, size)), (name, statement)
    assert "x" in told, name
    return told


def python(text: str) -> str:
    return text.replace("·", "*").replace("−", "-").replace("|", "")


def evaluated(text: str) -> float:
    text = python(text)
    assert NUMERIC.fullmatch(text), text
    names: dict[str, Any] = {"sqrt": math.sqrt, "sign": np.sign, "max": lambda *all: max(map(abs, all))}
    return float(eval(text, {"__builtins__": {}}, names))
