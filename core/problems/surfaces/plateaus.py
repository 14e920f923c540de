"""Plateaus: gradients so small that a learning rate fit for the slope does not move."""

from typing import ClassVar, Literal

from core.problems.expression import Expression
from core.problems.surfaces.base import Guess, Surface


class Plateau(Surface):
    """A round pit in a nearly level plain."""

    title = "Plateau"
    order = 60
    formula = (r"f = 1 - e^{-\frac{x^2 + 2 y^2}{4}} + \frac{x^2 + y^2}{500}",)
    teaches = "Hardly any gradient far out: SGD creeps at first, adaptive methods divide by its size and walk on."
    domain = ((-6.0, 4.0), (-3.5, 3.5))
    start = (-5.2, 2.4)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.5, "momentum": 0.3, "nesterov": 0.3, "adagrad": 0.5, "rmsprop": 0.05, "adam": 0.1,
    }  # fmt: skip
    expression = Expression("1 - exp(-(x^2 + 2*y^2)/4) + (x^2 + y^2)/500")

    name: Literal["plateau"] = "plateau"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the middle of the pit."""
        return ((0.0, 0.0),)


class Easom(Surface):
    """Level ground with one narrow hole."""

    title = "Easom"
    order = 230
    formula = (r"f = -\cos x \cos y \; e^{-(x - \pi)^2 - (y - \pi)^2}",)
    source = "Easom, A Survey of Global Optimization Techniques, 1990"
    teaches = "Away from the hole there is no slope to follow: started a little farther off, plain descent never moves."
    domain = ((-1.0, 7.0), (-1.0, 7.0))
    start = (1.7, 4.5)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.5, "momentum": 0.5, "nesterov": 0.3, "adagrad": 0.5, "rmsprop": 0.03, "adam": 1.0,
    }  # fmt: skip
    expression = Expression("-cos(x)*cos(y)*exp(-(x - pi)^2 - (y - pi)^2)")

    name: Literal["easom"] = "easom"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the hole."""
        return ((3.14, 3.14),)
