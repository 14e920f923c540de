"""One neuron: not convex, with plateaus where it is sure and wrong."""

from math import atanh
from typing import Any, Literal

import numpy as np

from core.problems.data.base import DataProblem
from core.problems.data.minimum import Found, Vector, measure
from core.problems.data.sources import TWO_CLASSES, Drawn, as_measured, drawn, normal, uniform

_LOOKED_AT = 1024
_HALVINGS = 10
_SLOPE = 0.3
"""Of the start, times the way to the minimum: the loss goes from 0 to 4."""


def _taught(count: int) -> Drawn:
    x = normal(count, 7, 2)
    sure = np.tanh(2.0 * x[:, 0] - 1.2 * x[:, 1]) * np.where(uniform(count, 8) < 0.1, -1, 1)
    return as_measured(x), (1 + sure) / 2


class Neuron(DataProblem):
    """A neuron of two weights that learns to say −1 or 1, by squares."""

    title = "A neuron"
    order = 30
    formula = (
        r"L = \frac{1}{B} \sum_{i=1}^{B} \left( \hat{y}_i - y_i \right)^2",
        r"\hat{y} = \tanh(w_1 x_1 + w_2 x_2)",
    )
    source = "Rumelhart, Hinton, Williams, Learning representations by back-propagating errors, 1986"
    teaches = "Sure and wrong, it hardly learns: where tanh is saturated the gradient is gone, though the loss is high."
    signed = True
    sure = atanh(0.9)
    sources = (
        drawn("generated", "Generated: another neuron, a tenth of its answers wrong", ("x₁", "x₂", "y"), _taught),
        *TWO_CLASSES,
    )

    name: Literal["neuron"] = "neuron"
    dataset: Literal["generated", "iris", "breast_cancer"] = "generated"

    @classmethod
    def terms(cls, z: Any, y: Any, lib: Any) -> tuple[Any, Any, Any]:
        """Return (tanh z − y)² and its derivatives."""
        out = lib.tanh(z)
        rise = 1 - out**2
        return (out - y) ** 2, 2 * (out - y) * rise, 2 * rise**2 - 4 * out * (out - y) * rise

    def setting_out(self, found: Found) -> Vector:
        """Return a point across the origin, a little aside: the neuron begins sure and wrong, yet not beyond help."""
        x, y = found.point
        start = np.array([-1.5 * x - 0.8 * y, -1.5 * y + 0.8 * x])
        rows = self.table().rows[:_LOOKED_AT]
        # Where 32 bits take tanh for 1 the gradient is 0, and nobody ever moves.
        for _ in range(_HALVINGS):
            if np.linalg.norm(measure(self.terms, rows, start)[1]) * np.linalg.norm(start - found.point) > _SLOPE:
                break
            start = start / 2
        return start
