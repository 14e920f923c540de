"""The shapes of the answers, for OpenAPI and the page's types; the bytes are written without them."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Numbers = list[float]


class RunAnswer(BaseModel):
    """One run: on a surface its iterates, on a network what was measured at the steps `at`."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    optimizer: str
    """Its name."""
    status: str
    """`ok` or `diverged`."""
    steps: int
    """Steps taken; a diverged run ends at its last finite iterate."""
    path: list[tuple[float, float]] | None = None
    """The iterates; the first is the start."""
    loss: Numbers | None = None
    """The true loss at each iterate."""
    grad_norm: Numbers
    """Length of the true gradient at each iterate; on a network, of each step's mini-batch gradient."""
    step_norm: Numbers
    """Length of each step."""
    lr: Numbers
    """Learning rate of each step."""
    gradient: list[tuple[float, float]] | None = None
    """On a surface: the gradient that the optimizer saw in each step, noise and mini-batch included."""
    batch_loss: Numbers | None = None
    """Loss of each step's mini-batch."""
    at: Numbers | None = None
    """Steps done where the network was evaluated."""
    train_loss: Numbers | None = None
    """Loss over the training rows."""
    test_loss: Numbers | None = None
    """Loss over the test rows."""
    test_accuracy: Numbers | None = None
    """Share of the test rows that are classified rightly."""
    diverged: int | None = None
    """How many of several seeds diverged."""
    loss_band: list[tuple[float, float, float]] | None = None
    """Where there are several seeds: at each iterate the loss that a tenth of them, half of them, nine tenths of them
    do not exceed; one that diverged counts as the largest number."""
    grad_norm_band: list[tuple[float, float, float]] | None = None
    """The same of the length of the true gradient."""
    step_norm_band: list[tuple[float, float, float]] | None = None
    """The same of the length of each step."""
    path_median: list[tuple[float, float]] | None = None
    """The median of each coordinate over the seeds that have not diverged."""
    cloud: list[list[tuple[float, float]]] | None = None
    """Where up to 64 seeds are at the start and after every fourth step."""


class Answer(BaseModel):
    """The answer to a comparison."""

    hash: str
    """SHA-256 of the canonical comparison: the same hash, the same bytes."""
    runs: list[RunAnswer]
    """In the comparison's order."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class CanonicalAnswer(BaseModel):
    """A comparison with nothing left out."""

    hash: str
    comparison: dict[str, Any]


class PathAnswer(BaseModel):
    """A run as a plane shows it, and what the plane hides."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    xy: list[tuple[float, float]]
    """Its snapshots in the plane's coordinates."""
    off_plane: Numbers
    """Their distance from the plane."""
    true_loss: Numbers
    """The loss at the snapshots themselves."""
    plane_loss: Numbers
    """The loss at their feet in the plane."""


class LandscapeAnswer(BaseModel):
    """A landscape: losses on a grid of a plane, and the runs in it."""

    model_config = ConfigDict(extra="allow")

    hash: str
    x: Numbers
    y: Numbers
    loss: list[Numbers]
    paths: list[PathAnswer]


class StationaryPoint(BaseModel):
    """A point where a surface has no slope, or where a kink of it is lowest or highest."""

    x: float
    y: float
    value: float
    kind: Literal["minimum", "saddle", "maximum", "degenerate"]
    """By the Hessian; `degenerate` where that does not tell."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class FormulaAnswer(BaseModel):
    """What was found out about a formula."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    expression: str
    """As it was typed."""
    mathml: str
    """The same as a `<math>` element."""
    domain: tuple[tuple[float, float], tuple[float, float]]
    """The one asked about, or a proposed one."""
    start: tuple[float, float]
    """A proposed start."""
    rates: dict[str, float]
    """Per lecture optimizer a learning rate at which its path from there tells something."""
    stationary: list[StationaryPoint]
    """Within the domain and a quarter of its sides around it; minima first."""
    undefined: bool
    """Whether there is no value in part of the domain."""


