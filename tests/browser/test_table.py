"""The runs in numbers: measured as an independent computation measures them, sorted, and copied."""

import csv
import io

import numpy as np

from tests.browser.conftest import Paths, Ravine, until

CELLS = "[...document.querySelectorAll('.table tbody tr')].map(row => [...row.children].map(cell => cell.textContent))"


def opened(ravine: Ravine) -> list[list[str]]:
    ravine.page.locator("[data-chart=table]").click()
    return until(lambda: ravine.page.evaluate(CELLS), "the table")


def zigzag(path: np.ndarray) -> float:
    steps = np.diff(path.astype(np.float64), axis=0)
    turning = np.sum(steps[1:] * steps[:-1], axis=1) < 0
    lengths = np.linalg.norm(steps, axis=1)
    return float(lengths[1:][turning].sum() / lengths.sum())


def overshoot(path: np.ndarray, minimum: np.ndarray) -> float:
    """Turn the picture until the way from the start to the minimum is the first axis; see how far the path goes on."""
    way = (minimum - path[0]).astype(np.float64)
    angle = np.arctan2(way[1], way[0])
    turned = (path.astype(np.float64) - minimum) @ np.array([np.cos(angle), np.sin(angle)])
    return max(0.0, turned.max())


def test_paths_are_measured_as_numpy_measures_them(ravine: Ravine) -> None:
    paths: Paths = ravine.open({**ravine.service.catalog["default"], "steps": 60})
    rows = opened(ravine)
    assert [row[0] for row in rows] == ["SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam"]
    for row, path in zip(rows, paths, strict=True):
        length = np.linalg.norm(np.diff(path.astype(np.float64), axis=0), axis=1).sum()
        assert float(row[4]) == float(f"{length:.4g}")
        assert float(row[5].removesuffix(" %").replace("−", "-")) == float(f"{100 * zigzag(path):.2g}")
        beyond = overshoot(path, np.zeros(2))
        assert float(row[6].replace("−", "-")) == float(f"{beyond:.1e}" if 0 < beyond < 1e-3 else f"{beyond:.4g}")
        assert row[7:] == ["ran to the end", "60"]


def test_the_table_is_sorted_by_a_column_forth_and_back(ravine: Ravine) -> None:
    ravine.open()
    rows = opened(ravine)
    lengths = [float(row[4]) for row in rows]
    head = ravine.page.get_by_role("button", name="Path length")
    head.click()
    assert [float(row[4]) for row in ravine.page.evaluate(CELLS)] == sorted(lengths)
    assert head.evaluate("button => button === document.activeElement")
    table = ravine.page.locator(".table table").element_handle()
    ravine.page.locator(".scrub").fill("10")
    assert table.evaluate("one => one.isConnected"), "it stands while the playhead moves"
    head.click()
    assert [float(row[4]) for row in ravine.page.evaluate(CELLS)] == sorted(lengths, reverse=True)
    head.click()
    assert ravine.page.evaluate(CELLS) == rows


def test_the_table_is_copied_with_a_head_and_a_line_a_run(visit, service) -> None:
    ravine = visit(service, permissions=["clipboard-read", "clipboard-write"])
    ravine.open()
    rows = opened(ravine)
    copy = ravine.page.get_by_role("button", name="Copy as CSV")
    last = ravine.page.locator(".table tbody tr").last
    last.scroll_into_view_if_needed()
    row, button = last.bounding_box(), copy.bounding_box()
    assert row
    assert button
    assert row["y"] + row["height"] <= button["y"] + 1, "the last row is not covered"
    copy.click()
    until(lambda: ravine.page.get_by_role("button", name="Copied").count(), "it says so")
    told = list(csv.DictReader(io.StringIO(ravine.page.evaluate("navigator.clipboard.readText()"))))
    assert [line["Run"] for line in told] == [row[0] for row in rows]
    for line, run in zip(told, ravine.comparison["runs"], strict=True):
        assert line["optimizer"] == run["optimizer"]
        assert line["schedule"] == "constant"
        for name in ("lr", "rho", "beta2"):
            assert line[name] == (str(run[name]) if name in run else "")
