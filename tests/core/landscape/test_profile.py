"""A slice: slope on a line, and where it is level. That its losses are the map's is told in test_heights.py."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.landscape.profile import profile
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