class BestAnswer(BaseModel):
    """The settings that shrink the distance fastest on every quadratic as narrow as this."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    numbers: dict[str, float]
    """`lr`, and `rho` where there is one."""
    rate: float
    """The factor per step that they reach."""


class SlopeAnswer(BaseModel):
    """How fast log₁₀ of the loss above the minimum changes per step."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    first: int
    """The first step of the stretch that is looked at: the later half, up to where rounding ends it."""
    last: int
    """Its last step."""
    predicted: float | None
    """What the spectral radius says, at the learning rates of the stretch."""
    measured: float
    """The slope of a straight line through the logarithms."""
    level: float
    """That line at `first`."""


class RunTheory(BaseModel):
    """What theory says about one run; null where it says nothing."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    point: tuple[float, float]
    """Where: the known minimum nearest to the run's end, or that end where none is known."""
    value: float
    """The loss there."""
    minimum: bool
    """Whether it is a known minimum."""
    curvatures: tuple[float, float]
    """The smallest and the largest eigenvalue of the Hessian there."""
    condition: float | None
    """Their ratio, where both are positive."""
    limit: float | None
    """The largest stable learning rate at the run's rho."""
    rate: float | None
    """The factor per step at the run's settings, in the end."""
    best: BestAnswer | None
    """The best settings."""
    slope: SlopeAnswer | None
    """Predicted and measured."""
    sampled: int | None
    """Of a loss over rows: over how many averages of rows the curvatures along the path, which the stream tells, are
    taken; null where they are exact. All that is told here is about all rows, and about steps that look at all of
    them."""


class TheoryAnswer(BaseModel):
    """What theory says about a comparison."""

    hash: str
    runs: list[RunTheory]
    """In the comparison's order."""


class LevelAnswer(BaseModel):
    """A point of a line where the slope along it vanishes."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    along: float
    """Share of the way."""
    loss: float
    kind: str
    """`minimum` or `maximum`, along the line."""
    gradient: float
    """Length of the whole gradient there."""


class ProfileAnswer(BaseModel):
    """A slice of a landscape."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    x: Numbers
    y: Numbers
    loss: list[float | None]
    """Null where the surface has no height."""
    slope: list[float | None]
    """Loss per length along the line."""
    level: list[LevelAnswer]
    """Where the slope vanishes."""


class AxisAnswer(BaseModel):
    """A column of data."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str
    unit: str
    """Empty where it is not known, or there is none."""
    standardized: bool
    """Whether its numbers have mean 0 and variance 1."""


class RowsAnswer(BaseModel):
    """A sample of the rows that a loss is the mean over."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    line: Literal["fit", "threshold"]
    """What weights w are in this plane: the line y = w₁x + w₂, or the line w₁x + w₂y = 0."""
    x: Numbers
    y: Numbers
    positive: list[bool] | None
    """Of a threshold: which rows belong to the class that is to be told."""
    told: str
    """What the prediction is about."""
    sure: float | None
    """Of a threshold: w₁x + w₂y where that class is told with 90 %."""
    axes: tuple[AxisAnswer, AxisAnswer]
    """Of x and of y."""
    count: int
    """How many rows the loss is the mean of."""


class FieldError(BaseModel):
    """One thing that is wrong."""

    loc: str
    msg: str
    column: int | None = None
    """Of a text that is wrong at a character: which one, counted from 1."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Problem(BaseModel):
    """An error, RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError]


class Catalog(BaseModel):
    """Everything that can be chosen."""

    surfaces: list[dict[str, Any]]
    data: list[dict[str, Any]]
    networks: list[dict[str, Any]]
    optimizers: list[dict[str, Any]]
    schedules: list[dict[str, Any]]
    noises: list[dict[str, Any]]
    datasets: list[dict[str, Any]]
    formula: dict[str, list[str]]
    scenes: list[dict[str, Any]]
    limits: dict[str, dict[str, float]]
    default: dict[str, Any]
    default_data: dict[str, Any]
    default_network: dict[str, Any]
