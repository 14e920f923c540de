"""A loss of two weights over rows of data, minimized by mini-batches of any size."""

from abc import abstractmethod
from dataclasses import replace
from functools import lru_cache
from typing import Any, ClassVar, Literal, NamedTuple, Self

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray
from pydantic import Field, PrivateAttr, field_validator, model_validator
from pydantic_core import PydanticCustomError

from core.definition import parameter
from core.problems.data import batches, sums, tables, tiles
from core.problems.data.minimum import Found, Vector, lowest, measure
from core.problems.data.sources import MOST_ROWS, Source
from core.problems.planar import Axes, Minimum, Planar

FIRST = 64
"""Rows of a batch that are drawn for a whole chunk of steps at once; what a larger batch has beyond, step by step."""
_SAMPLE = 1024
"""Rows on which the search for the minimum begins."""
_TYPICAL = 1000
"""Rows after which window, start and learning rates are chosen."""
_TURN = 3e7
"""Rows that the steps of a chunk may touch, all runs together: about a tenth of a second."""


WAYS = ("standardized", "raw")
_OF_STEEPEST = {"sgd": 1.5, "momentum": 0.15, "nesterov": 0.15}
"""Learning rates times the largest curvature: 2 is where gradient descent begins to diverge."""
_OF_WAY = {"adagrad": 0.2, "rmsprop": 0.02, "adam": 0.04}
"""Learning rates as shares of the way from the start to the minimum: these rules move by about their rate."""


class Place(NamedTuple):
    """What is shown first of a problem: window, start, and learning rates of the lecture's optimizers."""

    domain: Axes
    start: tuple[float, float]
    rates: dict[str, float]


