"""Rows as the loop and the map read them: made once, padded to one of two sizes, and kept for a while."""

from dataclasses import dataclass
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from core.problems.data.sources import Source

SIZES = (4096, 2**20)
"""What tables are padded to, so that another number of rows compiles nothing: few rows, and many."""
KEPT = 2
"""Large tables in memory, 12 MiB each."""
_KEPT_SMALL = 32
"""Small ones, 48 KiB each; they do not drive out the large."""


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of two features and what is to be predicted.

    Attributes:
        count: how many.
        padded: shape (one of `SIZES`, 3): both features and the target; zeros behind the last row.
    """

    count: int
    padded: Array

    @property
    def rows(self) -> NDArray[np.float32]:
        """Return the rows, shape (count, 3), without a copy."""
        return np.asarray(self.padded)[: self.count]


def load(source: Source, rows: int, *, raw: bool, intercept: bool, signed: bool) -> Table:
    """Return rows of a source.

    Args:
        source: where they come from.
        rows: how many of them.
        raw: leave the features as they were measured; else each gets mean 0 and variance 1 over these rows, and one
            that is constant becomes 0.
        intercept: whether the second feature is 1, so that its weight is an intercept.
        signed: whether classes are −1 and 1 instead of 0 and 1.
    """
    made = _large if rows > SIZES[0] else _small
    return made(source, rows, raw, intercept, signed)


def _made(source: Source, rows: int, raw: bool, intercept: bool, signed: bool) -> Table:
    x, y = source.read(rows)
    x = x.astype(np.float32)
    if not raw:
        mean, deviation = x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64)
        scale = np.where(deviation > 0, 1 / np.where(deviation > 0, deviation, 1), 0)
        x = (x - mean.astype(np.float32)) * scale.astype(np.float32)
    padded = np.zeros((next(size for size in SIZES if size >= rows), 3), np.float32)
    padded[:rows, : x.shape[1]] = x
    if intercept:
        padded[:rows, 1] = 1
    padded[:rows, 2] = 2 * y - 1 if signed else y
    return Table(rows, jax.device_put(jnp.asarray(padded)))


_large = lru_cache(maxsize=KEPT)(_made)
_small = lru_cache(maxsize=_KEPT_SMALL)(_made)
