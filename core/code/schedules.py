"""Schedules as NumPy expressions: what the learning rate is multiplied by, in `t = np.arange(steps)` and `steps`.

They are arrays in the script as they are on the page, so both libraries get the same numbers.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.code.form import Unwritten, number, plain
from core.schedules.base import Schedule
from core.schedules.constant import Constant
from core.schedules.cosine import Cosine
from core.schedules.cyclic import Cyclic
from core.schedules.exponential import ExponentialDecay
from core.schedules.inverse_sqrt import InverseSqrtDecay
from core.schedules.inverse_time import InverseTimeDecay
from core.schedules.linear import LinearDecay
from core.schedules.milestones import Milestones
from core.schedules.step import StepDecay
from core.schedules.warmup_cosine import WarmupCosine


def rates(schedule: Schedule, lr: float, turn: tuple[int, float] | None, loc: str) -> str | None:
    """Write the learning rates of a run, an array of shape (steps,); None where they are all the same.

    Args:
        schedule: how they change.
        lr: the learning rate that the schedule begins with.
        turn: steps after which the run goes on as if it had begun with another one, and that one.
        loc: where the schedule stands in the comparison.

    Raises:
        Unwritten: nobody has said how this schedule is written.
    """
    first = number(lr) if turn is None else f"np.where(t < {turn[0]}, {number(lr)}, {number(turn[1])})"
    if isinstance(schedule, Constant):
        return None if turn is None else first
    form = FORMS.get(type(schedule))
    if form is None:
        raise Unwritten(loc, f"Nobody has said how {type(schedule).title} is written in a script")
    return f"{first} * {form(schedule)}"


def _step(schedule: StepDecay) -> str:
    return f"{plain(schedule.factor)} ** np.floor(t / {plain(schedule.every)})"


def _milestones(schedule: Milestones) -> str:
    drops = " + ".join(f"(t >= {step})" for step in schedule.at)
    return f"{plain(schedule.factor)} ** ({' + '.join(['0 * t', drops]) if drops else '0 * t'})"


def _cyclic(schedule: Cyclic) -> str:
    cycle = plain(schedule.cycle)
    return f"(1 - {plain(1 - schedule.low)} * abs(1 - 2 * (t % {cycle} / {cycle})))"


def _warmup_cosine(schedule: WarmupCosine) -> str:
    warmup = plain(schedule.warmup)
    rising = f"np.minimum(1, (t + 1) / {plain(max(schedule.warmup, 1))})"
    turned = f"np.maximum(t - {warmup}, 0) / max(steps - {warmup}, 1)"
    return f"np.where(t < {warmup}, {rising}, (1 + np.cos(np.pi * {turned})) / 2)"


FORMS: Mapping[type[Schedule], Callable[[Any], str]] = {
    StepDecay: _step,
    Milestones: _milestones,
    ExponentialDecay: lambda schedule: f"np.exp(-{plain(schedule.rate)} * t)",
    InverseTimeDecay: lambda schedule: f"1 / (1 + {plain(schedule.rate)} * t)",
    InverseSqrtDecay: lambda schedule: "1 / np.sqrt(t + 1)",
    LinearDecay: lambda schedule: "(1 - t / steps)",
    Cosine: lambda schedule: "(1 + np.cos(np.pi * t / steps)) / 2",
    WarmupCosine: _warmup_cosine,
    Cyclic: _cyclic,
}
