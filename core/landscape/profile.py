"""A slice of a landscape: loss and slope along a line, computed there, over all rows, and not read off a grid."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from core.compiled import compiled_by_structure
from core.landscape.means import means
from core.problems.data.base import DataProblem
from core.problems.planar import Planar

MOST_LEVEL = 32
"""Points without slope that are told of; a line that has more crosses a rough surface."""

Row = np.ndarray[Any, np.dtype[np.float32]]
Point = tuple[float, float]


class Level(NamedTuple):
    """A point of the line where the slope along it vanishes."""

    along: float
    """Share of the way from the line's start."""
    loss: float
    kind: Literal["minimum", "maximum"]
    """What it is along the line; across it the surface may do anything."""
    gradient: float
    """Length of the surface's whole gradient there: 0 where the point is stationary itself."""


@dataclass(frozen=True)
class Profile:
    """What a line through a surface meets, float32, n points at equal distances."""

    x: Row
    """Shape (n,)."""
    y: Row
    """Shape (n,)."""
    loss: Row
    """Shape (n,)."""
    slope: Row
    """Shape (n,), loss per length along the line."""
    level: tuple[Level, ...]
    """Where the slope vanishes, from start to end."""


def profile(surface: Planar, start: Point, end: Point, count: int) -> Profile:
    """Compute a slice; nothing compiles while the surface's numbers or the line move.

    Args:
        surface: the surface, or the loss over rows, with its present numbers.
        start: where the line begins.
        end: where it ends, not the same point.
        count: points, both ends included.
    """
    ends = np.array([start, end], np.float32)
    if isinstance(surface, DataProblem):
        (x, y, loss, slope), at = _over_rows(surface, ends, count)
    else:
        (x, y, loss, slope), at = _on_surface(surface, ends, count)
    signs = _signs(slope)
    places = np.flatnonzero(signs[:-1] * signs[1:] < 0)[:MOST_LEVEL]
    with np.errstate(invalid="ignore"):
        shares = (places + slope[places] / (slope[places] - slope[places + 1])) / (count - 1)
    padded = np.zeros(MOST_LEVEL, np.float32)
    padded[: len(shares)] = shares
    losses, lengths = map(np.asarray, at(padded))
    level = tuple(
        Level(float(along), float(losses[i]), "minimum" if signs[place] < 0 else "maximum", float(lengths[i]))
        for i, (place, along) in enumerate(zip(places, shares, strict=True))
        if np.isfinite(losses[i]) and np.isfinite(lengths[i])
    )
    return Profile(x, y, loss, slope, level)


Line = tuple[tuple[Row, Row, Row, Row], Callable[[Row], tuple[Any, Any]]]
"""x, y, loss and slope, each (count,); and shares (k,) of the way to the losses and lengths of the gradients there."""


def _on_surface(surface: Planar, ends: Row, count: int) -> Line:
    numbers = {name: np.float32(value) for name, value in surface.numbers().items()}
    what = _Line(surface.structure(), count)
    x, y, loss, slope = (np.asarray(row) for row in _profile(what, numbers, ends))
    return (x, y, loss, slope), lambda shares: _level(what, numbers, ends, shares)


def _over_rows(problem: DataProblem, ends: Row, count: int) -> Line:
    """Go through all rows; where 32 bits do not hold a loss it is infinite."""
    way = ends[1] - ends[0]
    points = np.linspace(ends[0], ends[1], count, dtype=np.float32)
    loss, gradient = means(problem, points)

    def at(shares: Row) -> tuple[Any, Any]:
        losses, gradients = means(problem, ends[0] + shares[:, None] * way)
        return losses, np.linalg.norm(gradients, axis=1)

    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):  # no slope where 32 bits have one point
        slope = (gradient @ (way / np.linalg.norm(way))).astype(np.float32)
        return (points[:, 0].copy(), points[:, 1].copy(), loss.astype(np.float32), slope), at


def _signs(slope: Row) -> Row:
    """Return the sign at each point; one without slope has that of the point before it."""
    signs = np.sign(np.nan_to_num(slope))
    latest = np.maximum.accumulate(np.where(signs != 0, np.arange(len(signs)), 0))
    return signs[latest]


class _Line(NamedTuple):
    """What a slice is compiled for."""

    surface: Planar
    points: int

    @property
    def in_haste(self) -> bool:
        return self.surface.in_haste


@compiled_by_structure
def _profile(line: _Line, numbers: dict[str, Array], ends: Array) -> tuple[Array, Array, Array, Array]:
    """Return x, y, loss and slope, each (count,)."""
    surface = line.surface.with_numbers(numbers)
    along = jnp.linspace(0.0, 1.0, line.points)
    step = ends[1] - ends[0]
    x, y = (ends[0, axis] + along * step[axis] for axis in range(2))
    directions = tuple(jnp.broadcast_to(one, along.shape) for one in step / jnp.linalg.norm(step))
    loss, slope = jax.jvp(surface.height, (x, y), directions)
    return x, y, loss, slope


@compiled_by_structure
def _level(line: _Line, numbers: dict[str, Array], ends: Array, shares: Array) -> tuple[Array, Array]:
    """Return the losses and the lengths of the gradients at shares (k,) of the way."""
    surface = line.surface.with_numbers(numbers)

    def at(share: Array) -> tuple[Array, Array]:
        loss, gradient = jax.value_and_grad(surface.loss)(ends[0] + share * (ends[1] - ends[0]))
        return loss, jnp.linalg.norm(gradient)

    return jax.vmap(at)(shares)
