"""A loss of two numbers, whatever it is made of: what can be drawn as a map, and raced on from a point of it."""

from abc import abstractmethod
from typing import Any, ClassVar, Literal

import jax
import numpy as np
from jax import Array
from numpy.typing import NDArray

from core.problems.base import Problem
from core.problems.expression import Expression

Minimum = tuple[float, float, float]
"""x, y and the value there."""
Axes = tuple[tuple[float, float], tuple[float, float]]
"""(x from, x to), (y from, y to)."""


class Planar(Problem):
    """A loss of x and y. Its parameters, shape (2,), are the point itself, so every iterate is kept."""

    records: ClassVar[Literal["path", "snapshots"]] = "path"
    chunk_steps: ClassVar[tuple[int, ...]] = (512, 1024)
    max_steps: ClassVar[int] = 20_000

    @abstractmethod
    def window(self) -> Axes:
        """Return the part of the plane shown first."""

    @abstractmethod
    def origin(self) -> tuple[float, float]:
        """Return where runs start unless told otherwise."""

    def as_expression(self) -> Expression | None:
        """Return the text that the loss is, in x, y and the names of numbers; None where it is none."""
        return None

    def minima(self) -> tuple[Minimum, ...]:
        """Return the known minima, global and local, for these numbers; the lowest first."""
        return ()

    def saddles(self) -> tuple[Minimum, ...]:
        """Return the saddles that were looked for and found; of a named surface none are."""
        return ()

    def maxima(self) -> tuple[Minimum, ...]:
        """Return the maxima that were looked for and found; of a named surface none are."""
        return ()

    @property
    def sampled(self) -> int | None:
        """Return how many averages of rows the loss of an iterate and its Hessian are told from; None where exact."""
        return None

    def hessian(self, params: Array) -> Array:
        """Return the Hessian, shape (2, 2), of the loss of iterates at a point of shape (2,)."""
        return jax.jacfwd(lambda at: self.gradient(at, None)[1])(params)

    def hessian_known(self, point: tuple[float, float]) -> NDArray[np.float64] | None:
        """Return the Hessian, shape (2, 2), of the true loss, where `hessian` may be another; else None."""
        del point
        return None

    @abstractmethod
    def height(self, x: Array, y: Array) -> Array:
        """Return the height at (x, y); the shapes broadcast."""

    def initial(self, key: Array, start: Array) -> Array:
        """Return the start, shape (2,)."""
        del key
        return start

    def loss(self, params: Array, batch: Any = None) -> Array:
        """Return the height at a point; params has shape (..., 2), the result shape (...)."""
        del batch
        return self.height(params[..., 0], params[..., 1])