class DataProblem(Planar):
    """Mean over rows of a loss of w₁x₁ + w₂x₂ and the row's target.

    The rows enter jitted code as arguments, so neither another data set nor another number of rows compiles anything
    but once per size of `tables.SIZES`.
    """

    sources: ClassVar[tuple[Source, ...]]
    """The data sets that it can be about."""
    teaches: ClassVar[str]
    """A sentence on what it shows."""
    intercept: ClassVar[bool] = False
    """Whether the second weight is an intercept: its feature is 1."""
    signed: ClassVar[bool] = False
    """Whether classes are −1 and 1 instead of 0 and 1."""
    sure: ClassVar[float | None] = None
    """Of two classes: w₁x₁ + w₂x₂ where one of them is told with 90 %."""
    quadratic: ClassVar[bool] = False
    """Whether the loss is quadratic, so that its Hessian says all."""
    drawn_by = ("batch_size",)
    chunk_steps = (128, 512)
    together = 2**15
    weight = 3

    kind: Literal["data"] = "data"
    name: str
    dataset: str
    """Which rows."""
    preprocess: Literal["standardized", "raw"] = "standardized"
    """Features with mean 0 and variance 1, or as they were measured."""
    rows: int = Field(default=10_000, ge=1, le=MOST_ROWS)
    """How many rows the loss is the mean of; by default 10,000, or all there are."""
    batch_size: int = parameter(
        64,
        "B",
        "Batch size: rows that a step looks at, drawn without replacement in each epoch",
        slider=(1, MOST_ROWS),
        scale="log",
        ge=1,
        le=MOST_ROWS,
    )

    _held: Any = PrivateAttr(default=None)

    @classmethod
    @abstractmethod
    def terms(cls, z: Any, y: Any, lib: Any) -> tuple[Any, Any, Any]:
        """Return a row's loss and its first two derivatives by z = w₁x₁ + w₂x₂, with `lib` NumPy or JAX's."""

    @model_validator(mode="before")
    @classmethod
    def _fitting(cls, given: Any) -> Any:
        """Write out the defaults that depend on how many rows there are."""
        if not isinstance(given, dict):
            return given
        wanted: dict[str, Any] = dict(given)
        name = wanted.get("dataset", cls.model_fields["dataset"].default)
        source = next((one for one in cls.sources if one.name == name), None)
        if source is not None:
            wanted.setdefault("rows", min(source.rows, cls.model_fields["rows"].default))
        if isinstance(wanted.get("rows"), int):
            wanted.setdefault("batch_size", max(1, min(wanted["rows"], cls.model_fields["batch_size"].default)))
        return wanted

    @field_validator("rows")
    @classmethod
    def _there(cls, rows: int, info: Any) -> int:
        most = next((one.rows for one in cls.sources if one.name == info.data.get("dataset")), MOST_ROWS)
        if rows > most:
            message = "Should be at most {most}, the rows that this data set has, not {rows}"
            raise PydanticCustomError("rows", message, {"most": most, "rows": rows})
        return rows

    @field_validator("batch_size")
    @classmethod
    def _within(cls, batch_size: int, info: Any) -> int:
        rows = info.data.get("rows", MOST_ROWS)
        if batch_size > rows:
            message = "Should be at most {rows}, the rows that there are, not {size}"
            raise PydanticCustomError("batch_size", message, {"rows": rows, "size": batch_size})
        return batch_size

    def taken_from(self) -> Source:
        """Return where its rows come from."""
        return next(one for one in type(self).sources if one.name == self.dataset)

    def table(self) -> tables.Table:
        """Return its rows."""
        raw = self.preprocess == "raw"
        return tables.load(self.taken_from(), self.rows, raw=raw, intercept=self.intercept, signed=self.signed)

    def structure(self) -> Self:
        """Return what compilation depends on: rows are arguments, so it is the class alone."""
        return type(self)()  # pyright: ignore[reportCallIssue]  # final classes give `name` and `dataset` a default

    def about(self) -> Any:  # Any, because no checker sees that a frozen pydantic class has a hash
        """Return what its loss depends on, apart from mini-batches: the same problem, to be a key."""
        return self.with_numbers({"batch_size": 1})

    def held(self) -> dict[str, Array]:
        """Return what jitted code reads: the rows, and what makes the loss of tiles that of all rows near its foot.

        The loss of an iterate is the mean over tiles of rows, see `tiles`, plus a linear function that makes value and
        gradient at the foot, the minimum where there is one, those of all rows. Of few rows it is exact.
        """
        return _held(self.about())

    def holding(self, held: Any) -> Self:
        """Return a copy that reads these arrays, traced ones too."""
        copy = self.model_copy()
        copy._held = held
        return copy

    def affordable(self, numbers: dict[str, Any]) -> int:
        """Return how many steps of runs with these numbers a chunk should have."""
        return max(1, int(_TURN / max(1.0, float(np.sum(numbers["batch_size"])))))

    def batches(self, key: Array, first: Array, steps: int) -> dict[str, Array]:
        """Return each step's first rows, gathered for all steps at once, and what the others follow from.

        Returns:
            `rows` (steps, FIRST, 3) and `weights` (steps, FIRST), which sum up to 1 where the batch has no more;
            `size` (steps,), and what `core.problems.data.batches.row` needs.
        """
        held = self._arrays()
        count = held["count"]
        size = jnp.clip(jnp.asarray(self.batch_size).astype(jnp.uint32), 1, count)
        drawn = batches.begin(key, first, steps, count, size)
        within = jnp.arange(FIRST, dtype=jnp.uint32)
        place = jnp.minimum(drawn["offset"][:, None] + within[None, :], count - 1)
        rows = jax.vmap(batches.row, in_axes=(0, 0, 0, None))(place, drawn["pivots"], drawn["flips"], count)
        weights = jnp.where(within < size, 1 / size.astype(jnp.float32), 0.0)
        return drawn | {
            "rows": held["rows"][rows.astype(jnp.int32)],
            "weights": jnp.broadcast_to(weights[None, :], (steps, FIRST)),
            "size": jnp.broadcast_to(size, (steps,)),
        }

    def either(self, run: Any, drawn: dict[str, Array], counts: Array) -> Any:
        """Run a chunk's steps in one of two ways: without a loop in each step where every batch is a small one.

        Args:
            run: takes the batches.
            drawn: those of all steps, each with as many as differ.
            counts: which steps count, shape (steps,); the batches of others are empty, so that they cost nothing.
        """
        size = jnp.where(counts[:, None], drawn["size"], 0)
        small = {name: drawn[name] for name in ("rows", "weights")}
        return jax.lax.cond(jnp.all(size <= FIRST), lambda: run(small), lambda: run(drawn | {"size": size}))

    def gradient(self, params: Array, batch: Any) -> tuple[Array, Array]:
        """Return the loss and its gradient on a mini-batch; without one, as `held` says."""
        if batch is None:
            return self.measured(self._arrays(), params)
        found = sums.totals(sums.parts(self.terms, params, batch["rows"], batch["weights"]))
        if "size" in batch:
            held = self._arrays()
            everything = batch["size"] == held["count"]
            beyond = sums.beyond(self.terms, FIRST, held["rows"], held["count"], params, batch)
            found = jnp.where(everything, 0.0, found) + beyond / jnp.maximum(batch["size"], 1).astype(jnp.float32)
        return found[0], found[1:]

    def loss(self, params: Array, batch: Any = None) -> Array:
        """Return the loss, shape (), at a point of shape (2,), on a mini-batch or as `held` says."""
        return self.gradient(params, batch)[0]

    def height(self, x: Array, y: Array) -> Array:
        """Return the loss at (x, y) as `held` says; the shapes broadcast."""
        held = self._arrays()
        x, y = jnp.broadcast_arrays(x, y)
        points = jnp.stack([x, y], axis=-1)
        return jax.vmap(lambda point: self.measured(held, point)[0])(points.reshape(-1, 2)).reshape(x.shape)

    def measured(self, held: dict[str, Array], params: Array) -> tuple[Array, Array]:
        """Return the loss, shape (), and its gradient, shape (2,), as `held` says."""
        off = params - held["foot"]
        if self.quadratic:
            bent = held["curvature"] @ off
            return held["level"] + jnp.vdot(held["tilt"] + bent / 2, off), held["tilt"] + bent
        found = sums.mean(self.terms, held["sample"], held["weights"], params)
        return found[0] + held["level"] + jnp.vdot(held["tilt"], off), found[1:] + held["tilt"]

    @property
    def sampled(self) -> int | None:
        """Return how many averages of rows the loss of iterates is measured on, where that is not all rows."""
        exact = self.quadratic or self.rows <= tiles.EXACT
        return None if exact else tiles.count(self.rows)

    def hessian(self, params: Array) -> Array:
        """Return the Hessian at a point, over the same tiles as `measured`."""
        held = self._arrays()
        if self.quadratic:
            return held["curvature"]
        return sums.bend(self.terms, held["sample"], held["weights"], params)

    def hessian_known(self, point: tuple[float, float]) -> NDArray[np.float64]:
        """Return the Hessian over all rows."""
        found = self.lowest()
        if self.quadratic or tuple(found.point) == point:
            return found.curvature
        return measure(self.terms, self.table().rows, np.array(point))[2]

    def window(self) -> Axes:
        """Return a window around the minimum that holds the start and (0, 0)."""
        return place(self.typical()).domain

    def origin(self) -> tuple[float, float]:
        """Return a point uphill from the minimum, both along the flat direction and the steep one."""
        return place(self.typical()).start

    def rates(self) -> dict[str, float]:
        """Return, for each lecture optimizer, a learning rate at which its path from the start tells something."""
        return place(self.typical()).rates

    def lowest(self) -> Found:
        """Return where Newton's method ends over all rows."""
        return _lowest(self.about())

    def minima(self) -> tuple[Minimum, ...]:
        """Return the minimum over all rows; none where the classes can be told apart without an error, say."""
        found = self.lowest()
        return ((float(found.point[0]), float(found.point[1]), found.loss),) if found.settled else ()

    def typical(self) -> Any:  # as `about`
        """Return the same problem with the rows after which window, start and rates are chosen."""
        return self.about().model_copy(update={"rows": min(_TYPICAL, self.taken_from().rows)})

    def setting_out(self, found: Found) -> Vector:
        """Return where runs start, for the minimum found: as much higher along the flat direction as along the steep.

        The loss, were it quadratic, would be as high there as at (0, 0), which lies on the same side of the valley.
        """
        values, vectors = np.linalg.eigh(found.curvature)
        along = vectors.T @ found.point
        reach = np.sqrt(0.5 * float(np.sum(values * along**2)) / values)
        return found.point + vectors @ (np.where(along < 0, -1, 1) * [-1, 1] * reach)

    def _arrays(self) -> dict[str, Array]:
        return self.held() if self._held is None else self._held

    @classmethod
    def entry(cls) -> dict[str, Any]:
        """Add the data sets, each with what is shown first of it, and what the problem teaches."""
        return super().entry() | {"teaches": cls.teaches, "sources": [cls._described(one) for one in cls.sources]}

    @classmethod
    def _described(cls, source: Source) -> dict[str, Any]:
        """Return what the catalog says of a data set: `places` has what is shown first, by preprocessing."""
        problems = {way: cls(dataset=source.name, preprocess=way) for way in WAYS}  # pyright: ignore[reportCallIssue]
        return {
            "name": source.name,
            "title": source.title,
            "rows": source.rows,
            "generated": source.generated,
            "axes": list(source.axes),
            "source": source.source,
            "places": {way: place(problem.typical())._asdict() for way, problem in problems.items()},
        }


