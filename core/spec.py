"""The comparison: the one language of the page, the address bar, the command line and the HTTP API.

Every model here is made from the registries, so what can be asked for is what is declared there.
"""

import hashlib
import json
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, ValidationError, create_model, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from core.noise import NOISES, Noise, NoNoise
from core.optimizers import OPTIMIZERS, Optimizer
from core.problems.base import Problem
from core.problems.data import DATA_PROBLEMS
from core.problems.data.base import DataProblem
from core.problems.formula import Formula, Undefined
from core.problems.network import Network
from core.problems.planar import Planar
from core.problems.surfaces import SURFACES, Surface
from core.schedules import SCHEDULES, Schedule
from core.schedules.constant import Constant

MAX_RUNS = 32
MAX_STEPS = 20_000
MAX_ITERATES = 200_000
"""Runs × steps: what an answer may hold; 200,000 iterates are about 20 MB of JSON."""
MAX_OWN = 16
"""Values of the problem's numbers that a run may have of its own; no problem has more numbers."""
MAX_SEEDS = 256
MAX_MEMBERS = 2048
"""Runs × seeds: their histories are in memory at once, some 80 MB."""
MAX_ROWS = 10**8
"""Rows of data that a step may look at, of all runs and seeds: about a third of a second."""
MAX_ROWS_READ = 10**11
"""Rows that all steps may look at: some minutes."""
MAX_START = 1e4
MAX_SEED = 2**31 - 1

Coordinate = Annotated[float, Field(ge=-MAX_START, le=MAX_START, allow_inf_nan=False)]
Point = tuple[Coordinate, Coordinate]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]


def _union(members: list[Any], tag: str) -> Any:
    """Return the discriminated union of models; a single member is its own union."""
    return Annotated[reduce(or_, members), Discriminator(tag)] if len(members) > 1 else members[0]


if TYPE_CHECKING:
    AnySchedule = Schedule
    AnyNoise = Noise
else:
    AnySchedule = _union(list(SCHEDULES), "kind")
    AnyNoise = _union(list(NOISES), "kind")


class Fork(BaseModel):
    """Another course from a step on: the state is kept, some of the optimizer's numbers are other."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    at: Annotated[int, Field(ge=1, le=MAX_STEPS, description="The first step with the other numbers is the next one")]
    values: Annotated[dict[str, float], Field(max_length=MAX_OWN, description="Numbers of the optimizer from there on")]


class Run(Optimizer):
    """One optimizer with its settings inside a comparison."""

    schedule: Annotated[AnySchedule, Field(description="How the learning rate changes")] = Constant()
    label: Annotated[str | None, Field(max_length=40, description="Its name in the picture")] = None
    color: Annotated[str | None, Field(pattern="^#[0-9a-fA-F]{6}$", description="Its colour, such as #0072B2")] = None
    start: Annotated[Point | None, Field(description="Its own start on a surface")] = None
    seed: Annotated[Seed | None, Field(description="Its own seed")] = None
    noise: Annotated[AnyNoise | None, Field(description="Its own gradient noise")] = None
    fork: Annotated[Fork | None, Field(description="Other numbers from some step on")] = None
    problem: Annotated[
        dict[str, float], Field(max_length=MAX_OWN, description="Its own values of the problem's numbers")
    ] = {}

    def rule(self) -> Optimizer:
        """Return the optimizer alone, without the settings of the run."""
        return _RULES[type(self)].model_construct(
            **{name: getattr(self, name) for name in _RULES[type(self)].model_fields}
        )


def _run_class(optimizer: type[Optimizer]) -> type[Run]:
    """Join an optimizer's fields with those of a run, so that a run is one flat JSON object."""
    bases: Any = (optimizer, Run)  # no checker can order bases that it does not know
    made: Any = type(f"{optimizer.__name__}Run", bases, {"__module__": __name__, "__doc__": optimizer.__doc__})
    return made


_RULES: dict[type[Run], type[Optimizer]] = {_run_class(optimizer): optimizer for optimizer in OPTIMIZERS}


class SurfaceProblem(BaseModel):
    """A named test surface and its parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: Literal["surface"] = "surface"
    name: str
    parameters: Any

    def resolve(self) -> Surface:
        """Return the surface with these parameters."""
        return _SURFACES[self.name](**self.parameters.model_dump())


_SURFACES: dict[str, type[Surface]] = {surface.identifier(): surface for surface in SURFACES}


def _surface_class(surface: type[Surface]) -> type[SurfaceProblem]:
    """Make the model of one surface's JSON: kind, name, and its parameters one level below."""
    fields: dict[str, Any] = {name: (field.annotation, field) for name, field in surface.number_fields().items()}
    config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    parameters = create_model(f"{surface.__name__}Parameters", __config__=config, **fields)
    name: Any = surface.identifier()
    own: dict[str, Any] = {"name": (Literal[name], name), "parameters": (parameters, parameters())}
    return create_model(f"{surface.__name__}Problem", __base__=SurfaceProblem, __doc__=surface.teaches, **own)


