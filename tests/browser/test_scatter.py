"""The rows beside the loss, and the lines that swing into them."""

from typing import Any

import numpy as np
import pytest

from tests.browser.conftest import Ravine, until

IRISES = {
    "problem": {"kind": "data", "name": "linear_regression", "dataset": "iris", "batch_size": 150},
    "steps": 200,
    "runs": [{"optimizer": "sgd", "lr": 0.1}, {"optimizer": "adam", "lr": 0.05}],
}
SHOWN = """() => {
  const plot = [...document.querySelectorAll("[data-part=curves] .scatter")].find(({ data, hidden }) =>
    !hidden && data?.some(trace => trace.meta.role === "fit"));
  const of = role => plot.data.filter(trace => trace.meta.role === role)
    .map(trace => [Array.from(trace.x), Array.from(trace.y)]);
  return plot && { rows: of("rows"), positive: of("rows-positive"), fit: of("fit"), sure: of("sure"),
    titles: [plot.layout.xaxis.title.text, plot.layout.yaxis.title.text] };
}"""


def shown(ravine: Ravine) -> dict[str, Any]:
    return until(lambda: ravine.page.evaluate(SHOWN), "the rows")


def slopes(ravine: Ravine) -> list[float]:
    lines = [(x, y) for x, y in shown(ravine)["fit"] if len(x) == 2]
    return [(y[1] - y[0]) / (x[1] - x[0]) for x, y in lines]


def test_lines_swing_into_the_rows_as_the_playhead_moves(ravine: Ravine) -> None:
    paths = ravine.open(IRISES)
    assert ravine.page.locator(".chart.second").is_visible(), "beside the loss, without a click"
    found = shown(ravine)
    assert found["titles"] == ["petal length, standardized", "petal width (cm)"]
    x, y = found["positive"][0]
    assert (len(x), found["rows"], found["sure"]) == (150, [[[], []]], [])
    best = np.polyfit(x, y, 1)[0]
    until(lambda: slopes(ravine) == pytest.approx([best] * 2, rel=1e-2), "the fitted line of both")
    ravine.page.keyboard.press("Home")
    start = float(paths[0][0][0])
    until(lambda: slopes(ravine) == pytest.approx([start] * 2, rel=1e-3), "the line of the start")
    ravine.page.keyboard.press("2")
    until(lambda: len(slopes(ravine)) == 1, "no line of a run that is hidden")


def test_a_threshold_stands_between_two_classes_and_shows_where_it_is_sure(ravine: Ravine) -> None:
    problem = {"kind": "data", "name": "logistic_regression", "dataset": "iris", "preprocess": "raw"}
    ravine.open(IRISES | {"problem": problem | {"batch_size": 100}})
    found = shown(ravine)
    assert found["titles"] == ["petal length (cm)", "petal width (cm)"]
    assert "filled: virginica" in (ravine.page.locator(".chart.second .chart-note").text_content() or "")
    assert len(found["rows"][0][0]) == len(found["positive"][0][0]) == 50
    path = ravine.service.run(ravine.comparison)["runs"][0]["path"][-1]
    lines = [(np.array(found[role][0]), level) for role, level in (("fit", 0.0), ("sure", np.log(9)))]
    drawn = [(ends, level) for ends, level in lines if ends.size]
    assert drawn, "one of them crosses the picture"
    for (across, up), level in drawn:
        np.testing.assert_allclose(path[0] * across + path[1] * up, level, atol=1e-3)


def test_on_a_phone_they_are_a_tab_away_and_on_a_surface_there_are_none(visit: Any, service: Any) -> None:
    phone = visit(service, viewport={"width": 390, "height": 844}, has_touch=True)
    phone.expected_errors = ("ERR_FAILED",)
    asked: list[str] = []
    phone.page.route("**/api/rows*", lambda route: (asked.append(route.request.url), route.abort()))
    seeds = {"seeds": 5, "problem": IRISES["problem"] | {"batch_size": 5}}
    phone.visit(IRISES | seeds)
    phone.page.locator("[data-chart=rows]").wait_for()
    assert not phone.page.locator(".chart.second").count()
    phone.page.locator("[data-chart=rows]").click()
    until(lambda: asked, "a question for the rows")
    phone.page.wait_for_timeout(300)
    assert len(asked) < 5, "who cannot be reached is not asked again and again"
    phone.page.unroute("**/api/rows*")
    phone.page.keyboard.press("End")
    assert len(shown(phone)["fit"]) == 2
    ends = [run["path_median"][-1][0] for run in phone.service.run(phone.comparison)["runs"]]
    until(lambda: slopes(phone) == pytest.approx(ends, rel=1e-3), "of many seeds the median, as on the map")
    phone.page.click("a[data-kind=surface]")
    until(lambda: not phone.page.locator("[data-chart=rows]").count(), "no such chart")
