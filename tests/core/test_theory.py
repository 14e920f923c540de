"""What theory predicts is what runs do: on quadratics exactly, and near any minimum."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.frames import Chunk, join
from core.optimizers import OPTIMIZERS
from core.problems.data import tiles
from core.problems.data.base import DataProblem
from core.problems.surfaces import SURFACES
from core.simulate import simulate
from core.spec import Comparison
from core.theory import METHODS, along, curvatures_at, radius, theories

NAMES = {kind.identifier(): method for kind, method in METHODS.items()}
every_method = pytest.mark.parametrize("name", NAMES)


def ravine(condition: float, runs: list[dict[str, Any]], steps: int = 300, **more: Any) -> Comparison:
    problem = {"kind": "surface", "name": "ravine", "parameters": {"condition": condition, "angle": 33}}
    return Comparison.model_validate({"problem": problem, "steps": steps, "start": [3, 1], "runs": runs} | more)


def ran(comparison: Comparison) -> Chunk:
    return join(list(simulate(comparison)))


def run_of(name: str, lr: float, rho: float) -> dict[str, Any]:
    return {"optimizer": name, "lr": lr} | ({"rho": rho} if name != "sgd" else {})


def iterated(name: str, lr: float, rho: float, curvature: float, steps: int) -> np.ndarray:
    """Walk along one eigenvector in float64, by the rule as the lecture writes it; return the positions."""
    x, v, found = 1.0, 0.0, [1.0]
    for _ in range(steps):
        if name == "sgd":
            x -= lr * curvature * x
        elif name == "momentum":
            v = rho * v + curvature * x
            x -= lr * v
        else:
            before, v = v, rho * v - lr * curvature * x
            x += v + rho * (v - before)
        found.append(x)
    return np.array(found)


@every_method
@given(lr=st.floats(0.01, 1.0), rho=st.floats(0.0, 0.95), curvature=st.floats(0.05, 1.5))
def test_a_step_is_multiplication_by_the_matrix(name: str, lr: float, rho: float, curvature: float) -> None:
    matrix = NAMES[name].matrix(lr, rho, curvature)
    state, found = np.array([1.0, 0.0]), [1.0]
    for _ in range(20):
        state = matrix @ state
        found.append(state[0])
    np.testing.assert_allclose(found, iterated(name, lr, rho, curvature, 20), rtol=1e-9, atol=1e-12)


@every_method
@given(lr=st.floats(0.01, 1.0), rho=st.floats(0.0, 0.95), curvatures=st.lists(st.floats(0.05, 2.0), min_size=1))
def test_the_radius_is_the_largest_eigenvalue_that_numpy_finds(name, lr, rho, curvatures) -> None:
    matrices = NAMES[name].matrix(lr, rho, np.array(curvatures))
    expected = np.abs(np.linalg.eigvals(matrices)).max()
    assert radius(NAMES[name], lr, rho, curvatures) == pytest.approx(expected, rel=1e-6, abs=1e-7)


@every_method
@given(condition=st.floats(1.0, 1000.0), rho=st.floats(0.0, 0.99))
def test_just_below_the_limit_it_is_stable_and_just_above_it_is_not(name: str, condition: float, rho: float) -> None:
    high, low = 2.0, 2.0 / condition
    limit = NAMES[name].limit(rho) / high
    assert radius(NAMES[name], 0.999 * limit, rho, (low, high)) < 1
    assert radius(NAMES[name], 1.001 * limit, rho, (low, high)) > 1


@every_method
@pytest.mark.parametrize(("condition", "rho"), [(1.5, 0.0), (4, 0.5), (20, 0.9), (100, 0.3)])
def test_runs_converge_just_below_the_limit_and_diverge_just_above(name: str, condition: float, rho: float) -> None:
    limit = NAMES[name].limit(rho if name != "sgd" else 0.0) / 2
    runs = [run_of(name, factor * limit, rho) for factor in (0.97, 1.03)]
    below, above = (run.arrays["loss"] for run in ran(ravine(condition, runs, steps=600)).runs)
    assert below[-1] < 0.5 * below[0]
    assert above[-1] > 10 * above[0]


@every_method
@pytest.mark.parametrize("condition", [2.0, 20.0, 200.0])
@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_the_slope_of_the_loss_is_as_predicted(name: str, condition: float, rho: float, share: float) -> None:
    """Real eigenvalues at small α and ρ, complex ones at large ρ, where the loss swings as it falls."""
    limit = NAMES[name].limit(rho if name != "sgd" else 0.0) / 2
    comparison = ravine(condition, [run_of(name, share * limit, rho)], steps=500)
    (told,) = theories(comparison, ran(comparison))
    assert told.slope is not None
    if told.slope.predicted is None or told.slope.last < 40:
        assert told.rate is not None
        assert told.rate < 0.5  # there in a few steps
        return
    assert told.slope.measured == pytest.approx(told.slope.predicted, rel=0.06, abs=2e-4)
    assert told.slope.predicted == pytest.approx(2 * np.log10(told.rate), rel=1e-4)


@every_method
@pytest.mark.parametrize("condition", [3.0, 30.0, 300.0])
def test_the_best_settings_are_the_best_of_a_scan(name: str, condition: float) -> None:
    high, low = 2.0, 2.0 / condition
    best = NAMES[name].best(low, high)
    rho = best.numbers.get("rho", 0.0)
    assert radius(NAMES[name], best.numbers["lr"], rho, (low, high)) == pytest.approx(best.rate, abs=2e-4)
    momenta = np.linspace(0, 0.99, 100) if "rho" in best.numbers else [0.0]
    between = np.linspace(low, high, 25)
    rates = np.linspace(0.002, 2.0, 500) / high
    scanned = min(radius(NAMES[name], rates * NAMES[name].limit(one), one, between).min() for one in momenta)
    # Nesterov's settings are the best for all quadratics between λmin and λmax among those with a closed form.
    assert best.rate <= scanned * (1.0001 if name != "nesterov" else 1.01)


def test_a_schedule_is_followed() -> None:
    """Where α changes, the prediction is the mean over the stretch; the loss along one eigenvector is their product."""
    run = {"optimizer": "sgd", "lr": 0.4, "schedule": {"kind": "inverse_time", "rate": 0.01}}
    comparison = ravine(5, [run], steps=200)
    (told,) = theories(comparison, ran(comparison))
    assert told.slope is not None
    assert told.slope.measured == pytest.approx(told.slope.predicted, rel=0.02)


def test_what_it_says_is_of_the_rho_that_a_run_ends_with() -> None:
    runs = [{"optimizer": "momentum", "lr": 0.1, "rho": 0.9, "fork": {"at": 20, "values": {"rho": 0.2}}}]
    runs += [{"optimizer": "momentum", "lr": 0.1, "rho": 0.2}]
    comparison = ravine(10, runs)
    forked, plain = theories(comparison, ran(comparison))
    assert forked.limit == plain.limit
    assert forked.rate == plain.rate


def test_a_slope_is_predicted_of_what_comes_after_a_fork_alone() -> None:
    """A fork in the later half: before it ρ was another, of which the prediction knows nothing."""
    fork = {"at": 70, "values": {"rho": 0.1}}
    comparison = ravine(3, [{"optimizer": "momentum", "lr": 0.05, "rho": 0.7, "fork": fork}], steps=110)
    (told,) = theories(comparison, ran(comparison))
    assert told.slope is not None
    assert told.slope.first == 70
    assert told.slope.measured == pytest.approx(told.slope.predicted, rel=0.1)


def test_a_fork_that_never_comes_changes_nothing() -> None:
    run = {"optimizer": "momentum", "lr": 0.1, "rho": 0.9}
    plain = ravine(10, [run], steps=40)
    forked = ravine(10, [run | {"fork": {"at": 40, "values": {"rho": 0.2}}}], steps=40)
    assert theories(forked, ran(forked)) == theories(plain, ran(plain))


@pytest.mark.parametrize("name", ["rosenbrock", "ackley", "eggholder", "himmelblau"])
def test_curvatures_are_those_that_differences_find(name: str) -> None:
    (surface,) = [kind() for kind in SURFACES if kind.identifier() == name]
    comparison = Comparison.model_validate(
        {"problem": {"kind": "surface", "name": name}, "runs": [{"optimizer": "sgd"}] * 2}
    )
    points = np.array([[[0.3, -0.7], [-1.1, 0.4]], [[2.5, 1.5], surface.start]], np.float32)
    found = curvatures_at(comparison, points)
    for eigenvalues, (x, y) in zip(found.reshape(-1, 2), points.reshape(-1, 2).astype(np.float64), strict=True):
        expected = np.linalg.eigvalsh(hessian(surface, x, y))
        np.testing.assert_allclose(eigenvalues, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())


def hessian(surface: Any, x: float, y: float, h: float = 1e-3) -> np.ndarray:
    """Return it by central differences in float64."""

    def f(i: int, j: int) -> float:
        return float(surface.expression.evaluate_numpy(x=x + i * h, y=y + j * h, **surface.numbers()))

    across = (f(1, 1) - f(1, -1) - f(-1, 1) + f(-1, -1)) / 4
    return np.array([[f(1, 0) + f(-1, 0) - 2 * f(0, 0), across], [across, f(0, 1) + f(0, -1) - 2 * f(0, 0)]]) / h**2


def test_each_run_is_told_of_the_minimum_it_ends_at_with_its_own_numbers() -> None:
    problem = {"kind": "surface", "name": "himmelblau"}
    runs = [{"optimizer": "sgd", "lr": 0.01, "start": start} for start in ([3, 3], [-3, 3], [3, -2])]
    comparison = Comparison.model_validate({"problem": problem, "steps": 200, "runs": runs})
    told = theories(comparison, ran(comparison))
    assert [tuple(round(value) for value in one.point) for one in told] == [(3, 2), (-3, 3), (4, -2)]
    own = ravine(50, [{"optimizer": "sgd", "lr": 0.1, "problem": {"condition": 7}}])
    (one,) = theories(own, ran(own))
    assert one.condition == pytest.approx(7, rel=1e-4)
    assert one.limit == pytest.approx(1.0, rel=1e-5)


def test_a_saddle_has_no_condition_number_and_nothing_is_best_there() -> None:
    problem = {"kind": "surface", "name": "saddle"}
    comparison = Comparison.model_validate({"problem": problem, "steps": 20, "runs": [{"optimizer": "momentum"}]})
    (told,) = theories(comparison, ran(comparison))
    assert not told.minimum
    assert told.curvatures[0] < 0 < told.curvatures[1]
    assert (told.condition, told.best, told.slope) == (None, None, None)
    assert told.rate is not None
    assert told.rate > 1


def test_a_run_that_diverges_is_told_of_the_lowest_minimum() -> None:
    comparison = ravine(10, [{"optimizer": "sgd", "lr": 3}])
    (told,) = theories(comparison, ran(comparison))
    assert told.limit == pytest.approx(1.0, rel=1e-5)
    assert told.slope is None


def test_of_methods_that_are_not_linear_it_says_the_curvature_and_the_measured_slope_alone() -> None:
    others = [kind for kind in OPTIMIZERS if kind not in METHODS][:3]
    comparison = ravine(10, [{"optimizer": kind.identifier(), "lr": 0.05} for kind in others], steps=40)
    for told in theories(comparison, ran(comparison)):
        assert told.condition == pytest.approx(10, rel=1e-4)
        assert (told.limit, told.rate, told.best) == (None, None, None)
        assert told.slope is None or told.slope.predicted is None


def over_rows(runs: list[dict[str, Any]], steps: int = 60, **problem: Any) -> tuple[Comparison, np.ndarray]:
    """Return a comparison over rows, and these in float64."""
    problem = {"kind": "data", "name": "linear_regression", "dataset": "iris", "batch_size": 150} | problem
    comparison = Comparison.model_validate({"problem": problem, "steps": steps, "runs": runs})
    resolved = comparison.resolve()
    assert isinstance(resolved, DataProblem)
    return comparison, resolved.table().rows.astype(np.float64)


def test_the_hessian_of_linear_regression_is_that_of_the_normal_equations() -> None:
    """2 XᵀX / n; the minimum is where least squares has it."""
    comparison, rows = over_rows([{"optimizer": "sgd", "lr": 0.01}], preprocess="raw")
    x, y = rows[:, :2], rows[:, 2]
    (told,) = theories(comparison, ran(comparison))
    low, high = np.linalg.eigvalsh(2 * x.T @ x / len(x))
    assert told.minimum
    assert told.point == pytest.approx(np.linalg.lstsq(x, y)[0], rel=1e-6)
    assert told.curvatures == pytest.approx((low, high), rel=1e-9)
    assert told.condition == pytest.approx(high / low, rel=1e-9)
    assert told.limit == pytest.approx(2 / high, rel=1e-9)
    assert told.sampled is None


@pytest.mark.parametrize(("name", "rows"), [("logistic_regression", 5000), ("neuron", 5000), ("neuron", 600)])
def test_the_hessian_at_the_minimum_is_over_all_rows_and_that_along_the_path_over_averages(
    name: str, rows: int
) -> None:
    """By the textbook: Σ p (1 − p) xxᵀ / n, and for the neuron Σ (2 t'² − 4 t t' (t − y)) xxᵀ / n, t' = 1 − t²."""
    runs = [{"optimizer": "sgd", "lr": 0.3}, {"optimizer": "adam", "lr": 0.1, "problem": {"batch_size": 20}}]
    comparison, table = over_rows(runs, name=name, dataset="generated", rows=rows, batch_size=rows)

    def eigenvalues(point: Any, rows: np.ndarray) -> np.ndarray:
        x, y = rows[:, :2], rows[:, 2]
        z = x @ np.asarray(point, np.float64)
        out, p = np.tanh(z), 1 / (1 + np.exp(-z))
        bend = p * (1 - p) if name == "logistic_regression" else 2 * (1 - out**2) * (1 - out**2 - 2 * out * (out - y))
        return np.linalg.eigvalsh((bend[:, None] * x).T @ x / len(x))

    chunk = ran(comparison)
    told = theories(comparison, chunk)
    assert [one.sampled for one in told] == [tiles.count(rows) if rows > tiles.EXACT else None] * 2
    for one, found, run in zip(told, along(comparison, chunk), chunk.runs, strict=True):
        assert one.minimum
        assert one.curvatures == pytest.approx(eigenvalues(one.point, table), rel=1e-9)
        expected = np.array([eigenvalues(point, table) for point in run.arrays["path"]])
        scale = np.abs(expected).max() if one.sampled else 1
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=0.04 * scale if one.sampled else 1e-5)


