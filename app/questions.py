"""What can be asked of the server beside a comparison, and how text becomes a question."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
)
from pydantic_core import PydanticCustomError

from app.errors import Refusal, explain
from core.problems.formula import Formula
from core.problems.planar import Planar
from core.spec import Comparison

MAX_ID = 2**53 - 1
MAX_CELLS = 1024
Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]


T = TypeVar("T", bound=BaseModel)


def _as_given(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    del handler
    return value


UNREAD = WrapValidator(_as_given)
"""Of a body: described as what it is to be, but left as it came, for `read_body` to read in a thread."""


def _ascending(interval: tuple[float, float]) -> tuple[float, float]:
    if interval[0] >= interval[1]:
        raise PydanticCustomError("interval", "Should be two numbers, the smaller one first")
    return interval


Point = tuple[Coordinate, Coordinate]
Interval = Annotated[tuple[Coordinate, Coordinate], AfterValidator(_ascending)]


class Question(BaseModel):
    """Base of what is asked: unknown fields are refused, and infinity is no number."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


class View(Question):
    """A window onto a surface."""

    x: Interval
    """From left to right."""
    y: Interval
    """From bottom to top."""
    width: int = Field(default=100, ge=2, le=MAX_CELLS)
    """Columns of the grid."""
    height: int = Field(default=80, ge=2, le=MAX_CELLS)
    """Rows of the grid."""


PLANES = ("identity", "random", "pca")


def _known(kind: object) -> object:
    if isinstance(kind, str) and kind not in PLANES:
        raise PydanticCustomError(
            "plane", "This plane is not there yet. Allowed: {names}", {"names": ", ".join(PLANES)}
        )
    return kind


class PlaneChoice(Question):
    """Which slice of parameter space: `identity` on a surface; `random` or `pca` for a network."""

    kind: Annotated[Literal["identity", "random", "pca"], BeforeValidator(_known)] = "pca"
    """Which plane."""
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    """Random directions follow from it."""


class Landscape(Question):
    """A landscape, as the stream is asked for it: the comparison stands beside it."""

    plane: PlaneChoice = PlaneChoice()
    """The slice."""
    resolution: int | None = Field(default=None, ge=3, le=201)
    """Cells along each axis; by default 51, or as many as a network that large allows."""
    span: float | None = Field(default=None, gt=0, le=100)
    """Side of the window in the plane's coordinates; by default as large as the domain, or the paths, need."""


class LandscapeQuestion(Landscape):
    """The body of `POST /api/landscape`."""

    comparison: Comparison
    """Whose landscape."""


class Slice(Question):
    """The body of `POST /api/profile`: a line through a landscape."""

    comparison: Comparison
    """Whose landscape."""
    ends: tuple[Point, Point]
    """From where to where, two different points."""
    count: int = Field(default=301, ge=3, le=MAX_CELLS)
    """Points on the line, both ends included."""

    @field_validator("ends")
    @classmethod
    def _apart(cls, ends: tuple[Point, Point]) -> tuple[Point, Point]:
        if ends[0] == ends[1]:
            raise PydanticCustomError("line", "Should be two different points")
        return ends


class Message(Question):
    """What a client says on the stream."""

    id: int = Field(ge=0, le=MAX_ID, strict=True)
    """Chosen by the client; every frame of the answer carries it."""
    comparison: Comparison | None = None
    """What to run."""
    view: View | None = None
    """Also send the heights of a surface on this window."""
    landscape: Landscape | None = None
    """Send a network's landscape instead of its runs."""
    refine: bool = False
    """Send nothing but the map of a loss over rows on `view`, ever finer until it holds all rows."""
    theory: bool = False
    """Also say what theory knows about the runs."""
    cancel: bool = False
    """Stop the request with this id."""


@dataclass(frozen=True)
class Said:
    """What a client said: JSON, not yet a message.

    Attributes:
        data: the JSON.
    """

    data: Any

    @property
    def identifier(self) -> int | None:
        """Return its id, if that can be read."""
        given: Any = self.data.get("id") if isinstance(self.data, dict) else None
        return given if type(given) is int and 0 <= given <= MAX_ID else None

    @property
    def dear(self) -> bool:
        """Say whether to read it takes long: of a formula a start is looked for, up to half a second."""
        match self.data:
            case {"comparison": {"problem": {"kind": "formula"}}}:
                return True
            case _:
                return False


