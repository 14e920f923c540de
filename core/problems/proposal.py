"""Where to look at a height that nobody has described, where to start on it, and how fast to go.

All follows from the height alone: the same formula is always proposed the same. The numbers are round, so that they
change little while a formula is typed.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.problems.planar import Axes
from core.problems.stationary import Height, Numbers, lower_than_beside, stationary_points

Point = tuple[float, float]

_HALVES = (3.0, 5.0, 10.0, 2.0, 1.0, 30.0, 100.0, 300.0, 1000.0, 0.3, 0.1)
"""Windows around the origin that are tried, from the middle to the edge, the likeliest first."""
_SEARCHED = (3.0, 10.0, 100.0)
"""Of these, those that are searched for saddles and maxima where none has a minimum."""
_WIDE = 30.0
"""Windows from here on are cut to what is in them."""
_INSIDE = 0.75
"""A point counts as inside up to this share of the way to the edge."""
_CROWD = 40
"""More minima than these are too many for one picture."""
_LARGEST = 1e30
"""Heights beyond are as good as undefined: their squares are beyond float32."""
_STEEP = 1e6
"""Where more than a fifth of a window is higher, a nearer window is looked for first."""
_FLANK = 0.7
"""Share of the window that lies lower than the start, if it can be."""
_AWAY = 0.3
"""Of the window's side: how far the start is from every minimum, if it can be."""
_STEPS = 80
_HALVINGS = 18
_ROOM = 0.15
"""Of the window's side: how far a run may leave it."""


def propose_domain(height: Height) -> Axes | None:
    """Return a window that shows what there is to see; None where the height is undefined all over.

    The first window that has a minimum well inside it, else the first with another stationary point, else the first in
    which the height is defined somewhere and not level.
    """
    seen = [(half, _sampled(height, ((-half, half), (-half, half)))) for half in _HALVES]
    for half, (grid, values) in seen:
        points = _inside(grid[_lowest(values)], half)
        if 0 < len(points) <= _CROWD and _calm(values):
            return _framed(half, points, grid, values)
    for half, (grid, values) in seen:
        if half in _SEARCHED:
            found = stationary_points(height, ((-half, half), (-half, half)))
            points = _inside(np.array([one[:2] for one in found]).reshape(-1, 2), half)
            if len(points):
                return _framed(half, points, grid, values)
    nothing = np.zeros((0, 2))
    for half, (grid, values) in seen:
        if len(np.unique(values[np.isfinite(values)])) > 1:
            return _framed(half, nothing, grid, values)
    return next((_framed(half, nothing, *one) for half, one in seen if np.isfinite(one[1]).any()), None)