if TYPE_CHECKING:
    AnyProblem = SurfaceProblem | Formula | DataProblem | Network
    AnyRun = Run
else:
    _BY_NAME = ([_surface_class(surface) for surface in SURFACES], list(DATA_PROBLEMS))
    AnyProblem = _union([*(_union(members, "name") for members in _BY_NAME), Formula, Network], "kind")
    AnyRun = _union(list(_RULES), "optimizer")


def _flatten(schema: dict[str, Any]) -> None:
    """Make one list of all problems: OpenAPI has no discriminator inside a discriminator."""
    schema.pop("discriminator", None)
    schema["oneOf"] = [one for member in schema["oneOf"] for one in member.get("oneOf", [member])]


class Comparison(BaseModel):
    """What to compare: one problem, one start, and the runs that race on it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    problem: Annotated[AnyProblem, Field(json_schema_extra=_flatten)]
    start: Annotated[Point | None, Field(description="Where runs on a surface start; by default the surface's own")] = (
        None
    )
    steps: Annotated[int, Field(ge=1, le=MAX_STEPS, description="Steps of every run")] = 300
    seed: Annotated[Seed, Field(description="Noise, initial weights and the order of mini-batches follow from it")] = 0
    seeds: Annotated[
        int, Field(ge=1, le=MAX_SEEDS, description="Run every run with this many seeds, from its own on, as a cloud")
    ] = 1
    noise: Annotated[AnyNoise, Field(description="What is added to every gradient")] = NoNoise()
    runs: Annotated[list[AnyRun], Field(min_length=1, max_length=MAX_RUNS, description="What races")]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Hold what no field can hold alone."""
        found = [*self._too_long(), *self._too_many(), *self._too_dear(), *self._misplaced(), *self._undefined()]
        for index, run in enumerate(self.runs):
            found += [*self._foreign(index, run), *_wrong_turn(index, run)]
        if found:
            raise ValidationError.from_exception_data("Comparison", found)
        return self

    def resolve(self) -> Problem:
        """Return the problem that all runs minimize, apart from their own numbers."""
        return self.problem.resolve() if isinstance(self.problem, SurfaceProblem) else self.problem

    def own_surfaces(self) -> dict[Planar, list[int]]:
        """Return the surfaces that are other than the shared one, each with the runs that are on it.

        Losses over rows have none: a run may have only a batch size of its own, on which no map hangs.
        """
        problem = self.resolve()
        found: dict[Planar, list[int]] = {}
        if not isinstance(problem, Planar) or isinstance(problem, DataProblem):
            return found
        for index, run in enumerate(self.runs):
            surface = problem.with_numbers(problem.numbers() | run.problem)
            if surface.numbers() != problem.numbers():
                found.setdefault(surface, []).append(index)
        return found

    def origin(self) -> Point:
        """Return the start that runs share; (0, 0) for a network, which has none."""
        problem = self.resolve()
        return self.start or (problem.origin() if isinstance(problem, Planar) else (0.0, 0.0))

    def canonical(self) -> dict[str, Any]:
        """Return the comparison with every default written out: equal for equal comparisons, and JSON throughout."""
        data = self.model_dump(mode="json", exclude_none=True)
        if isinstance(self.resolve(), Planar):
            data["start"] = list(self.origin())
        return data

    def to_text(self) -> str:
        """Return the canonical form as compact JSON with sorted keys: what stands in an address after `c=`."""
        return json.dumps(self.canonical(), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_text(cls, text: str) -> "Comparison":
        """Read what `to_text` wrote, or any JSON of a comparison.

        Raises:
            pydantic.ValidationError: with the location and what is allowed there.
        """
        return cls.model_validate_json(text)

    def hash(self) -> str:
        """Return the SHA-256 of the canonical text, in hexadecimal."""
        return hashlib.sha256(self.to_text().encode()).hexdigest()

    def _too_long(self) -> list[InitErrorDetails]:
        limit = min(type(self.resolve()).max_steps, MAX_ITERATES // len(self.runs))
        if self.steps <= limit:
            return []
        return [
            _error(
                ("steps",), f"Input should be at most {limit:,} for {len(self.runs)} runs of this problem", self.steps
            )
        ]

    def _too_many(self) -> list[InitErrorDetails]:
        most = MAX_MEMBERS // len(self.runs)
        if self.seeds <= most:
            return []
        return [_error(("seeds",), f"Input should be at most {most} for {len(self.runs)} runs", self.seeds)]

    def _too_dear(self) -> list[InitErrorDetails]:
        """Of large batches not all seeds and steps are to be had."""
        problem = self.problem
        if not isinstance(problem, DataProblem):
            return []
        rows = sum(max(1, int(run.problem.get("batch_size", problem.batch_size))) for run in self.runs)
        reason = f"for runs whose batches have {rows:,} rows together"
        most = max(1, MAX_ROWS // rows)
        if self.seeds > most:
            return [_error(("seeds",), f"Input should be at most {most} {reason}", self.seeds)]
        limit = max(1, MAX_ROWS_READ // (rows * self.seeds))
        if self.steps > limit:
            seeds = "" if self.seeds == 1 else f" and {self.seeds} seeds"
            return [_error(("steps",), f"Input should be at most {limit:,} {reason}{seeds}", self.steps)]
        return []

    def _misplaced(self) -> list[InitErrorDetails]:
        """A network has no start in the plane, its noise comes from its mini-batches, and it is trained once."""
        if isinstance(self.resolve(), Planar):
            return []
        found = [
            _error(
                ("runs", index, "optimizer"),
                f"{run.title} works on two parameters only, not on a network",
                run.optimizer,
            )
            for index, run in enumerate(self.runs)
            if run.plane_only
        ]
        found += [
            _error((*where, "start"), "A network starts from its initial weights; leave start out", holder.start)
            for where, holder in [((), self), *((("runs", i), run) for i, run in enumerate(self.runs))]
            if holder.start is not None
        ]
        found += [
            _error((*where, "noise"), "A network's noise comes from its mini-batches; only none is allowed", noise.kind)
            for where, noise in [((), self.noise), *((("runs", i), run.noise) for i, run in enumerate(self.runs))]
            if noise is not None and noise.kind != "none"
        ]
        if self.seeds > 1:
            found.append(_error(("seeds",), "A network is trained with one seed; only 1 is allowed", self.seeds))
        return found

    def _undefined(self) -> list[InitErrorDetails]:
        """A formula must have a value somewhere in its domain, and wherever a run starts."""
        problem = self.problem
        if not isinstance(problem, Formula):
            return []
        if self.start is None:  # the canonical form names one, even where every run has its own
            try:
                problem.origin()
            except Undefined as error:
                return [_error(("problem", "formula", error.field), str(error), problem.expression)]
        return [
            _error((*where, "start"), "The formula has no value there, or too large a one", start)
            for where, start in [((), self.start), *((("runs", i), run.start) for i, run in enumerate(self.runs))]
            if start is not None and not problem.defined(*start)
        ]

    def _foreign(self, index: int, run: Run) -> list[InitErrorDetails]:
        """A run's own problem values must be numbers of the problem, and valid ones."""
        problem = self.resolve()
        allowed = type(problem).number_fields()
        found: list[InitErrorDetails] = []
        for name, value in run.problem.items():
            where = ("runs", index, "problem", name)
            if name not in allowed:
                names = ", ".join(allowed) or "none, this problem has no numbers"
                found.append(_error(where, f"Not a number of this problem; allowed: {names}", value))
                continue
            try:
                type(problem).model_validate(problem.model_dump() | {name: value})
            except ValidationError as error:
                found += [_error(where, detail["msg"], value) for detail in error.errors()]
        return found


def _wrong_turn(index: int, run: Run) -> list[InitErrorDetails]:
    """What a run turns to must be numbers of its optimizer, and valid ones."""
    rule = run.rule()
    found: list[InitErrorDetails] = []
    for name, value in (run.fork.values if run.fork else {}).items():
        where = ("runs", index, "fork", "values", name)
        if name not in rule.number_fields():
            allowed = ", ".join(rule.number_fields())
            found.append(_error(where, f"Not a number of this optimizer; allowed: {allowed}", value))
            continue
        try:
            type(rule).model_validate(rule.model_dump() | {name: value})
        except ValidationError as error:
            found += [_error(where, detail["msg"], value) for detail in error.errors()]
    return found


def _error(where: tuple[str | int, ...], message: str, value: Any) -> InitErrorDetails:
    """Return one located error; braces in the message would be read as a template."""
    text = message.replace("{", "(").replace("}", ")")
    return InitErrorDetails(type=PydanticCustomError("comparison", text), loc=where, input=value)  # pyright: ignore[reportArgumentType]


__all__ = ["MAX_RUNS", "MAX_STEPS", "Comparison", "Run", "Schedule", "SurfaceProblem"]
