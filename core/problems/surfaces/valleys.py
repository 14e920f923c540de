"""Valleys: a curved or flat floor that has to be followed to the one minimum."""

from typing import ClassVar, Literal

from core.definition import parameter
from core.problems.expression import Expression
from core.problems.surfaces.base import Guess, Surface


class Rosenbrock(Surface):
    """The banana valley: finding its floor is easy, following it is not."""

    title = "Rosenbrock"
    order = 20
    formula = (r"f = (1 - x)^2 + b \, (y - x^2)^2",)
    source = "Rosenbrock, An automatic method for finding the greatest or least value of a function, 1960"
    teaches = "A curved valley with a nearly flat floor: the direction that was good a moment ago no longer is."
    domain = ((-2.0, 2.0), (-1.0, 3.0))
    start = (-1.5, 2.0)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.0008, "momentum": 0.0008, "nesterov": 0.0008, "adagrad": 0.5, "rmsprop": 0.03, "adam": 0.1,
    }  # fmt: skip
    expression = Expression("(1 - x)^2 + steepness*(y - x^2)^2", ("steepness",))

    name: Literal["rosenbrock"] = "rosenbrock"
    steepness: float = parameter(100.0, "b", "Steepness of the walls", slider=(1.0, 100.0), scale="log", gt=0)

    def guesses(self) -> tuple[Guess, ...]:
        """Return the end of the floor."""
        return ((1.0, 1.0),)


class Beale(Surface):
    """Flat middle, steep corners: gradients differ by a factor of thousands."""

    title = "Beale"
    order = 120
    formula = (r"f = (1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2",)
    source = "Beale, On an iterative method for finding a local minimum, 1958"
    teaches = "Flat in the middle and steep at the corners: one learning rate can hardly suit both."
    domain = ((-4.5, 4.5), (-4.5, 4.5))
    start = (1.0, 1.6)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.01, "momentum": 0.002, "nesterov": 0.002, "adagrad": 0.5, "rmsprop": 0.03, "adam": 0.1,
    }  # fmt: skip
    expression = Expression("(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2")

    name: Literal["beale"] = "beale"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the one minimum."""
        return ((3.0, 0.5),)
