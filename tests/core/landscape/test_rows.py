"""The map of a loss over rows: a sample's at once, that of all rows in the end, and never begun anew."""

from itertools import islice

import numpy as np
import pytest

from core.landscape import rows
from core.problems.data import DATA_PROBLEMS
from tests.core.problems.test_data import exact

every_problem = pytest.mark.parametrize("cls", DATA_PROBLEMS, ids=lambda cls: cls.identifier())


def begun(problem, width=24, height=20):
    return rows.begin(problem, *problem.window(), width, height)


@every_problem
def test_the_refined_map_is_the_loss_over_all_rows_in_float64(cls):
    problem = cls(rows=60_001)
    first = begun(problem)
    stages = [first, *rows.refine(problem, first)]
    assert stages[-1].complete
    assert stages[-1].heights().loss.shape == (20, 24)
    for row, column in [(0, 0), (19, 23), (7, 16), (13, 2)]:
        loss, _ = exact(problem, (stages[-1].x[column], stages[-1].y[row]))
        assert np.isclose(stages[-1].heights().loss[row, column], loss, rtol=2e-5)


@every_problem
def test_the_first_map_is_that_of_a_sample_and_off_by_its_error(cls):
    problem = cls(rows=60_000)
    first = begun(problem)
    if problem.quadratic:
        assert first.complete, "a quadratic needs no sample"
        return
    assert first.rows == rows.FIRST_ROWS
    *_, last = rows.refine(problem, first)
    sample = problem.table().rows[: rows.FIRST_ROWS]
    for row, column in [(0, 0), (10, 12)]:
        point = (first.x[column], first.y[row])
        assert np.isclose(first.heights().loss[row, column], exact(problem, point, sample)[0], rtol=2e-5)
        z = problem.table().rows[:, :2].astype(float) @ point
        error = problem.terms(z, problem.table().rows[:, 2], np)[0].std() / np.sqrt(first.rows)
        assert abs(first.heights().loss[row, column] - last.heights().loss[row, column]) < 5 * error


def test_few_rows_are_all_there_at_once():
    problem = DATA_PROBLEMS[2](dataset="iris")
    assert begun(problem).complete
    assert not list(rows.refine(problem, begun(problem)))


def test_a_turn_of_a_large_map_has_fewer_rows():
    problem = DATA_PROBLEMS[1](rows=30_000)
    small, large = (begun(problem, *size) for size in ((24, 20), (400, 400)))
    assert small.rows == rows.FIRST_ROWS
    assert large.rows < small.rows / 4
    assert next(rows.refine(problem, large)).rows < next(rows.refine(problem, small)).rows / 4


def test_going_on_from_what_is_known_gives_the_same_map():
    problem = DATA_PROBLEMS[1](rows=150_000)
    whole = list(rows.refine(problem, begun(problem)))
    half = list(islice(rows.refine(problem, begun(problem)), 2))[-1]
    assert not half.complete
    *_, resumed = rows.refine(problem, half)
    assert np.array_equal(whole[-1].total, resumed.total)
    assert [one.rows for one in whole] == sorted({one.rows for one in whole})


def test_nothing_compiles_while_window_rows_and_data_set_move(compilations):
    cls = DATA_PROBLEMS[1]
    begun(cls(rows=20_000)).heights()
    with compilations() as compiled:
        for problem in (cls(rows=50_000), cls(dataset="iris"), cls(preprocess="raw", rows=12_345)):
            first = rows.begin(problem, (-1.0, 2.5), (0.0, 3.0), 24, 20)
            [one.heights() for one in rows.refine(problem, first)]
    assert not compiled
