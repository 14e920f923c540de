"""Few points that stand for many rows: averages of rows that lie near each other, each with its share of them.

A row's loss is linear in its target once constants are left out, so an average of rows is as good as they are but for
what the loss bends within a tile: of as many rows drawn by chance it is several times farther from that of all.
"""

import numpy as np
from numpy.typing import NDArray

from core.problems.data import tables

EXACT = 1024
"""So many rows stand for themselves."""
_ACROSS_FEW, _ACROSS_MANY = 32, 22
_ROWS = 65_536
"""Rows that tiles are made of, where there are more: they come in a random order."""

Numbers = NDArray[np.float64]


def count(rows: int) -> int:
    """Return how many points stand for so many rows; below `EXACT` these themselves are padded to as many."""
    return EXACT if rows <= EXACT else _across(rows) ** 2


def standing_for(rows: NDArray[np.float32]) -> tuple[Numbers, Numbers]:
    """Return points that stand for rows.

    Args:
        rows: shape (n, 3), two features and the target, in a random order.

    Returns:
        Points, shape (m, 3), m = `count(n)`, a multiple of four; and their weights, shape (m,), which sum up to 1.
    """
    if len(rows) <= EXACT:
        points = np.zeros((EXACT, 3))
        points[: len(rows)] = rows
        return points, (np.arange(EXACT) < len(rows)) / len(rows)
    return _tiled(rows[:_ROWS].astype(np.float64), _across(len(rows)))


def _across(rows: int) -> int:
    """Tell few rows from many as tables do, so that another number of rows compiles nothing more."""
    return _ACROSS_FEW if rows <= tables.SIZES[0] else _ACROSS_MANY


def _tiled(rows: Numbers, across: int) -> tuple[Numbers, Numbers]:
    """Cut rows into strips of as many each by the first feature, these into tiles by the second, and average them."""
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    strips = [strip[np.argsort(strip[:, 1], kind="stable")] for strip in np.array_split(rows, across)]
    tiles = [tile for strip in strips for tile in np.array_split(strip, across)]
    return np.array([tile.mean(axis=0) for tile in tiles]), np.array([len(tile) for tile in tiles]) / len(rows)