@lru_cache(maxsize=256)
def place(problem: DataProblem) -> Place:
    """Return what is shown first of a problem: of the `typical` one, for all numbers of rows."""
    rows = problem.table().rows
    found = problem.lowest()
    scale = float(np.abs(found.curvature).max())
    # Rounded, so that of a round bowl the directions do not hang on the last digits.
    found = replace(found, curvature=np.round(found.curvature / scale, 5) * scale)
    start = problem.setting_out(found)
    way = np.abs(start - found.point)
    height = found.curvature @ (start - found.point) @ (start - found.point)
    extent = np.sqrt(height * np.diag(np.linalg.inv(found.curvature)))
    reach = np.maximum(1.3 * way, 1.2 * np.abs(found.point))
    reach = np.maximum(reach, np.minimum(1.15 * extent, 1.5 * reach))  # far off, a loss need not be like a quadratic
    points = (found.point, np.zeros(2), start)
    steepest = max(float(np.abs(np.linalg.eigvalsh(measure(problem.terms, rows, one)[2])).max()) for one in points)
    longest = float(way.max())
    (left, bottom), (right, top) = (
        [_round(value, size) for value, size in zip(corner, reach, strict=True)]
        for corner in (found.point - reach, found.point + reach)
    )
    rates = {name: _digits(share / steepest) for name, share in _OF_STEEPEST.items()}
    rates |= {name: _digits(share * longest) for name, share in _OF_WAY.items()}
    return Place(((left, right), (bottom, top)), (_round(start[0], reach[0]), _round(start[1], reach[1])), rates)


