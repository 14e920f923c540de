"""A comparison in two halves: the plan, on which compilation depends, and the numbers, which sliders move."""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.optimizers.base import Optimizer
from core.problems.base import Problem
from core.schedules.base import rates
from core.spec import Comparison, Run


@dataclass(frozen=True)
class Plan:
    """What compilation depends on, and nothing else.

    Attributes:
        problem: its structure.
        groups: (structure of the optimizer, number of rows), in the loop's order: a row is a run with one seed.
        draws: how many mini-batches a step has that may differ, by their seed or by a run's own numbers.
        members: seeds of each run, which are rows that follow each other.
    """

    problem: Problem
    groups: tuple[tuple[Optimizer, int], ...]
    draws: int
    members: int

    @property
    def in_haste(self) -> bool:
        """Say whether somebody waits for the program, who will not need it for long."""
        return self.problem.in_haste

    @property
    def weight(self) -> int:
        """Return how many surfaces' programs take as much memory as these."""
        return self.problem.weight

    def holding(self, held: Any) -> "Plan":
        """Return the plan of a problem that reads these arrays."""
        return replace(self, problem=self.problem.holding(held))

    def rows(self) -> list[slice]:
        """Return the rows of each group, in the loop's order."""
        ends = np.cumsum([0, *(count for _, count in self.groups)]).tolist()
        return [slice(low, high) for low, high in pairwise(ends)]


@dataclass(frozen=True)
class Setting:
    """The numbers of a comparison, in the loop's order: what sliders move.

    Attributes:
        order: position in the loop to index in the comparison.
        traced: arrays that enter the program, as they are before any run forks.
        turns: steps at which runs fork, rising, each with the optimizers' numbers from there on.
        noisy: whether noise of any kind is chosen, however strong: its slider then compiles nothing.
        lr: learning rates, shape (steps, rows), float32.
    """

    order: list[int]
    noisy: bool
    traced: dict[str, Any]
    turns: list[tuple[int, Any]]
    lr: NDArray[np.float32]

    def stretches(self, steps: int) -> list[tuple[int, int, dict[str, Any]]]:
        """Return stretches of the run within which no number changes: (first step, step after the last, arrays)."""
        starts = [(0, self.traced["rules"]), *((at, rules) for at, rules in self.turns if at < steps)]
        ends = [at for at, _ in starts[1:]] + [steps]
        return [(at, end, self.traced | {"rules": rules}) for (at, rules), end in zip(starts, ends, strict=True)]


def prepare(comparison: Comparison) -> tuple[Plan, Setting]:
    """Split a comparison into what compiles and what moves."""
    runs = comparison.runs
    problem = comparison.resolve()
    origin = comparison.origin()
    rules = [run.rule() for run in runs]
    numbers = [rule.numbers() for rule in rules]
    structures: list[Any] = [rule.structure() for rule in rules]  # Any, because no checker sees that they have a hash
    order = sorted(range(len(runs)), key=lambda i: (rules[i].order, _name(structures[i])))
    grouped = [(rule, list(members)) for rule, members in groupby(order, key=structures.__getitem__)]
    seeds = [seed + member for i in order for seed in [_seed(comparison, i)] for member in range(comparison.seeds)]
    distinct, which = np.unique(np.array(seeds, np.uint32), return_inverse=True)

    def each_row(values: list[Any]) -> NDArray[np.float32]:
        return np.repeat(np.array(values, np.float32), comparison.seeds, axis=0)

    def rules_from(step: int) -> Any:
        """Return per group the numbers of its rows as they are from a step on."""
        now = [
            own | run.fork.values if run.fork and run.fork.at <= step else own
            for own, run in zip(numbers, runs, strict=True)
        ]
        return tuple(
            {name: each_row([now[i][name] for i in members]) for name in numbers[members[0]] if name != "lr"}
            for _, members in grouped
        )

    noises = [runs[i].noise or comparison.noise for i in order]
    traced: dict[str, Any] = {
        "held": problem.held(),
        "problem": {
            name: each_row([runs[i].problem.get(name, value) for i in order])
            for name, value in problem.numbers().items()
        },
        "rules": rules_from(0),
        "start": each_row([runs[i].start or origin for i in order]),
        "seeds": distinct,
        "which": which.astype(np.int32),
        "batches": _draws(problem, [runs[i].problem for i in order], seeds, comparison.seeds),
        "noise": each_row([noise.strengths() for noise in noises]),
    }
    lr = np.repeat(np.stack([_rates(runs[i], comparison.steps) for i in order], axis=1), comparison.seeds, axis=1)
    groups = tuple((rule, len(members) * comparison.seeds) for rule, members in grouped)
    turns = [(at, rules_from(at)) for at in sorted({run.fork.at for run in runs if run.fork})]
    noisy = any(noise.kind != "none" for noise in noises)
    setting = Setting(order, noisy, traced, turns, lr)
    return Plan(problem.structure(), groups, len(traced["batches"]["seeds"]), comparison.seeds), setting


def _draws(problem: Problem, owns: list[dict[str, float]], seeds: list[int], members: int) -> dict[str, Any]:
    """Say which rows share their mini-batches.

    Args:
        problem: what all share.
        owns: each run's own numbers of the problem.
        seeds: each row's.
        members: rows of a run.

    Returns:
        `seeds` (D,) and `numbers`, by name (D,), of the D draws that may differ, and `which` (rows,) each row has. A
        run with a number of its own has its own draw even where the number is another run's or that of all, so that
        its slider, on the way past them, compiles nothing.
    """
    apart = [run if own.keys() & set(problem.drawn_by) else None for run, own in enumerate(owns)]
    wanted = [(seed, apart[row // members]) for row, seed in enumerate(seeds)]
    places = {draw: place for place, draw in enumerate(dict.fromkeys(wanted))}
    numbers = [problem.numbers() | (owns[run] if run is not None else {}) for _, run in places]
    return {
        "seeds": np.array([seed for seed, _ in places], np.uint32),
        "numbers": {name: np.array([one[name] for one in numbers], np.float32) for name in problem.drawn_by},
        "which": np.array([places[draw] for draw in wanted], np.int32),
    }


@lru_cache(maxsize=256)
def _name(rule: Optimizer) -> str:
    """Return what tells structures of one optimizer apart, so that they have an order."""
    return repr(rule)


def _seed(comparison: Comparison, index: int) -> int:
    own = comparison.runs[index].seed
    return comparison.seed if own is None else own


def _rates(run: Run, steps: int) -> NDArray[np.float32]:
    """Return a run's learning rates, shape (steps,)."""
    lr = rates(run.lr, run.schedule, steps)
    if run.fork and "lr" in run.fork.values:
        lr[run.fork.at :] = rates(run.fork.values["lr"], run.schedule, steps)[run.fork.at :]
    return lr
