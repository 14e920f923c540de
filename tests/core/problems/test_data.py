"""Losses over rows: what a mini-batch is on average, what all rows are exactly, and what moves without compiling."""

from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.frames import join
from core.problems.data import DATA_PROBLEMS, base, batches, tiles
from core.simulate import simulate
from core.spec import Comparison

every_problem = pytest.mark.parametrize("cls", DATA_PROBLEMS, ids=lambda cls: cls.identifier())
SETS = [(cls, source.name, way) for cls in DATA_PROBLEMS for source in cls.sources for way in base.WAYS]
every_set = pytest.mark.parametrize(
    ("cls", "dataset", "preprocess"), SETS, ids=[f"{cls.identifier()}-{name}-{way}" for cls, name, way in SETS]
)


@pytest.fixture
def padded_alike(monkeypatch):
    """Pad few rows as far as many, so that a problem compiles once for both."""
    monkeypatch.setattr(base.tables, "SIZES", (2**16, 2**20))
    caches = base.tables._small, base.tables._large, base._held
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def comparison(problem, runs=None, steps=30, **other) -> Comparison:
    runs = runs or [{"optimizer": "sgd", "lr": 0.1}]
    asked = problem.model_dump(mode="json") if hasattr(problem, "model_dump") else problem
    return Comparison.model_validate({"problem": asked, "steps": steps, "runs": runs, **other})


def paths(asked: Comparison) -> list[np.ndarray]:
    return [run.arrays["path"] for run in join(list(simulate(asked))).runs]


def exact(problem, point, rows=None) -> tuple[float, np.ndarray]:
    """Loss and gradient in float64, written out for each problem by its textbook."""
    x, y = (problem.table().rows if rows is None else rows).astype(np.float64) @ np.eye(3)[:, :2], None
    y = (problem.table().rows if rows is None else rows)[:, 2].astype(np.float64)
    z = x @ np.asarray(point, np.float64)
    if problem.name == "logistic_regression":
        loss, rise = np.logaddexp(0, z) - y * z, 1 / (1 + np.exp(-z)) - y
    elif problem.name == "neuron":
        loss, rise = (np.tanh(z) - y) ** 2, 2 * (np.tanh(z) - y) / np.cosh(z) ** 2
    else:
        loss, rise = (z - y) ** 2, 2 * (z - y)
    return float(loss.mean()), rise @ x / len(x)


STRETCH = 60
"""Steps whose gradients are computed at once: one program for any number of them, and any size of batch."""


@lru_cache
def gradients_of(structure):
    @jax.jit
    def gradients(arrays, size, point, first):
        inside = structure.holding(arrays).with_numbers({"batch_size": size})
        drawn = inside.batches(jax.random.key(0), first, STRETCH)
        single = jax.tree.map(lambda leaf: leaf[:, None], drawn)

        def run(taken):
            one = jax.tree.map(lambda leaf: leaf[:, 0], taken)
            return jax.lax.map(lambda batch: inside.gradient(point, batch)[1], one)

        return inside.either(run, single, jnp.ones(STRETCH, bool))

    return gradients


def batch_gradients(problem, size, steps, point=(0.4, -0.3)):
    """Mini-batch gradients at one point, shape (steps, 2), as the loop computes them."""
    numbers = problem.held(), jnp.float32(size), jnp.array(point, jnp.float32)
    gradients = gradients_of(problem.structure())
    parts = [np.asarray(gradients(*numbers, jnp.int32(first))) for first in range(0, steps, STRETCH)]
    return np.concatenate(parts)[:steps]


@given(st.integers(1, 3000), st.integers(0, 2**31 - 1), st.integers(0, 5))
def test_the_order_of_an_epoch_is_a_permutation(rows, seed, epoch):
    drawn = batches.begin(jax.random.key(seed), jnp.int32(epoch), 1, jnp.uint32(rows), jnp.uint32(rows))
    places = jnp.minimum(jnp.arange(3000, dtype=jnp.uint32), rows - 1)
    order = np.asarray(batches.row(places, drawn["pivots"][0], drawn["flips"][0], jnp.uint32(rows)))[:rows]
    assert sorted(order) == list(range(rows))


def test_orders_of_epochs_and_seeds_have_nothing_to_do_with_each_other():
    rows = 2000
    places = jnp.arange(rows, dtype=jnp.uint32)

    def order(seed, epoch):
        drawn = batches.begin(jax.random.key(seed), jnp.int32(epoch), 1, jnp.uint32(rows), jnp.uint32(rows))
        return np.asarray(batches.row(places, drawn["pivots"][0], drawn["flips"][0], jnp.uint32(rows))).astype(float)

    orders = [order(0, 0), order(0, 1), order(1, 0), np.arange(rows, dtype=float)]
    apart = np.corrcoef(orders) - np.eye(len(orders))
    assert np.abs(apart).max() < 5 / np.sqrt(rows)
    steps = [np.abs(np.diff(one)) for one in orders[:3]]
    assert all(abs(one.mean() / (rows / 3) - 1) < 0.1 for one in steps), "neighbours are as far apart as chance has it"
    assert all((one == 1).mean() < 0.01 for one in steps)


