"""The lowest point of a loss over rows: Newton's method in 64 bits, on a sample first and on all rows at last."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Terms = Callable[[Any, Any, Any], tuple[Any, Any, Any]]
"""Loss of rows and its first two derivatives by w₁x₁ + w₂x₂, of that, the target, and NumPy or JAX."""

_BLOCK = 65_536
_FARTHEST = 1e6
_FLATTEST = 1e-9
_STEPS = 60


@dataclass(frozen=True, eq=False)
class Found:
    """Where Newton's method ended.

    Attributes:
        point: shape (2,).
        loss: the mean over all rows there.
        slope: its gradient there, shape (2,).
        curvature: its Hessian there, shape (2, 2).
        settled: whether that is a minimum; else there is none, or it was not found.
    """

    point: Vector
    loss: float
    slope: Vector
    curvature: NDArray[np.float64]
    settled: bool


def lowest(terms: Terms, rows: NDArray[np.float32], sample: int) -> Found:
    """Find the minimum that lies downhill from (0, 0).

    Args:
        terms: the loss of a row.
        rows: shape (n, 3).
        sample: rows to begin with.
    """
    found = _newton(terms, rows[:sample], np.zeros(2))
    if len(rows) <= sample:
        return found
    return _newton(terms, rows, found.point if found.settled else np.zeros(2))


def measure(terms: Terms, rows: NDArray[np.float32], point: Vector) -> tuple[float, Vector, NDArray[np.float64]]:
    """Return loss, gradient (2,) and Hessian (2, 2) at a point, over all rows."""
    loss, slope, curvature = 0.0, np.zeros(2), np.zeros((2, 2))
    for first in range(0, len(rows), _BLOCK):
        block = rows[first : first + _BLOCK].astype(np.float64)
        x = block[:, :2]
        value, rise, bend = terms(x @ point, block[:, 2], np)
        loss += float(value.sum())
        slope += rise @ x
        curvature += (x * np.broadcast_to(bend, rise.shape)[:, None]).T @ x
    return loss / len(rows), slope / len(rows), curvature / len(rows)


def _newton(terms: Terms, rows: NDArray[np.float32], point: Vector) -> Found:
    """Go downhill; curvatures count by their size, and a step is halved until it pays."""
    loss, slope, curvature = measure(terms, rows, point)
    usual = np.abs(np.linalg.eigvalsh(curvature)).max()
    for _ in range(_STEPS):
        values, vectors = np.linalg.eigh(curvature)
        bends = np.maximum(np.abs(values), _FLATTEST * np.abs(values).max() + 1e-300)
        step = vectors @ ((vectors.T @ slope) / bends)
        if np.linalg.norm(step) <= 1e-7 * (1e-3 + np.linalg.norm(point)):
            # Far out a loss without a minimum is so flat that 64 bits take it for level.
            sound = bool(values[0] > 10 * _FLATTEST * values[1] and values[1] > _FLATTEST * usual)
            return Found(point, loss, slope, curvature, sound)
        for _ in range(40):
            after = measure(terms, rows, point - step)
            if after[0] <= loss + 1e-13 * abs(loss):
                break
            step /= 2
        else:
            break
        point, (loss, slope, curvature) = point - step, after
        if np.linalg.norm(point) > _FARTHEST:
            break
    return Found(point, loss, slope, curvature, False)
