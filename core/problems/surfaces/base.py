"""A test surface: a loss of two numbers, defined by its text alone."""

from functools import lru_cache
from itertools import product
from typing import Any, ClassVar, Literal

import numpy as np
from jax import Array

from core.problems.expression import Expression
from core.problems.planar import Axes, Minimum, Planar

Guess = tuple[float, float]
"""A point near a minimum."""


class Surface(Planar):
    """A loss of x and y; its parameters are sliders like any other."""

    expression: ClassVar[Expression]
    """The surface's only definition: code and gradient come from this text in x, y and the parameters' names."""
    domain: ClassVar[Axes]
    """The part of the plane shown first: (x from, x to), (y from, y to)."""
    start: ClassVar[tuple[float, float]]
    """Where runs start unless told otherwise; chosen so that the first picture tells the surface's story."""
    teaches: ClassVar[str]
    """A sentence on what it shows."""
    rates: ClassVar[dict[str, float]]
    """Per lecture optimizer, a learning rate at which its path from the start tells something."""
    minimum_on_boundary: ClassVar[bool] = False
    """Whether the lowest point of the domain lies on its edge, where the gradient need not vanish."""

    kind: Literal["surface"] = "surface"
    name: str

    def guesses(self) -> tuple[Guess, ...]:
        """Return a point near each known minimum, global and local, for these parameters."""
        return ()

    def minima(self) -> tuple[Minimum, ...]:
        """Return the known minima, global and local, for these parameters; the lowest first."""
        return _refined(self)  # pyright: ignore[reportArgumentType]  # a frozen pydantic class has a hash

    def window(self) -> Axes:
        """Return the surface's domain."""
        return self.domain

    def origin(self) -> tuple[float, float]:
        """Return the surface's start."""
        return self.start

    def as_expression(self) -> Expression:
        """Return the surface's only definition."""
        return self.expression

    def height(self, x: Array, y: Array) -> Array:
        """Return the height at (x, y); the shapes broadcast."""
        return self.expression.evaluate(x=x, y=y, **self.numbers())

    @classmethod
    def entry(cls) -> dict[str, Any]:
        """Add what is shown first, what is known and what it teaches to the catalog entry."""
        surface = cls()  # pyright: ignore[reportCallIssue]  # final classes give `name` a default
        return super().entry() | {
            "domain": [list(axis) for axis in cls.domain],
            "start": list(cls.start),
            "minima": [list(minimum) for minimum in surface.minima()],
            "minimum_on_boundary": cls.minimum_on_boundary,
            "rates": dict(cls.rates),
            "teaches": cls.teaches,
            "expression": cls.expression.text,
        }


def lattice(spacing: float, axes: Axes) -> tuple[Guess, ...]:
    """Return the points of a square lattice through (0, 0) that lie within a part of the plane."""
    (left, right), (bottom, top) = axes
    columns = np.arange(np.ceil(left / spacing), np.floor(right / spacing) + 1)
    rows = np.arange(np.ceil(bottom / spacing), np.floor(top / spacing) + 1)
    return tuple((float(i) * spacing, float(j) * spacing) for i, j in product(columns, rows))


_REACH = 1e-3
"""Between the points of the difference stencil."""
_STENCIL = np.array([*product((-1.0, 0.0, 1.0), repeat=2), (-2.0, 0.0), (2.0, 0.0), (0.0, -2.0), (0.0, 2.0)]) * _REACH


@lru_cache(maxsize=256)
def _refined(surface: Surface) -> tuple[Minimum, ...]:
    """Lead a surface's guesses to the minima beside them; a guess whose minimum has vanished is dropped.

    Newton's method in 64 bits on all guesses at once. A step is cut to 0.5, and goes downhill where the surface is
    not convex.
    """
    points = np.array(surface.guesses(), np.float64).reshape(-1, 2)
    settled, curvature = np.zeros(len(points), bool), np.zeros((len(points), 2, 2))
    for _ in range(60):
        slope, curvature = _derivatives(surface, points)
        step = _newton_step(slope, curvature)
        points = points - step
        settled = np.linalg.norm(step, axis=1) < 1e-8
        if settled.all():
            break
    kept = points[settled & np.all(np.linalg.eigvalsh(curvature) > 1e-6, axis=1)]
    found: list[Minimum] = []
    for x, y in np.round(kept, 9) + 0.0:  # + 0.0 turns −0 into 0
        if all(np.hypot(x - other[0], y - other[1]) > 1e-5 for other in found):
            found.append((float(x), float(y), float(surface.expression.evaluate_numpy(x=x, y=y, **surface.numbers()))))
    return tuple(sorted(found, key=lambda minimum: minimum[2]))


def _derivatives(surface: Surface, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return gradients (n, 2) and Hessians (n, 2, 2) at points (n, 2): differences of fourth and of second order."""
    near = points[:, None, :] + _STENCIL
    f = surface.expression.evaluate_numpy(x=near[..., 0], y=near[..., 1], **surface.numbers()).T
    slope = np.stack([8 * (f[7] - f[1]) - (f[10] - f[9]), 8 * (f[5] - f[3]) - (f[12] - f[11])], axis=1) / 12 / _REACH
    xx, yy = f[7] + f[1] - 2 * f[4], f[5] + f[3] - 2 * f[4]
    xy = (f[8] - f[6] - f[2] + f[0]) / 4
    return slope, np.stack([xx, xy, xy, yy], axis=1).reshape(-1, 2, 2) / _REACH**2


def _newton_step(slope: np.ndarray, curvature: np.ndarray) -> np.ndarray:
    """Return steps (n, 2) to subtract: curvatures count by their size, so that none leads uphill."""
    values, vectors = np.linalg.eigh(curvature)
    along = np.einsum("nij,ni->nj", vectors, slope) / np.maximum(np.abs(values), 1e-9)
    step = np.einsum("nij,nj->ni", vectors, along)
    return step / np.maximum(1.0, np.linalg.norm(step, axis=1, keepdims=True) / 0.5)
