"""The loop: every run of a comparison, one jitted program, chunk after chunk.

Numbers are traced, so no slider compiles; only the plan does. Runs of one optimizer are a vmapped group.
"""

from collections.abc import Iterator

import numpy as np

from core import training, walk
from core.chance import noise
from core.frames import Chunk
from core.noise import GaussianNoise
from core.plan import Plan, Setting, prepare
from core.problems.planar import Planar
from core.recorder import Recorder
from core.spec import Comparison


def warm(comparison: Comparison) -> None:
    """Compile what the comparison needs, and what it would need with noise."""
    noisy = comparison.model_copy(update={"noise": GaussianNoise()})
    for one in (comparison, noisy) if isinstance(comparison.resolve(), Planar) else (comparison,):
        for _ in simulate(one):
            pass


def simulate(comparison: Comparison) -> Iterator[Chunk]:
    """Run a comparison.

    Args:
        comparison: what to run.

    Yields:
        Chunks in order; the first is small, so that something can be drawn at once. The same comparison yields the
        same bytes. Nothing is computed before a chunk is asked for, and nothing after the last one wanted.
    """
    plan, setting = prepare(comparison)
    recorder = Recorder(plan, setting, comparison.steps)
    on_path = plan.problem.records == "path"
    if on_path:
        carry = walk.begin(plan.groups, setting.traced["start"])
    else:
        carry = training.begin(plan, setting.traced)
        recorder.measure(training.evaluate(plan, setting.traced, carry))
    sizes = _lengths(plan, setting)
    most = plan.problem.affordable(setting.traced["problem"])
    for first, end, traced in setting.stretches(comparison.steps):
        while first < end and not recorder.all_diverged():
            # Where steps are dear a program takes fewer than it was compiled for, so that dear ones compile nothing.
            length = next((size for size in sizes if size >= end - first), sizes[-1])
            for low, high in _portions(first, min(first + length, end), most):
                lr = np.zeros((length, setting.lr.shape[1]), np.float32)
                lr[: high - low] = setting.lr[low:high]
                span = np.int32(low), np.int32(high - low)
                if on_path:
                    carry, record = walk.advance(plan, traced, carry, lr, noise(length, setting, low), *span)
                else:
                    carry, record = training.advance(plan, traced, carry, lr, *span)
                yield recorder.cut(low, high - low, record)
            first = min(first + length, end)


def _lengths(plan: Plan, setting: Setting) -> tuple[int, ...]:
    """Return how long chunks may be; of many seeds a longer one would take too much memory at once."""
    problem = plan.problem
    if plan.members == 1:
        return problem.chunk_steps
    return (min(problem.chunk_steps[0], max(1, problem.together // setting.lr.shape[1])),)


def _portions(first: int, end: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of steps, at most so long, that make up a longer one."""
    for low in range(first, end, most):
        yield low, min(low + most, end)
