"""The heights of a surface on a window of the plane, and the shade in which they are drawn."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array

from core.compiled import compiled_by_structure
from core.problems.planar import Planar

_SAMPLE = 4096
"""About as many points tell a quartile to a percent."""

HOLE = -1.0
"""The shade of a point without a height: NaN does not travel."""

Grid = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Shading:
    """How a loss becomes a shade: log(1 + h / (rise·scale)) / log(1 + 1 / scale) with h = loss − lowest."""

    lowest: float
    """The lowest loss of the window."""
    rise: float
    """From there to the highest; 0 where all are alike, or none is finite: then the shade of all is 0."""
    scale: float
    """Where the map turns from linear to logarithmic, as a share of the rise."""


@dataclass(frozen=True)
class Heights:
    """A window of a surface, float32."""

    x: Grid
    """Shape (width,), ascending."""
    y: Grid
    """Shape (height,), ascending."""
    loss: Grid
    """Shape (height, width)."""
    shade: Grid
    """Shape (height, width), 0 (lowest) to 1 (highest): what is drawn; `HOLE` where the surface has no height."""
    shading: Shading
    """By which a loss anywhere, such as on a path, has its shade."""


def heights(
    surface: Planar, x_range: tuple[float, float], y_range: tuple[float, float], width: int, height: int
) -> Heights:
    """Compute the heights on a window; nothing compiles while the surface's numbers or the window move.

    Args:
        surface: the surface with its present numbers.
        x_range: from, to.
        y_range: from, to.
        width: points along x.
        height: points along y.
    """
    numbers = {name: np.float32(value) for name, value in surface.numbers().items()}
    window = np.array([x_range, y_range], np.float32)
    return drawn(*_heights(_Grid(surface.structure(), width, height), numbers, window))


class _Grid(NamedTuple):
    """What heights are compiled for."""

    surface: Planar
    width: int
    height: int

    @property
    def in_haste(self) -> bool:
        return self.surface.in_haste


@compiled_by_structure
def _heights(grid: _Grid, numbers: dict[str, Array], window: Array) -> tuple[Array, Array, Array]:
    """Return x (width,), y (height,) and loss (height, width); shading is the same for all, and compiled apart."""
    surface, width, height = grid
    x = jnp.linspace(window[0, 0], window[0, 1], width)
    y = jnp.linspace(window[1, 0], window[1, 1], height)
    return x, y, surface.with_numbers(numbers).height(x[None, :], y[:, None])


def drawn(x: Any, y: Any, loss: Any) -> Heights:
    """Return heights (height, width) above x (width,) and y (height,), with the shade in which they are drawn."""
    shades, shading = _shades(loss.shape, loss)
    x, y, loss, shades = (np.asarray(grid) for grid in (x, y, loss, shades))
    return Heights(x, y, loss, shades, Shading(*(float(number) for number in shading)))


def shade(loss: Any) -> Grid:
    """Map heights of any shape to 0 … 1 such that valleys show: see `_shades`."""
    loss = np.asarray(loss, np.float32)
    return np.asarray(_shades(loss.shape, loss)[0])


@compiled_by_structure
def _shades(shape: tuple[int, ...], loss: Array) -> tuple[Array, tuple[Array, Array, Array]]:
    """Map heights monotonically to 0 … 1, the lowest quarter of the area taking half of the range.

    log(1 + h/s) / log(1 + m/s) with h the height above the lowest point, m its maximum, and s = q² / (m − 2q), which
    puts the quartile q of h at 1/2. Where heights spread evenly or lie mostly high, q ≥ m/2, s is cut off far above
    m and the map is linear. Heights that are not finite become `HOLE`.

    Returns:
        The shade, and lowest loss, m and s / m.
    """
    del shape
    finite = jnp.isfinite(loss)
    lowest = jnp.min(jnp.where(finite, loss, jnp.inf))
    h = jnp.where(finite, loss - lowest, jnp.nan)
    m = jnp.nanmax(h)
    q = jnp.nanquantile(_sample(h), 0.25)
    q = jnp.where(jnp.isnan(q), m / 2, jnp.maximum(q, 1e-6 * m))
    scale = q / m * q / jnp.maximum(m - 2 * q, 1e-3 * m)  # s / m, in an order of factors that cannot overflow
    shaded = jnp.log1p(h / m / scale) / jnp.log1p(1 / scale)
    level = jnp.where(finite, 0.0, HOLE)
    shade = jnp.where(finite & (m > 0), jnp.clip(shaded, 0.0, 1.0), level)
    uneven = m > 0
    return shade, (
        jnp.where(finite.any(), lowest, 0.0),
        jnp.where(uneven, m, 0.0),
        jnp.where(uneven, scale, 1.0),
    )


def _sample(h: Array) -> Array:
    """Thin out a large grid evenly: a quantile sorts, and sorting everything would cost more than the heights."""
    stride = max(1, int((h.size / _SAMPLE) ** (1 / max(1, h.ndim))))
    return h[(slice(None, None, stride),) * h.ndim]
