"""The view in space: paths lie on the surface, and the camera stays where a hand has left it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core.landscape.heights import Heights, heights
from core.problems.planar import Planar
from core.spec import Comparison
from tests.browser.conftest import Ravine, Service, until

LIFT = 0.012
FIGURE = """() => {
  const plot = document.querySelector("[data-part=map] .plot");
  if (!plot?._fullLayout?.scene) return null;
  const list = values => Array.from(values, value => value?.length === undefined ? value : list(value));
  const plain = ({ meta, x, y, z }) => ({ role: meta.role, x: list(x), y: list(y), z: list(z) });
  const { xaxis, yaxis, zaxis, camera } = plot._fullLayout.scene;
  return { data: plot.data.map(plain), x: xaxis.range, y: yaxis.range, ticks: zaxis.ticktext, camera };
}"""


def figure(ravine: Ravine) -> dict[str, Any]:
    return until(lambda: ravine.page.evaluate(FIGURE), "a figure in space")


def traces(found: dict[str, Any], role: str) -> list[dict[str, Any]]:
    return [trace for trace in found["data"] if trace["role"] == role]


def mesh(grid: Heights, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the height of a mesh that is straight between its points."""
    across = np.interp(x, grid.x, np.arange(len(grid.x)))
    up = np.interp(y, grid.y, np.arange(len(grid.y)))
    left, below = np.minimum(across.astype(int), len(grid.x) - 2), np.minimum(up.astype(int), len(grid.y) - 2)
    right, above = across - left, up - below
    low = grid.shade[below, left] * (1 - right) + grid.shade[below, left + 1] * right
    high = grid.shade[below + 1, left] * (1 - right) + grid.shade[below + 1, left + 1] * right
    return low * (1 - above) + high * above


def test_paths_lie_at_their_losses_on_the_surface(ravine: Ravine) -> None:
    ravine.open(view="3d")
    found = figure(ravine)
    problem = Comparison.model_validate(ravine.comparison).resolve()
    assert isinstance(problem, Planar)
    (surface,) = traces(found, "surface")
    grid = heights(problem, tuple(found["x"]), tuple(found["y"]), len(surface["x"]), len(surface["y"]))
    np.testing.assert_allclose(surface["z"], grid.shade, atol=2e-4)
    how, answer = grid.shading, ravine.service.run(ravine.comparison)
    for trace, run in zip(traces(found, "path"), answer["runs"], strict=True):
        path, loss = np.array(run["path"]), np.array(run["loss"])
        np.testing.assert_allclose(np.stack([trace["x"], trace["y"]], axis=1), path, rtol=1e-6, atol=1e-6)
        shade = np.log1p(np.maximum(0, loss - how.lowest) / (how.rise * how.scale)) / np.log1p(1 / how.scale)
        wanted = np.maximum(shade, mesh(grid, path[:, 0], path[:, 1])) + LIFT
        np.testing.assert_allclose(np.array(trace["z"], float), wanted, atol=1e-3)
    assert float(found["ticks"][-1].replace("−", "-")) == pytest.approx(grid.loss.max(), rel=1e-3)


def test_the_camera_stays_while_a_slider_moves_and_keys_turn_it(ravine: Ravine) -> None:
    ravine.open(view="3d")
    first = figure(ravine)["camera"]["eye"]
    stage = ravine.page.locator("[data-part=map] .stage")
    for _ in range(3):
        stage.press("ArrowLeft")
    until(lambda: figure(ravine)["camera"]["eye"] != first, "another camera")
    turned = figure(ravine)["camera"]["eye"]
    for axis in "xy":
        assert np.hypot(turned["x"], turned["y"]) == pytest.approx(np.hypot(first["x"], first["y"]), rel=1e-3)
        assert turned[axis] != pytest.approx(first[axis], abs=0.05)
    before = figure(ravine)["data"]
    ravine.slider("rho", 1).press("ArrowLeft")
    until(lambda: figure(ravine)["data"] != before, "another path")
    assert figure(ravine)["camera"]["eye"] == pytest.approx(turned)
    stage.press("0")
    until(lambda: figure(ravine)["camera"]["eye"] == pytest.approx(first), "the first camera")


def test_a_browser_without_webgl_is_told_so_and_can_go_on(visit: Callable[..., Ravine], service: Service) -> None:
    ravine = visit(service, fresh=True)
    ravine.page.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...others) {
          return kind.includes("webgl") ? null : get.call(this, kind, ...others);
        };"""
    )
    ravine.visit(view="3d")
    notice = ravine.page.locator(".notice")
    notice.wait_for(state="visible")
    assert "WebGL" in notice.inner_text()
    ravine.page.locator("input[name=layout][value=overlay]").check()
    ravine.settled()


def test_a_key_is_no_error_while_there_is_nothing_to_turn(ravine: Ravine) -> None:
    ravine.visit({"problem": {"kind": "network", "hidden": [4]}, "steps": 10, "runs": [{"optimizer": "sgd"}]}, "3d")
    ravine.page.locator("[data-part=map] .stage").press("ArrowLeft")
    assert figure(ravine)["data"]
