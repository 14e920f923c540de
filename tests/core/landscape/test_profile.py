"""A slice: slope on a line, and where it is level. That its losses are the map's is told in test_heights.py."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.compiled import KEPT
from core.landscape.means import means
from core.landscape.profile import profile
from core.problems.data.base import DataProblem
from core.problems.data.linear_regression import LinearRegression
from core.problems.data.logistic_regression import LogisticRegression
from core.problems.surfaces.bowls import Ravine
from core.problems.surfaces.many_minima import Himmelblau


@settings(deadline=None, max_examples=25)
@given(st.tuples(*[st.floats(-5, 5)] * 2), st.floats(0, 2 * np.pi), st.floats(0.5, 8))
def test_slope_is_the_gradient_along_the_line(start, angle, length):
    end = (start[0] + length * np.cos(angle), start[1] + length * np.sin(angle))
    line = profile(Himmelblau(), start, end, 101)
    x, y = line.x.astype(np.float64), line.y.astype(np.float64)
    gradient = np.stack(
        [4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7), 2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7)], axis=1
    )
    wanted = gradient @ [np.cos(angle), np.sin(angle)]
    np.testing.assert_allclose(line.slope, wanted, rtol=1e-3, atol=1e-3 * np.abs(gradient).max())


def test_level_points_lie_where_the_parabola_has_its_vertex():
    across = profile(Ravine(condition=4, angle=0), (-3.0, 1.0), (1.0, 1.0), 101)
    (vertex,) = across.level
    assert vertex.kind == "minimum"
    assert vertex.along == pytest.approx(0.75, abs=1e-5)
    assert vertex.loss == pytest.approx(1, abs=1e-5)
    assert vertex.gradient == pytest.approx(2, abs=1e-4), "level along the line, steep across it"


def test_a_minimum_of_the_surface_on_the_line_has_no_gradient():
    line = profile(Himmelblau(), (3.0, 2.0 - 1.0), (3.0, 2.0 + 1.7), 201)
    found = [level for level in line.level if level.gradient < 0.05]
    assert [(level.kind, round(1 + 2.7 * level.along, 3)) for level in found] == [("minimum", 2.0)]


def test_nothing_compiles_while_numbers_and_line_move(compilations):
    profile(Ravine(), (-1.0, 0.0), (1.0, 0.0), 33)
    with compilations() as compiled:
        for step in range(8):
            profile(Ravine(condition=1 + step, angle=4.0 * step), (-1.0 - step, 0.5), (2.0, step), 33)
    assert not compiled


@pytest.mark.parametrize(
    "problem", [LogisticRegression(rows=5000), LinearRegression(rows=5000)], ids=lambda one: one.name
)
def test_a_slice_over_rows_is_the_mean_of_all_and_level_where_their_gradient_is_across(problem: DataProblem):
    """By the textbook in float64; 5,000 rows are more than the loss of an iterate is measured on."""
    start, end = np.array([-1.0, 2.0]), np.array([4.0, -2.5])
    line = profile(problem, tuple(start), tuple(end), 41)
    rows = problem.table().rows.astype(np.float64)
    along = (end - start) / np.linalg.norm(end - start)

    def mean(point: np.ndarray) -> tuple[float, np.ndarray]:
        z, y = rows[:, :2] @ point, rows[:, 2]
        if isinstance(problem, LogisticRegression):
            return np.mean(np.logaddexp(0, z) - y * z), (1 / (1 + np.exp(-z)) - y) @ rows[:, :2] / len(rows)
        return np.mean((z - y) ** 2), 2 * (z - y) @ rows[:, :2] / len(rows)

    found = [mean(point) for point in np.stack([line.x, line.y], axis=1).astype(np.float64)]
    np.testing.assert_allclose(line.loss, [loss for loss, _ in found], rtol=2e-5)
    np.testing.assert_allclose(line.slope, [slope @ along for _, slope in found], rtol=1e-3, atol=1e-5)
    (level,) = line.level
    loss, slope = mean(start + level.along * (end - start))
    assert level.kind == "minimum"
    assert level.loss == pytest.approx(loss, rel=1e-5)
    assert level.gradient == pytest.approx(np.linalg.norm(slope), rel=1e-4)
    assert slope @ along == pytest.approx(0, abs=2e-2 * np.linalg.norm(slope) + 2e-3), "the level point is on the line"


def test_a_slice_over_rows_ends_at_the_minimum_that_is_known():
    problem = LogisticRegression(rows=5000)
    (x, y, value), *_ = problem.minima()
    line = profile(problem, (x - 1.0, y - 0.5), (x + 1.0, y + 0.5), 201)
    (level,) = line.level
    assert (level.along, level.loss) == pytest.approx((0.5, value), abs=1e-4)
    assert level.gradient < 1e-4


def test_another_number_of_rows_compiles_nothing(compilations):
    profile(LogisticRegression(rows=5000), (-1.0, 0.0), (1.0, 0.0), 41)
    with compilations() as compiled:
        profile(LogisticRegression(rows=9000, dataset="correlated"), (-1.0, 0.3), (1.0, 2.0), 41)
    assert not compiled


def test_no_more_programs_are_kept_whatever_counts_are_asked_for(compilations):
    problem = LogisticRegression(rows=10)
    for count in range(3, 4 + KEPT):
        means(problem, np.zeros((count, 2), np.float32))
    with compilations() as compiled:
        means(problem, np.zeros((3, 2), np.float32))
    assert compiled, "the oldest was forgotten"
