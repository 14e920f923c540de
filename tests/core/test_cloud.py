"""Many seeds at once: each is the run it would be alone, and the band and the median are those of all of them."""

import numpy as np
import pytest

from core.cloud import LEVELS, STRIDE
from core.frames import RunFrame, join
from core.simulate import simulate
from core.spec import Comparison

SEEDS = 9


def race(seeds: int = 1, **changes) -> tuple[RunFrame, ...]:
    data = {
        "problem": {"kind": "surface", "name": "ravine"},
        "steps": 30,
        "seeds": seeds,
        "noise": {"kind": "gaussian", "scale": 1.0},
        "runs": [{"optimizer": "adam", "lr": 0.1}, {"optimizer": "sgd", "lr": 0.2}, {"optimizer": "sgd", "lr": 0.1}],
    }
    return join(list(simulate(Comparison.model_validate(data | changes)))).runs


def alone(run: int, name: str, **changes) -> np.ndarray:
    """Return what each seed gives when it runs by itself: (seeds, rows, …)."""
    return np.stack([race(seed=seed, **changes)[run].arrays[name] for seed in range(SEEDS)])


@pytest.mark.parametrize("run", [0, 1, 2])
@pytest.mark.parametrize("name", ["loss", "grad_norm", "step_norm"])
def test_the_band_is_that_of_the_seeds_run_one_by_one(run: int, name: str) -> None:
    each = np.sort(alone(run, name), axis=0)
    wanted = np.stack([each[round(level * (SEEDS - 1))] for level in LEVELS], axis=1)
    np.testing.assert_allclose(race(SEEDS)[run].arrays[f"{name}_band"], wanted, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("run", [0, 2])
def test_median_and_cloud_are_those_of_the_paths(run: int) -> None:
    arrays, each = race(SEEDS)[run].arrays, alone(run, "path")
    np.testing.assert_allclose(arrays["path_median"], np.median(each, axis=0), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(arrays["cloud"], each[:, ::STRIDE].swapaxes(0, 1), rtol=1e-4, atol=1e-5)


def test_the_runs_own_seed_is_told_beside_the_cloud_as_it_is_alone() -> None:
    for many, one in zip(race(SEEDS), race(), strict=True):
        for name, values in one.arrays.items():
            np.testing.assert_allclose(many.arrays[name], values, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("steps", [511, 513, 1030])
def test_a_cloud_does_not_depend_on_where_chunks_end(steps: int) -> None:
    runs = [{"optimizer": "sgd", "lr": 0.2}]
    short, long = (race(SEEDS, steps=count, runs=runs)[0].arrays for count in (steps, 1500))
    assert len(short["loss_band"]) == len(short["path_median"]) == steps + 1
    assert len(short["cloud"]) == steps // STRIDE + 1
    for name in ("loss_band", "path_median", "cloud"):
        np.testing.assert_allclose(short[name], long[name][: len(short[name])], rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("scale", [2.0, 3.0])
def test_seeds_that_diverge_are_counted_and_send_no_infinity(scale: float) -> None:
    beale = {"kind": "surface", "name": "beale"}  # unstable where the noise throws a run far out
    noise = {"kind": "gaussian", "scale": scale}
    (run,) = race(64, problem=beale, steps=200, noise=noise, runs=[{"optimizer": "sgd", "lr": 0.03}])
    assert run.diverged is not None
    assert 0 < run.diverged < 64
    for values in run.arrays.values():
        assert np.isfinite(values).all()
    assert len(run.arrays["loss_band"]) == 201
    # Who has diverged counts as the largest number there is.
    top = run.arrays["loss_band"][-1, 2] == np.finfo(np.float32).max
    assert top == (run.diverged > 64 - 1 - round(0.9 * 63))


def test_when_all_seeds_have_diverged_the_run_is_over() -> None:
    (run,) = race(
        SEEDS, problem={"kind": "surface", "name": "rosenbrock"}, steps=900, runs=[{"optimizer": "sgd", "lr": 1}]
    )
    assert run.diverged == SEEDS
    assert str(run.status) == "diverged"
    assert np.isfinite(run.arrays["path_median"]).all()


def test_another_number_compiles_nothing(compilations) -> None:
    race(SEEDS)
    with compilations() as compiled:
        race(SEEDS, noise={"kind": "uniform", "scale": 0.3}, seed=5)
    assert not compiled


def test_runs_may_differ_in_noise_alone() -> None:
    sgd = {"optimizer": "sgd", "lr": 0.1}
    quiet, loud, shared = race(
        noise={"kind": "none"}, runs=[sgd, sgd | {"noise": {"kind": "gaussian", "scale": 2.0}}, sgd]
    )
    (same,) = race(noise={"kind": "gaussian", "scale": 2.0}, runs=[sgd])
    np.testing.assert_array_equal(quiet.arrays["path"], shared.arrays["path"])
    np.testing.assert_allclose(loud.arrays["path"], same.arrays["path"], rtol=1e-5, atol=1e-6)
    assert np.abs(loud.arrays["path"] - quiet.arrays["path"]).max() > 0.1
