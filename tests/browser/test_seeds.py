"""Many seeds at once: medians, and a dot for every seed, where the API says it is."""

from typing import Any

import httpx
import numpy as np

from tests.browser.conftest import Ravine, until

NOISY = {
    "problem": {"kind": "surface", "name": "ravine"},
    "steps": 100,
    "noise": {"kind": "gaussian", "scale": 1.0},
    "runs": [{"optimizer": "sgd", "lr": 0.3}, {"optimizer": "adam", "lr": 0.2}],
}
# Whether a canvas has anything at each of some places in the plane, as the map's window places them.
READ_DOTS = """(places) => {
    const canvas = document.querySelector("[data-part=map] canvas.cloud");
    const { layout } = document.querySelectorAll("[data-part=map] .js-plotly-plot")[1];
    const [x, y, { l, r, t, b }] = [layout.xaxis.range, layout.yaxis.range, layout.margin];
    const ratio = canvas.width / layout.width;
    return places.map(([px, py]) => {
        const across = l + (layout.width - l - r) * (px - x[0]) / (x[1] - x[0]);
        const up = t + (layout.height - t - b) * (y[1] - py) / (y[1] - y[0]);
        return canvas.getContext("2d").getImageData(across * ratio, up * ratio, 1, 1).data[3] > 0;
    });
}"""


def answer(ravine: Ravine) -> list[dict[str, Any]]:
    return httpx.post(f"{ravine.service.address}/api/run", json=ravine.comparison, timeout=60).json()["runs"]


def shows_medians(ravine: Ravine) -> bool:
    if ravine.comparison.get("seeds") != 16:
        return False
    wanted = [np.array(run["path_median"], np.float32) for run in answer(ravine)]
    drawn = ravine.paths()
    return len(drawn) == len(wanted) and all(map(np.array_equal, drawn, wanted))


def dots(ravine: Ravine, moment: int) -> list[bool]:
    places = [place for run in answer(ravine) for place in run["cloud"][moment]]
    return ravine.page.evaluate(READ_DOTS, places)


def test_a_cloud_of_seeds_is_drawn_where_they_are(ravine: Ravine) -> None:
    ravine.open(NOISY)
    assert not any(ravine.page.evaluate(READ_DOTS, [[-4, -1], [0, 0]]))
    ravine.page.locator("select[name=seeds]").select_option("16")
    until(lambda: shows_medians(ravine), "the median paths are drawn")
    until(lambda: all(dots(ravine, -1)), "a dot for every seed at the end")
    ravine.page.locator(".scrub").fill("42")
    until(lambda: all(dots(ravine, 42 // 4)), "a dot for every seed at the playhead")
    assert not all(dots(ravine, -1))


READ_BANDS = """() => [...document.querySelector("[data-part=curves] .js-plotly-plot").data]
    .filter((trace) => trace.meta.role === "band").map((trace) => [...trace.y])"""


def test_the_loss_chart_shows_bands_of_the_seeds(ravine: Ravine) -> None:
    ravine.visit(NOISY | {"seeds": 16})
    until(lambda: shows_medians(ravine), "the median paths are drawn")
    bands = ravine.page.evaluate(READ_BANDS)
    for run, band in zip(answer(ravine), bands, strict=True):
        levels = np.array(run["loss_band"])
        np.testing.assert_allclose(band, np.concatenate([levels[:, 2], levels[::-1, 0]]), rtol=1e-6)
    ravine.page.locator("select[name=seeds]").select_option("1")
    until(lambda: not ravine.page.evaluate(READ_BANDS), "one seed has no band")


def test_moving_the_noise_of_a_cloud_compiles_nothing(ravine: Ravine) -> None:
    ravine.visit(NOISY | {"seeds": 16})
    until(lambda: shows_medians(ravine), "the median paths are drawn")
    compiled = ravine.service.compilations
    ravine.drag(ravine.slider("scale"), 0.2, 0.5)
    until(lambda: shows_medians(ravine), "the median paths of the new noise are drawn")
    assert ravine.service.compilations == compiled


def test_without_noise_the_page_says_that_seeds_make_no_difference(ravine: Ravine) -> None:
    ravine.visit(NOISY | {"seeds": 16, "noise": {"kind": "none"}})
    until(lambda: shows_medians(ravine), "the median paths are drawn")
    assert ravine.page.get_by_text("Without noise").is_visible()


def test_many_runs_are_offered_fewer_seeds(ravine: Ravine) -> None:
    runs = [{"optimizer": "sgd", "lr": 0.01 * place} for place in range(1, 9)]
    ravine.visit(NOISY | {"steps": 20, "runs": runs})
    offered = ravine.page.locator("select[name=seeds] option")
    until(lambda: offered.count() == 4, "256 seeds of eight runs")
    ravine.page.locator("select[name=add]").select_option("adam")
    until(lambda: offered.count() == 3, "no more than 64 of nine")
