"""Many minima: where one ends depends on the start, the steps and the noise."""

from typing import ClassVar, Literal

from core.problems.expression import Expression
from core.problems.surfaces.base import Guess, Minimum, Surface, lattice


class Himmelblau(Surface):
    """Four minima of the same depth."""

    title = "Himmelblau"
    order = 70
    formula = (r"f = (x^2 + y - 11)^2 + (x + y^2 - 7)^2",)
    source = "Himmelblau, Applied Nonlinear Programming, 1972"
    teaches = "Four equal minima: from one start, different optimizers find different ones."
    domain = ((-5.0, 5.0), (-5.0, 5.0))
    start = (-0.3, -0.6)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.01, "momentum": 0.01, "nesterov": 0.005, "adagrad": 0.5, "rmsprop": 0.05, "adam": 0.3,
    }  # fmt: skip
    expression = Expression("(x^2 + y - 11)^2 + (x + y^2 - 7)^2")

    name: Literal["himmelblau"] = "himmelblau"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the four."""
        return ((3.0, 2.0), (-2.8, 3.1), (-3.8, -3.3), (3.6, -1.8))


class Rastrigin(Surface):
    """A bowl under a regular egg box: 121 minima, one of them global."""

    title = "Rastrigin"
    order = 80
    formula = (r"f = 20 + x^2 - 10 \cos(2 \pi x) + y^2 - 10 \cos(2 \pi y)",)
    source = "Rastrigin, Systems of Extremal Control, 1974"
    teaches = "A minimum in every cell: plain descent stays in its own, momentum crosses some."
    domain = ((-5.12, 5.12), (-5.12, 5.12))
    start = (-3.4, 1.4)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.002, "momentum": 0.005, "nesterov": 0.002, "adagrad": 1.0, "rmsprop": 0.03, "adam": 0.1,
    }  # fmt: skip
    expression = Expression("20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)")

    name: Literal["rastrigin"] = "rastrigin"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the integer points: in each cell the minimum lies just inside."""
        return lattice(1.0, self.domain)


class Ackley(Surface):
    """A funnel with ripples; its tip is a cone, without a derivative."""

    title = "Ackley"
    order = 90
    formula = (r"f = 20 + e - 20 \, e^{-0.2 \sqrt{(x^2 + y^2) / 2}} - e^{(\cos 2 \pi x + \cos 2 \pi y) / 2}",)
    source = "Ackley, A Connectionist Machine for Genetic Hillclimbing, 1987"
    teaches = "Almost level outside and rippled all over: only who carries speed over the ripples finds the funnel."
    domain = ((-5.0, 5.0), (-5.0, 5.0))
    start = (-4.3, 3.3)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.05, "momentum": 0.02, "nesterov": 0.02, "adagrad": 1.0, "rmsprop": 0.03, "adam": 0.7,
    }  # fmt: skip
    expression = Expression("20 + e - 20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2)")

    name: Literal["ackley"] = "ackley"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the integer points but for the tip, which Newton's method cannot find."""
        return tuple(point for point in lattice(1.0, self.domain) if point != (0.0, 0.0))

    def minima(self) -> tuple[Minimum, ...]:
        """Return the tip of the funnel, then the ripples' minima."""
        return ((0.0, 0.0, 0.0), *super().minima())


class StyblinskiTang(Surface):
    """Four basins, each coordinate with a good and a bad one."""

    title = "Styblinski–Tang"
    order = 95
    formula = (r"f = \frac{1}{2} (x^4 - 16 x^2 + 5 x + y^4 - 16 y^2 + 5 y)",)
    source = "Styblinski & Tang, Experiments in nonconvex optimization, Neural Networks 3, 1990"
    teaches = "Four basins of three depths: the coordinates decide apart, and momentum may carry one of them across."
    domain = ((-5.0, 5.0), (-5.0, 5.0))
    start = (4.4, 0.9)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.01, "momentum": 0.008, "nesterov": 0.008, "adagrad": 0.5, "rmsprop": 0.05, "adam": 0.3,
    }  # fmt: skip
    expression = Expression("(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)/2")

    name: Literal["styblinski_tang"] = "styblinski_tang"

    def guesses(self) -> tuple[Guess, ...]:
        """Return a point in each basin."""
        return ((-2.9, -2.9), (-2.9, 2.75), (2.75, -2.9), (2.75, 2.75))
