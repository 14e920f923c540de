"""Stationary points are where they are known to be, and of the kind that they are known to be of."""

from collections import Counter

import numpy as np
import pytest

from core.problems.expression import Expression
from core.problems.stationary import MOST, stationary_points
from core.problems.surfaces import SURFACES

WINDOW = ((-4.5, 4.5), (-4.5, 4.5))


def found(text, axes=WINDOW):
    expression = Expression(text)
    return stationary_points(lambda x, y: expression.evaluate_numpy(x=x, y=y), axes)


HALF = np.pi / 2
CLOSED = {
    "x^2 + y^2": [(0, 0, 0, "minimum")],
    "x^2 - y^2": [(0, 0, 0, "saddle")],
    "-x^2 - 3*y^2 + 7": [(0, 0, 7, "maximum")],
    "(x - 1.25)^2 + 100*(y + 2)^2": [(1.25, -2, 0, "minimum")],
    "x*y": [(0, 0, 0, "saddle")],
    "x^3 - 3*x + y^2": [(1, 0, -2, "minimum"), (-1, 0, 2, "saddle")],
    "x^2 + 10*sin(y)": [(0, -HALF, -10, "minimum"), (0, HALF, 10, "saddle")],
    "exp(-x^2 - y^2)": [(0, 0, 1, "maximum")],
    "(1 - x)^2 + 100*(y - x^2)^2": [(1, 1, 0, "minimum")],
    "x^2 - log(x) + y^2": [(np.sqrt(0.5), 0, 0.5 + np.log(2) / 2, "minimum")],
    # the Hessian is singular, all around is higher
    "x^4 + y^4": [(0, 0, 0, "minimum")],
    "x^2 + y^6": [(0, 0, 0, "minimum")],
    # kinks
    "abs(x - 0.5) + abs(y)": [(0.5, 0, 0, "minimum")],
    "sqrt(x^2 + y^2)": [(0, 0, 0, "minimum")],
    "3 - abs(x) - y^2": [(0, 0, 3, "maximum")],
    "max(x^2, y^2)": [(0, 0, 0, "minimum")],
    # the Hessian does not tell
    "x^3 - 3*x*y^2": [(0, 0, 0, "degenerate")],
    # none: slopes, level ground, poles
    "x + y": [],
    "3": [],
    "1/x + y^2": [],
    "1/(x^2 + y^2)": [],
    "log(abs(x)) + y^2": [],
    "log(-1 - x^2)": [],
}


@pytest.mark.parametrize("text", CLOSED)
def test_they_are_where_calculus_says(text):
    points = found(text)
    assert [point.kind for point in points] == [kind for *_, kind in CLOSED[text]]
    for point, (x, y, value, _) in zip(points, CLOSED[text], strict=True):
        np.testing.assert_allclose(point[:3], (x, y, value), atol=2e-9)


@pytest.mark.parametrize("span", [1e-3, 1.0, 1e3])
def test_the_size_of_the_window_changes_nothing(span):
    text = f"(x/{span})^3 - 3*(x/{span}) + (y/{span})^2"
    points = found(text, ((-2.1 * span, 2.2 * span), (-1.9 * span, 2.3 * span)))
    assert [point.kind for point in points] == ["minimum", "saddle"]
    np.testing.assert_allclose([point[:2] for point in points], [(span, 0), (-span, 0)], atol=1e-9 * span)


@pytest.mark.parametrize("text", ["x^2", "(x^2 + y^2 - 1)^2", "abs(x)"])
def test_a_line_of_them_is_a_few_degenerate_ones_or_none(text):
    kinds = Counter(point.kind for point in found(text))
    assert kinds["degenerate"] <= 20
    assert not kinds["minimum"]
    assert not kinds["saddle"]


def test_a_periodic_surface_has_as_many_as_its_window_holds():
    kinds = Counter(point.kind for point in found("sin(x)*cos(y)", ((-6, 6), (-6, 6))))
    # extrema where cos x = 0 and sin y = 0: 4 × 3, half of them minima; saddles where sin x = 0 and cos y = 0: 3 × 4
    assert kinds == {"minimum": 6, "maximum": 6, "saddle": 12}


CROWDED = ("shubert",)
"""Has some 760 minima, more than are followed."""
LISTED = [
    cls
    for cls in SURFACES
    if 0 < len(cls().minima()) <= 30 and not cls.minimum_on_boundary and cls.identifier() not in CROWDED
]


@pytest.mark.parametrize("cls", LISTED, ids=lambda cls: cls.identifier())
def test_a_typed_surface_has_the_minima_that_the_registry_lists(cls):
    surface = cls()
    axes = tuple((low - 0.02 * (high - low), high + 0.03 * (high - low)) for low, high in cls.domain)
    points = stationary_points(
        lambda x, y: cls.expression.evaluate_numpy(x=x, y=y, **surface.numbers()), (axes[0], axes[1])
    )
    minima = np.array([point[:3] for point in points if point.kind == "minimum"])
    for known in surface.minima():
        apart = np.abs(minima - known) / np.array([*(high - low for low, high in axes), max(1, abs(known[2]))])
        assert apart.max(axis=1).min() < 1e-6, known


@pytest.mark.parametrize("text", ["sin(50*x)*sin(50*y)", "cos(200*x) + cos(200*y)"])
def test_there_are_never_more_than_are_promised(text):
    assert len(found(text)) <= MOST
