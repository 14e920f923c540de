"""The loss over rows of data on a window of the plane: from a sample at once, then block after block over all rows.

Rows come in a random order, so what has been summed up so far is a sample's loss, and the more the truer. The sums can
be kept and gone on with.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from core.compiled import compiled_by_structure
from core.landscape.heights import Heights, drawn
from core.problems.data.base import DataProblem

Range = tuple[float, float]

FIRST_ROWS = 10_240
"""Rows of the first picture, unless it is a large one."""
_BLOCK = 2048
_BLOCKS = 16  # a turn: about a twentieth of a second for 8,000 points, half a second for a million
_POINTS = 8000
_TOGETHER = 4


@dataclass(frozen=True, eq=False)
class Ground:
    """Sums of the loss over the first rows, on a window.

    Attributes:
        x: shape (width,), ascending.
        y: shape (height,), ascending.
        total: shape (height, width).
        rows: how many have been summed up.
        count: how many there are.
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    total: NDArray[np.float64]
    rows: int
    count: int

    @property
    def complete(self) -> bool:
        """Say whether this is the loss over all rows."""
        return self.rows == self.count

    @property
    def nbytes(self) -> int:
        """Return the bytes that it takes."""
        return self.x.nbytes + self.y.nbytes + self.total.nbytes

    def heights(self) -> Heights:
        """Return the mean loss, and its shade."""
        loss = np.clip(self.total / self.rows, 0, np.finfo(np.float32).max).astype(np.float32)
        return drawn(self.x, self.y, loss)


def begin(problem: DataProblem, x_range: Range, y_range: Range, width: int, height: int) -> Ground:
    """Return the loss over the first rows: over all, where they are few or the loss is quadratic.

    Args:
        problem: whose loss.
        x_range: from, to.
        y_range: from, to.
        width: points along x.
        height: points along y.
    """
    x = np.linspace(*x_range, width).astype(np.float32)
    y = np.linspace(*y_range, height).astype(np.float32)
    if problem.quadratic:
        found = problem.lowest()
        off = np.stack(np.meshgrid(x, y), axis=-1) - found.point
        loss = found.loss + off @ found.slope + 0.5 * np.einsum("ijk,kl,ijl->ij", off, found.curvature, off)
        return Ground(x, y, problem.rows * loss, problem.rows, problem.rows)
    first = min(FIRST_ROWS // _BLOCK, _blocks(width * height))
    return _further(problem, Ground(x, y, np.zeros((height, width)), 0, problem.rows), first)


def refine(problem: DataProblem, ground: Ground) -> Iterator[Ground]:
    """Yield ever more of the rows, a turn of a moment each, until all are summed up."""
    while not ground.complete:
        ground = _further(problem, ground, _blocks(ground.total.size))
        yield ground


def _blocks(points: int) -> int:
    """Return how many blocks of rows a turn sums up: fewer where each is dear."""
    return max(1, min(_BLOCKS, _BLOCKS * _POINTS // points))


def _further(problem: DataProblem, ground: Ground, blocks: int) -> Ground:
    """Sum up so many more blocks of rows."""
    table, done = problem.table().rows, ground.rows
    total = ground.total.copy()
    structure = (problem.structure(), *total.shape)
    for _ in range(blocks):
        block = table[done : done + _BLOCK]
        if not len(block):
            break
        padded = np.zeros((_BLOCK, 3), np.float32)
        padded[: len(block)] = block
        weights = (np.arange(_BLOCK) < len(block)).astype(np.float32)
        total += np.asarray(_block(structure, padded, weights, ground.x, ground.y))
        done += len(block)
    return Ground(ground.x, ground.y, total, done, ground.count)


@compiled_by_structure
def _block(structure: tuple[DataProblem, int, int], rows: Array, weights: Array, x: Array, y: Array) -> Array:
    """Return the sum of the losses of rows, shape (height, width).

    The sums of a block are in 32 bits: 2,048 numbers of one size, whose rounding does not show.
    """
    problem, height, width = structure

    def some(total: Array, taken: tuple[Array, Array]) -> tuple[Array, None]:
        for place in range(_TOGETHER):
            x1, x2, target = taken[0][place]
            loss, _, _ = problem.terms(x1 * x[None, :] + x2 * y[:, None], target, jnp)
            total = total + taken[1][place] * loss
        return total, None

    blocks = rows.reshape(-1, _TOGETHER, 3), weights.reshape(-1, _TOGETHER)
    return jax.lax.scan(some, jnp.zeros((height, width)), blocks)[0]
