"""Saddles and traps: where the gradient vanishes and the goal is elsewhere."""

from typing import ClassVar, Literal

from core.definition import parameter
from core.problems.expression import Expression
from core.problems.surfaces.base import Guess, Surface


class Saddle(Surface):
    """Down along y, up along x, and flat in between."""

    title = "Saddle"
    order = 30
    formula = (r"f = x^2 - y^2",)
    teaches = "At the saddle the gradient is zero and nothing is solved: what matters is how fast one leaves it."
    domain = ((-2.0, 2.0), (-2.0, 2.0))
    start = (-1.6, 0.001)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.013, "momentum": 0.004, "nesterov": 0.004, "adagrad": 0.05, "rmsprop": 0.01, "adam": 0.02,
    }  # fmt: skip
    expression = Expression("x^2 - y^2")

    name: Literal["saddle"] = "saddle"


class MonkeySaddle(Surface):
    """Three valleys and three ridges meet in a point without slope or curvature."""

    title = "Monkey saddle"
    order = 130
    formula = (r"f = x^3 - 3 \, x \, y^2",)
    source = "Hilbert & Cohn-Vossen, Anschauliche Geometrie, 1932"
    teaches = "Not even the curvature points the way out: near this saddle every method is slow."
    domain = ((-1.5, 1.5), (-1.5, 1.5))
    start = (1.2, 0.02)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.003, "momentum": 0.0004, "nesterov": 0.0004, "adagrad": 0.03, "rmsprop": 0.004, "adam": 0.006,
    }  # fmt: skip
    expression = Expression("x^3 - 3*x*y^2")

    name: Literal["monkey_saddle"] = "monkey_saddle"


class LocalMinimum(Surface):
    """Two basins, the nearer one not the deeper."""

    title = "Local minimum"
    order = 40
    formula = (r"f = \frac{(x^2 - 4)^2}{16} - 0.3 \, x + \frac{y^2}{2}",)
    teaches = "SGD stops in the first basin, whose gradient is zero too; momentum arrives fast enough to roll through."
    domain = ((-4.2, 4.2), (-2.8, 2.8))
    start = (-3.9, 1.8)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.05, "momentum": 0.03, "nesterov": 0.03, "adagrad": 0.3, "rmsprop": 0.03, "adam": 0.1,
    }  # fmt: skip
    expression = Expression("(x^2 - 4)^2/16 - 0.3*x + y^2/2")

    name: Literal["local_minimum"] = "local_minimum"

    def guesses(self) -> tuple[Guess, ...]:
        """Return one point in either basin."""
        return ((2.1, 0.0), (-1.8, 0.0))


class NarrowMinimum(Surface):
    """A wide basin with a narrow hole in its wall."""

    title = "Narrow minimum"
    order = 50
    formula = (r"f = \frac{x^2 + y^2}{10} - d \, e^{-\frac{(x + 2)^2 + (y - 1)^2}{2 w^2}}",)
    teaches = "A deep hole that is narrow enough: momentum jumps over it and ends in the wide basin, SGD falls in."
    domain = ((-5.5, 3.5), (-2.5, 4.0))
    start = (-4.6, 3.0)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.1, "momentum": 0.1, "nesterov": 0.1, "adagrad": 0.3, "rmsprop": 0.02, "adam": 0.1,
    }  # fmt: skip
    expression = Expression("(x^2 + y^2)/10 - depth*exp(-((x + 2)^2 + (y - 1)^2)/(2*width^2))", ("width", "depth"))

    name: Literal["narrow_minimum"] = "narrow_minimum"
    width: float = parameter(0.35, "w", "Width of the hole", slider=(0.05, 1.5), scale="log", ge=0.01)
    depth: float = parameter(1.5, "d", "Depth of the hole", slider=(0.0, 4.0), ge=0)

    def guesses(self) -> tuple[Guess, ...]:
        """Return the hole and the middle of the basin; a hole that is shallow or wide has no minimum of its own."""
        return ((-2.0, 1.0), (0.0, 0.0))
