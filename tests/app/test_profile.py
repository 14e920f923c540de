"""`POST /api/profile`: a slice of a surface, or why there is none."""

from typing import Any

import numpy as np
import pytest

from core.problems.data.base import DataProblem
from core.spec import Comparison
from tests.app.conftest import Served

RUNS = [{"optimizer": "sgd"}]
DATA = {"kind": "data", "name": "linear_regression"}
RAVINE = {"problem": {"kind": "surface", "name": "ravine", "parameters": {"condition": 4, "angle": 0}}, "runs": RUNS}


def test_a_slice_of_a_parabola_is_one(served: Served) -> None:
    question = {"comparison": RAVINE, "ends": [[-2, 1], [2, 1]], "count": 5}
    found = served.http.post("/api/profile", json=question).json()
    assert found["x"] == [-2, -1, 0, 1, 2]
    assert found["y"] == [1] * 5
    np.testing.assert_allclose(found["loss"], [2, 1.25, 1, 1.25, 2], rtol=1e-5)
    np.testing.assert_allclose(found["slope"], [-1, -0.5, 0, 0.5, 1], atol=1e-5)
    (level,) = found["level"]
    assert (level["kind"], level["along"], level["gradient"]) == ("minimum", 0.5, pytest.approx(2))


def test_a_slice_of_a_loss_over_rows_goes_through_all_of_them(served: Served) -> None:
    question = {"comparison": {"problem": DATA, "runs": RUNS}, "ends": [[0, 0], [3, -1]], "count": 7}
    found = served.http.post("/api/profile", json=question).json()
    problem = Comparison.model_validate(question["comparison"]).resolve()
    assert isinstance(problem, DataProblem)
    x, _, y = problem.table().rows.astype(np.float64).T
    wanted = [
        np.mean((slope * x + intercept - y) ** 2) for slope, intercept in zip(found["x"], found["y"], strict=True)
    ]
    np.testing.assert_allclose(found["loss"], wanted, rtol=1e-5)


@pytest.mark.parametrize(
    ("change", "loc"),
    [
        ({"ends": [[0, 0], [0, 0]]}, "ends"),
        ({"ends": [[0, 0]]}, "ends.1"),
        ({"ends": [[0, 0], [0, 1e300]]}, "ends.1.1"),
        ({"count": 2}, "count"),
        ({"comparison": {"problem": {"kind": "network"}, "runs": RUNS}}, "comparison.problem.kind"),
    ],
    ids=str,
)
def test_what_is_no_line_is_refused_by_name(served: Served, change: dict[str, Any], loc: str) -> None:
    answer = served.http.post("/api/profile", json={"comparison": RAVINE, "ends": [[0, 0], [1, 1]]} | change)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == loc