@every_problem
@pytest.mark.parametrize("size", [1, 60, 100, 1000])
def test_the_batches_of_an_epoch_average_to_the_full_gradient(cls, size):
    problem = cls(rows=3000)
    point = (0.4, -0.3)
    found = batch_gradients(problem, size, 3000 // size, point).mean(axis=0)
    assert np.allclose(found, exact(problem, point)[1], rtol=2e-4, atol=2e-5)


@every_set
def test_all_rows_in_a_batch_walk_as_gradient_descent_in_float64_does(cls, dataset, preprocess):
    problem = cls(dataset=dataset, preprocess=preprocess, rows=100)
    problem = problem.model_copy(update={"batch_size": 100})
    lr = problem.rates()["sgd"] / 2
    point = np.array(problem.origin())
    found = paths(comparison(problem, [{"optimizer": "sgd", "lr": lr}], steps=20))[0]
    (left, right), (bottom, top) = problem.window()
    for step in range(21):
        assert np.abs(found[step] - point).max() < 1e-3 * max(right - left, top - bottom)
        point = point - lr * exact(problem, point)[1]


def test_all_of_a_large_table_is_its_full_gradient_and_noise_is_added_on_top():
    problem = base_problem(20_000, 20_000)
    point = (0.7, 0.2)
    assert np.allclose(batch_gradients(problem, 20_000, 3, point), exact(problem, point)[1], rtol=1e-4, atol=1e-6)
    still = paths(comparison(problem, steps=5))[0]
    shaken = paths(comparison(problem, steps=5, noise={"kind": "gaussian", "scale": 0.1}))[0]
    assert not np.allclose(still, shaken, atol=1e-3)


def base_problem(rows, size):
    cls = next(one for one in DATA_PROBLEMS if one.identifier() == "logistic_regression")
    return cls(rows=rows, batch_size=size)


def test_a_batch_is_right_on_average_and_its_variance_is_that_of_a_sample_without_replacement():
    problem, point = base_problem(100_000, 64), (0.4, -0.3)
    full = exact(problem, point)[1]
    x, y = problem.table().rows[:, :2].astype(float), problem.table().rows[:, 2]
    each = (1 / (1 + np.exp(-(x @ point))) - y)[:, None] * x
    for size in (1, 16, 64, 256):
        found = batch_gradients(problem, size, 4000 if size < 100 else 390, point)
        error = each.std(axis=0) / np.sqrt(size * len(found))
        assert (np.abs(found.mean(axis=0) - full) < 5 * error).all()
        expected = each.var(axis=0) / size * (1 - size / 100_000)
        assert np.allclose(found.var(axis=0), expected, rtol=0.25 if size > 100 else 0.15)


def test_runs_of_several_batch_sizes_race_side_by_side_and_sharing_one_share_their_batches():
    runs = [{"optimizer": "sgd", "lr": 0.5, "problem": {"batch_size": size}} for size in (1, 64, 64, 3000, 5000)]
    found = paths(comparison(base_problem(5000, 64), runs, steps=40))
    assert np.array_equal(found[1], found[2])
    plain = [{"optimizer": "sgd", "lr": 0.5}]
    alone = [paths(comparison(base_problem(5000, size), plain, steps=40))[0] for size in (1, 64, 3000, 5000)]
    for one, other in zip([found[0], found[1], found[3], found[4]], alone, strict=True):
        assert np.allclose(one, other, atol=2e-4)
    assert all(not np.allclose(found[0], one) for one in found[1:])


def test_chunks_of_a_large_cloud_are_short_and_its_own_seed_walks_as_alone():
    """What is drawn for a chunk, 64 rows for each step and member, is in memory at once."""
    runs = [{"optimizer": "sgd", "lr": 0.1}] * 4
    asked = comparison(base_problem(5000, 32), runs, steps=64)
    chunks = list(simulate(asked.model_copy(update={"seeds": 256})))
    assert max(chunk.last - chunk.first for chunk in chunks) * 4 * 256 <= 2**15
    alone = join(list(simulate(asked))).runs[0].arrays["path"]
    np.testing.assert_allclose(join(chunks).runs[0].arrays["path"], alone, rtol=1e-5, atol=1e-6)


def test_small_tables_do_not_drive_out_a_large_one():
    large = base_problem(500_000, 1).table()
    for cls in DATA_PROBLEMS:
        cls.entry()
        for rows in range(10, 20):
            cls(rows=rows).table()
    assert base_problem(500_000, 1).table() is large


@pytest.mark.parametrize("size", [64, 2000])
def test_a_race_does_not_depend_on_how_it_is_cut_into_chunks(size, monkeypatch):
    asked = comparison(base_problem(5000, size), [{"optimizer": "adam", "lr": 0.1}], steps=90)
    whole = list(simulate(asked))
    monkeypatch.setattr(base, "_TURN", 30 * size)
    cut = list(simulate(asked))
    assert len(cut) == 3 * len(whole)
    assert np.array_equal(join(whole).runs[0].arrays["path"], join(cut).runs[0].arrays["path"])


def test_nothing_compiles_while_batch_size_data_set_and_rows_move(compilations):
    def race(**problem):
        asked = {"kind": "data", "name": "logistic_regression", **problem}
        list(simulate(comparison(asked, [{"optimizer": "adam", "lr": 0.1}, {"optimizer": "sgd", "lr": 0.1}])))

    race(rows=5000, batch_size=64)
    race(rows=500, batch_size=64)
    with compilations() as compiled:
        for size in (1, 2, 63, 65, 640, 5000):
            race(rows=5000, batch_size=size)
        race(rows=123_456, batch_size=300)
        race(rows=77)
        race(dataset="breast_cancer", preprocess="raw")
        race(dataset="iris", rows=90, batch_size=7)
    assert not compiled


def test_a_batch_size_of_a_runs_own_passes_those_of_others_without_compiling(compilations):
    def race(first, second):
        sizes = [{"batch_size": size} for size in (first, second)]
        runs = [{"optimizer": "sgd", "lr": 0.1, "problem": size} for size in sizes]
        return join(list(simulate(comparison(base_problem(5000, 64), runs, steps=20)))).runs

    race(32, 48)
    with compilations() as compiled:
        first, second = race(48, 48)
        race(64, 48)
    assert not compiled
    assert np.array_equal(first.arrays["path"], second.arrays["path"]), "batches of one seed and size are the same"


@every_set
@pytest.mark.usefixtures("padded_alike")
def test_what_is_shown_first_holds_the_minimum_and_the_start(cls, dataset, preprocess):
    problem = cls(dataset=dataset, preprocess=preprocess)
    (left, right), (bottom, top) = problem.window()
    assert set(problem.rates()) == {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"}
    assert problem.minima(), "a minimum is found"
    for x, y in (problem.origin(), problem.minima()[0][:2], (0.0, 0.0)):
        assert left < x < right
        assert bottom < y < top
    loss, slope = exact(problem, problem.minima()[0][:2])
    assert np.isclose(loss, problem.minima()[0][2], rtol=1e-6)
    assert np.abs(slope).max() < 1e-5
    runs = [{"optimizer": name, "lr": rate} for name, rate in problem.rates().items()]
    frames = join(list(simulate(comparison(problem, runs, steps=300)))).runs
    lowest = problem.minima()[0][2]
    assert all(str(run.status) == "ok" for run in frames)
    arrived = [run.arrays["loss"][-1] - lowest < 0.7 * (run.arrays["loss"][0] - lowest) for run in frames]
    assert all(arrived) or (preprocess == "raw" and any(arrived)), "they get somewhere; not all of them with raw inputs"


@every_problem
@pytest.mark.parametrize("rows", [1, 700, 50_000])
@pytest.mark.usefixtures("padded_alike")
def test_the_recorded_loss_is_that_of_all_rows_exactly_or_within_two_percent(cls, rows):
    problem = cls(rows=rows, batch_size=1)
    run = join(list(simulate(comparison(problem, [{"optimizer": "adam", "lr": 0.2}], steps=30)))).runs[0]
    for step in (0, 10, 30):
        loss, slope = exact(problem, run.arrays["path"][step])
        apart = 1e-4 if rows <= tiles.EXACT or problem.quadratic else 0.02
        assert abs(run.arrays["loss"][step] - loss) < apart * max(1.0, loss)
        assert abs(run.arrays["grad_norm"][step] - np.hypot(*slope)) < 2 * apart * max(1.0, np.hypot(*slope))
    if problem.minima():
        x, y, lowest = problem.minima()[0]
        loss, slope = jax.jit(lambda arrays: problem.structure().holding(arrays).gradient(jnp.array([x, y]), None))(
            problem.held()
        )
        assert np.isclose(loss, lowest, atol=1e-5), "at the minimum it is exact"
        assert np.abs(np.asarray(slope)).max() < 1e-4


@pytest.mark.parametrize("rows", [1500, 30_000, 200_000])
def test_tiles_have_the_means_of_the_rows_that_they_stand_for_and_tell_their_loss_better_than_as_many_rows(rows):
    rng = np.random.default_rng(rows)
    table = np.column_stack([rng.normal(size=(rows, 2)) @ [[1, 0.6], [0, 0.8]], rng.random(rows) < 0.3])
    table = table.astype(np.float32)
    points, weights = tiles.standing_for(table)
    assert len(points) == len(weights) == tiles.count(rows)
    assert len(points) % 4 == 0
    assert weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(weights @ points, table[: tiles._ROWS].astype(np.float64).mean(axis=0), atol=1e-6)
    problem = base_problem(rows, 1)

    def loss(rows, weights, at):
        return weights @ problem.terms(rows[:, :2] @ at, rows[:, 2], np)[0]

    apart = np.array(
        [
            [loss(some, share, at) - loss(table, np.full(rows, 1 / rows), at) for at in rng.normal(size=(20, 2))]
            for some, share in ((points, weights), (table[: len(points)], np.full(len(points), 1 / len(points))))
        ]
    )
    assert np.abs(apart[0]).max() < np.abs(apart[1]).max() / 3


def test_the_slope_of_a_large_batch_can_be_differentiated_forwards():
    problem, point = base_problem(5000, 300), jnp.array([0.3, -0.2])

    def curvatures(arrays):
        inside = problem.structure().holding(arrays).with_numbers({"batch_size": jnp.float32(5000)})
        drawn = inside.batches(jax.random.key(0), jnp.int32(0), 2)
        return jax.vmap(lambda one: jax.jacfwd(lambda at: inside.gradient(at, one)[1])(point))(drawn)

    found = np.asarray(jax.jit(curvatures)(problem.held()))
    x = problem.table().rows[:, :2].astype(float)
    chance = 1 / (1 + np.exp(-(x @ np.asarray(point, float))))
    assert np.allclose(found, (x * (chance * (1 - chance))[:, None]).T @ x / 5000, rtol=1e-3)


def test_the_first_of_many_rows_are_those_of_few_and_standardized_means_standardized():
    cls = DATA_PROBLEMS[1]
    few, many = (cls(rows=rows, preprocess="raw").table().rows for rows in (100, 9000))
    assert np.array_equal(few, many[:100])
    rows = cls(rows=9000).table().rows[:, :2].astype(float)
    assert np.allclose(rows.mean(axis=0), 0, atol=1e-5)
    assert np.allclose(rows.std(axis=0), 1, atol=1e-5)


def test_raw_inputs_make_a_ravine_of_what_standardized_ones_make_a_bowl():
    def condition(preprocess):
        values = np.linalg.eigvalsh(DATA_PROBLEMS[0](preprocess=preprocess).lowest().curvature)
        return values[1] / values[0]

    assert condition("standardized") < 1.01
    assert condition("raw") > 50


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        ({"rows": 0}, "rows", "greater than or equal to 1"),
        ({"rows": 1_000_001}, "rows", "less than or equal to 1000000"),
        ({"dataset": "iris", "rows": 101}, "rows", "at most 100"),
        ({"rows": 100, "batch_size": 101}, "batch_size", "at most 100"),
        ({"batch_size": 0}, "batch_size", "greater than or equal to 1"),
        ({"batch_size": 1.5}, "batch_size", "integer"),
        ({"dataset": "digits"}, "dataset", "generated"),
        ({"preprocess": "whitened"}, "preprocess", "raw"),
        ({"name": "forest"}, None, "linear_regression"),
        ({"own": {"batch_size": 10_001}}, "batch_size", "at most 10000"),
        ({"own": {"batch_size": 2.5}}, "batch_size", "integer"),
        ({"own": {"rows": 5}}, "rows", "batch_size"),
    ],
)
def test_what_cannot_be_is_named(change, where, what):
    own = change.pop("own", {})
    with pytest.raises(ValidationError) as refused:
        comparison(
            {"kind": "data", "name": "logistic_regression", **change}, [{"optimizer": "sgd", "lr": 0.1, "problem": own}]
        )
    error = refused.value.errors()[0]
    assert where is None or error["loc"][-1] == where
    assert what in error["msg"] or what in str(error.get("ctx"))


def test_defaults_follow_from_how_many_rows_there_are():
    few = comparison({"kind": "data", "name": "neuron", "dataset": "iris"}).canonical()["problem"]
    assert (few["rows"], few["batch_size"]) == (100, 64)
    fewer = comparison({"kind": "data", "name": "neuron", "rows": 5}).canonical()["problem"]
    assert (fewer["rows"], fewer["batch_size"]) == (5, 5)


def test_the_same_comparison_gives_the_same_bytes():
    asked = comparison(base_problem(30_000, 100), [{"optimizer": "adam", "lr": 0.1}], steps=40)
    first = paths(asked)[0]
    base._held.cache_clear()
    base.tables._large.cache_clear()
    assert np.array_equal(first, paths(asked)[0])
