"""Rules that look at the loss around the iterate: Newton, L-BFGS and SAM, against closed forms and float64 NumPy."""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.optimizers import OPTIMIZERS
from core.optimizers.lbfgs import LBFGS
from core.optimizers.momentum import Momentum
from core.optimizers.newton import Newton
from core.optimizers.sam import SAM
from core.optimizers.schedule_free import ScheduleFree
from core.spec import Comparison
from tests.core.optimizers.test_contract import bowl, compiled, walk

seeds = st.integers(0, 2**32 - 1)
COMPILED = compiled(LBFGS(line_search=False).transform())


def bent(seed: int, smallest: float = 0.05) -> np.ndarray:
    """Return a symmetric matrix with eigenvalues 1 and at least `smallest`, (2, 2), in float64."""
    random = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(random.normal(size=(2, 2)))
    return turn @ np.diag([1.0, random.uniform(smallest, 1.0)]) @ turn.T


def linear(matrix: np.ndarray):
    return lambda x: jnp.asarray(matrix, jnp.float32) @ x


def quartic(x: Any) -> Any:
    """Return a loss that is convex in no direction everywhere."""
    return (x[0] ** 2 - 1) ** 2 + x[0] * x[1] + 0.3 * x[1] ** 4 - 0.5 * x[1] ** 2


@partial(jax.jit, static_argnames="curvature")
def step_on_the_quartic(x: jax.Array, lr: Any, damping: Any, curvature: Any) -> Any:
    """Return what Newton adds to a point, the numbers traced as in the loop."""
    slope_of = jax.value_and_grad(quartic)
    rule = Newton(curvature=curvature).with_numbers({"lr": lr, "damping": damping}).transform()
    return optax.with_extra_args_support(rule).update(slope_of(x)[1], rule.init(x), x, slope_of=slope_of)[0]


# Newton


@given(seed=seeds)
def test_newton_solves_a_quadratic_in_one_step(seed: int) -> None:
    path, _ = walk(Newton().transform(), linear(bent(seed)), (2.0, -1.0), 1)
    np.testing.assert_allclose(path[1], 0, atol=1e-4)


