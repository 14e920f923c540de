"""A network's loss on a plane, coarse first, with the paths of the runs projected onto it."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.landscape.heights import shade
from core.landscape.losses import PlaneLoss, vector_losses
from core.landscape.plane import Plane, evenly, within_reach
from core.landscape.projection import Projection, project
from core.problems.network import Network

Numbers = NDArray[np.float32]

COARSE = 11
"""Points along an axis of the first picture, about."""
MIDDLE = 26
"""Points along an axis of the second picture, about."""
MOST_LOSSES = 60
"""Iterates of a run whose losses are evaluated, at most."""
_MARGIN = 1.5
_SHADED = 1 << 14


@dataclass(frozen=True, eq=False)
class Path:
    """One run, seen in the plane.

    Attributes:
        xy: its projected iterates, shape (k, 2); a diverged run's finite ones.
        at: the steps they were taken at, shape (k,).
        off_plane: their distances from the plane, shape (k,).
        travelled: their straight distances from the run's start in the full space, shape (k,).
        loss_at: the steps whose losses were evaluated, shape (j,), evenly chosen; j = 0 in the first picture.
        true_loss: the loss of the iterate itself, shape (j,).
        plane_loss: the loss of its projection, shape (j,): the height of the surface where the path is drawn.
    """

    xy: Numbers
    at: Numbers
    off_plane: Numbers
    travelled: Numbers
    loss_at: Numbers
    true_loss: Numbers
    plane_loss: Numbers


@dataclass(frozen=True, eq=False)
class Survey:
    """The landscape so far.

    Attributes:
        stage: "fine" for the last one, which has all points.
        x: horizontal coordinates, shape (w,).
        y: vertical coordinates, shape (h,).
        loss: what the optimizers minimize, over all training rows (1,200 of the digits) and with the penalty,
            shape (h, w).
        shade: what is drawn, 0 to 1, shape (h, w).
        paths: one a run.
    """

    stage: Literal["coarse", "fine"]
    x: Numbers
    y: Numbers
    loss: Numbers
    shade: Numbers
    paths: tuple[Path, ...]


def survey(
    problem: Network,
    snapshots: NDArray[Any],
    at: NDArray[Any],
    plane: Plane,
    resolution: int = 51,
    span: float | None = None,
) -> Iterator[Survey]:
    """Evaluate the loss on a square window of a plane.

    Args:
        problem: the network.
        snapshots: iterates of every run, shape (runs, k, P).
        at: the steps they were taken at, shape (k,).
        plane: where to look.
        resolution: points along an axis of the last stage, 2 or more.
        span: side of the window in the plane's coordinates; None: as large as the paths need, with a margin, around a
            random plane's origin never less than from −1 to 1.

    Yields:
        Stages, each finer than the one before; no point is evaluated twice.
    """
    return (stage for stage in turns(problem, snapshots, at, plane, resolution, span) if stage is not None)


def turns(
    problem: Network,
    snapshots: NDArray[Any],
    at: NDArray[Any],
    plane: Plane,
    resolution: int = 51,
    span: float | None = None,
) -> Iterator[Survey | None]:
    """Yield what `survey` yields, and None after each batch of points.

    A fine stage of a wide network takes many seconds, too long to leave a newer request waiting: who iterates may stop
    at any item.
    """
    seen = [project(plane, _finite(run)) for run in snapshots]
    axes = _window(plane, seen, resolution, span)
    loss_on_plane = PlaneLoss(problem, plane)
    grid = np.full((resolution, resolution), np.nan, np.float32)
    paths = tuple(_path(one, at) for one in seen)
    for stage, chosen in enumerate(_stages(resolution)):
        if stage == 1 or len(chosen) == resolution:
            paths = yield from _with_losses(problem, snapshots, paths, loss_on_plane)
        yield from _fill(grid, chosen, axes, loss_on_plane)
        loss = grid[np.ix_(chosen, chosen)]
        name = "fine" if len(chosen) == resolution else "coarse"
        x, y = (axis[chosen].astype(np.float32) for axis in axes)
        yield Survey(name, x, y, loss, _shaded(loss), paths)


def _shaded(loss: Numbers) -> Numbers:
    """Return the shade, padded to one size with what `shade` leaves out: another resolution compiles nothing."""
    padding = np.full(-loss.size % _SHADED, np.nan, np.float32)
    return shade(np.concatenate([loss.ravel(), padding]))[: loss.size].reshape(loss.shape)


def _finite(run: NDArray[Any]) -> NDArray[Any]:
    """Return the iterates before the first that is not finite."""
    finite = np.isfinite(run).all(axis=1)
    return run if finite.all() else run[: int(np.argmin(finite))]


def _window(
    plane: Plane, seen: list[Projection], resolution: int, span: float | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the coordinates along both axes, (resolution,) each: square cells, paths or origin in the middle."""
    seen = [one for one in seen if len(one.xy)]
    reach = np.array([one.travelled.max() for one in seen])
    shown = [one.xy for one, near in zip(seen, within_reach(reach), strict=True) if near] if seen else []
    points = np.concatenate(shown) if shown else np.zeros((1, 2))
    low, high = points.min(axis=0), points.max(axis=0)
    centre = (low + high) / 2 if plane.kind == "pca" else np.zeros(2)
    half = _MARGIN * float(np.abs(points - centre).max())
    if plane.kind == "random":
        half = max(half, 1.0)
    half = span / 2 if span is not None else (half or 1.0)
    steps = np.linspace(-1, 1, resolution)
    return centre[0] + half * steps, centre[1] + half * steps


