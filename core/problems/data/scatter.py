"""Rows as they are looked at: a sample of dots in the plane in which a run's weights are a line."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.problems.data.base import DataProblem
from core.problems.data.sources import UNITS

MOST = 500
"""Dots: more hide each other, and the line."""


@dataclass(frozen=True)
class Axis:
    """What lies along an axis.

    Attributes:
        name: of the column.
        unit: of its numbers; empty where it is not known or there is none.
        standardized: whether they have mean 0 and variance 1, and so no unit any more.
    """

    name: str
    unit: str
    standardized: bool


@dataclass(frozen=True)
class Scatter:
    """A sample of a problem's rows, which come in a random order: the first ones.

    Attributes:
        line: what a run with the weights w is: `fit`, the line y = w₁x + w₂, or `threshold`, the line w₁x + w₂y = 0.
        x: shape (n,), what lies to the right: the first feature, as the loss sees it.
        y: shape (n,): what is to be predicted, or the second feature.
        positive: of thresholds: which rows belong to the class that they are to tell, shape (n,).
        told: what the prediction is about.
        sure: w₁x + w₂y where a class is told with 90 %; None where nothing is.
        axes: of x and of y.
        count: how many rows the loss is the mean of.
    """

    line: Literal["fit", "threshold"]
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    positive: NDArray[np.bool_] | None
    told: str
    sure: float | None
    axes: tuple[Axis, Axis]
    count: int


def scatter(problem: DataProblem, most: int = MOST) -> Scatter:
    """Return a sample of rows, at most so many."""
    rows, names = problem.table().rows[:most], problem.taken_from().axes
    standardized = problem.preprocess == "standardized"

    def axis(place: int, feature: bool = True) -> Axis:
        scaled = feature and standardized
        return Axis(names[place], "" if scaled else UNITS.get(names[place], ""), scaled)

    x = rows[:, 0].copy()
    if problem.intercept:
        axes = axis(0), axis(1, feature=False)
        return Scatter("fit", x, rows[:, 2].copy(), None, names[1], None, axes, problem.rows)
    positive = rows[:, 2] > (0 if problem.signed else 0.5)
    axes = axis(0), axis(1)
    return Scatter("threshold", x, rows[:, 1].copy(), positive, names[2], problem.sure, axes, problem.rows)
