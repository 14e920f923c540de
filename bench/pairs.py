"""Timing in pairs: ours and its peers take turns, so that what the machine does meanwhile hits all alike."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

TURN = 50
"""Milliseconds."""


@dataclass(frozen=True)
class Times:
    """Milliseconds, one a round."""

    values: list[float]

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def p95(self) -> float:
        return float(np.percentile(self.values, 95))

    def __str__(self) -> str:
        return f"{amount(self.median)} (p95 {amount(self.p95)})"


@dataclass(frozen=True)
class Row:
    """One line of the table; `check` says what was compared beside the time, and how far apart the two were."""

    figure: str
    ours: str
    peer: str
    ratio: str
    goal: str
    met: bool | None
    check: str = ""


def interleaved(rounds: int, *functions: Callable[[], object]) -> list[Times]:
    """Time functions in turn; each round begins with another one.

    A turn calls its function as often as fits into `TURN`, at least once, and counts the mean: a call of a millisecond
    would otherwise be measured with the caches that a peer of a hundred has left behind, and a peer never with ours.
    """
    calls = [settled(function) for function in functions]
    found: list[list[float]] = [[] for _ in functions]
    for turn in range(rounds):
        for place in range(len(functions)):
            index = (turn + place) % len(functions)
            found[index].append(clocked(functions[index], calls[index]))
    return [Times(values) for values in found]


def settled(function: Callable[[], object]) -> int:
    """Call a function until it is warm, and return how many calls make a turn."""
    function()
    return max(1, round(TURN / clocked(function, 2)))


def clocked(function: Callable[[], object], calls: int = 1) -> float:
    """Return the milliseconds that a call takes, the mean of so many."""
    begin = time.perf_counter()
    for _ in range(calls):
        function()
    return 1000 * (time.perf_counter() - begin) / calls


def ratio(over: Times, under: Times) -> float:
    """Return the median of the rounds' own ratios."""
    return median(a / b for a, b in zip(over.values, under.values, strict=True))


def farthest(names: Iterable[str], apart: list[float]) -> str:
    """Name the one that is farthest off, and say how far the others are at most."""
    worst = max(range(len(apart)), key=apart.__getitem__)
    rest = max(apart[:worst] + apart[worst + 1 :])
    return f"{list(names)[worst]} {apart[worst]:.0e}, others ≤ {rest:.0e}"


def amount(milliseconds: float) -> str:
    """Write a time with three digits."""
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.2f} s"
    return f"{milliseconds:.0f} ms" if milliseconds >= 100 else f"{milliseconds:.3g} ms"


def table(rows: Sequence[Row]) -> str:
    """Write rows as a table that Markdown reads too."""
    head = ("figure", "ours", "peer", "ratio", "goal", "met", "check")
    words = {True: "yes", False: "NO", None: "–"}
    lines = [head] + [(r.figure, r.ours, r.peer, r.ratio, r.goal, words[r.met], r.check) for r in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    text = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)
