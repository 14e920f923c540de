"""A line through points: the loss is a bowl, round if the points are centred, a ravine if they are not."""

from typing import Any, Literal

from core.problems.data.base import DataProblem
from core.problems.data.sources import FISHER, Drawn, diabetes, drawn, normal, petals, shipped


def _line(count: int) -> Drawn:
    x = 2.5 + normal(count, 1)
    return x, 0.8 * x[:, 0] - 0.5 + 0.6 * normal(count, 2)[:, 0]


class LinearRegression(DataProblem):
    """A slope and an intercept that are off by as little as possible, in squares."""

    title = "Linear regression"
    order = 10
    formula = (r"L = \frac{1}{B} \sum_{i=1}^{B} \left( w_1 x_i + w_2 - y_i \right)^2",)
    source = "Legendre, Nouvelles méthodes pour la détermination des orbites des comètes, 1805"
    teaches = "Inputs as measured make a ravine, slope and intercept pull at each other; standardized ones make a bowl."
    intercept = True
    quadratic = True
    sources = (
        drawn("generated", "Generated: a line and noise", ("x", "y"), _line),
        shipped(
            "iris",
            "Irises: petal width from petal length",
            150,
            ("petal length", "petal width"),
            FISHER,
            petals,
        ),
        shipped(
            "diabetes",
            "Diabetes: progression from body mass index",
            442,
            ("body mass index", "progression"),
            "Efron et al., Least angle regression, 2004",
            diabetes,
        ),
    )

    name: Literal["linear_regression"] = "linear_regression"
    dataset: Literal["generated", "iris", "diabetes"] = "generated"

    @classmethod
    def terms(cls, z: Any, y: Any, lib: Any) -> tuple[Any, Any, Any]:
        """Return (z − y)² and its derivatives."""
        return (z - y) ** 2, 2 * (z - y), 2 * lib.ones_like(z)
