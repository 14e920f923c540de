"""What the worker's threads do for the routes: from a question to bytes, by way of `core`."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import orjson

from app import wire
from app.errors import Refusal
from app.grounds import Grounds
from app.plotly import ChartLibrary
from app.questions import (
    Landscape,
    LandscapeQuestion,
    PlaneChoice,
    Slice,
    View,
    check_plane,
    check_theory,
    read_comparison,
)
from app.results import Cache
from app.snapshots import Snapshots, Training, size
from core.catalog import DEFAULT, DEFAULT_DATA, DEFAULT_FEW_ROWS, DEFAULT_NETWORK
from core.code import Flavour, Unwritten, script
from core.frames import Chunk, as_json, join
from core.landscape.heights import Heights, heights
from core.landscape.network import Survey, turns
from core.landscape.plane import NothingFinite, Plane, middle, pca_plane, random_plane
from core.landscape.profile import profile
from core.landscape.rows import Ground
from core.problems.data.base import DataProblem
from core.problems.data.scatter import scatter
from core.problems.datasets import find
from core.problems.formula import Formula, Undefined
from core.problems.layers import count
from core.problems.network import Network
from core.problems.planar import Planar
from core.simulate import simulate, warm
from core.spec import Comparison
from core.theory import along, theories

Points = list[list[float]]
RESOLUTION = 51
"""Cells along each axis of a landscape, where nothing is said and the network is not too large."""
MOST_WORK = 4e12
"""Floating-point operations that a landscape may take; a laptop does about 1e11 a second."""


def dump(value: object) -> bytes:
    """Write JSON: arrays as they are, and null where a number is not finite."""
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)


def canonical(text: str) -> bytes:
    """Return a comparison with every default written out, and its hash.

    Raises:
        Refusal: the text is no comparison.
    """
    comparison = read_comparison(text)
    return dump({"hash": comparison.hash(), "comparison": comparison.canonical()})


def answer(comparison: Comparison, cache: Cache[Snapshots]) -> Iterator[bytes]:
    """Yield nothing of use for each chunk, and the whole answer at last, so that long ones take turns too."""
    done: list[Chunk] = []
    for chunk in Training(comparison, cache).chunks():
        done.append(chunk)
        yield b""
    names = [run.optimizer for run in comparison.runs]
    yield dump({"hash": comparison.hash(), "runs": as_json(join(done), names)})


def rows(comparison: Comparison) -> bytes:
    """Return a sample of the rows that a loss is about.

    Raises:
        Refusal: it is about none.
    """
    problem = comparison.resolve()
    if not isinstance(problem, DataProblem):
        raise Refusal(422, [{"loc": "problem.kind", "msg": "Should be data: other problems have no rows to show"}])
    return dump(asdict(scatter(problem)))


def code(comparison: Comparison, flavour: Flavour) -> bytes:
    """Return a comparison as a script.

    Raises:
        Refusal: there is no script of it.
    """
    try:
        return script(comparison, flavour).encode()
    except Unwritten as reason:
        raise Refusal(422, [{"loc": reason.loc, "msg": str(reason)}]) from reason


def run_frames(
    identifier: int, comparison: Comparison, cache: Cache[Snapshots], theory: bool = False
) -> Iterator[bytes]:
    """Yield a comparison's chunks as frames, the last one with what theory says where that is asked for."""
    done: list[Chunk] = []
    for chunk in Training(comparison, cache).chunks():
        told = None
        if theory:
            done.append(chunk)
            if chunk.ends:
                told = _told(comparison, join(done))
        yield wire.chunk_frame(identifier, chunk, told)


def _told(comparison: Comparison, chunk: Chunk) -> wire.Told:
    return wire.Told([asdict(theory) for theory in theories(comparison, chunk)], along(comparison, chunk))


def theory(comparison: Comparison) -> Iterator[bytes]:
    """Yield nothing of use for each chunk, and at last what theory says about each run."""
    check_theory(comparison, "problem")
    done: list[Chunk] = []
    for chunk in simulate(comparison):
        done.append(chunk)
        yield b""
    yield dump({"hash": comparison.hash(), "runs": [asdict(theory) for theory in theories(comparison, join(done))]})