@given(lr=st.floats(0.05, 1.95), seed=seeds)
def test_newton_with_a_rate_contracts_alike_in_every_direction(lr: float, seed: int) -> None:
    path, _ = walk(Newton(lr=lr).transform(), linear(bent(seed)), (2.0, -1.0), 5)
    np.testing.assert_allclose(path, (1 - lr) ** np.arange(6.0)[:, None] * path[0], rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("curvature", ["signed", "absolute"])
@given(x=st.floats(-2, 2), y=st.floats(-2, 2), damping=st.floats(0.5, 8), lr=st.floats(0.1, 1))
def test_newton_steps_as_numpy_does(x: float, y: float, damping: float, lr: float, curvature: Any) -> None:
    hessian = np.array([[12 * x**2 - 4, 1.0], [1.0, 3.6 * y**2 - 1]])
    slope = np.array([4 * x * (x**2 - 1) + y, x + 1.2 * y**3 - y])
    values, vectors = np.linalg.eigh(hessian)
    if curvature == "absolute":
        hessian = vectors @ np.diag(np.abs(values)) @ vectors.T
    damped = hessian + damping * np.eye(2)
    expected = -lr * np.linalg.solve(damped, slope)
    ours = step_on_the_quartic(jnp.array([x, y], jnp.float32), lr, damping, curvature)
    near = np.linalg.cond(damped) * 2e-6 * np.linalg.norm(expected) + 1e-5 / np.abs(np.linalg.eigvalsh(damped)).min()
    assert np.linalg.norm(ours - expected) <= near


def test_newton_goes_to_a_saddle_and_does_not_where_curvatures_count_by_their_size() -> None:
    saddle = linear(np.diag([1.0, -1.0]))
    attracted, _ = walk(Newton().transform(), saddle, (2.0, 0.001), 5)
    np.testing.assert_allclose(attracted[1:], 0, atol=1e-6)
    repelled, _ = walk(Newton(curvature="absolute").transform(), saddle, (2.0, 0.001), 5)
    np.testing.assert_allclose(repelled[:, 0], [2, 0, 0, 0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(repelled[:, 1], 0.001 * 2.0 ** np.arange(6), rtol=1e-4)


def test_damping_turns_newton_into_gradient_descent() -> None:
    """(H + λ I)⁻¹ is 1 / λ where λ is far above every curvature."""
    path, _ = walk(Newton(damping=1e4).transform(), bowl, (1.0, -2.0), 10)
    steps = np.diff(path, axis=0)
    np.testing.assert_allclose(steps, -np.array([1.0, 0.1]) * path[:-1] / 1e4, rtol=2e-2, atol=1e-9)


def test_newton_is_refused_on_a_network_and_told_why() -> None:
    network = {"kind": "network", "dataset": "digits"}
    with pytest.raises(ValidationError) as refused:
        Comparison.model_validate({"problem": network, "runs": [{"optimizer": "lbfgs"}, {"optimizer": "newton"}]})
    (found,) = refused.value.errors()
    assert found["loc"] == ("runs", 1, "optimizer")
    assert "two parameters" in found["msg"]


# L-BFGS


@given(seed=seeds)
def test_lbfgs_knows_the_curvature_after_two_conjugate_steps(seed: int) -> None:
    """Of a quadratic in two dimensions: then its direction is Newton's, whatever the steps' lengths (Nazareth 1979)."""
    matrix = bent(seed)
    random = np.random.default_rng(seed)
    first = random.normal(size=2)
    second = np.array([[0.0, -1.0], [1.0, 0.0]]) @ matrix @ first  # conjugate: its product with A · first is 0
    rule, point = LBFGS(line_search=False).transform(), np.array([2.0, -1.0])
    update = optax.with_extra_args_support(COMPILED).update
    state: Any = rule.init(jnp.asarray(point, jnp.float32))
    moved: Any = None
    for step in (np.zeros(2), first / np.linalg.norm(first), second / np.linalg.norm(second)):
        point = point + step
        x = jnp.asarray(point, jnp.float32)
        moved, state = update(jnp.asarray(matrix @ point, jnp.float32), state, x, slope_of=None)
    np.testing.assert_allclose(moved, -point, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("line_search", [True, False])
@pytest.mark.parametrize("condition", [1, 10, 100, 1000])
def test_lbfgs_needs_few_steps_on_a_quadratic_whatever_its_condition(condition: float, line_search: bool) -> None:
    rule = compiled(LBFGS(line_search=line_search).transform())
    path, _ = walk(rule, linear(np.diag([1.0, 1 / condition])), (2.0, -1.0), 20)
    loss = path**2 @ [1.0, 1 / condition]
    assert loss[-1] < 1e-6 * loss[0]


@given(seed=seeds)
def test_the_memory_keeps_the_newest_pairs_and_no_negative_curvature(seed: int) -> None:
    random = np.random.default_rng(seed)
    rule = LBFGS(line_search=False).transform()
    update = optax.with_extra_args_support(COMPILED).update
    state: Any = rule.init(jnp.zeros(2))
    kept: list[np.ndarray] = []
    points, slopes = random.normal(size=(2, 16, 2)).astype(np.float32)
    for t, (point, slope) in enumerate(zip(points, slopes, strict=True)):
        _, state = update(jnp.asarray(slope), state, jnp.asarray(point), slope_of=None)
        if t and (point - points[t - 1]) @ (slope - slopes[t - 1]) > 0:
            kept.append(point - points[t - 1])
    held = min(10, len(kept))
    np.testing.assert_array_equal(state.steps[10 - held :], kept[len(kept) - held :])
    np.testing.assert_array_equal(state.steps[: 10 - held], 0)
    assert (np.asarray(state.weights) >= 0).all()
    np.testing.assert_allclose(
        state.weights[10 - held :] * np.sum(state.steps * state.changes, axis=1)[10 - held :], 1, rtol=1e-4
    )


def test_a_backtracked_step_leads_down_and_a_whole_one_overshoots() -> None:
    """On x⁴ at 1 the first whole step, ten times the unit step, leads uphill."""

    def slope_of(x: jax.Array) -> tuple[jax.Array, jax.Array]:
        return jnp.sum(x**4), 4 * x**3

    x = jnp.ones(1)
    ends: dict[bool, float] = {}
    for searched in (True, False):
        rule = LBFGS(lr=10.0, line_search=searched).transform()
        update = optax.with_extra_args_support(rule).update
        moved: Any = update(slope_of(x)[1], rule.init(x), x, slope_of=slope_of)[0]
        ends[searched] = float(moved[0])
    assert ends[False] == pytest.approx(-10)
    halvings = np.log2(ends[False] / ends[True])
    assert halvings == pytest.approx(round(halvings))
    falls = [(1 - 10 / 2**j) ** 4 <= 1 - 1e-4 * 4 * 10 / 2**j for j in range(8)]
    assert round(halvings) == falls.index(True)


# SAM, schedule-free SGD


@pytest.mark.parametrize("seed", range(6))
def test_sam_walks_as_written_down_in_numpy(seed: int) -> None:
    random = np.random.default_rng(seed)
    start, (rho, radius, lr) = random.uniform(-1.2, 1.2, 2), random.uniform([0, 0, 0.001], [0.95, 0.5, 0.02])

    def slope(x: np.ndarray) -> np.ndarray:
        return np.array([4 * x[0] * (x[0] ** 2 - 1) + x[1], x[0] + 1.2 * x[1] ** 3 - x[1]])

    x, v, expected = start, np.zeros(2), [start]
    for _ in range(15):
        g = slope(x)
        v = rho * v + slope(x + radius * g / np.linalg.norm(g))
        x = x - lr * v
        expected.append(x)
    path, _ = walk(SAM(lr=lr, rho=rho, radius=radius).transform(), jax.jit(jax.grad(quartic)), start, 15)
    np.testing.assert_allclose(path, expected, rtol=1e-3, atol=1e-4)


def test_with_no_radius_sam_is_momentum() -> None:
    one, _ = walk(SAM(lr=0.1, radius=0.0).transform(), bowl, (1.0, -2.0), 40)
    other, _ = walk(Momentum(lr=0.1).transform(), bowl, (1.0, -2.0), 40)
    np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


def test_sam_stays_where_there_is_no_slope() -> None:
    path, _ = walk(SAM(lr=0.1).transform(), bowl, (0.0, 0.0), 5)
    np.testing.assert_array_equal(path, 0)


@given(seed=seeds, beta=st.floats(0, 1), lr=st.floats(0.05, 1.5))
def test_schedule_free_returns_the_average_of_its_base_path(seed: int, beta: float, lr: float) -> None:
    path, states = walk(ScheduleFree(lr=lr, beta=beta).transform(), linear(bent(seed)), (2.0, -1.0), 20)
    bases = np.stack([state.base for state in states])
    averages = np.cumsum(bases, axis=0) / np.arange(1, 21)[:, None]
    np.testing.assert_allclose(path[1:], averages, rtol=1e-3, atol=1e-3)


# How long a step may be

LIMITS = {
    "sgd": lambda rho: 2.0,
    "momentum": lambda rho: 2 * (1 + rho),
    "nesterov": lambda rho: 2 * (1 + rho) / (1 + 2 * rho),
}
"""The learning rate times the largest curvature beyond which a rule diverges on a quadratic."""


@pytest.mark.parametrize(("name", "more"), [*((name, {}) for name in LIMITS), ("nesterov", {"form": "look_ahead"})])
@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("steep", [0.2, 40.0])
def test_it_converges_just_below_its_limit_and_diverges_just_above(
    name: str, more: dict[str, Any], rho: float, steep: float
) -> None:
    kind = next(kind for kind in OPTIMIZERS if kind.identifier() == name)
    settings = more | ({} if name == "sgd" else {"rho": rho})
    sizes = []
    for share in (0.97, 1.03):
        rule = kind(lr=share * LIMITS[name](rho) / steep, **settings).transform()
        path, _ = walk(rule, lambda x: jnp.array([steep, steep / 20]) * x, (1.0, 0.0), 300)
        sizes.append(np.nan_to_num(np.abs(path[-1, 0]), nan=np.inf))
    assert sizes[0] < 0.1
    assert sizes[1] > 10
