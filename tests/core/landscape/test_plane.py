"""Planes and projections against float64 NumPy written another way."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.landscape.plane import MOST_ROWS, NothingFinite, evenly, middle, pca_plane, random_plane, within_reach
from core.landscape.projection import project
from core.problems.network import Network

NETWORK = Network(hidden=(12, 8))


def reference(network=NETWORK):
    return network.initial(jax.random.key(0), jnp.zeros(2))


def walks(runs=3, count=20, size=200, seed=0):
    steps = np.random.default_rng(seed).standard_normal((runs, count, size)) * np.linspace(1, 0.01, size)
    return (np.cumsum(steps, axis=1) + 0.3).astype(np.float32)


def test_filters_of_random_directions_are_as_long_as_the_networks_and_biases_stay():
    plane = random_plane(reference(), 4)
    for direction in (plane.first, plane.second):
        for layer, own in zip(NETWORK.unravel(direction), reference(), strict=True):
            np.testing.assert_allclose(
                np.linalg.norm(layer["weight"], axis=0), np.linalg.norm(own["weight"], axis=0), rtol=1e-6
            )
            assert not np.any(layer["bias"])
    assert abs(plane.first @ plane.second) < 0.3 * (plane.first @ plane.first)


def test_random_planes_follow_their_seed():
    one, same, other = (random_plane(reference(), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.second, same.second)
    assert not np.array_equal(one.first, other.first)


def test_a_network_of_zeros_still_has_a_plane():
    plane = random_plane(NETWORK.template(), 0)
    assert np.linalg.norm(plane.first) == pytest.approx(1)
    assert not np.any(plane.origin)


def test_pca_captures_the_variance_it_claims():
    snapshots = walks()
    plane = pca_plane(snapshots)
    rows = snapshots.reshape(-1, snapshots.shape[-1]).astype(np.float64)
    centred = rows - rows.mean(axis=0)
    _, singular, directions = np.linalg.svd(centred, full_matrices=False)
    shares = singular**2 / (singular**2).sum()
    np.testing.assert_allclose(plane.variance, shares[:2], rtol=1e-9)
    np.testing.assert_allclose(plane.origin, rows.mean(axis=0), rtol=1e-12)
    for own, truth, share in zip((plane.first, plane.second), directions, shares, strict=False):
        assert abs(own @ truth) == pytest.approx(1, abs=1e-9)
        assert ((centred @ own) ** 2).sum() / (centred**2).sum() == pytest.approx(share)
    np.testing.assert_allclose(np.stack([plane.first, plane.second]) @ plane.first, [1, 0], atol=1e-12)


def test_pca_signs_are_fixed():
    snapshots = walks()
    plane = pca_plane(snapshots)
    turned = pca_plane(snapshots[::-1])
    np.testing.assert_allclose(turned.first, plane.first, atol=1e-9)
    np.testing.assert_allclose(turned.second, plane.second, atol=1e-9)
    first, last = snapshots[:, 0] - plane.origin, snapshots[:, -1] - plane.origin
    assert ((last - first) @ plane.first).sum() > 0
    assert ((last + first) @ plane.second).sum() > 0


@pytest.mark.parametrize(
    ("snapshots", "variance"),
    [
        (walks(1, 1), (0, 0)),
        (np.repeat(walks(1, 1), 5, axis=1), (0, 0)),
        (walks(1, 2), (1, 0)),
        (np.zeros((2, 3, 50), np.float32), (0, 0)),
    ],
    ids=["one point", "one place", "two points", "all zero"],
)
def test_where_iterates_have_no_two_directions_the_plane_is_still_one(snapshots, variance):
    plane = pca_plane(snapshots)
    assert plane.variance == pytest.approx(variance)
    basis = np.stack([plane.first, plane.second])
    np.testing.assert_allclose(basis @ basis.T, np.eye(2), atol=1e-12)
    if len(snapshots[0]) <= 2:
        np.testing.assert_allclose(project(plane, snapshots[0]).off_plane, 0, atol=1e-5)


def test_pca_looks_past_what_is_not_finite_and_what_blew_up():
    snapshots = walks(3)
    calm = pca_plane(snapshots)
    wild = np.concatenate([snapshots, snapshots[:1] * 1e12])
    np.testing.assert_allclose(pca_plane(wild).first, calm.first, atol=1e-9)
    broken = np.concatenate([snapshots, np.full((3, 1, 200), np.nan, np.float32)], axis=1)
    np.testing.assert_allclose(pca_plane(broken).first, calm.first, atol=1e-9)
    with pytest.raises(ValueError, match="no finite iterate"):
        pca_plane(np.full((1, 3, 4), np.nan, np.float32))


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_runs_that_are_nowhere_finite_have_no_say_and_no_path(broken):
    snapshots = walks(3)
    with_broken = np.concatenate([snapshots, np.full((2, *snapshots.shape[1:]), broken, np.float32)])
    np.testing.assert_array_equal(pca_plane(with_broken).first, pca_plane(snapshots).first)
    np.testing.assert_array_equal(middle(with_broken), middle(snapshots))
    for choose in (pca_plane, middle):
        with pytest.raises(NothingFinite):
            choose(with_broken[3:])
    seen = project(pca_plane(snapshots), snapshots[0, :0])
    assert (seen.xy.shape, seen.off_plane.shape, seen.travelled.shape) == ((0, 2), (0,), (0,))


def test_random_directions_meet_where_the_runs_that_stayed_ended():
    snapshots = walks(4)
    calm = snapshots[:2, -1].mean(axis=0, dtype=np.float64)
    snapshots[2, 1:] *= 1e12
    snapshots[3, -1] = np.nan
    np.testing.assert_array_equal(middle(snapshots), calm)
    assert middle(snapshots).dtype == np.float64
    np.testing.assert_array_equal(middle(snapshots[3:]), snapshots[3, -2])


def test_pca_of_very_many_iterates_takes_an_even_share_of_them():
    snapshots = walks(2, MOST_ROWS, 30)
    chosen = snapshots[:, evenly(MOST_ROWS, MOST_ROWS // 2)]
    np.testing.assert_array_equal(pca_plane(snapshots).first, pca_plane(chosen).first)


@given(st.integers(0, 2**31), st.floats(0, 0.99))
def test_projection_is_the_least_squares_solution(seed, overlap):
    plane = random_plane(reference(), seed % 1000)
    skew = type(plane)(plane.origin, plane.first, plane.second + overlap * plane.first, None, "random")
    points = plane.origin + np.random.default_rng(seed).standard_normal((5, len(plane.origin)))
    seen = project(skew, points.astype(np.float32))
    basis = np.stack([skew.first, skew.second], axis=1)
    for point, xy, off, travelled in zip(points, seen.xy, seen.off_plane, seen.travelled, strict=True):
        away = point.astype(np.float32) - skew.origin
        solution, residual, *_ = np.linalg.lstsq(basis, away, rcond=None)
        np.testing.assert_allclose(xy, solution, atol=1e-9)
        assert off == pytest.approx(np.sqrt(residual[0]))
        assert travelled == pytest.approx(np.linalg.norm(point - points[0]), rel=1e-5)


@given(st.integers(1, 300), st.integers(2, 300))
def test_even_choices_keep_both_ends(count, most):
    chosen = evenly(count, most)
    assert len(chosen) == min(count, most)
    assert chosen[0] == 0
    assert chosen[-1] == count - 1


def test_a_run_far_beyond_the_others_is_out_of_reach():
    assert within_reach(np.array([1.0, 1e9])).tolist() == [True, False]
    assert within_reach(np.array([1e9])).tolist() == [True]
    assert within_reach(np.array([0.0, 0.0, 3.0])).tolist() == [True, True, True]
    assert within_reach(np.array([1.0, 50.0, 2.0])).tolist() == [True, True, True]
