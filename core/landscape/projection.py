"""Where the iterates of a run lie in a plane, and how much of the truth the plane hides."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.landscape.plane import Plane

_BLOCK_NUMBERS = 1 << 23


@dataclass(frozen=True, eq=False)
class Projection:
    """Points seen in a plane, float64.

    Attributes:
        xy: coordinates of the nearest points of the plane, shape (k, 2).
        off_plane: distances to the plane, shape (k,).
        travelled: straight distances from the first point in the full space, shape (k,): what `off_plane` is small or
            large against.
    """

    xy: NDArray[np.float64]
    off_plane: NDArray[np.float64]
    travelled: NDArray[np.float64]


def project(plane: Plane, points: NDArray[Any]) -> Projection:
    """Project points by least squares: the plane's directions need not be orthogonal.

    Args:
        plane: where to.
        points: shape (k, P), finite; k may be 0.
    """
    if not len(points):
        return Projection(np.zeros((0, 2)), np.zeros(0), np.zeros(0))
    basis = np.stack([plane.first, plane.second])
    inverse = np.linalg.pinv(basis @ basis.T)
    start = points[0].astype(np.float64)
    xy, off_plane, travelled = (list[NDArray[np.float64]]() for _ in range(3))
    rows = max(1, _BLOCK_NUMBERS // points.shape[1])
    for first in range(0, len(points), rows):
        block = points[first : first + rows].astype(np.float64)
        away = block - plane.origin
        coordinates = away @ basis.T @ inverse
        xy.append(coordinates)
        off_plane.append(np.linalg.norm(away - coordinates @ basis, axis=1))
        travelled.append(np.linalg.norm(block - start, axis=1))
    return Projection(np.concatenate(xy), np.concatenate(off_plane), np.concatenate(travelled))