def heights_frame(identifier: int, comparison: Comparison, view: View, grounds: Grounds) -> bytes:
    """Return the heights on a window as a frame; of a loss over rows as far as they are known."""
    problem = comparison.resolve()
    if isinstance(problem, DataProblem):
        return _ground_frame(identifier, comparison, grounds.known(problem, view))
    own = [
        wire.Own(runs, _heights(surface, view), _marks(surface)) for surface, runs in comparison.own_surfaces().items()
    ]
    surface = _planar(comparison)
    return wire.heights_frame(identifier, _heights(surface, view), _marks(surface), own=own)


def ground_frames(identifier: int, comparison: Comparison, view: View, grounds: Grounds) -> Iterator[bytes]:
    """Yield the map of a loss over rows, ever finer until it holds all, and empty frames between."""
    problem = comparison.resolve()
    assert isinstance(problem, DataProblem)
    for ground in grounds.turns(problem, view):
        yield b"" if ground is None else _ground_frame(identifier, comparison, ground)


def _ground_frame(identifier: int, comparison: Comparison, ground: Ground) -> bytes:
    return wire.heights_frame(identifier, ground.heights(), _marks(_planar(comparison)), ground)


def landscape_frames(
    identifier: int, comparison: Comparison, wanted: Landscape, cache: Cache[Snapshots], grounds: Grounds
) -> Iterator[bytes]:
    """Yield a landscape as frames, coarse to fine; a network is trained first unless its training is known.

    Between two frames come empty ones, each the work of a moment, after which the landscape may be given up.
    """
    if wanted.plane.kind == "identity":
        window = _window(comparison, wanted)
        yield heights_frame(identifier, comparison, window, grounds)
        if isinstance(comparison.resolve(), DataProblem):
            yield from ground_frames(identifier, comparison, window, grounds)
        return
    resolution = _affordable(comparison, wanted.resolution, "landscape.resolution")
    training = Training(comparison, cache)
    snapshots = cache.get(comparison.hash())
    if snapshots is None:
        for chunk in training.chunks():
            yield wire.training_frame(identifier, chunk)
        snapshots = training.snapshots
    plane, stages = _survey(comparison, wanted, resolution, snapshots, "problem")
    for stage in stages:
        yield b"" if stage is None else wire.landscape_frame(identifier, stage, plane.variance)


def landscape(question: LandscapeQuestion, cache: Cache[Snapshots], grounds: Grounds) -> Iterator[bytes]:
    """Yield nothing of use while a landscape is made, and the answer in JSON at last."""
    comparison = question.comparison
    check_plane(question.plane, comparison)
    training = Training(comparison, cache)
    if question.plane.kind == "identity":
        window, problem = _window(comparison, question), comparison.resolve()
        if isinstance(problem, DataProblem):
            ground = grounds.known(problem, window)
            for further in grounds.turns(problem, window):
                ground = further or ground
                yield b""
            grid = ground.heights()
        else:
            grid = _heights(_planar(comparison), window)
        yield dump(_surface_answer(comparison, grid, list(training.chunks())))
        return
    resolution = _affordable(comparison, question.resolution, "resolution")
    snapshots = cache.get(comparison.hash())
    if snapshots is None:
        for _ in training.chunks():
            yield b""
        snapshots = training.snapshots
    _, stages = _survey(comparison, question, resolution, snapshots, "comparison.problem")
    for stage in stages:
        if stage is None or stage.stage != "fine":
            yield b""
            continue
        yield dump(vars(stage) | {"hash": comparison.hash(), "paths": [vars(path) for path in stage.paths]})


def formula(asked: Formula) -> bytes:
    """Return what was found out about a formula.

    Raises:
        Refusal: it has no value all over its domain.
    """
    try:
        return dump(asked.described())
    except Undefined as error:
        raise Refusal(422, [{"loc": error.field, "msg": str(error)}]) from error


def slice_answer(question: Slice) -> bytes:
    """Return a slice of a landscape in JSON.

    Raises:
        Refusal: the loss is one of more parameters than two.
    """
    problem = question.comparison.resolve()
    if not isinstance(problem, Planar):
        reason = "Only a loss of two parameters can be sliced, not a network's"
        raise Refusal(422, [{"loc": "comparison.problem.kind", "msg": reason}])
    found = profile(problem, *question.ends, question.count)
    return dump(vars(found) | {"level": [level._asdict() for level in found.level]})