def _stages(resolution: int) -> list[NDArray[np.intp]]:
    """Return which rows and columns each stage shows."""
    stages = [_thinned(resolution, most) for most in (COARSE, MIDDLE) if resolution > 1.5 * most]
    return [*stages, np.arange(resolution)]


def _thinned(resolution: int, most: int) -> NDArray[np.intp]:
    """Return about so many of the indices: equally spaced where a divisor allows it, else nearly so."""
    counts = [(resolution - 1) // stride + 1 for stride in range(1, resolution) if (resolution - 1) % stride == 0]
    nearest = min(counts, key=lambda count: abs(count - most))
    return evenly(resolution, nearest if 0.6 * most < nearest < 1.4 * most else most)


def _fill(
    grid: Numbers, chosen: NDArray[np.intp], axes: tuple[NDArray[np.float64], ...], loss_on_plane: PlaneLoss
) -> Generator[None]:
    """Evaluate the points of the chosen rows and columns that are not there yet."""
    rows, columns = (index.ravel() for index in np.meshgrid(chosen, chosen, indexing="ij"))
    missing = np.isnan(grid[rows, columns])
    rows, columns = rows[missing], columns[missing]
    grid[rows, columns] = yield from loss_on_plane(np.stack([axes[0][columns], axes[1][rows]], axis=1))


def _path(seen: Projection, at: NDArray[Any]) -> Path:
    """Return a path whose losses are not known yet."""
    none = np.zeros(0, np.float32)
    steps = at[: len(seen.xy)].astype(np.float32)
    limit = np.finfo(np.float32).max
    parts = (np.clip(part, -limit, limit) for part in (seen.xy, seen.off_plane, seen.travelled))
    xy, off_plane, travelled = (part.astype(np.float32) for part in parts)
    return Path(xy, steps, off_plane, travelled, none, none, none)


def _with_losses(
    problem: Network, snapshots: NDArray[Any], paths: tuple[Path, ...], loss_on_plane: PlaneLoss
) -> Generator[None, None, tuple[Path, ...]]:
    """Evaluate, once, the losses of iterates and of their projections."""
    if any(len(path.loss_at) for path in paths):
        return paths
    chosen = [evenly(len(path.xy), MOST_LOSSES) if len(path.xy) else np.zeros(0, np.intp) for path in paths]
    ends = np.cumsum([len(some) for some in chosen])[:-1]
    points = np.concatenate([path.xy[some] for path, some in zip(paths, chosen, strict=True)])
    vectors = np.concatenate([run[some] for run, some in zip(snapshots, chosen, strict=True)])
    on_plane = np.split((yield from loss_on_plane(points)), ends)
    true = np.split((yield from vector_losses(problem, vectors)), ends)
    return tuple(
        Path(path.xy, path.at, path.off_plane, path.travelled, path.at[some], true[run], on_plane[run])
        for run, (path, some) in enumerate(zip(paths, chosen, strict=True))
    )
