"""Ridges: level ground cut by narrow trenches along the axes."""

from typing import ClassVar, Literal

from core.definition import parameter
from core.problems.expression import Expression
from core.problems.surfaces.base import Guess, Surface


class Michalewicz(Surface):
    """Trenches along both axes; the goal is where two of them cross."""

    title = "Michalewicz"
    order = 250
    formula = (
        r"f = -\sin x \, \sin^{2 m}\left(\frac{x^2}{\pi}\right) - \sin y \, \sin^{2 m}\left(\frac{2 y^2}{\pi}\right)",
    )
    source = "Michalewicz, Genetic Algorithms + Data Structures = Evolution Programs, 1992"
    teaches = "Level ground between the trenches: drag the start off them, and there is hardly any slope to follow."
    domain = ((0.0, 3.1415), (0.0, 3.1415))
    start = (1.9, 1.2)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.02, "momentum": 0.01, "nesterov": 0.01, "adagrad": 0.2, "rmsprop": 0.01, "adam": 0.2,
    }  # fmt: skip
    expression = Expression("-sin(x)*(sin(x^2/pi)^2)^sharpness - sin(y)*(sin(2*y^2/pi)^2)^sharpness", ("sharpness",))

    name: Literal["michalewicz"] = "michalewicz"
    sharpness: float = parameter(10.0, "m", "Sharpness: how narrow the trenches are", slider=(1.0, 20.0), ge=1)

    def guesses(self) -> tuple[Guess, ...]:
        """Return the crossing for the textbook's sharpness; the others lie near it."""
        return ((2.2, 1.57),)
