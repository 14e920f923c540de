"""The survey of a network's loss: its points against the loss itself, its stages; moving it compiles nothing."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from core.landscape.losses import PlaneLoss, _batch, vector_losses
from core.landscape.network import MOST_LOSSES, survey, turns
from core.landscape.plane import middle, pca_plane, random_plane
from core.problems.layers import ravel
from core.problems.network import Network

NETWORK = Network(hidden=(12,), l2=0.01)


def snapshots(network=NETWORK, runs=2, count=8, seed=0):
    """Return walks from shared initial weights, shape (runs, count, P)."""
    start = ravel(network.initial(jax.random.key(seed), jnp.zeros(2)))
    steps = np.random.default_rng(seed).standard_normal((runs, count, len(start))) * 0.05
    steps[:, 0] = 0
    return (start + np.cumsum(steps, axis=1)).astype(np.float32)


def steps_of(walks):
    return np.arange(walks.shape[1]) * 10


def finish(batches):
    """Go through all batches and return the losses."""
    while True:
        try:
            next(batches)
        except StopIteration as end:
            return end.value


def direct(network, vectors):
    return np.array([network.loss(network.unravel(jnp.asarray(vector)), None) for vector in vectors])


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu"])
@pytest.mark.parametrize("hidden", [(), (12,), (9, 7)])
def test_losses_are_the_problems_own(hidden, activation):
    network = Network(hidden=hidden, activation=activation, l2=0.03)
    vectors = snapshots(network)[0, :5]
    np.testing.assert_allclose(finish(vector_losses(network, vectors)), direct(network, vectors), rtol=1e-5)
    plane = random_plane(network.unravel(vectors[0]), 0)
    points = np.array([[0, 0], [0.5, -1], [-0.2, 0.3]])
    there = (plane.origin + points @ np.stack([plane.first, plane.second])).astype(np.float32)
    np.testing.assert_allclose(finish(PlaneLoss(network, plane)(points)), direct(network, there), rtol=1e-5)


def test_the_centre_of_a_random_plane_is_the_network_itself():
    walks = snapshots()
    plane = random_plane(NETWORK.unravel(walks[0, -1]), 3)
    last = list(survey(NETWORK, walks, steps_of(walks), plane, resolution=5))[-1]
    assert last.loss[2, 2] == pytest.approx(direct(NETWORK, walks[:1, -1])[0], rel=1e-5)
    assert last.x[2] == last.y[2] == 0
    assert last.x[-1] >= 1
    assert last.paths[0].plane_loss[-1] == pytest.approx(last.paths[0].true_loss[-1], rel=1e-5)
    assert last.paths[0].off_plane[-1] == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("resolution", [2, 12, 26, 40, 41, 48])
def test_the_last_stage_has_all_points_and_each_is_evaluated_once(resolution, monkeypatch):
    walks = snapshots()
    plane = pca_plane(walks)
    evaluated = []
    own = PlaneLoss.__call__

    def counting(self, points):
        evaluated.append(len(points))
        return own(self, points)

    monkeypatch.setattr(PlaneLoss, "__call__", counting)
    stages = list(survey(NETWORK, walks, steps_of(walks), plane, resolution))
    on_paths = 2 * walks.shape[1]
    assert sum(evaluated) == resolution**2 + on_paths
    assert [stage.stage for stage in stages] == ["coarse"] * (len(stages) - 1) + ["fine"]
    last = stages[-1]
    assert last.loss.shape == last.shade.shape == (resolution, resolution)
    x, y = np.meshgrid(last.x, last.y)
    points = np.stack([x.ravel(), y.ravel()], axis=1)[:: max(1, resolution**2 // 40)]
    there = (plane.origin + points @ np.stack([plane.first, plane.second])).astype(np.float32)
    np.testing.assert_allclose(last.loss.ravel()[:: max(1, resolution**2 // 40)], direct(NETWORK, there), rtol=1e-4)
    for stage in stages:
        rows, columns = np.searchsorted(last.y, stage.y), np.searchsorted(last.x, stage.x)
        np.testing.assert_array_equal(last.loss[np.ix_(rows, columns)], stage.loss)
        assert (stage.x[0], stage.x[-1]) == (last.x[0], last.x[-1])


def test_the_window_is_square_and_covers_the_paths():
    walks = snapshots()
    last = list(survey(NETWORK, walks, steps_of(walks), pca_plane(walks), 15))[-1]
    assert np.diff(last.x).mean() == pytest.approx(np.diff(last.y).mean(), rel=1e-4)
    for path in last.paths:
        assert last.x[0] < path.xy[:, 0].min() <= path.xy[:, 0].max() < last.x[-1]
        assert last.y[0] < path.xy[:, 1].min() <= path.xy[:, 1].max() < last.y[-1]
    given = list(survey(NETWORK, walks, steps_of(walks), pca_plane(walks), 15, span=3.0))[-1]
    assert given.x[-1] - given.x[0] == pytest.approx(3, rel=1e-5)


def test_paths_carry_true_and_plane_losses_of_evenly_chosen_iterates():
    walks = snapshots(count=MOST_LOSSES + 40)
    stages = list(survey(NETWORK, walks, steps_of(walks), pca_plane(walks), 21))
    assert stages[0].stage == "coarse"
    assert len(stages[0].paths[0].true_loss) == 0
    for run, path in enumerate(stages[-1].paths):
        assert path.xy.shape == (MOST_LOSSES + 40, 2)
        assert len(path.loss_at) == len(path.true_loss) == len(path.plane_loss) == MOST_LOSSES
        rows = (path.loss_at / 10).astype(int)
        np.testing.assert_allclose(path.true_loss[::20], direct(NETWORK, walks[run, rows[::20]]), rtol=1e-5)
        assert path.travelled[0] == 0


def test_a_diverged_run_is_cut_and_does_not_set_the_window():
    walks = snapshots(runs=3)
    calm = list(survey(NETWORK, walks[:2], steps_of(walks), pca_plane(walks[:2]), 5))[-1]
    walks[2, 1:] *= 1e12
    walks[2, 4:] = np.nan
    last = list(survey(NETWORK, walks, steps_of(walks), pca_plane(walks), 5))[-1]
    np.testing.assert_allclose(last.x, calm.x, rtol=1e-4, atol=1e-6)
    assert last.paths[2].at.tolist() == [0, 10, 20, 30]
    assert all(np.isfinite(part).all() for path in last.paths for part in vars(path).values())
    assert np.isfinite(last.loss).all()


@pytest.mark.parametrize("kind", ["pca", "random"])
def test_a_run_that_does_not_even_start_finite_has_an_empty_path(kind):
    walks = snapshots(runs=3)
    walks[1] = np.inf
    plane = pca_plane(walks) if kind == "pca" else random_plane(NETWORK.unravel(middle(walks)), 0)
    last = list(survey(NETWORK, walks, steps_of(walks), plane, 5))[-1]
    assert [len(path.xy) for path in last.paths] == [8, 0, 8]
    assert all(np.isfinite(part).all() for path in last.paths for part in vars(path).values())
    assert np.isfinite(last.loss).all()


def test_a_run_that_never_moves_has_a_landscape():
    walks = np.repeat(snapshots(count=1), 4, axis=1)
    last = list(survey(NETWORK, walks, steps_of(walks), pca_plane(walks), 5))[-1]
    assert last.x[-1] > last.x[0]
    assert np.isfinite(last.loss).all()


def test_moving_numbers_window_resolution_and_plane_compiles_nothing(compilations):
    walks = snapshots()
    list(survey(NETWORK, walks, steps_of(walks), pca_plane(walks), 13))
    with compilations() as compiled:
        for resolution, span, l2, size in ((13, 2.0, 0.0, 64), (30, None, 0.02, 8), (51, 0.1, 0.05, 1200)):
            network = Network(hidden=(12,), l2=l2, batch_size=size, init="large", init_scale=2)
            more = snapshots(runs=3, count=resolution, seed=resolution)
            for plane in (pca_plane(more), random_plane(network.unravel(more[0, -1]), 1)):
                list(survey(network, more, steps_of(more), plane, resolution, span))
    assert not compiled


def test_a_survey_can_be_abandoned_after_any_batch():
    walks = snapshots()
    items = list(turns(NETWORK, walks, steps_of(walks), pca_plane(walks), 51))
    assert [item.stage for item in items if item is not None] == ["coarse", "coarse", "fine"]
    assert items[-1] is not None
    assert items.count(None) >= 51**2 / 64


def test_batches_of_a_wide_network_are_small():
    wide = Network(hidden=(512,) * 10)
    assert 1 <= _batch(wide, 64) < 16
    assert _batch(NETWORK, 64) == 64
