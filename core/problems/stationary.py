"""Where the slope of a height vanishes, and what lies there: minima, maxima, saddles.

Everything happens on the unit square, to which a window is stretched, so that no tolerance depends on its size. The
number of evaluations is bounded whatever the height, and nothing is random.
"""

import math
from collections.abc import Callable
from itertools import product
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from core.problems.planar import Axes

Numbers = NDArray[np.float64]
Height = Callable[[Numbers, Numbers], Numbers]
"""The height at (x, y), arrays of one shape, with 64 bits; what is undefined is not finite."""
Kind = Literal["minimum", "saddle", "maximum", "degenerate"]


class Stationary(NamedTuple):
    """A point at which the slope vanishes, or at which a kink is lowest or highest."""

    x: float
    y: float
    value: float
    kind: Kind
    """`degenerate`: flat along a line, or curved in a way that second derivatives do not tell."""


CELLS = 48
"""Along each axis: what is narrower may be missed."""
MOST = 200
"""Points that are followed, and at most returned."""
_ROUNDS = 40
_REACH = 2e-4
"""Between the points of the difference stencil, on the unit square."""
_NEAR = 1e-4
"""Points this near are one."""
_VAGUE = 3e-3
"""Points this near are one where the Hessian is singular, and Newton's method slow."""
_SPARSE = 0.1
"""Of a flat line points this far apart are enough."""
_RING = 1e-3 * np.stack([np.cos(np.arange(16) * np.pi / 8), np.sin(np.arange(16) * np.pi / 8)], axis=1)
_STENCIL = np.array([*product((-1.0, 0.0, 1.0), repeat=2), (-2.0, 0.0), (2.0, 0.0), (0.0, -2.0), (0.0, 2.0)])
_PATTERN = np.array([*product((-1.0, -0.5, 0.0, 0.5, 1.0), repeat=2)])


def stationary_points(height: Height, axes: Axes) -> tuple[Stationary, ...]:
    """Find the stationary points of a height within a window.

    Newton's method from every cell of a grid in which both slopes change their sign, and, for kinks, a pattern search
    from every point of the grid that is lower, or higher, than its neighbours.

    Args:
        height: what to search; called with bounded arrays, some 80 times.
        axes: the window.

    Returns:
        The points, minima first, each kind sorted by value; at most `MOST`.
    """
    unit = _Unit(height, axes)
    steps = np.linspace(0.0, 1.0, CELLS + 1)
    grid = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1)
    with np.errstate(all="ignore"):
        slopes = unit.slopes(grid.reshape(-1, 2)).reshape(grid.shape)
        size = np.linalg.norm(slopes, axis=-1)
        if not np.isfinite(size).any():
            return ()
        scale = float(np.median(size[np.isfinite(size)]))
        heights = unit(grid)
        smooth = _followed(unit, _crossings(slopes, size, heights), scale)
        kinks = [_sunk(unit, heights, steps, smooth, sign) for sign in (1.0, -1.0)]
        return _described(unit, np.concatenate([smooth, *kinks]), scale)


def derivatives(height: Height, points: Numbers, reach: float) -> tuple[Numbers, Numbers]:
    """Return gradients (n, 2) and Hessians (n, 2, 2) at points (n, 2): differences of fourth and of second order."""
    near = points[:, None, :] + reach * _STENCIL
    f = height(near[..., 0], near[..., 1]).T
    slope = np.stack([8 * (f[7] - f[1]) - (f[10] - f[9]), 8 * (f[5] - f[3]) - (f[12] - f[11])], axis=1) / 12 / reach
    xx, yy = f[7] + f[1] - 2 * f[4], f[5] + f[3] - 2 * f[4]
    xy = (f[8] - f[6] - f[2] + f[0]) / 4
    return slope, np.stack([xx, xy, xy, yy], axis=1).reshape(-1, 2, 2) / reach**2


