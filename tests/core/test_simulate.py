"""The loop: against a plain Python walk, chunk by chunk, and without a compilation while numbers move."""

from functools import lru_cache

import jax.numpy as jnp
import numpy as np
import pytest

from core.catalog import DEFAULT, DEFAULT_NETWORK
from core.frames import Chunk, join
from core.optimizers import OPTIMIZERS
from core.simulate import simulate
from core.spec import MAX_RUNS, Comparison
from tests.core.optimizers.test_contract import compiled as rule_compiled
from tests.core.optimizers.test_contract import walk

NAMES = [optimizer.identifier() for optimizer in OPTIMIZERS]


def compare(**changes) -> Comparison:
    data = {"problem": {"kind": "surface", "name": "booth"}, "steps": 40, "runs": [{"optimizer": "sgd", "lr": 0.01}]}
    return Comparison.model_validate(data | changes)


def booth_gradient(point: np.ndarray) -> np.ndarray:
    x, y = point
    return np.array([2 * (x + 2 * y - 7) + 4 * (2 * x + y - 5), 4 * (x + 2 * y - 7) + 2 * (2 * x + y - 5)])


def test_the_loop_walks_as_a_plain_float64_loop_does() -> None:
    runs = [{"optimizer": "sgd", "lr": 0.02}, {"optimizer": "momentum", "lr": 0.01, "rho": 0.8}]
    whole = join(list(simulate(compare(runs=runs, start=[-3.0, 4.0]))))
    for run, (lr, rho) in zip(whole.runs, [(0.02, 0.0), (0.01, 0.8)], strict=True):
        x, v = np.array([-3.0, 4.0]), np.zeros(2)
        for t in range(40):
            np.testing.assert_allclose(run.arrays["path"][t], x, rtol=1e-4, atol=1e-4)
            np.testing.assert_allclose(run.arrays["grad_norm"][t], np.linalg.norm(booth_gradient(x)), rtol=1e-3)
            v = rho * v + booth_gradient(x)
            np.testing.assert_allclose(run.arrays["step_norm"][t], lr * np.linalg.norm(v), rtol=1e-2, atol=1e-4)
            x = x - lr * v


MIXED = ["sgd", *reversed(NAMES), *NAMES][:MAX_RUNS]
"""All optimizers, some of them twice, in an order that is not the loop's."""


@lru_cache
def mixed(scale: float) -> Chunk:
    """Race them all, each at a learning rate of its own: it is one program whatever the noise."""
    runs = [{"optimizer": name, "lr": 0.05 if index == 0 else rate_of(index)} for index, name in enumerate(MIXED)]
    return join(list(simulate(compare(runs=runs, noise={"kind": "gaussian", "scale": scale}, seed=3))))


def rate_of(index: int) -> float:
    return 0.01 + 1e-4 * index


@pytest.mark.parametrize("index", range(1, MAX_RUNS), ids=MIXED[1:])
def test_the_gradient_that_an_optimizer_saw_is_the_true_one_plus_the_noise_of_the_step(index: int) -> None:
    """The noise is had from a run of gradient descent, which sees the same draws: (x − x') / α − the true gradient."""
    plain, run = (mixed(2.0).runs[one].arrays for one in (0, index))
    path = plain["path"].astype(np.float64)
    drawn = -np.diff(path, axis=0) / 0.05 - np.array([booth_gradient(point) for point in path[:-1]])
    expected = drawn + np.array([booth_gradient(point) for point in run["path"][:-1].astype(np.float64)])
    np.testing.assert_allclose(run["gradient"], expected, rtol=1e-3, atol=1e-3)
    assert np.abs(drawn).max() > 1


def test_without_noise_the_gradient_seen_is_as_long_as_the_true_one() -> None:
    for run in join(list(simulate(compare(steps=600)))).runs:
        np.testing.assert_allclose(np.hypot(*run.arrays["gradient"].T), run.arrays["grad_norm"][:-1], rtol=1e-5)


def test_every_recorded_quantity_has_a_row_an_iterate_or_a_row_a_step() -> None:
    whole = join(list(simulate(DEFAULT)))
    for run in whole.runs:
        for name, values in run.arrays.items():
            rows = DEFAULT.steps + (name in ("path", "loss", "grad_norm"))
            assert values.shape in {(rows,), (rows, 2)}
            assert values.dtype == np.float32


