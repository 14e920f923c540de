"""A test surface: a loss of two numbers, defined by its text alone."""

from typing import Any, ClassVar, Literal

import jax.numpy as jnp
from jax import Array

from core.problems.base import Problem
from core.problems.expression import Expression

Minimum = tuple[float, float, float]
"""x, y and the value there."""


class Surface(Problem):
    """A loss of x and y; its parameters are sliders like any other."""

    records: ClassVar[Literal["path", "snapshots"]] = "path"
    chunk_steps: ClassVar[tuple[int, ...]] = (512, 2048)
    max_steps: ClassVar[int] = 20_000

    expression: ClassVar[Expression]
    """The surface's only definition: code, gradient and MathML come from this text in x, y and the parameters' names."""
    domain: ClassVar[tuple[tuple[float, float], tuple[float, float]]]
    """The part of the plane shown first: (x from, x to), (y from, y to)."""
    start: ClassVar[tuple[float, float]]
    """Where runs start unless told otherwise; chosen so that the first picture tells the surface's story."""
    teaches: ClassVar[str]
    """A sentence on what it shows."""
    minimum_on_boundary: ClassVar[bool] = False

    kind: Literal["surface"] = "surface"
    name: str

    def minima(self) -> tuple[Minimum, ...]:
        """Return the known minima, global and local, for these parameters."""
        raise NotImplementedError

    def initial(self, key: Array, start: Array) -> Array:
        """Return the start, shape (2,)."""
        del key
        return start

    def loss(self, params: Array, batch: Any = None) -> Array:
        """Return the height at a point; params has shape (..., 2), the result shape (...)."""
        del batch
        return self.height(params[..., 0], params[..., 1])

    def height(self, x: Array, y: Array) -> Array:
        """Return the height at (x, y); the shapes broadcast."""
        return jnp.asarray(self.expression.evaluate(x=x, y=y, **self.numbers()))

    @classmethod
    def entry(cls) -> dict[str, Any]:
        """Add domain, start, minima and the teaching sentence to the catalog entry."""
        surface = cls()  # pyright: ignore[reportCallIssue]  # final classes give `name` a default
        return super().entry() | {
            "domain": [list(axis) for axis in cls.domain],
            "start": list(cls.start),
            "minima": [list(minimum) for minimum in surface.minima()],
            "teaches": cls.teaches,
        }