def warm_up(library: ChartLibrary) -> Iterator[None]:
    """Prepare what a first visitor needs, a thing a turn: default race and heights, chart library, default network."""
    warm(DEFAULT)
    yield
    (left, right), (bottom, top) = _planar(DEFAULT).window()
    _heights(_planar(DEFAULT), View(x=(left, right), y=(bottom, top)))
    yield
    library.body("br")
    yield
    library.body("gzip")
    yield
    for data in (DEFAULT_DATA, DEFAULT_FEW_ROWS):
        warm(data)
        yield
    (left, right), (bottom, top) = _planar(DEFAULT_DATA).window()
    heights_frame(0, DEFAULT_DATA, View(x=(left, right), y=(bottom, top)), Grounds(0))
    yield
    cache: Cache[Snapshots] = Cache(2**26, size)
    for _ in landscape_frames(0, DEFAULT_NETWORK, Landscape(), cache, Grounds(0)):
        yield


def _planar(comparison: Comparison) -> Planar:
    problem = comparison.resolve()
    assert isinstance(problem, Planar)
    return problem


def _heights(surface: Planar, view: View) -> Heights:
    return heights(surface, view.x, view.y, view.width, view.height)


def _marks(surface: Planar) -> dict[str, Points]:
    """Return (x, y, value) of each minimum, saddle and maximum that is known for the present parameters."""
    found = {"minima": surface.minima(), "saddles": surface.saddles(), "maxima": surface.maxima()}
    return {name: [list(point) for point in points] for name, points in found.items()}


def _window(comparison: Comparison, wanted: Landscape) -> View:
    """Return a surface's domain, or a square of the wanted side around its middle."""
    (left, right), (bottom, top) = _planar(comparison).window()
    if wanted.span is not None:
        middle, reach = ((left + right) / 2, (bottom + top) / 2), wanted.span / 2
        left, right, bottom, top = middle[0] - reach, middle[0] + reach, middle[1] - reach, middle[1] + reach
    cells = wanted.resolution or RESOLUTION
    return View(x=(left, right), y=(bottom, top), width=cells, height=cells)


def _surface_answer(comparison: Comparison, grid: Heights, chunks: list[Chunk]) -> dict[str, Any]:
    """Return a surface's landscape: nothing is off its plane, so both losses are the same."""
    paths: list[dict[str, Any]] = []
    for run in join(chunks).runs:
        loss = run.arrays["loss"]
        paths.append({"xy": run.arrays["path"], "off_plane": 0 * loss, "true_loss": loss, "plane_loss": loss})
    return vars(grid) | {"hash": comparison.hash(), "paths": paths}


def _survey(
    comparison: Comparison, wanted: Landscape, resolution: int, snapshots: Snapshots | None, loc: str
) -> tuple[Plane, Iterator[Survey | None]]:
    """Return a network's plane, and the stages of its landscape, with None between; `loc` is where its problem is."""
    network = comparison.resolve()
    assert isinstance(network, Network)
    if snapshots is None:
        reason = "The weights of these runs are too large to be kept; use fewer runs or a smaller network"
        raise Refusal(422, [{"loc": f"{loc}.hidden", "msg": reason}])
    try:
        plane = _plane(network, wanted.plane, snapshots)
    except NothingFinite as error:
        reason = "The initial weights of all runs are infinite, so there is nothing to draw; scale them less"
        raise Refusal(422, [{"loc": f"{loc}.init_scale", "msg": reason}]) from error
    return plane, turns(network, snapshots.params, snapshots.at, plane, resolution, wanted.span)


def _affordable(comparison: Comparison, wanted: int | None, loc: str) -> int:
    """Return how fine a network's landscape is to be; every point is a pass over all rows.

    Args:
        comparison: the network's.
        wanted: cells along each axis; None: the usual number, or the most that a processor does not take minutes for.
        loc: where it was asked for.

    Raises:
        Refusal: what is wanted would take minutes.
    """
    network = comparison.resolve()
    assert isinstance(network, Network)
    each = 2 * count(network.sizes()) * find(network.dataset).train_rows
    most = int((MOST_WORK / each) ** 0.5)
    if wanted is not None and wanted > most:
        reason = f"Should be at most {most} for a network of this size, not {wanted}"
        raise Refusal(422, [{"loc": loc, "msg": reason}])
    return min(RESOLUTION, most) if wanted is None else wanted


def _plane(network: Network, choice: PlaneChoice, snapshots: Snapshots) -> Plane:
    """Return the plane that all runs are drawn in."""
    if choice.kind == "random":
        return random_plane(network.unravel(middle(snapshots.params)), choice.seed)
    return pca_plane(snapshots.params)