def propose_start(height: Height, axes: Axes, minima: Sequence[Point]) -> Point | None:
    """Return a point on a flank of the window, away from minima; None where the height is undefined all over it.

    Args:
        height: its values.
        axes: the window.
        minima: those known.
    """
    low, span = _corner(axes)
    grain = 10.0 ** np.floor(np.log10(span) - 2)
    shares = np.stack(np.meshgrid(np.linspace(0.1, 0.9, 17), np.linspace(0.9, 0.1, 17), indexing="ij"), axis=-1)
    points = np.round((low + span * shares.reshape(-1, 2)) / grain) * grain
    values = _evaluated(height, points)
    reach = 1e-4 * span
    beside = np.stack([points + reach * turn for turn in ((1, 0), (-1, 0), (0, 1), (0, -1))])
    around = _evaluated(height, beside)
    with np.errstate(invalid="ignore"):
        across, up = np.abs(around[0] - around[1]), np.abs(around[2] - around[3])
    slope = np.fmax(across, up)
    fine = np.isfinite(values) & np.isfinite(slope) & (np.abs(values) < _LARGEST)
    if not fine.any():
        grid, values = _sampled(height, axes)
        defined = grid[np.isfinite(values)]
        return _point(defined[len(defined) // 2]) if len(defined) else None
    rank = np.searchsorted(np.sort(values[fine]), values) / fine.sum()
    apart = [np.linalg.norm((points - minimum) / span, axis=1) for minimum in minima]
    near = np.maximum(0.0, _AWAY - np.min(apart, axis=0)) if apart else 0.0
    straight = np.fmin(across, up) < 0.1 * slope  # downhill along an axis tells little of an optimizer
    level = slope < 1e-3 * np.median(slope[fine])
    edge = np.max(np.abs(shares.reshape(-1, 2) - 0.5), axis=1)
    score = np.abs(rank - _FLANK) + 2 * near + 0.2 * straight + 2.0 * level + 0.2 * edge
    return _point(points[np.argmin(np.where(fine, score, np.inf))])


def propose_rates(height: Height, axes: Axes, start: Point) -> dict[str, float]:
    """Return per lecture optimizer a learning rate at which its path from the start tells something.

    Those of SGD and of momentum are tried: of rates that halve, the largest that gets about as low as any does while
    the run stays in the window. Those of the others, whose steps have the length of their rate, follow from the window.
    """
    _, span = _corner(axes)
    plain, heavy = _tried(height, axes, start)
    side = float(span.min())
    rates = {"sgd": plain, "momentum": heavy, "nesterov": heavy}
    rates |= {"adagrad": 0.04 * side, "rmsprop": 0.004 * side, "adam": 0.015 * side}
    return {name: float(f"{rate:.2g}") for name, rate in rates.items()}


def _lowest(values: Numbers) -> NDArray[np.bool_]:
    """Mark the inner points of a grid that are lower than those beside them, by more than rounding makes them."""
    finite = np.isfinite(values)
    grain = 1e-12 * max(float(np.abs(values[finite]).max(initial=0.0)), 1e-290)
    return lower_than_beside(np.where(finite, np.round(np.where(finite, values, 0.0) / grain), np.inf))


def _calm(values: Numbers) -> bool:
    """Say whether the heights are such that a run from most of them can come down in a picture."""
    return float(np.mean(np.abs(values[np.isfinite(values)]) < _STEEP)) > 0.8


def _sampled(height: Height, axes: Axes) -> tuple[Numbers, Numbers]:
    """Return the points (33, 33, 2) of a grid on a window, and the heights there."""
    grid = np.stack(np.meshgrid(*(np.linspace(*axis, 33) for axis in axes), indexing="ij"), axis=-1)
    return grid, _evaluated(height, grid)


def _evaluated(height: Height, points: Numbers) -> Numbers:
    """Return the heights (...,) at points (..., 2)."""
    return np.asarray(height(points[..., 0], points[..., 1]))


def _corner(axes: Axes) -> tuple[Numbers, Numbers]:
    """Return a window's lower left corner and its sides."""
    low, high = np.array(axes, np.float64).T
    return low, high - low


def _point(at: Numbers) -> Point:
    x, y = (float(f"{value:.12g}") + 0.0 for value in at)
    return x, y


def _inside(points: Numbers, half: float) -> Numbers:
    return points[(np.abs(points) <= _INSIDE * half).all(axis=-1)]


def _framed(half: float, points: Numbers, grid: Numbers, values: Numbers) -> Axes:
    """Return a window around the origin, cut to the points of interest where it is wide, and to what is defined."""
    finite = np.isfinite(values)
    axes: list[tuple[float, float]] = []
    reach = max(0.75 * float(np.ptp(points, axis=0).max()), 0.3 * float(np.abs(points).max())) if len(points) else half
    for axis in (0, 1):
        low, high = -half, half
        if half >= _WIDE and len(points):
            middle = float(points[:, axis].min() + points[:, axis].max()) / 2
            low, high = middle - reach, middle + reach
        line = grid[:, 0, 0] if axis == 0 else grid[0, :, 1]
        defined = line[finite.any(axis=1 - axis)]
        if len(defined):
            spare = 2 * (line[1] - line[0])
            low, high = max(low, defined[0] - spare), min(high, defined[-1] + spare)
        axes.append(_rounded(low, high))
    return axes[0], axes[1]


def _rounded(low: float, high: float) -> tuple[float, float]:
    """Widen an interval to two digits of its length."""
    grain = 10.0 ** math.floor(math.log10(high - low) - 1)
    ends = math.floor(low / grain + 1e-9) * grain, math.ceil(high / grain - 1e-9) * grain
    return float(f"{ends[0]:.6g}"), float(f"{ends[1]:.6g}")


def _tried(height: Height, axes: Axes, start: Point) -> tuple[float, float]:
    """Return the learning rates that suit gradient descent without and with momentum 0.9, both tried at once."""
    low, span = _corner(axes)
    with np.errstate(all="ignore"):
        first = float(np.linalg.norm(_slopes(height, np.array([start]), span)))
        if not 0 < first < np.inf:
            return 0.01 * float(span.min()), 0.005 * float(span.min())
        rates = np.tile(float(span.min()) / first * np.power(0.5, np.arange(_HALVINGS)), 2).astype(np.float64)
        rho = np.repeat([0.0, 0.9], _HALVINGS)
        points = np.tile(np.array(start), (len(rates), 1))
        velocity = np.zeros_like(points)
        stays = np.ones(len(rates), bool)
        before = _evaluated(height, points)
        for _ in range(_STEPS):
            velocity = rho[:, None] * velocity + _slopes(height, points, span)
            points = points - rates[:, None] * velocity
            stays &= (np.abs(points - low - span / 2) <= (0.5 + _ROOM) * span).all(axis=1)
            points = np.where(stays[:, None], points, start)
        gone = np.where(stays, before - _evaluated(height, points), -np.inf)
    plain, heavy = (_largest_good(*halves) for halves in zip(np.split(rates, 2), np.split(gone, 2), strict=True))
    return plain, min(heavy, plain / 2)


def _largest_good(rates: Numbers, gone: Numbers) -> float:
    """Return the largest rate, they fall, at which a run came down about as far as any; else the smallest."""
    gone = np.nan_to_num(gone, nan=-np.inf)
    best = float(gone.max())
    return float(rates[np.argmax(gone >= 0.95 * best)] if best > 0 else rates[-1])


def _slopes(height: Height, points: Numbers, span: Numbers) -> NDArray[np.float64]:
    """Return gradients (n, 2)."""
    reach = 1e-5 * span
    turns = np.array([(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)])
    f = _evaluated(height, points[:, None] + reach * turns)
    return np.stack([f[:, 0] - f[:, 1], f[:, 2] - f[:, 3]], axis=1) / 2 / reach
