"""Logistic regression over a million rows: the first map, that of all rows, and mini-batch steps of 64 rows.

Beside the map: the mean loss of one point in NumPy, float32, over all rows, called point after point; a few points are
timed, not ten thousand. Beside the steps: a NumPy loop of SGD that draws its rows with replacement.
"""

import numpy as np

from bench.pairs import Row, Times, clocked, interleaved, ratio
from core.landscape import rows
from core.problems.data.logistic_regression import LogisticRegression
from core.problems.data.sources import MOST_ROWS
from core.simulate import simulate
from core.spec import Comparison

STEPS, RUNS, ROUNDS, POINTS, SIDE = 1000, 6, 5, 20, 100
OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")


def comparison(problem: LogisticRegression, runs: int) -> Comparison:
    asked = [{"optimizer": name, "lr": problem.rates()[name] / 4} for name in OPTIMIZERS[:runs]]
    return Comparison.model_validate({"problem": problem.model_dump(), "steps": STEPS, "runs": asked})


def walked(asked: Comparison) -> None:
    for _ in simulate(asked):
        pass


def peer_steps(table: np.ndarray) -> None:
    """Take the steps of one run of SGD in NumPy."""
    drawn = np.random.default_rng(0).integers(0, len(table), (STEPS, 64))
    point = np.zeros(2, np.float32)
    for chosen in drawn:
        x, y = table[chosen, :2], table[chosen, 2]
        point -= 0.5 * ((1 / (1 + np.exp(-(x @ point))) - y) @ x) / 64


def peer_point(table: np.ndarray, point: np.ndarray) -> float:
    z = table[:, :2] @ point
    return float(np.mean(np.logaddexp(0, z) - table[:, 2] * z))


def measure() -> list[Row]:
    problem = LogisticRegression(rows=MOST_ROWS)
    table, window = problem.table().rows, problem.window()
    problem.minima()

    def first() -> rows.Ground:
        return rows.begin(problem, *window, SIDE, SIDE)

    whole: list[rows.Ground] = []

    def refined() -> None:
        whole[:] = list(rows.refine(problem, first()))[-1:]

    first()
    beginning = Times([clocked(first) for _ in range(ROUNDS)])
    all_rows = Times([clocked(refined) for _ in range(2)])
    axes = whole[0].x, whole[0].y
    chosen = np.random.default_rng(0).integers(0, SIDE, (POINTS, 2))
    points = np.stack([axes[0][chosen[:, 1]], axes[1][chosen[:, 0]]], axis=1)
    found = np.array([whole[0].heights().loss[row, column] for row, column in chosen])
    known: list[float] = []
    plain = Times([clocked(lambda: known.__setitem__(slice(None), [peer_point(table, point) for point in points]))])
    estimate = plain.median * SIDE**2 / POINTS
    apart = float(np.max(np.abs(found / np.array(known) - 1)))
    result = [
        Row(
            f"map {SIDE}×{SIDE} over a million rows: first, 10,240 rows",
            str(beginning),
            "–",
            "–",
            "≤ 500 ms",
            beginning.median <= 500,
        ),
        Row(
            "the same: all rows",
            str(all_rows),
            f"NumPy {estimate / 1000:.0f} s, from {POINTS} points",
            f"{estimate / all_rows.median:.1f} ×",
            "≤ 25 s",
            all_rows.median <= 25_000,
            f"losses {apart:.0e} apart, relative",
        ),
    ]
    for runs in (1, RUNS):
        asked = comparison(problem, runs)
        ours, loop = interleaved(ROUNDS, lambda asked=asked: walked(asked), lambda: peer_steps(table))
        each = STEPS / ours.median * 1000
        result.append(
            Row(
                f"{STEPS} steps of 64 of a million rows, {runs} run{'s' * (runs > 1)}, losses measured",
                f"{ours}: {each:,.0f} steps/s a run",
                f"NumPy, one run {loop}",
                f"{runs * ratio(loop, ours):.1f} × a run",
                "≥ 100,000 a second and run",
                each >= 100_000,
            )
        )
    return result
