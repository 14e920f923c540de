"""A chunk of steps on a loss of two numbers: every iterate is kept, with all that can be told of it.

All rows' gradients are one computation, whatever the optimizers: the program is shorter, and so is its compilation.
"""

from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from core.chance import batches, share
from core.compiled import compiled_by_structure
from core.optimizers.base import Optimizer, slot_values
from core.outcome import DIVERGED_BEYOND
from core.packed import Packed, as_sum, turned
from core.plan import Plan


@compiled_by_structure
def begin(groups: tuple[tuple[Optimizer, int], ...], starts: Array) -> Packed:
    """Return the points at step 0, shape (rows, 2), and the optimizers' states, per group: any planar problem's."""
    ends = np.cumsum([0, *(count for _, count in groups)]).tolist()
    parts = [starts[low:high] for low, high in pairwise(ends)]
    states = [jax.vmap(rule.transform().init)(part) for (rule, _), part in zip(groups, parts, strict=True)]
    return Packed.of((starts, tuple(states)))


@compiled_by_structure
def advance(
    plan: Plan, traced: dict[str, Any], carry: Packed, lr: Array, noise: Array, first: Array, taken: Array
) -> tuple[Packed, Any]:
    """Take as many steps as `lr` has rows.

    Args:
        plan: what is compiled.
        traced: the numbers.
        carry: points and states.
        lr: shape (S, rows).
        noise: what is added to the gradients, shape (S, rows, 2).
        first: steps done before.
        taken: steps that count; the carry returned is the one after them.

    Returns:
        The carry, and the record of the chunk, see `_record`: packed; of many seeds as it is, steps first.
    """
    plan = plan.holding(traced["held"])
    steps = lr.shape[0]
    drawn = batches(plan, traced, first, steps)
    counts = jnp.arange(steps) < taken
    start, _ = carry.tree()
    # The record of a step travels in the carry for nothing else but to be packed with it.
    seen = {} if drawn is None else {"gradient": jnp.zeros_like(start)}
    scanned = Packed.of((carry.tree(), seen), as_sum)

    def run(drawn: Any) -> Array:
        """Return the carry after each step, shape (S, N): a handful of numbers, so that a step is one kernel."""

        def step(flat: Array, inputs: Any) -> tuple[Array, Array]:
            now, _ = replace(scanned, flat=flat).tree()
            after = Packed.of(_step(plan, traced, now, inputs), as_sum).flat
            return after, after

        return jax.lax.scan(step, scanned.flat, (lr, drawn, noise))[1]

    every = plan.problem.either(run, drawn, counts)
    after, _ = replace(scanned, flat=every[taken - 1]).tree()
    (points, states), seen = jax.vmap(lambda flat: replace(scanned, flat=flat).tree())(every)
    points = turned(jnp.concatenate([start[None], points]))
    record = _record(plan, traced, points, states, seen, turned(noise))
    # Of many seeds copying all that would take longer than handing it over array by array.
    return Packed.of(after), turned(record) if plan.members > 1 else Packed.of(record)


