"""What the server says on the stream, in bytes; the only place that knows the layout, with its twin in the page.

A frame is one binary message:

| bytes | what |
| --- | --- |
| 4 | `RVN1` |
| 4 | H, the length of the header, unsigned, little-endian |
| H | the header: JSON in UTF-8, padded with spaces so that 8 + H is a multiple of 8 |
| rest | the arrays back to back, little-endian float32, the last index running fastest |

The header names the arrays: `{"id": 7, "kind": "chunk", …, "arrays": [{"name": "path", "run": 0, "shape": [501, 2],
"offset": 0}, …]}`. `offset` counts bytes from the end of the header. `run` is left out where an array belongs to no
run. `id` is the request's; an error that belongs to no request has `"id": null`.

What the kinds have beside `id` and `arrays`:

* `chunk`: `first`, `last`, `total` (steps) and `runs: [{"status": "ok", "steps": 500}, …]`, the status being `ok` or
  `diverged`; with several seeds also `diverged`, how many of them. Arrays, each with its `run`: those of
  `core/frames.py`; concatenated over a request's chunks they are the
  answer of `POST /api/run`, bit for bit. Where theory was asked for, the last chunk has it: `theory`, an entry a run as
  `POST /api/theory` has it, and of each run `curvatures` (steps + 1, 2), λmin and λmax at every iterate.
* `heights`: `minima`, `saddles` and `maxima`, each `[[x, y, value], …]`, as far as they are known for the present
  parameters; `shading: {lowest, rise, scale}`, by which a loss has its shade, log(1 + h / (rise·scale)) /
  log(1 + 1 / scale) with h = loss − lowest; arrays `x` (w,), `y` (h,), `loss` (h, w) and `shade` (h, w), which goes
  from 0 to 1 and is what is drawn. Where the surface has no height `shade` is −1 and `loss` not finite.
  Where runs have other numbers of the surface than the comparison `own`: for each such surface the `runs` that are on
  it, its `minima`, `saddles`, `maxima` and `shading`; its arrays `loss` and `shade` have the first of them as `run`.
  Of a loss over rows of data also `rows`, over how many the heights are the mean so far, and `count`, how many there
  are.
* `landscape`: `stage` (`training`, `coarse` or `fine`) and `axes: [{"variance": 0.53}, …]`. While training `last` and
  `total` (steps), and no arrays. Then `x`, `y`, `loss`, `shade` as above, and of each run `xy` (k, 2), `at`,
  `off_plane`, `travelled` (k,), and of some of these iterates `loss_at`, `true_loss`, `plane_loss` (j,).
* `done`: `hash` of the comparison. The request is complete; one that was superseded or cancelled has no such frame.
* `error`: `status`, `title`, `errors: [{"loc": "runs.0.rho", "msg": "…"}, …]`, each with a `column` too where a text is
  wrong at a character. The socket lives on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from core.frames import Chunk
from core.landscape.heights import Heights
from core.landscape.network import Survey
from core.landscape.rows import Ground

Marks = Mapping[str, Sequence[Sequence[float]]]
"""`minima`, `saddles` and `maxima` of a surface, each (x, y, value)."""


@dataclass(frozen=True)
class Own:
    """The heights of a surface whose numbers some runs have of their own."""

    runs: Sequence[int]
    heights: Heights
    marks: Marks


@dataclass(frozen=True)
class Told:
    """What theory says: of each run, and λmin and λmax at each of its iterates, shape (steps + 1, 2)."""

    runs: Sequence[Mapping[str, Any]]
    along: Sequence[NDArray[np.float32]]


MAGIC = b"RVN1"
ALIGNMENT = 8
_PREFIX = len(MAGIC) + 4


@dataclass(frozen=True)
class Part:
    """A named array of a frame, of one run or (`run` None) of none."""

    name: str
    values: NDArray[Any]
    run: int | None = None


def encode(header: Mapping[str, Any], parts: Iterable[Part] = ()) -> bytes:
    """Write a frame.

    Args:
        header: what the kind needs, without `arrays`; JSON values and NumPy arrays.
        parts: the arrays, of any shape; they are sent as float32.
    """
    listed: list[dict[str, Any]] = []
    blocks: list[bytes] = []
    offset = 0
    for part in parts:
        values = np.asarray(part.values)
        block = np.ascontiguousarray(values, "<f4").tobytes()
        entry: dict[str, Any] = {"name": part.name, "shape": list(values.shape), "offset": offset}
        listed.append(entry if part.run is None else entry | {"run": part.run})
        blocks.append(block)
        offset += len(block)
    text = orjson.dumps({**header, "arrays": listed}, option=orjson.OPT_SERIALIZE_NUMPY)
    text += b" " * (-(_PREFIX + len(text)) % ALIGNMENT)
    return b"".join((MAGIC, len(text).to_bytes(4, "little"), text, *blocks))


def decode(frame: bytes) -> tuple[dict[str, Any], list[Part]]:
    """Read a frame: its header, without `arrays`, and the arrays.

    Raises:
        ValueError: these bytes are no frame.
    """
    if frame[: len(MAGIC)] != MAGIC:
        raise ValueError(f"a frame begins with {MAGIC!r}, not {frame[: len(MAGIC)]!r}")
    body = _PREFIX + int.from_bytes(frame[len(MAGIC) : _PREFIX], "little")
    header = orjson.loads(frame[_PREFIX:body])
    parts: list[Part] = []
    for entry in header.pop("arrays"):
        count = int(np.prod(entry["shape"]))
        values = np.frombuffer(frame, "<f4", count, body + entry["offset"]).reshape(entry["shape"])
        parts.append(Part(entry["name"], values, entry.get("run")))
    return header, parts


def chunk_frame(identifier: int, chunk: Chunk, told: Told | None = None) -> bytes:
    """Write a stretch of a comparison, with the last one what theory says; snapshots of weights stay on the server."""
    header: dict[str, Any] = {
        "id": identifier,
        "kind": "chunk",
        "first": chunk.first,
        "last": chunk.last,
        "total": chunk.total,
        "runs": [run.state() for run in chunk.runs],
    }
    parts = [Part(name, values, run) for run, frame in enumerate(chunk.runs) for name, values in frame.arrays.items()]
    if told is not None:
        header["theory"] = told.runs
        parts += [Part("curvatures", values, run) for run, values in enumerate(told.along)]
    return encode(header, parts)


def done_frame(identifier: int, digest: str) -> bytes:
    """Write that a request is complete."""
    return encode({"id": identifier, "kind": "done", "hash": digest})


def error_frame(identifier: int | None, status: int, title: str, errors: Sequence[Mapping[str, Any]]) -> bytes:
    """Write that a request, or a message that is none, was refused."""
    return encode({"id": identifier, "kind": "error", "status": status, "title": title, "errors": errors})


def heights_frame(
    identifier: int, heights: Heights, marks: Marks, ground: Ground | None = None, own: Sequence[Own] = ()
) -> bytes:
    """Write the heights of a surface.

    Args:
        identifier: of the request.
        heights: they.
        marks: its `minima`, `saddles` and `maxima`, each (x, y, value).
        ground: what they come from, where they are the mean over rows of data.
        own: those of runs that are on another surface, on the same window.
    """
    parts = [Part(name, getattr(heights, name)) for name in ("x", "y", "loss", "shade")]
    parts += [Part(name, getattr(one.heights, name), one.runs[0]) for one in own for name in ("loss", "shade")]
    header: dict[str, Any] = {"id": identifier, "kind": "heights", **marks, "shading": vars(heights.shading)}
    if own:
        header["own"] = [{"runs": one.runs, **one.marks, "shading": vars(one.heights.shading)} for one in own]
    over = {} if ground is None else {"rows": ground.rows, "count": ground.count}
    return encode({**header, **over}, parts)


def training_frame(identifier: int, chunk: Chunk) -> bytes:
    """Write how far a network is that must be trained before its landscape can be drawn."""
    header = {"id": identifier, "kind": "landscape", "stage": "training", "axes": []}
    return encode(header | {"last": chunk.last, "total": chunk.total})


def landscape_frame(identifier: int, survey: Survey, variance: Sequence[float] | None) -> bytes:
    """Write a network's landscape; `variance` is each axis's share, where the plane was chosen by it."""
    axes = [{"variance": share} for share in variance] if variance is not None else [{}, {}]
    parts = [Part(name, getattr(survey, name)) for name in ("x", "y", "loss", "shade")]
    for run, path in enumerate(survey.paths):
        parts += [Part(name, values, run) for name, values in vars(path).items()]
    return encode({"id": identifier, "kind": "landscape", "stage": survey.stage, "axes": axes}, parts)
