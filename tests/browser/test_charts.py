"""What the charts show is what the API answers, or what an independent computation makes of it."""

from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.browser.conftest import Ravine, until

READ = """({role, place}) => {
  const plots = [...document.querySelectorAll("[data-part=curves] .chart .plot")];
  const found = (plots[place]?.data ?? []).filter(trace => trace.meta?.role === role);
  return found.map(trace => Array.from(trace.y, (y, at) => [trace.x[at], y]));
}"""
AXIS = "document.querySelectorAll('[data-part=curves] .chart .plot')[0].layout.yaxis.type"
BOWL = {
    "problem": {"kind": "surface", "name": "booth"},
    "steps": 60,
    "noise": {"kind": "gaussian", "scale": 1.0},
    "runs": [
        {"optimizer": "momentum", "lr": 0.01, "rho": 0.8},
        {"optimizer": "adam", "lr": 0.3, "beta1": 0.8, "beta2": 0.95},
        {"optimizer": "sgd", "lr": 0.02},
    ],
}


def answer(ravine: Ravine) -> list[dict[str, Any]]:
    return httpx.post(f"{ravine.service.address}/api/run", json=ravine.comparison, timeout=60).json()["runs"]


def lines(ravine: Ravine, role: str = "curve", place: int = 0) -> list[NDArray[np.float64]]:
    """Read y of every trace of a role; x is tested to be the step's number."""
    found = [
        np.array(points, float).reshape(-1, 2) for points in ravine.page.evaluate(READ, {"role": role, "place": place})
    ]
    if role.startswith("curve"):
        for points in found:
            np.testing.assert_array_equal(points[:, 0], np.arange(len(points)))
    return [points[:, 1] for points in found]


def shows(ravine: Ravine, expected: list[Any], role: str = "curve", place: int = 0) -> None:
    def equal() -> bool:
        drawn = lines(ravine, role, place)
        return len(drawn) == len(expected) and all(
            len(one) == len(other) and np.allclose(one, np.asarray(other, float), rtol=2e-6, atol=1e-9, equal_nan=True)
            for one, other in zip(drawn, expected, strict=True)
        )

    until(equal, f"the {role}s of chart {place} show what was expected", 5)


def choose(ravine: Ravine, chart: str, **options: str) -> None:
    ravine.page.locator(f"[data-chart={chart}]").click()
    for name, value in options.items():
        ravine.page.locator(f"[data-part=curves] select[name={name}]").select_option(value)


def test_the_state_is_that_of_the_api_and_corrected_as_written_down_in_numpy(ravine: Ravine) -> None:
    ravine.open(BOWL)
    momentum, adam, _ = answer(ravine)
    choose(ravine, "state", slot="velocity:plain")
    velocity = np.array(momentum["velocity"])
    shows(ravine, [velocity[:, 0], [], []])
    shows(ravine, [velocity[:, 1], [], []], "curve-thin")
    choose(ravine, "state", slot="mean:corrected", coordinate="y")
    mean, square = np.array(adam["mean"]), np.array(adam["square"])
    steps = np.arange(1, 61)
    shows(ravine, [[], mean[:, 1] / (1 - 0.8**steps), []])
    choose(ravine, "state", slot="square:pair")
    shows(ravine, [[], square[:, 1] / (1 - 0.95**steps), []])
    shows(ravine, [[], square[:, 1], []], "curve-thin")
    ravine.page.locator("input.scrub").fill("7")
    (dots,) = lines(ravine, "dot")
    np.testing.assert_allclose(dots[1], square[7, 1], rtol=1e-6)
    np.testing.assert_allclose(dots[4], square[7, 1] / (1 - 0.95**8), rtol=1e-6)


def test_an_effective_step_is_how_far_a_coordinate_went_of_its_gradient(ravine: Ravine) -> None:
    ravine.open(BOWL)
    runs = answer(ravine)
    choose(ravine, "effective", coordinate="both")
    steps = [
        np.abs(np.diff(np.array(run["path"], np.float32).astype(float), axis=0))
        / np.abs(np.array(run["gradient"], np.float32))
        for run in runs
    ]
    shows(ravine, [one[:, 0] for one in steps])
    shows(ravine, [one[:, 1] for one in steps], "curve-thin")
    np.testing.assert_allclose(steps[2][1:20], 0.02, rtol=2e-2)  # gradient descent: its learning rate


def test_a_loss_is_drawn_linearly_or_not_less_the_minimum_or_not(ravine: Ravine) -> None:
    """Goldstein and Price's lowest point is at height 3."""
    goldstein = {"problem": {"kind": "surface", "name": "goldstein_price"}, "steps": 30}
    ravine.open({**goldstein, "runs": [{"optimizer": "adam", "lr": 0.01}]})
    (run,) = answer(ravine)
    loss = np.array(run["loss"])
    shows(ravine, [loss - 3])
    assert ravine.page.evaluate(AXIS) == "log"
    above = ravine.page.get_by_role("button", name="− minimum")
    assert above.get_attribute("aria-pressed") == "true"
    above.click()
    shows(ravine, [loss])
    log = ravine.page.get_by_role("button", name="log", exact=True)
    log.focus()
    ravine.page.keyboard.press("Enter")
    until(lambda: ravine.page.evaluate(AXIS) == "linear", "a linear axis")
    shows(ravine, [loss])
    assert log.get_attribute("aria-pressed") == "false"


