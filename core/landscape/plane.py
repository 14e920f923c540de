"""Planes through the space of a network's parameters: two directions and where they meet."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.problems.layers import Layers, ravel

Vector = NDArray[np.float64]

MOST_ROWS = 600
"""Iterates that a PCA looks at, of all runs together; the cost grows with their square."""
_BLOCK = 1 << 14
_FAR = 100.0
_FLAT = 1e-12  # a share of the variance below this is float noise


class NothingFinite(ValueError):  # noqa: N818  (says what, not that it is an error)
    """No run has a finite iterate to lay a plane through."""

    def __init__(self) -> None:
        super().__init__("There is no finite iterate to lay a plane through")


@dataclass(frozen=True, eq=False)
class Plane:
    """The points origin + a · first + b · second.

    Attributes:
        origin: shape (P,), where a = b = 0.
        first: shape (P,), the horizontal direction.
        second: shape (P,), the vertical direction.
        variance: shares of the iterates' variance along the two directions, where they were chosen by it.
        kind: how the directions were chosen.
    """

    origin: Vector
    first: Vector
    second: Vector
    variance: tuple[float, float] | None
    kind: Literal["random", "pca"]


def random_plane(reference: Layers, seed: int) -> Plane:
    """Return a plane through a network along two random directions, filter by filter as long as its weights.

    Li, Xu, Taylor, Studer, Goldstein, Visualizing the Loss Landscape of Neural Nets, 2018. A filter is the weights into
    one unit. Without this, a direction that is a small change for one layer is a large one for another, and how sharp
    two minima are could not be compared. Biases do not move. The two directions are nearly, not exactly, orthogonal.

    Args:
        reference: the network in the middle, NumPy or JAX arrays.
        seed: of the directions.
    """
    generator = np.random.default_rng(seed)
    first, second = _random_direction(reference, generator), _random_direction(reference, generator)
    return Plane(ravel(reference).astype(np.float64), first, second, None, "random")


def middle(snapshots: NDArray[Any]) -> Vector:
    """Return the mean of where the runs ended, shape (P,): where random directions meet.

    Runs that went far beyond the others (`within_reach`) have no say. Nor have diverged ones where others are left;
    where none is, the last finite iterates stand for the ends.

    Args:
        snapshots: shape (runs, k, P).

    Raises:
        NothingFinite: no run has a finite start.
    """
    snapshots = _sound(snapshots)
    finite: Any = np.isfinite(snapshots).all(axis=2)
    whole = finite[:, -1]
    chosen, last = (snapshots[whole], finite[whole]) if whole.any() else (snapshots, finite)
    ends = [run[np.flatnonzero(there)[-1]] for run, there in zip(chosen, last, strict=True)]
    return np.stack(ends).astype(np.float64).mean(axis=0)


def _random_direction(reference: Layers, generator: np.random.Generator) -> Vector:
    """Draw a direction whose filters have the norms of the reference's, shape (P,); biases 0.

    Where all weights are 0, there is no length to take: the whole direction then has length 1.
    """
    drawn: Layers = []
    for layer in reference:
        weight = np.asarray(layer["weight"], np.float64)
        noise = generator.standard_normal(weight.shape)
        drawn.append({"weight": noise, "bias": np.zeros(weight.shape[1])})
    if not any(np.any(layer["weight"]) for layer in reference):
        flat = ravel(drawn)
        return flat / np.linalg.norm(flat)
    return ravel([_scaled(one, layer) for one, layer in zip(drawn, reference, strict=True)])


def _scaled(noise: dict[str, Any], layer: dict[str, Any]) -> dict[str, Any]:
    """Give each column, one filter, of the noise the norm of the layer's."""
    wanted = np.linalg.norm(np.asarray(layer["weight"], np.float64), axis=0)
    return {"weight": noise["weight"] * (wanted / np.linalg.norm(noise["weight"], axis=0)), "bias": noise["bias"]}