class _Unit:
    """A height on the unit square."""

    def __init__(self, height: Height, axes: Axes) -> None:
        self._height = height
        self.low = np.array([low for low, _ in axes], np.float64)
        self.span = np.array([high - low for low, high in axes], np.float64)

    def __call__(self, points: Numbers) -> Numbers:
        """Return the heights (...,) at points (..., 2)."""
        at = self.low + self.span * points
        return self._height(at[..., 0], at[..., 1])

    def slopes(self, points: Numbers) -> Numbers:
        """Return gradients (n, 2)."""
        f = self(points[:, None, :] + _REACH * np.array([(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)]))
        return np.stack([f[:, 0] - f[:, 1], f[:, 2] - f[:, 3]], axis=1) / 2 / _REACH

    def derivatives(self, points: Numbers) -> tuple[Numbers, Numbers]:
        """Return gradients (n, 2) and Hessians (n, 2, 2)."""
        return derivatives(lambda u, v: self(np.stack([u, v], axis=-1)), points, _REACH)


def _crossings(slopes: Numbers, size: Numbers, heights: Numbers) -> Numbers:
    """Return the middles of the cells at whose corners both slopes change sign, and the grid's least steep points.

    Of too many the lowest are kept, for minima are what is looked for.
    """
    corners = np.stack([slopes[:-1, :-1], slopes[1:, :-1], slopes[:-1, 1:], slopes[1:, 1:]])
    changes = ((corners.min(axis=0) <= 0) & (corners.max(axis=0) >= 0)).all(axis=-1)
    cells = np.argwhere(changes) + 0.5
    flat = np.argwhere(lower_than_beside(np.where(np.isfinite(size), size, np.inf)))
    found = np.concatenate([cells, flat])
    at = found.astype(int)
    order = np.argsort(np.nan_to_num(heights[at[:, 0], at[:, 1]], nan=np.inf), kind="stable")
    return found[np.sort(order[:MOST])] / CELLS


def lower_than_beside(values: Numbers) -> NDArray[np.bool_]:
    """Mark the inner points of a grid that are lower than their eight neighbours."""
    inner = values[1:-1, 1:-1]
    rows, columns = values.shape
    turns = [turn for turn in product((-1, 0, 1), repeat=2) if turn != (0, 0)]
    beside = [values[1 + i : rows - 1 + i, 1 + j : columns - 1 + j] for i, j in turns]
    marked = np.zeros(values.shape, bool)
    marked[1:-1, 1:-1] = np.isfinite(inner) & (inner < np.min(beside, axis=0))
    return marked


def _followed(unit: _Unit, points: Numbers, scale: float) -> Numbers:
    """Lead points to where the slope vanishes, by Newton's method with steps of a cell at most."""
    moving = np.arange(len(points))
    points, last = points.copy(), np.full(len(points), np.inf)
    for _ in range(_ROUNDS):
        slope, curvature = unit.derivatives(points[moving])
        sound = np.isfinite(curvature).all(axis=(1, 2)) & np.isfinite(slope).all(axis=1)
        last[moving[~sound]] = np.inf
        moving, slope, curvature = moving[sound], slope[sound], curvature[sound]
        if not len(moving):
            break
        values, vectors = np.linalg.eigh(curvature)
        least = np.where(values < 0, -1.0, 1.0) * np.maximum(np.abs(values), 1e-10 * scale + 1e-300)
        step = np.einsum("nij,nj->ni", vectors, np.einsum("nij,ni->nj", vectors, slope) / least)
        step /= np.maximum(1.0, np.linalg.norm(step, axis=1, keepdims=True) * CELLS)
        points[moving] -= step
        last[moving] = np.linalg.norm(step, axis=1)
        moving = moving[last[moving] > 1e-10]
    slope = unit.slopes(points)
    settled = (last < 1e-7) & (np.linalg.norm(slope, axis=1) <= 1e-5 * scale)
    return points[settled & ((points >= 0) & (points <= 1)).all(axis=1)]