def _step(plan: Plan, traced: dict[str, Any], now: Any, inputs: Any) -> Any:
    """Take one step of every row; rules are built anew in each because their learning rates may change.

    Returns:
        Points, per group, and states; and what is recorded of the step.
    """
    points, states = now
    lr, drawn, noise = inputs
    batch, axis = share(plan, drawn, traced["batches"]["which"])

    def slope_of(numbers: dict[str, Array], batch: Any, noise: Array, point: Array) -> tuple[Array, Array]:
        """Return the loss on the mini-batch and its gradient, noise included: that of a linear function."""
        loss, slope = plan.problem.with_numbers(numbers).gradient(point, batch)
        return loss + jnp.vdot(noise, point), slope + noise

    _, slopes = jax.vmap(slope_of, in_axes=(0, axis, 0, 0))(traced["problem"], batch, noise, points)

    def move(
        rule: Optimizer, settings: Any, slope: Array, state: Any, point: Array, numbers: Any, batch: Any, noise: Array
    ) -> tuple[Array, Any]:
        moved, state = rule.with_numbers(settings).moved(slope, state, point, partial(slope_of, numbers, batch, noise))
        return point + moved, state

    after: list[tuple[Array, Any]] = []
    for (rule, _), rows, settings, state in zip(plan.groups, plan.rows(), traced["rules"], states, strict=True):
        of_rows = partial(jax.tree.map, lambda leaf, rows=rows: leaf[rows])
        settings = settings | {"lr": lr[rows]}
        around = of_rows(traced["problem"]), batch if axis is None else of_rows(batch), noise[rows]
        moves = jax.vmap(partial(move, rule), in_axes=(0, 0, 0, 0, 0, axis, 0))
        after.append(moves(settings, slopes[rows], state, points[rows], *around))
    moved = tuple(point for point, _ in after)
    return (moved, tuple(state for _, state in after)), {} if drawn is None else {"gradient": slopes}


def _record(
    plan: Plan, traced: dict[str, Any], paths: Array, states: Any, seen: dict[str, Array], noise: Array
) -> dict[str, Any]:
    """Measure the iterates of a chunk, all at once after the scan.

    Args:
        plan: what is compiled.
        traced: the numbers.
        paths: shape (rows, S + 1, 2), the chunk's first iterate included.
        states: per group, after each step, leaves of shape (S, n, …).
        seen: the gradient in each step, shape (S, rows, 2), where it is not the true one and noise.
        noise: shape (rows, S, 2).

    Returns:
        With a leading axis of rows, so that what is told of one lies together: `path` (rows, S + 1, 2), `loss`,
        `grad_norm` and `finite` (rows, S + 1), of the true loss there, `step_norm` (rows, S), `gradient` (rows, S, 2)
        as the optimizer saw it; and `slots`, per group each slot of the state (n, S, 2).
    """

    def measure(numbers: dict[str, Array], path: Array) -> tuple[Array, Array]:
        problem = plan.problem.with_numbers(numbers)
        return jax.vmap(lambda point: problem.gradient(point, None))(path)

    losses, slopes = jax.vmap(measure)(traced["problem"], paths)
    norms = jnp.hypot(slopes[..., 0], slopes[..., 1])
    moved = jnp.diff(paths, axis=1)
    slots = tuple(
        turned(slot_values(state, tuple(rule.slots))) for (rule, _), state in zip(plan.groups, states, strict=True)
    )
    gradient = turned(seen["gradient"]) if seen else slopes[:, :-1] + noise
    return {
        "path": paths,
        "loss": losses,
        "grad_norm": norms,
        "step_norm": jnp.hypot(moved[..., 0], moved[..., 1]),
        "gradient": gradient,
        "slots": slots,
        "finite": _finite(paths, losses, norms) & _whole(plan, gradient, slots),
    }


def _finite(path: Array, loss: Array, norm: Array) -> Array:
    """Say of each iterate, shape (rows, S + 1), whether what is measured of it can be drawn."""
    near = (jnp.abs(path) < DIVERGED_BEYOND).all(axis=-1)  # NaN compares false
    return near & jnp.isfinite(loss) & jnp.isfinite(norm)


def _whole(plan: Plan, gradient: Array, slots: tuple[dict[str, Array], ...]) -> Array:
    """Say of each iterate, shape (rows, S + 1), whether what its step left behind can be drawn."""
    groups: list[Array] = []
    for rows, group in zip(plan.rows(), slots, strict=True):
        values = jnp.concatenate([gradient[rows], *group.values()], axis=-1)
        groups.append(jnp.isfinite(values).all(axis=-1))
    steps = jnp.concatenate(groups)
    return jnp.concatenate([jnp.ones_like(steps[:, :1]), steps], axis=1)
