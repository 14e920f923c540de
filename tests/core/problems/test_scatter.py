"""Rows to look at: a sample as the loss sees them, columns named as they were measured."""

import numpy as np
import pytest

from core.problems.data import DATA_PROBLEMS
from core.problems.data.base import DataProblem
from core.problems.data.linear_regression import LinearRegression
from core.problems.data.logistic_regression import LogisticRegression
from core.problems.data.neuron import Neuron
from core.problems.data.scatter import MOST, scatter
from core.problems.data.sources import UNITS


@pytest.mark.parametrize("cls", DATA_PROBLEMS, ids=lambda cls: cls.identifier())
def test_dots_are_the_first_rows_as_the_loss_sees_them(cls: type[DataProblem]) -> None:
    problem = cls(rows=2000)
    shown, rows = scatter(problem), problem.table().rows[:MOST]
    assert (len(shown.x), len(shown.y), shown.count) == (MOST, MOST, 2000)
    np.testing.assert_array_equal(shown.x, rows[:, 0])
    np.testing.assert_array_equal(shown.y, rows[:, 2 if shown.line == "fit" else 1])
    if shown.positive is not None:
        assert 0.2 < shown.positive.mean() < 0.8


def test_the_line_of_the_minimum_is_the_one_that_least_squares_fits() -> None:
    problem = LinearRegression(dataset="iris", preprocess="raw")
    shown = scatter(problem)
    slope, intercept = np.polyfit(shown.x.astype(np.float64), shown.y.astype(np.float64), 1)
    assert problem.minima()[0][:2] == pytest.approx((slope, intercept), rel=1e-5)


def test_most_rows_lie_on_their_side_of_the_minimums_threshold() -> None:
    problem = LogisticRegression(dataset="iris")
    shown = scatter(problem)
    w1, w2, _ = problem.minima()[0]
    assert np.mean((w1 * shown.x + w2 * shown.y > 0) == shown.positive) > 0.9


def test_where_it_is_sure_its_answer_is_nine_tenths() -> None:
    sure = scatter(LogisticRegression()).sure
    assert sure is not None
    assert 1 / (1 + np.exp(-sure)) == pytest.approx(0.9)
    said = scatter(Neuron()).sure
    assert said is not None
    assert np.tanh(said) == pytest.approx(0.9)


def test_columns_have_units_as_measured_and_none_when_standardized() -> None:
    raw = scatter(LinearRegression(dataset="iris", preprocess="raw"))
    assert [(axis.name, axis.unit, axis.standardized) for axis in raw.axes] == [
        ("petal length", "cm", False),
        ("petal width", "cm", False),
    ]
    scaled = scatter(LinearRegression(dataset="iris"))
    assert [(axis.unit, axis.standardized) for axis in scaled.axes] == [("", True), ("cm", False)]
    columns = {axis for cls in DATA_PROBLEMS for source in cls.sources for axis in source.axes}
    assert set(UNITS) <= columns, "a unit of a column that nobody has"
