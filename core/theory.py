"""What theory says about a run near a point: how curved the loss is, how large α may be, how fast it converges.

Near a minimum a loss is a quadratic with the Hessian's eigenvalues λ, along each of whose directions gradient descent
and its two momentum methods are a linear map of (x, v), a matrix of 2 × 2. A method is stable where every eigenvalue
of these matrices is less than 1 in size; the largest of them, the spectral radius, is the factor by which the distance
shrinks at every step in the end, and its square that of the loss.

Polyak, Some methods of speeding up the convergence of iteration methods, 1964; Nesterov, Introductory Lectures on
Convex Optimization, 2004; Lessard, Recht and Packard, Analysis and Design of Optimization Algorithms via Integral
Quadratic Constraints, 2016, Proposition 1; Goh, Why Momentum Really Works, 2017.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from core.compiled import compiled_by_structure
from core.frames import Chunk, RunFrame
from core.optimizers.base import Optimizer
from core.optimizers.momentum import Momentum
from core.optimizers.nesterov import Nesterov
from core.optimizers.sgd import SGD
from core.outcome import Outcome
from core.problems.planar import Minimum, Planar
from core.spec import Comparison, Run

Floats = NDArray[np.float64]

_FLAT = 1e-6
"""Curvatures below this share of the largest are rounding, in 32 bits."""
_FEWEST = 8
"""Steps that a slope is fitted to, at least."""
_SMALLEST = 1e-30
"""Losses below are too near to the end of what 32 bits hold."""
_STRIDE = 512
"""Iterates are padded to multiples of it."""


@dataclass(frozen=True)
class Best:
    """The settings that shrink the distance fastest, on all quadratics with eigenvalues from λmin to λmax.

    Attributes:
        numbers: by name, `lr` and for momentum methods `rho`.
        rate: the factor per step that they reach.
    """

    numbers: Mapping[str, float]
    rate: float


@dataclass(frozen=True)
class Method:
    """A linear method on a quadratic.

    Attributes:
        matrix: (α, ρ, λ), any shapes that broadcast, to the map of (x, v) along one eigenvector, shape (..., 2, 2).
        limit: ρ to the largest stable α, in units of 1/λmax.
        best: (λmin, λmax) to the best settings.
    """

    matrix: Callable[[Any, float, Any], Floats]
    limit: Callable[[float], float]
    best: Callable[[float, float], Best]


def _matrix(rows: tuple[tuple[Any, Any], tuple[Any, Any]]) -> Floats:
    entries = np.broadcast_arrays(*(np.asarray(entry, np.float64) for row in rows for entry in row))
    return np.stack(entries, axis=-1).reshape(*entries[0].shape, 2, 2)


def _best_sgd(low: float, high: float) -> Best:
    """Return α = 2 / (λmin + λmax), with rate (κ − 1) / (κ + 1): Nesterov 2004, Theorem 2.1.15."""
    return Best({"lr": 2 / (low + high)}, (high - low) / (high + low))


def _best_momentum(low: float, high: float) -> Best:
    """Return α = (2 / (√λmax + √λmin))², ρ = ((√κ − 1) / (√κ + 1))², with rate √ρ: Polyak 1964."""
    root = (sqrt(high) - sqrt(low)) / (sqrt(high) + sqrt(low))
    return Best({"lr": (2 / (sqrt(high) + sqrt(low))) ** 2, "rho": root**2}, root)


def _best_nesterov(low: float, high: float) -> Best:
    """Return α = 4 / (3 λmax + λmin), ρ = (√(3κ + 1) − 2) / (√(3κ + 1) + 2): Lessard et al. 2016."""
    root = sqrt(3 * high / low + 1)
    return Best({"lr": 4 / (3 * high + low), "rho": (root - 2) / (root + 2)}, 1 - 2 / root)


METHODS: Mapping[type[Optimizer], Method] = {
    SGD: Method(
        matrix=lambda lr, rho, curvature: _matrix(((1 - lr * curvature, 0.0), (0.0, 0.0))),
        limit=lambda rho: 2.0,
        best=_best_sgd,
    ),
    Momentum: Method(
        matrix=lambda lr, rho, curvature: _matrix(((1 - lr * curvature, -lr * rho), (curvature, rho))),
        limit=lambda rho: 2 * (1 + rho),
        best=_best_momentum,
    ),
    # 1 − αλ = q: the eigenvalues solve z² − (1 + ρ) q z + ρ q = 0, and reach −1 at q = −1 / (1 + 2ρ).
    Nesterov: Method(
        matrix=lambda lr, rho, curvature: _matrix(
            ((1 - (1 + rho) * lr * curvature, rho**2), (-lr * curvature, rho + 0 * lr * curvature))
        ),
        limit=lambda rho: 2 * (1 + rho) / (1 + 2 * rho),
        best=_best_nesterov,
    ),
}
"""Optimizers of which theory says this much; of the others it does not, because their steps are no linear map."""


def radius(method: Method, lr: Any, rho: float, curvatures: Any) -> Floats:
    """Return the spectral radius of a method over some eigenvalues.

    Args:
        method: which one.
        lr: learning rates, shape (...).
        rho: momentum; ignored by methods without.
        curvatures: eigenvalues of the Hessian, shape (k,).

    Returns:
        Shape (...): the largest size of an eigenvalue of the map, over all directions.
    """
    matrices = method.matrix(np.asarray(lr, np.float64)[..., None], rho, np.asarray(curvatures, np.float64))
    trace, determinant = np.trace(matrices, axis1=-2, axis2=-1), np.linalg.det(matrices)
    root = np.sqrt((trace / 2) ** 2 - determinant + 0j)
    return np.maximum(np.abs(trace / 2 + root), np.abs(trace / 2 - root)).max(axis=-1)


@dataclass(frozen=True)
class Slope:
    """How the logarithm of the loss above the minimum changes, in decades per step, over a stretch of a run.

    Attributes:
        first: the stretch's first step.
        last: its last one.
        predicted: twice the mean of log₁₀ of the spectral radius at the learning rates of the stretch; None where
            theory says nothing.
        measured: by a straight line through the logarithms, least squares.
        level: that line at `first`: log₁₀ of the loss above the minimum.
    """

    first: int
    last: int
    predicted: float | None
    measured: float
    level: float


@dataclass(frozen=True)
class Theory:
    """What theory says about one run.

    Attributes:
        point: where: the known minimum nearest to the run's end, or that end where none is known.
        value: the loss there.
        minimum: whether it is a known minimum.
        curvatures: λmin and λmax of the Hessian there.
        condition: κ = λmax / λmin; None where not every direction curves upwards.
        limit: the largest stable learning rate at the run's ρ; None where there is none or theory says nothing.
        rate: spectral radius at the run's last learning rate and ρ, likewise.
        best: the best settings, likewise.
        slope: predicted and measured; None where the run tells too little: it diverged, or is at the minimum at once.
        sampled: how many averages of rows the curvatures which `along` tells are the mean over; None where these are
            exact. The others are of all rows.
    """

    point: tuple[float, float]
    value: float
    minimum: bool
    curvatures: tuple[float, float]
    condition: float | None
    limit: float | None
    rate: float | None
    best: Best | None
    slope: Slope | None
    sampled: int | None


def theories(comparison: Comparison, chunk: Chunk) -> list[Theory]:
    """Say what theory knows about each run of a comparison on a problem of x and y.

    Args:
        comparison: the comparison.
        chunk: all of it.
    """
    problems = [_problem(comparison, run) for run in comparison.runs]
    places = [_place(problem, frame) for problem, frame in zip(problems, chunk.runs, strict=True)]
    points = np.array([[place[:2]] for place, _ in places], np.float32)
    exact = [problem.hessian_known(place[:2]) for problem, (place, _) in zip(problems, places, strict=True)]
    if any(hessian is None for hessian in exact):
        curvatures = curvatures_at(comparison, points)[:, 0].astype(np.float64)
    else:
        curvatures = np.linalg.eigvalsh(np.array(exact))
    return [
        _theory(run, frame, place, known, (float(low), float(high)), problem.sampled)
        for run, frame, (place, known), (low, high), problem in zip(
            comparison.runs, chunk.runs, places, curvatures, problems, strict=True
        )
    ]


def along(comparison: Comparison, chunk: Chunk) -> list[NDArray[np.float32]]:
    """Return the Hessian's eigenvalues at all iterates of each run, shapes (steps + 1, 2): λmin, λmax."""
    paths = [frame.arrays["path"] for frame in chunk.runs]
    # Programs depend on shapes, so these must not depend on where a run diverges.
    length = -(-(comparison.steps + 1) // _STRIDE) * _STRIDE
    points = np.stack([np.concatenate([path, np.repeat(path[-1:], length - len(path), axis=0)]) for path in paths])
    found = curvatures_at(comparison, points)
    return [found[place, : len(path)] for place, path in enumerate(paths)]


def curvatures_at(comparison: Comparison, points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the Hessian's eigenvalues at points of each run; nothing compiles while numbers or points move.

    Args:
        comparison: whose problem it is, on which a run may have numbers of its own.
        points: shape (runs, n, 2).

    Returns:
        Shape (runs, n, 2): λmin, λmax.
    """
    problems = [_problem(comparison, run) for run in comparison.runs]
    names = problems[0].numbers()
    numbers = {name: np.array([problem.numbers()[name] for problem in problems], np.float32) for name in names}
    return np.asarray(_curvatures(problems[0].structure(), problems[0].held(), numbers, points))


@compiled_by_structure
def _curvatures(structure: Planar, held: Any, numbers: dict[str, Array], points: Array) -> Array:
    """Return λmin and λmax, in closed form as of any symmetric matrix of 2 × 2."""

    def each(numbers: dict[str, Array], point: Array) -> Array:
        hessian = structure.holding(held).with_numbers(numbers).hessian(point)
        middle = (hessian[0, 0] + hessian[1, 1]) / 2
        reach = jnp.hypot((hessian[0, 0] - hessian[1, 1]) / 2, (hessian[0, 1] + hessian[1, 0]) / 2)
        return jnp.stack([middle - reach, middle + reach])

    return jax.vmap(jax.vmap(each, in_axes=(None, 0)))(numbers, points)


def _problem(comparison: Comparison, run: Run) -> Planar:
    problem = comparison.resolve()
    assert isinstance(problem, Planar)
    return problem.with_numbers(problem.numbers() | run.problem)


def _place(problem: Planar, frame: RunFrame) -> tuple[Minimum, bool]:
    """Return the known minimum nearest to a run's end, of a diverged run the lowest; else that end, and False."""
    minima = problem.minima()
    x, y = (float(value) for value in frame.arrays["path"][-1])
    if not minima:
        return (x, y, float(frame.arrays["loss"][-1])), False
    if frame.status is Outcome.DIVERGED:
        return minima[0], True
    return min(minima, key=lambda minimum: np.hypot(minimum[0] - x, minimum[1] - y)), True


def _theory(
    run: Run, frame: RunFrame, place: Minimum, known: bool, curvatures: tuple[float, float], sampled: int | None
) -> Theory:
    """Put together what is known of a run near a place."""
    low, high = curvatures
    rule = run.rule()
    method = METHODS.get(type(rule))
    convex = low > _FLAT * high
    lr = frame.arrays["lr"]
    turned = run.fork if run.fork and run.fork.at < len(lr) else None
    rho = float((rule.numbers() | (turned.values if turned else {})).get("rho", 0.0))
    since = turned.at if turned else 0
    return Theory(
        point=place[:2],
        value=place[2],
        minimum=known,
        curvatures=curvatures,
        condition=high / low if convex else None,
        limit=method.limit(rho) / high if method and high > 0 else None,
        rate=float(radius(method, lr[-1], rho, curvatures)) if method and len(lr) else None,
        best=method.best(low, high) if method and convex else None,
        slope=_slope(method, rho, since, frame, place, curvatures) if known and frame.status is Outcome.OK else None,
        sampled=sampled,
    )


def _slope(
    method: Method | None, rho: float, since: int, frame: RunFrame, minimum: Minimum, curvatures: tuple[float, float]
) -> Slope | None:
    """Fit the later half of the run, up to where rounding ends it, and only what it did with its last ρ."""
    x, y, value = minimum
    gap = frame.arrays["loss"].astype(np.float64) - value
    # Neither the loss nor the point is known better than to some units in the last place of 32 bits.
    coarse = 16 * float(np.finfo(np.float32).eps)
    floor = coarse * abs(value) + curvatures[1] * (coarse * max(abs(x), abs(y))) ** 2 + _SMALLEST
    below = np.flatnonzero(gap <= floor)
    last = int(below[0]) - 1 if len(below) else len(gap) - 1
    first = max(last // 2, since)
    if last - first < _FEWEST:
        return None
    steps = np.arange(first, last + 1) - first
    measured, level = np.polyfit(steps, np.log10(gap[first : last + 1]), 1)
    factors = radius(method, frame.arrays["lr"][first:last], rho, curvatures) if method else np.zeros(1)
    predicted = float(2 * np.log10(factors).mean()) if (factors > 0).all() else None
    return Slope(first, last, predicted, float(measured), float(level))
