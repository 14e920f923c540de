"""A comparison in two halves: the plan, on which compilation depends, and the numbers, which sliders move."""

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.optimizers.base import Optimizer
from core.problems.base import Problem
from core.schedules.base import rates
from core.spec import Comparison


@dataclass(frozen=True)
class Plan:
    """What compilation depends on, and nothing else.

    Attributes:
        problem: its structure.
        groups: (structure of the optimizer, number of runs), in the loop's order.
        seeds: number of distinct seeds.
    """

    problem: Problem
    groups: tuple[tuple[Optimizer, int], ...]
    seeds: int

    def rows(self) -> list[slice]:
        """Return the rows of each group among the runs, in the loop's order."""
        ends = np.cumsum([0, *(count for _, count in self.groups)]).tolist()
        return [slice(low, high) for low, high in pairwise(ends)]


@dataclass(frozen=True)
class Setting:
    """The numbers of a comparison, in the loop's order: what sliders move.

    Attributes:
        order: position in the loop to index in the comparison.
        traced: arrays that enter the program.
        lr: learning rates, shape (steps, runs), float32.
    """

    order: list[int]
    traced: dict[str, Any]
    lr: NDArray[np.float32]


def prepare(comparison: Comparison) -> tuple[Plan, Setting]:
    """Split a comparison into what compiles and what moves."""
    runs = comparison.runs
    problem = comparison.resolve()
    rules = [run.rule() for run in runs]
    order = sorted(range(len(runs)), key=lambda i: (rules[i].order, repr(rules[i].structure())))
    grouped = [(rule, list(members)) for rule, members in groupby(order, key=lambda i: rules[i].structure())]
    seeds = [comparison.seed if (own := runs[i].seed) is None else own for i in order]
    distinct = sorted(set(seeds))
    values = [problem.numbers() | runs[i].problem for i in order]
    traced = {
        "problem": {name: _floats([numbers[name] for numbers in values]) for name in problem.numbers()},
        "rules": tuple(
            {name: _floats([rules[i].numbers()[name] for i in members]) for name in rule.numbers() if name != "lr"}
            for rule, members in grouped
        ),
        "start": np.array([runs[i].start or comparison.origin() for i in order], np.float32),
        "seeds": np.array(distinct, np.uint32),
        "which": np.array([distinct.index(seed) for seed in seeds], np.int32),
        "noise": np.int32(comparison.noise.code),
        "scale": np.float32(getattr(comparison.noise, "scale", 0.0)),
    }
    lr = np.stack([rates(runs[i].lr, runs[i].schedule, comparison.steps) for i in order], axis=1)
    groups = tuple((rule, len(members)) for rule, members in grouped)
    return Plan(problem.structure(), groups, len(distinct)), Setting(order, traced, lr)


def _floats(values: list[float]) -> NDArray[np.float32]:
    return np.array(values, np.float32)