def pca_plane(snapshots: NDArray[Any]) -> Plane:
    """Return the plane that holds most of what the iterates of all runs differ in.

    The principal components come from the Gram matrix of the centred iterates, in float64: it is as large as there are
    iterates, not parameters. Rows that are not finite are left out, so are runs that went far beyond the others
    (`within_reach`), and of more than `MOST_ROWS` rows as many are chosen evenly from every run. Signs are fixed:
    together the runs go to the right, and start and end in the upper half. A direction that the iterates do not have
    (one point, points on a line) is replaced by an arbitrary orthonormal one with variance 0.

    Args:
        snapshots: shape (runs, k, P).

    Returns:
        A plane with orthonormal directions, its origin in the mean of the iterates.

    Raises:
        NothingFinite: no run has a finite start.
    """
    snapshots = _sound(snapshots)
    kept = snapshots[:, evenly(snapshots.shape[1], max(2, MOST_ROWS // snapshots.shape[0]))]
    rows = kept.reshape(-1, kept.shape[-1])
    finite = np.isfinite(rows).all(axis=1)
    rows = rows[finite]
    origin = np.concatenate([block.mean(axis=0) for block in _blocks(rows)])
    scores, directions, variance = _components(rows, origin)
    ends = _ends(scores, np.repeat(np.arange(len(kept)), kept.shape[1])[finite])
    for axis, tendency in enumerate((ends[1, :, 0] - ends[0, :, 0], ends[0, :, 1] + ends[1, :, 1])):
        directions[axis] *= _sign(float(tendency.sum()), directions[axis])
    return Plane(origin, directions[0], directions[1], variance, "pca")


def evenly(count: int, most: int) -> NDArray[np.intp]:
    """Return at most so many indices of a sequence, evenly spread, the first and the last among them."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.intp))


def within_reach(reach: NDArray[Any]) -> NDArray[np.bool_]:
    """Say which runs a picture of all should be fitted to: one that blew up would shrink the others to a point.

    Args:
        reach: how far each run got from its start, shape (runs,).

    Returns:
        Shape (runs,); False for more than a hundred times the median (the lower one of two).
    """
    median = np.sort(reach)[(len(reach) - 1) // 2]
    return (reach <= _FAR * median) | (median == 0)


def _sound(snapshots: NDArray[Any]) -> NDArray[Any]:
    """Return the runs that a plane is chosen by: those that start finite and do not go far beyond the others."""
    snapshots = snapshots[np.isfinite(snapshots[:, 0]).all(axis=1)]
    if not len(snapshots):
        raise NothingFinite
    return snapshots[within_reach(_reach(snapshots))]


def _reach(snapshots: NDArray[Any]) -> NDArray[np.float64]:
    """Return the largest distance of each run's finite iterates from its first, shape (runs,)."""
    squared = np.zeros(snapshots.shape[:2])
    for start in range(0, snapshots.shape[2], _BLOCK):
        block = snapshots[:, :, start : start + _BLOCK].astype(np.float64)
        with np.errstate(invalid="ignore"):  # infinity less infinity
            squared += np.square(block - block[:, :1]).sum(axis=2)
    return np.sqrt(np.nanmax(np.where(np.isfinite(squared), squared, 0), axis=1))


def _blocks(rows: NDArray[Any]) -> Iterator[Vector]:
    """Yield the columns in blocks of float64, so that wide networks need no second copy of all iterates."""
    for start in range(0, rows.shape[1], _BLOCK):
        yield rows[:, start : start + _BLOCK].astype(np.float64)


def _components(rows: NDArray[Any], origin: Vector) -> tuple[Vector, list[Vector], tuple[float, float]]:
    """Return the scores (n, 2), two orthonormal directions (P,) and their shares of the variance."""
    gram = np.zeros((len(rows), len(rows)))
    for start, block in enumerate(_blocks(rows)):
        centred = block - origin[start * _BLOCK : (start + 1) * _BLOCK]
        gram += centred @ centred.T
    values, vectors = np.linalg.eigh(gram)
    values, vectors = np.maximum(values[::-1], 0), vectors[:, ::-1]
    total = float(np.trace(gram))
    scores, shares, directions = np.zeros((len(rows), 2)), [0.0, 0.0], list[Vector]()
    for axis in range(2):
        if axis < len(values) and total > _noise_floor(rows) and values[axis] > _FLAT * total:
            shares[axis] = float(values[axis]) / total
            scores[:, axis] = vectors[:, axis] * np.sqrt(values[axis])
            raw = (
                np.concatenate([vectors[:, axis] @ block for block in _blocks(rows)]) - vectors[:, axis].sum() * origin
            )
        else:
            raw = np.random.default_rng(axis).standard_normal(len(origin))
        directions.append(_orthonormal(raw, directions))
    return scores, directions, (shares[0], shares[1])


def _noise_floor(rows: NDArray[Any]) -> float:
    """Return the sum of squares that rounding alone can make of identical rows."""
    return float(np.square(rows[0].astype(np.float64)).sum()) * 1e-24 * len(rows)


def _orthonormal(raw: Vector, others: list[Vector]) -> Vector:
    """Return a vector of length 1, orthogonal to the others (twice, against rounding)."""
    for _ in range(2):
        for other in others:
            raw = raw - (raw @ other) * other
        raw = raw / np.linalg.norm(raw)
    return raw


def _ends(scores: Vector, run: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the scores of each run's first and last row, shape (2, runs, 2)."""
    present = np.unique(run)
    first = [int(np.flatnonzero(run == one)[0]) for one in present]
    last = [int(np.flatnonzero(run == one)[-1]) for one in present]
    return np.stack([scores[first], scores[last]])


def _sign(tendency: float, direction: Vector) -> float:
    """Return ±1 so that the tendency becomes positive; without one, the largest component does."""
    value = tendency if tendency != 0 else float(direction[np.argmax(np.abs(direction))])
    return 1.0 if value >= 0 else -1.0