def _sunk(unit: _Unit, heights: Numbers, steps: Numbers, known: Numbers, sign: float) -> Numbers:
    """Find the lowest (sign 1) or highest (−1) points that Newton's method missed: where the height has a kink."""
    values = np.where(np.isfinite(heights), sign * heights, np.inf)
    points = steps[np.argwhere(lower_than_beside(values))][:MOST].astype(np.float64)
    if len(known) and len(points):
        apart = np.linalg.norm(points[:, None] - known[None], axis=-1).min(axis=1)
        points = points[apart > 2 / CELLS]
    radius = np.full((len(points), 1, 1), 1 / CELLS)
    for _ in range(_ROUNDS):
        around = points[:, None] + radius * _PATTERN
        found = sign * unit(around)
        best = np.argmin(np.where(np.isfinite(found), found, np.inf), axis=1)
        points = around[np.arange(len(points)), best]
        radius = np.where((best == len(_PATTERN) // 2)[:, None, None], 0.3 * radius, radius)
    inside = ((points > 0) & (points < 1)).all(axis=1)
    higher = sign * (unit(points[:, None] + _RING) - unit(points)[:, None])
    return points[inside & (higher > 0).all(axis=1) & (radius[:, 0, 0] < 1e-7)]


def _described(unit: _Unit, points: Numbers, scale: float) -> tuple[Stationary, ...]:
    """Say what kind each point is, and name each once."""
    points = _snapped(unit, points, scale)
    slope, curvature = unit.derivatives(points)
    value = unit(points)
    around, nearer = (unit(points[:, None] + reach * _RING) - value[:, None] for reach in (1.0, 1e-3))
    noise = 1e-14 * np.maximum(np.abs(value), 1e-300)[:, None]
    change = np.abs(around).max(axis=1, keepdims=True)
    # The bottom of a pole is not reached, however near one comes; and where nothing changes is no point.
    level = (np.abs(nearer) <= 0.1 * change + noise).all(axis=1)
    sound = np.isfinite(value) & np.isfinite(around).all(axis=1) & level & (change > noise).all(axis=1)
    curvature = np.where(np.isfinite(curvature), curvature, 0.0)
    points, value, around, noise = points[sound], value[sound], around[sound], noise[sound]
    low, high = np.linalg.eigvalsh(curvature[sound]).T
    size = np.maximum(np.abs(low), np.abs(high))
    singular = np.minimum(np.abs(low), np.abs(high)) <= 1e-5 * np.maximum(size, scale)
    # By the Hessian; where that is singular by whether all around is higher, or lower, unless others lie beside it.
    alone = ~_in_line(points, singular)
    least = np.where(singular, (around > noise).all(axis=1) & alone, low > 0)
    most = np.where(singular, (around < -noise).all(axis=1) & alone, high < 0)
    kinds: NDArray[Any] = np.select([least, most, singular], ["minimum", "maximum", "degenerate"], "saddle")
    found: list[tuple[Numbers, Stationary]] = []
    level_first = np.argsort(np.linalg.norm(slope[sound], axis=1), kind="stable")
    for index in level_first:
        point, height, kind = points[index], value[index], kinds[index].item()
        near = _SPARSE if kind == "degenerate" else _VAGUE if singular[index] else _NEAR
        if all(np.linalg.norm(point - other) > (near if one.kind == kind else _NEAR) for other, one in found):
            x, y = (_short(*pair) for pair in zip(unit.low + unit.span * point, unit.span, strict=True))
            found.append((point, Stationary(x, y, float(height), kind)))
    order = get_args(Kind)
    return tuple(sorted((point for _, point in found), key=lambda one: (order.index(one.kind), one.value, one)))[:MOST]


def _in_line(points: Numbers, singular: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the points with a singular Hessian beside which lies another."""
    apart = np.linalg.norm(points[:, None] - points[None], axis=-1)
    return singular & ((apart > _VAGUE) & (apart < 2 * _SPARSE) & singular).any(axis=1)


def _snapped(unit: _Unit, points: Numbers, scale: float) -> Numbers:
    """Move points to the round numbers beside them where the slope is no larger there: 1, not 0.9999999998."""
    for share, axis in product((1e-2, 1e-4), (0, 1)):
        grain = 10.0 ** np.floor(np.log10(share * unit.span[axis]))
        rounded = points.copy()
        exact = np.round((unit.low[axis] + unit.span[axis] * points[:, axis]) / grain) * grain
        rounded[:, axis] = (exact - unit.low[axis]) / unit.span[axis]
        before, after = (np.linalg.norm(unit.slopes(at), axis=1) for at in (points, rounded))
        points = np.where((after <= np.maximum(before, 1e-10 * scale))[:, None], rounded, points)
    return points


def _short(value: float, span: float) -> float:
    """Drop what lies beyond ten digits of the window, and the sign of zero."""
    return float(round(value, 10 - math.floor(math.log10(span)))) + 0.0