@pytest.mark.parametrize("index", range(1, MAX_RUNS), ids=MIXED[1:])
def test_runs_stay_in_the_order_of_the_comparison(index: int) -> None:
    """Each walks as its rule does in a plain Python loop, with its own learning rate."""
    run, kind = mixed(0.0).runs[index].arrays, OPTIMIZERS[NAMES.index(MIXED[index])]
    np.testing.assert_allclose(run["lr"], rate_of(index), rtol=1e-6)
    assert set(kind.slots) <= set(run)
    rule = rule_compiled(kind(lr=rate_of(index)).transform())
    alone, _ = walk(rule, booth_slope, run["path"][0], 40)
    np.testing.assert_allclose(run["path"], alone, rtol=1e-4, atol=1e-4)


def booth_slope(point: jnp.ndarray) -> jnp.ndarray:
    one, other = point[0] + 2 * point[1] - 7, 2 * point[0] + point[1] - 5
    return jnp.array([2 * one + 4 * other, 4 * one + 2 * other])


@pytest.mark.parametrize("name", ["sgd", "adam", "lookahead", NAMES[-1]])
def test_a_run_walks_alone_as_it_does_among_others(name: str) -> None:
    index = MIXED.index(name, 1)
    alone = join(list(simulate(compare(runs=[{"optimizer": name, "lr": rate_of(index)}])))).runs[0].arrays["path"]
    np.testing.assert_allclose(mixed(0.0).runs[index].arrays["path"], alone, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("steps", [1, 511, 512, 513, 1500])
def test_a_long_run_does_not_depend_on_how_it_is_cut_into_chunks(steps: int) -> None:
    noise = {"kind": "gaussian", "scale": 1.0}
    part = join(list(simulate(compare(steps=steps, noise=noise)))).runs[0].arrays
    full = join(list(simulate(compare(steps=2000, noise=noise)))).runs[0].arrays
    assert len(part["path"]) == steps + 1
    np.testing.assert_allclose(part["path"], full["path"][: steps + 1], rtol=1e-5, atol=1e-5)


def test_the_same_comparison_gives_the_same_bytes() -> None:
    spec = compare(noise={"kind": "uniform", "scale": 2.0}, seed=7)
    one, other = (join(list(simulate(spec))).runs[0].arrays["path"].tobytes() for _ in range(2))
    assert one == other


@pytest.mark.parametrize("kind", ["gaussian", "uniform"])
def test_runs_share_their_noise_unless_one_has_its_own_seed(kind: str) -> None:
    runs = [
        {"optimizer": "sgd", "lr": 0.01},
        {"optimizer": "sgd", "lr": 0.01},
        {"optimizer": "sgd", "lr": 0.01, "seed": 9},
    ]
    first, second, third = join(list(simulate(compare(runs=runs, noise={"kind": kind, "scale": 3.0})))).runs
    np.testing.assert_array_equal(first.arrays["path"], second.arrays["path"])
    assert np.abs(first.arrays["path"][1:] - third.arrays["path"][1:]).min(axis=0).max() > 0


@pytest.mark.parametrize(("kind", "deviation"), [("none", 0.0), ("gaussian", 2.0), ("uniform", 2.0 / np.sqrt(3))])
def test_the_noise_has_the_strength_it_claims(kind: str, deviation: float) -> None:
    noise = {"kind": kind, "scale": 2.0} if kind != "none" else {"kind": "none"}
    path = join(list(simulate(compare(noise=noise, steps=2000)))).runs[0].arrays["path"].astype(np.float64)
    slopes = -np.diff(path, axis=0) / 0.01
    drawn = slopes - np.array([booth_gradient(point) for point in path[:-1]])
    assert drawn.std() == pytest.approx(deviation, rel=0.05, abs=2e-2)
    assert abs(drawn.mean()) < 0.1


def test_a_run_may_have_its_own_start_and_its_own_numbers_of_the_problem() -> None:
    spec = Comparison.model_validate(
        {
            "problem": {"kind": "surface", "name": "ravine"},
            "steps": 5,
            "runs": [
                {"optimizer": "sgd", "lr": 0.1, "start": [1.0, 2.0]},
                {"optimizer": "sgd", "lr": 0.1, "start": [1.0, 2.0], "problem": {"condition": 3.0}},
            ],
        }
    )
    plain, other = join(list(simulate(spec))).runs
    np.testing.assert_array_equal(plain.arrays["path"][0], other.arrays["path"][0])
    assert plain.arrays["loss"][0] != other.arrays["loss"][0]


def test_a_diverged_run_is_cut_where_it_diverges_and_the_others_are_unharmed() -> None:
    calm = {"optimizer": "sgd", "lr": 0.01}
    whole = join(list(simulate(compare(runs=[{"optimizer": "sgd", "lr": 5.0}, calm], steps=700))))
    wild, unharmed = whole.runs
    assert wild.status == "diverged"
    assert 0 < wild.steps < 40
    assert len(wild.arrays["path"]) == wild.steps + 1
    assert all(np.isfinite(values).all() for values in wild.arrays.values())
    assert unharmed.status == "ok"
    alone = join(list(simulate(compare(runs=[calm, calm], steps=700)))).runs[0]
    np.testing.assert_allclose(unharmed.arrays["path"], alone.arrays["path"], rtol=1e-5, atol=1e-5)


def test_nothing_more_is_computed_once_every_run_has_diverged() -> None:
    chunks = list(simulate(compare(runs=[{"optimizer": "sgd", "lr": 5.0}], steps=20_000)))
    assert len(chunks) == 1
    assert chunks[-1].runs[0].status == "diverged"


def test_a_step_schedule_drops_where_it_says() -> None:
    run = {"optimizer": "sgd", "lr": 0.1, "schedule": {"kind": "step", "factor": 0.5, "every": 10}}
    lr = join(list(simulate(compare(runs=[run])))).runs[0].arrays["lr"]
    np.testing.assert_allclose(lr, 0.1 * 0.5 ** np.repeat(np.arange(4), 10), rtol=1e-6)


def test_moving_any_number_compiles_nothing(compilations) -> None:
    for spec in (DEFAULT, DEFAULT_NETWORK.model_copy(update={"steps": 20})):
        data = spec.canonical()
        if data["problem"]["kind"] == "surface":
            data["noise"] = {"kind": "gaussian", "scale": 0.1}
        for warm in (spec.canonical(), data):  # noise is chosen, and then moved
            list(simulate(Comparison.model_validate(warm)))
        with compilations() as compiled:
            for moved in _moved(spec, data):
                list(simulate(Comparison.model_validate(moved)))
        assert not compiled


def _moved(spec: Comparison, data: dict) -> list[dict]:
    """Move every number of the comparison once."""
    found = [data | {"seed": 3}, data | {"steps": data["steps"] - 7}]
    for index, run in enumerate(spec.runs):
        for name, value in run.numbers().items():
            runs = [dict(run) for run in data["runs"]]
            runs[index][name] = value * 0.9
            found.append(data | {"runs": runs})
    for name, value in spec.resolve().numbers().items():
        problem = dict(data["problem"])
        if "parameters" in problem:
            problem["parameters"] = problem["parameters"] | {name: value * 0.9}
        else:
            problem[name] = value * 0.9
        found.append(data | {"problem": problem})
    return found


def test_snapshots_end_where_a_network_diverges() -> None:
    runs = [{"optimizer": "sgd", "lr": 0.1}, {"optimizer": "sgd", "lr": 1e30}]
    network = {"kind": "network", "hidden": [8]}
    chunks = list(simulate(Comparison.model_validate({"problem": network, "steps": 30, "runs": runs})))
    snapshots = np.concatenate([chunk.params for chunk in chunks])
    assert chunks[0].runs[1].status == "diverged"
    assert len(snapshots) == 4
    assert np.isfinite(snapshots[:, 0]).all()
    assert np.isfinite(snapshots[0, 1]).all()
    assert np.isnan(snapshots[1:, 1]).all()


def test_a_network_learns_and_its_runs_start_from_the_same_weights() -> None:
    chunks = list(simulate(DEFAULT_NETWORK))
    whole = join(chunks)
    snapshots = np.concatenate([chunk.params for chunk in chunks])
    for index, run in enumerate(whole.runs):
        np.testing.assert_array_equal(snapshots[0, index], snapshots[0, 0])
        assert run.arrays["train_loss"][-1] < 0.3 < run.arrays["train_loss"][0]
        assert run.arrays["test_accuracy"][-1] > 0.9
        assert len(run.arrays["batch_loss"]) == DEFAULT_NETWORK.steps
        assert len(run.arrays["at"]) == len(snapshots)
        assert run.arrays["at"][0] == 0
        assert run.arrays["at"][-1] == DEFAULT_NETWORK.steps
