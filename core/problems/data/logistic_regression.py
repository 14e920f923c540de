"""Two classes and a line between them: convex, but nothing like a quadratic far from the minimum."""

from math import log
from typing import Any, Literal

import numpy as np

from core.problems.data.base import DataProblem
from core.problems.data.sources import TWO_CLASSES, Drawn, as_measured, drawn, normal, uniform


def _classes(count: int) -> Drawn:
    x = normal(count, 3, 2)
    chance = 1 / (1 + np.exp(1.6 * x[:, 1] - 2.4 * x[:, 0]))
    return as_measured(x), uniform(count, 4) < chance


def _alike(count: int) -> Drawn:
    x = normal(count, 5, 2)
    x = np.stack([x[:, 0], 0.95 * x[:, 0] + np.float32(np.sqrt(1 - 0.95**2)) * x[:, 1]], axis=1)
    chance = 1 / (1 + np.exp(-2.4 * x[:, 0] - 0.6 * x[:, 1]))
    return x, uniform(count, 6) < chance


class LogisticRegression(DataProblem):
    """The weights of two features that tell two classes apart with the least surprise."""

    title = "Logistic regression"
    order = 20
    formula = (
        r"L = \frac{1}{B} \sum_{i=1}^{B} -\log p(y_i \mid x_i)",
        r"p(1 \mid x) = \frac{1}{1 + e^{-(w_1 x_1 + w_2 x_2)}}",
    )
    source = "Cox, The regression analysis of binary sequences, 1958"
    teaches = "A batch of 64 points the right way on average, however many rows there are; its noise is the price."
    sure = log(9)
    sources = (
        drawn("generated", "Generated: two overlapping classes", ("x₁", "x₂", "class"), _classes),
        drawn("correlated", "Generated: two features that are nearly the same", ("x₁", "x₂", "class"), _alike),
        *TWO_CLASSES,
    )

    name: Literal["logistic_regression"] = "logistic_regression"
    dataset: Literal["generated", "correlated", "iris", "breast_cancer"] = "generated"

    @classmethod
    def terms(cls, z: Any, y: Any, lib: Any) -> tuple[Any, Any, Any]:
        """Return log(1 + eᶻ) − yz and its derivatives, by way of tanh: one function where there would be three."""
        half = lib.tanh(z / 2)
        loss = lib.maximum(z, 0) - lib.log(0.5 + 0.5 * lib.abs(half)) - y * z
        return loss, 0.5 + 0.5 * half - y, 0.25 * (1 - half**2)