def hear(text: str) -> Said:
    """Read the JSON of what a client said.

    Raises:
        Refusal: it is none.
    """
    return Said(_loads(text))


def read_message(said: Said) -> Message:
    """Read what a client said.

    Raises:
        Refusal: it is no message.
    """
    try:
        return _complete(Message.model_validate(said.data))
    except ValidationError as error:
        raise Refusal(422, explain(error.errors(), ("comparison",))) from error


def read_body(model: type[T], given: object) -> T:
    """Read the body of a request.

    Raises:
        RequestValidationError: it is not what the route takes.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        found = [one | {"loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(found, body=given) from error


def read_comparison(text: str) -> Comparison:
    """Read the comparison of an address.

    Raises:
        Refusal: it is none.
    """
    try:
        return Comparison.model_validate(_loads(text))
    except ValidationError as error:
        raise Refusal(422, explain(error.errors())) from error


def read_formula(expression: str, domain: str | None) -> Formula:
    """Read a formula, and the JSON of its domain.

    Raises:
        Refusal: it is none.
    """
    try:
        return Formula.model_validate({"expression": expression, "domain": None if domain is None else _loads(domain)})
    except ValidationError as error:
        # As within a comparison, where the names and bounds of its fields are known.
        found = [one | {"loc": ("problem", "formula", *one["loc"])} for one in error.errors()]
        errors = [one | {"loc": one["loc"].removeprefix("problem.")} for one in explain(found)]
        raise Refusal(422, errors) from error


def _complete(message: Message) -> Message:
    """Hold what no field can hold alone."""
    if message.cancel:
        return message
    if message.comparison is None:
        raise Refusal(422, [{"loc": "comparison", "msg": "Send a comparison, or cancel: true"}])
    surface = message.comparison.problem.kind != "network"
    if message.view is not None and not surface:
        raise Refusal(422, [{"loc": "view", "msg": "A network has no heights in x and y; ask for a landscape"}])
    if message.view is not None:
        _check_size(message.comparison, message.view)
    if message.refine and message.view is None:
        raise Refusal(422, [{"loc": "view", "msg": "Say which window is to be refined"}])
    if message.refine and message.comparison.problem.kind != "data":
        raise Refusal(422, [{"loc": "refine", "msg": "Only the map of a problem over rows of data is refined"}])
    if message.theory:
        check_theory(message.comparison)
    if message.landscape is not None:
        check_plane(message.landscape.plane, message.comparison, "landscape.plane.kind")
    return message


def _check_size(comparison: Comparison, view: View) -> None:
    """Refuse maps of more points, all surfaces together, than the finest one of one surface."""
    surfaces = 1 + len(comparison.own_surfaces())
    points = view.width * view.height * surfaces
    if points > MAX_CELLS**2:
        reason = f"Should have at most {MAX_CELLS**2 // surfaces} points, as there are maps of {surfaces} surfaces"
        raise Refusal(422, [{"loc": "view", "msg": reason}])


def check_theory(comparison: Comparison, loc: str = "theory") -> None:
    """Refuse theory of what has more parameters than two.

    Raises:
        Refusal: the Hessian of this problem is not to be had.
    """
    if not isinstance(comparison.resolve(), Planar):
        raise Refusal(422, [{"loc": loc, "msg": "Theory is told of problems of two parameters only"}])


def check_plane(plane: PlaneChoice, comparison: Comparison, loc: str = "plane.kind") -> None:
    """Refuse a plane that the problem does not have.

    Args:
        plane: what is asked for.
        comparison: whose problem it is.
        loc: where it was asked for.

    Raises:
        Refusal: with the kinds that it has.
    """
    allowed = ("random", "pca") if comparison.problem.kind == "network" else ("identity",)
    if plane.kind not in allowed:
        reason = f"Should be {' or '.join(allowed)} for this problem, not {plane.kind}"
        raise Refusal(422, [{"loc": loc, "msg": reason}])


def _loads(text: str) -> Any:
    """Read JSON; NaN and infinity pass here, because the fields refuse them by name."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"This is not JSON: {error.msg} at character {error.pos}"
        raise Refusal(400, [{"loc": "", "msg": reason}]) from error
    except (RecursionError, ValueError) as error:
        raise Refusal(
            400, [{"loc": "", "msg": "This JSON nests too deeply or has a number of too many digits"}]
        ) from error