@lru_cache(maxsize=64)
def _lowest(problem: DataProblem) -> Found:
    return lowest(problem.terms, problem.table().rows, _SAMPLE)


@lru_cache(maxsize=tables.KEPT)
def _held(problem: DataProblem) -> dict[str, Array]:
    table, found = problem.table(), problem.lowest()
    points, weights = tiles.standing_for(table.rows)
    value, rise, _ = problem.terms(points[:, :2] @ found.point, points[:, 2], np)
    loss, slope = weights @ value, (weights * rise) @ points[:, :2]
    if problem.quadratic:
        loss, slope = 0.0, np.zeros(2)
    arrays = {
        "sample": points,
        "weights": weights,
        "foot": found.point,
        "level": found.loss - loss,
        "tilt": found.slope - slope,
        "curvature": found.curvature,
    }
    held = {name: jax.device_put(jnp.asarray(values, jnp.float32)) for name, values in arrays.items()}
    return held | {"rows": table.padded, "count": jnp.asarray(table.count, jnp.uint32)}


def _digits(value: float, digits: int = 2) -> float:
    return float(f"{value:.{digits}g}")


def _round(value: float, scale: float) -> float:
    """Round to a hundredth of the next lower power of ten of a scale."""
    return float(round(value, 2 - int(np.floor(np.log10(scale)))))
