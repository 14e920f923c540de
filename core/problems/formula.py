"""A surface that somebody typed: a loss of two numbers from a text."""

from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from jax import Array
from pydantic import AfterValidator, Field, PrivateAttr
from pydantic_core import PydanticCustomError

from core.problems.expression import Expression
from core.problems.planar import Axes, Minimum, Planar
from core.problems.proposal import propose_domain, propose_rates, propose_start
from core.problems.stationary import Kind, Numbers, Stationary, stationary_points

EXAMPLES = (
    "x^2 + 10*sin(y)",
    "x^2 - y^2",
    "(1 - x)^2 + 100*(y - x^2)^2",
    "sin(x)*cos(y) + (x^2 + y^2)/20",
    "log(x^2 + y^2 + 0.1)",
    "abs(x) + sqrt(abs(y))",
    "x^2 - log(x) + y^2",
)
"""What somebody may begin with: a valley between two walls, a saddle, a bend, many minima, a hole, kinks, an edge."""
MAX_COORDINATE = 1e4
_MARGIN = 0.25
"""Of the domain's side: how far around it stationary points are looked for; a map may be wider than its domain."""


def _read(text: str) -> str:
    parsed(text)
    return text


def _ascending(axis: tuple[float, float]) -> tuple[float, float]:
    if not axis[1] - axis[0] > 1e-6 * max(1.0, abs(axis[0]), abs(axis[1])):
        raise PydanticCustomError("interval", "Should be two numbers, the smaller one first")
    return axis


Coordinate = Annotated[float, Field(ge=-MAX_COORDINATE, le=MAX_COORDINATE, allow_inf_nan=False)]
Axis = Annotated[tuple[Coordinate, Coordinate], AfterValidator(_ascending)]


@lru_cache(maxsize=256)
def parsed(text: str) -> Expression:
    """Return a formula's expression.

    Raises:
        ExpressionError: the text is no formula.
    """
    return Expression(text)


class Undefined(ValueError):  # noqa: N818  (what a formula is, rather than what went wrong)
    """A formula without a value all over its domain; `field` is the one to change."""

    def __init__(self, domain: Axes | None) -> None:
        where = "anywhere" if domain is None else "anywhere in this domain"
        super().__init__(f"The formula has no value {where}, or none that is not too large")
        self.field = "expression" if domain is None else "domain"


class Formula(Planar):
    """A loss of x and y from a text.

    What is compiled is the text's shape: its numbers, but for exponents, are traced, so that 11 in the place of 10
    compiles nothing.
    """

    title: ClassVar[str] = "Formula"
    in_haste: ClassVar[bool] = True

    kind: Literal["formula"] = "formula"
    expression: Annotated[str, AfterValidator(_read)]
    """A text in x and y, such as x^2 + 10*sin(y)."""
    domain: tuple[Axis, Axis] | None = None
    """The part of the plane shown first: [x from, x to], [y from, y to]; proposed where it is not given."""

    _traced: tuple[Any, ...] | None = PrivateAttr(None)

    def numbers(self) -> dict[str, float]:
        """Return the numbers of the text, in order, as float32 has them."""
        with np.errstate(over="ignore"):
            values = [float(np.float32(value)) for value in parsed(self.expression).numbers]
        return {_name(place): value for place, value in enumerate(values)}

    def structure(self) -> Self:
        """Return the formula whose numbers are all 1."""
        return type(self).model_construct(expression=parsed(self.expression).shape)

    def with_numbers(self, numbers: dict[str, Any]) -> Self:
        """Return a copy with other numbers, traced ones too."""
        made = self.model_copy()
        made._traced = tuple(numbers[_name(place)] for place in range(len(numbers)))
        return made

    def as_expression(self) -> Expression:
        """Return the text as it was typed."""
        return Expression(self.expression)

    def height(self, x: Array, y: Array) -> Array:
        """Return the height at (x, y); the shapes broadcast."""
        return parsed(self.expression).evaluate(self._traced, x=x, y=y)

    def exact(self, x: Numbers, y: Numbers) -> Numbers:
        """Return the height at (x, y) with 64 bits."""
        return parsed(self.expression).evaluate_numpy(x=x, y=y)

    def defined(self, x: float, y: float) -> bool:
        """Say whether there is a height at a point, one that float32 can hold."""
        return bool(np.abs(self.exact(np.asarray(x), np.asarray(y))) <= np.finfo(np.float32).max)  # NaN compares false

    def window(self) -> Axes:
        """Return the domain, a proposed one where none is given."""
        return self.domain or _domain(self.expression)

    def origin(self) -> tuple[float, float]:
        """Return the proposed start.

        Raises:
            Undefined: there is no height all over the domain.
        """
        return _start(self.expression, self.domain)

    def rates(self) -> dict[str, float]:
        """Return per lecture optimizer a learning rate at which its path from the proposed start tells something."""
        return dict(_rates(self.expression, self.domain))

    def stationary(self) -> tuple[Stationary, ...]:
        """Return the points without slope in the domain and around it; minima first."""
        return _stationary(self.expression, self.domain)

    def minima(self) -> tuple[Minimum, ...]:
        """Return the minima found in the domain and around it; the lowest first."""
        return self._of("minimum")

    def saddles(self) -> tuple[Minimum, ...]:
        """Return the saddles found in the domain and around it."""
        return self._of("saddle")

    def maxima(self) -> tuple[Minimum, ...]:
        """Return the maxima found in the domain and around it."""
        return self._of("maximum")

    def _of(self, kind: Kind) -> tuple[Minimum, ...]:
        return tuple(point[:3] for point in self.stationary() if point.kind == kind)

    def has_holes(self) -> bool:
        """Say whether the height is undefined in part of the domain, as far as a fine grid tells."""
        x, y = (np.linspace(*axis, 201) for axis in self.window())
        return not np.isfinite(self.exact(x[:, None], y[None, :])).all()

    def described(self) -> dict[str, Any]:
        """Return what a catalog entry says of a surface, and what was found out about this one.

        Raises:
            Undefined: there is no height all over the domain.
        """
        return {
            "expression": self.expression,
            "mathml": parsed(self.expression).mathml,
            "domain": [list(axis) for axis in self.window()],
            "start": list(self.origin()),
            "rates": self.rates(),
            "stationary": [point._asdict() for point in self.stationary()],
            "undefined": self.has_holes(),
        }


def _name(place: int) -> str:
    return f"number{place}"


@lru_cache(maxsize=256)
def _domain(text: str) -> Axes:
    return propose_domain(Formula(expression=text).exact) or ((-3.0, 3.0), (-3.0, 3.0))


@lru_cache(maxsize=256)
def _stationary(text: str, domain: Axes | None) -> tuple[Stationary, ...]:
    formula = Formula(expression=text, domain=domain)
    around = [(low - _MARGIN * (high - low), high + _MARGIN * (high - low)) for low, high in formula.window()]
    return stationary_points(formula.exact, (around[0], around[1]))


@lru_cache(maxsize=256)
def _start(text: str, domain: Axes | None) -> tuple[float, float]:
    formula = Formula(expression=text, domain=domain)
    found = propose_start(formula.exact, formula.window(), [minimum[:2] for minimum in formula.minima()])
    if found is None:
        raise Undefined(domain)
    return found


@lru_cache(maxsize=256)
def _rates(text: str, domain: Axes | None) -> tuple[tuple[str, float], ...]:
    formula = Formula(expression=text, domain=domain)
    return tuple(propose_rates(formula.exact, formula.window(), formula.origin()).items())