def test_on_all_rows_the_loss_falls_as_predicted_and_just_above_the_limit_it_diverges() -> None:
    _, rows = over_rows([{"optimizer": "sgd"}], preprocess="raw")
    limit = 2 / np.linalg.eigvalsh(2 * rows[:, :2].T @ rows[:, :2] / len(rows))[1]
    runs = [{"optimizer": "sgd", "lr": factor * limit} for factor in (0.5, 0.97, 1.03)]
    comparison, _ = over_rows(runs, steps=400, preprocess="raw")
    chunk = ran(comparison)
    _, below, above = (run.arrays["loss"] for run in chunk.runs)
    assert below[-1] < below[0]
    assert above[-1] > above[0]
    told = theories(comparison, chunk)[0]
    assert told.slope is not None
    assert told.slope.measured == pytest.approx(told.slope.predicted, rel=0.02)


def test_where_classes_can_be_told_apart_there_is_no_minimum_and_the_end_is_told_of() -> None:
    runs = [{"optimizer": "sgd", "lr": 1.0}]
    comparison, rows = over_rows(runs, name="logistic_regression", dataset="generated", rows=3, batch_size=3)
    chunk = ran(comparison)
    (told,) = theories(comparison, chunk)
    x, z = rows[:, :2], rows[:, :2] @ chunk.runs[0].arrays["path"][-1].astype(np.float64)
    p = 1 / (1 + np.exp(-z))
    assert not told.minimum
    assert told.curvatures == pytest.approx(np.linalg.eigvalsh(((p * (1 - p))[:, None] * x).T @ x / 3), rel=1e-6)


def test_no_slider_compiles(compilations) -> None:
    runs = [{"optimizer": "sgd", "lr": 0.1}, {"optimizer": "momentum", "lr": 0.1}]

    def tell(condition: float, lr: float) -> None:
        comparison = ravine(condition, [run | {"lr": lr} for run in runs], steps=700)
        chunk = ran(comparison)
        theories(comparison, chunk)
        along(comparison, chunk)

    tell(10, 0.1)
    with compilations() as compiled:
        tell(30, 0.2)
        tell(30, 5.0)  # diverges
    assert not compiled