def test_where_numbers_are_negative_there_is_no_logarithmic_scale(ravine: Ravine) -> None:
    ravine.open(BOWL)
    choose(ravine, "state", slot="velocity:plain")
    until(lambda: ravine.page.evaluate(AXIS) == "linear", "a linear axis")
    assert ravine.page.get_by_role("button", name="log", exact=True).is_disabled()


def test_runs_that_run_away_leave_at_the_top_with_a_mark_and_the_others_stay_readable(ravine: Ravine) -> None:
    ravine.open(
        {
            "problem": {"kind": "surface", "name": "ravine"},
            "steps": 500,
            "runs": [{"optimizer": "sgd", "lr": rate} for rate in (0.3, 1.01, 1.1)],
        }
    )
    sound, slowly, fast = (np.array(run["loss"]) for run in answer(ravine))
    assert slowly[-1] > 1e4
    assert fast[-1] > 1e10
    low, top = until(lambda: ravine.page.evaluate(AXIS.replace("type", "range")), "an axis")
    assert np.log10(sound[0]) + 1 < top < np.log10(sound[0]) + 2.5
    assert np.log10(sound[-1]) - 1 < low < np.log10(sound[-1])
    (places,) = ravine.page.evaluate(READ, {"role": "leaving", "place": 0})
    assert places[0] == [None, None]
    for (step, value), loss in zip(places[1:], (slowly, fast), strict=True):
        assert value == pytest.approx(10**top)
        inside, outside = int(np.floor(step)), int(np.ceil(step))
        assert loss[inside] <= value <= loss[outside]
        assert (loss[outside:] > value).all()
        assert np.interp(step, np.arange(len(loss)), np.log10(loss)) == pytest.approx(top, abs=1e-4)


def test_two_charts_share_steps_and_playhead(ravine: Ravine) -> None:
    ravine.open(BOWL)
    ravine.page.get_by_role("button", name="A second chart beside this one").click()
    ravine.page.locator("select[name=second]").select_option("step_norm")
    runs = answer(ravine)
    shows(ravine, [run["step_norm"] for run in runs], place=1)
    shows(ravine, [run["loss"] for run in runs], place=0)
    ravine.page.locator("input.scrub").fill("20")
    for place in (0, 1):
        ((start, end),) = ravine.page.evaluate(READ, {"role": "mark", "place": place})
        assert start[0] == end[0] == 20
    ravine.page.get_by_role("button", name="One chart").click()
    assert ravine.page.locator(".chart .plot").count() == 1


@pytest.mark.parametrize("way", ["key", "card", "label", "menu"])
def test_a_run_is_selected_by_a_key_on_its_card_and_by_its_name_on_the_chart(ravine: Ravine, way: str) -> None:
    ravine.open(BOWL)
    page = ravine.page
    card = page.locator('article.run[data-run="1"]')
    if way == "key":
        page.keyboard.press("Shift+Digit2")
    elif way == "card":
        card.locator(".result").click()
    elif way == "menu":
        card.locator("summary").click()
        card.get_by_role("button", name="Select").click()
    else:
        page.locator("[data-part=curves] text", has_text="Adam").first.click(force=True)
    widths = """() => [...document.querySelectorAll("[data-part=map] .plot")].flatMap(plot => plot.data ?? [])
      .filter(trace => trace.meta?.role === "path").map(trace => trace.line.width)"""
    first, second, third = until(lambda: (found := page.evaluate(widths))[0] != found[1] and found, "a thicker path")
    assert first == third < second
    assert "selected" in (card.get_attribute("class") or "")
    page.keyboard.press("Shift+Digit2")
    until(lambda: len(set(page.evaluate(widths))) == 1, "none is selected")


def test_what_can_be_chosen_of_two_charts_does_not_overlap_on_a_small_screen(visit, service) -> None:
    ravine = visit(service, viewport={"width": 1280, "height": 720})
    ravine.open(
        {"problem": {"kind": "surface", "name": "goldstein_price"}, "runs": [{"optimizer": "adam", "lr": 0.01}]}
    )
    ravine.page.get_by_role("button", name="A second chart beside this one").click()
    ravine.page.locator("select[name=second]").select_option("state")
    rows = """[...document.querySelectorAll(".chart-head")].map(head =>
      [...head.querySelectorAll("button, select")].map(one => one.getBoundingClientRect()).filter(box => box.width)
        .map(({left, right}) => [left, right]))"""
    widths = ravine.page.evaluate("[...document.querySelectorAll('.chart .plot')].map(plot => plot.clientWidth)")
    assert len(widths) == 2
    assert min(widths) > 420, "two charts take the room below the left panel too"
    for row in ravine.page.evaluate(rows):
        places = np.array(sorted(row))
        assert len(places) > 2
        assert (places[1:, 0] >= places[:-1, 1]).all(), places
