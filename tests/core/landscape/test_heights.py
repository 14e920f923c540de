"""Heights on a window, and the shade they are drawn in."""

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.landscape.heights import HOLE, heights, shade
from core.landscape.profile import profile
from core.problems.surfaces import SURFACES
from core.problems.surfaces.bowls import Ravine
from core.problems.surfaces.many_minima import Himmelblau


def test_axes_rows_and_columns_are_where_they_belong():
    window = heights(Himmelblau(), (-5.0, 4.0), (-3.0, 2.0), 7, 5)
    assert window.x.shape == (7,)
    assert window.y.shape == (5,)
    assert window.loss.shape == window.shade.shape == (5, 7)
    for array in (window.x, window.y, window.loss, window.shade):
        assert isinstance(array, np.ndarray)
        assert array.dtype == np.float32
    np.testing.assert_allclose(window.x, np.linspace(-5, 4, 7), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(window.y, np.linspace(-3, 2, 5), rtol=1e-6, atol=1e-6)
    x, y = np.meshgrid(np.linspace(-5, 4, 7), np.linspace(-3, 2, 5))
    np.testing.assert_allclose(window.loss, (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, rtol=1e-4)


def test_nothing_compiles_while_numbers_and_window_move(compilations):
    heights(Ravine(), (-1.0, 1.0), (-1.0, 1.0), 20, 10)
    with compilations() as compiled:
        for step in range(10):
            surface = Ravine(condition=1 + 10 * step, angle=5.0 * step)
            heights(surface, (-1.0 - step, 1.0), (-1, 1 + step), 20, 10)
    assert not compiled


def test_numbers_arrive():
    flat = heights(Ravine(condition=2, angle=0), (0.0, 2.0), (0.0, 1.0), 3, 2)
    np.testing.assert_allclose(flat.loss, [[0, 0.5, 2], [1, 1.5, 3]], rtol=1e-6)


@lru_cache
def window_of(cls):
    """The whole of a surface, as a map has it."""
    return heights(cls(), *cls.domain, 210, 141)


@pytest.mark.parametrize("cls", SURFACES, ids=lambda cls: cls.identifier())
def test_a_quarter_of_the_area_takes_half_of_the_shade(cls):
    window = window_of(cls)
    assert window.shade.min() == pytest.approx(0, abs=1e-6)
    assert window.shade.max() == pytest.approx(1, abs=1e-5)
    quartile = np.quantile(window.shade, 0.25)
    assert quartile == pytest.approx(0.5, abs=0.03) or quartile > 0.5


ANY_HEIGHTS = arrays(
    np.float32,
    (4, 5),
    elements=st.floats(-(2.0**100), 2.0**100, width=32) | st.sampled_from([0.0, np.inf, -np.inf, np.nan]),
)


@given(ANY_HEIGHTS)
def test_shade_is_monotone_between_0_and_1_and_a_hole_where_nothing_is(loss):
    drawn = shade(loss)
    assert drawn.dtype == np.float32
    assert drawn.shape == loss.shape
    finite = np.isfinite(loss)
    assert ((drawn[finite] >= 0) & (drawn[finite] <= 1)).all()
    assert (drawn[~finite] == HOLE).all()
    order = np.argsort(loss[finite])
    assert (np.diff(drawn[finite][order]) >= -1e-6).all()


@given(st.floats(1e-3, 1e6), st.floats(-10, 10))
def test_shade_ignores_scale_and_level(scale, level):
    loss = np.linspace(0, 3, 50, dtype=np.float32)[None, :] ** 2
    np.testing.assert_allclose(shade(scale * (loss + level)), shade(loss), atol=2e-3)


def test_level_ground_is_drawn_low_and_nothing_at_all_as_a_hole():
    assert (shade(np.full((3, 3), 7.0)) == 0).all()
    assert (shade(np.full((3, 3), np.nan)) == HOLE).all()
    assert shade(np.array([[1.0, np.inf], [np.nan, 2.0]])).tolist() == [[0, HOLE], [HOLE, 1]]


@pytest.mark.parametrize("cls", SURFACES, ids=lambda cls: cls.identifier())
def test_the_numbers_of_the_shading_give_any_loss_its_shade(cls):
    window = window_of(cls)
    how, loss = window.shading, window.loss.astype(np.float64)
    by_hand = np.log1p((loss - how.lowest) / (how.rise * how.scale)) / np.log1p(1 / how.scale)
    np.testing.assert_allclose(by_hand, window.shade, atol=2e-4)


@pytest.mark.parametrize("cls", SURFACES, ids=lambda cls: cls.identifier())
def test_a_slice_along_x_is_a_row_of_the_map(cls):
    (left, right), _ = cls.domain
    rows = window_of(cls)
    line = profile(cls(), (left, float(rows.y[70])), (right, float(rows.y[70])), 210)
    np.testing.assert_allclose(line.x, rows.x, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(line.loss, rows.loss[70], rtol=1e-3, atol=1e-4 * np.ptp(rows.loss))


def test_a_plane_has_a_shading_of_finite_numbers():
    level = heights(Ravine(), (1.0, 1.0), (2.0, 2.0), 3, 2).shading
    assert (level.rise, level.scale) == (0, 1)
