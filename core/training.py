"""A chunk of steps on a network: the parameters are many, so they are told at its end alone, evaluated."""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax import Array
from jax.flatten_util import ravel_pytree

from core.chance import INITIAL, batches, key, share
from core.compiled import compiled_by_structure
from core.optimizers.base import Optimizer
from core.plan import Plan


@compiled_by_structure
def begin(plan: Plan, traced: dict[str, Any]) -> Any:
    """Return parameters and optimizer states at step 0, per group, with a leading axis of rows."""
    plan = plan.holding(traced["held"])
    keys = jax.vmap(lambda seed: key(seed, INITIAL))(traced["seeds"])[traced["which"]]

    def initial(numbers: dict[str, Array], key: Array, start: Array) -> Any:
        return plan.problem.with_numbers(numbers).initial(key, start)

    params = jax.vmap(initial)(traced["problem"], keys, traced["start"])
    carry: list[Any] = []
    for (rule, _), rows in zip(plan.groups, plan.rows(), strict=True):
        part = jax.tree.map(lambda leaf, rows=rows: leaf[rows], params)
        carry.append((part, jax.vmap(rule.transform().init)(part)))
    return tuple(carry)


@compiled_by_structure
def advance(plan: Plan, traced: dict[str, Any], carry: Any, lr: Array, first: Array, taken: Array) -> tuple[Any, Any]:
    """Take as many steps as `lr` has rows.

    Args:
        plan: what is compiled.
        traced: the numbers.
        carry: parameters and states, per group.
        lr: shape (S, rows).
        first: steps done before.
        taken: steps that count; the carry returned is the one after them.

    Returns:
        The carry, and a record of the chunk: `groups`, each with `batch_loss`, `grad_norm` and `step_norm` (S, n), and
        what `evaluate` returns.
    """
    plan = plan.holding(traced["held"])
    steps = lr.shape[0]
    counts = jnp.arange(steps) < taken
    inputs = (lr, batches(plan, traced, first, steps), counts)
    after, groups = jax.lax.scan(partial(_step, plan, traced), carry, inputs)
    return after, {"groups": groups} | evaluate(plan, traced, after)


@compiled_by_structure
def evaluate(plan: Plan, traced: dict[str, Any], carry: Any) -> dict[str, Any]:
    """Measure the parameters of every row, and flatten them: `evaluation` (rows,) each, `params` (rows, P)."""
    plan = plan.holding(traced["held"])

    def measure(numbers: dict[str, Array], params: Any) -> tuple[dict[str, Array], Array]:
        return plan.problem.with_numbers(numbers).evaluate(params), ravel_pytree(params)[0]

    params = jax.tree.map(lambda *parts: jnp.concatenate(parts), *(part for part, _ in carry))
    evaluation, flat = jax.vmap(measure)(traced["problem"], params)
    return {"evaluation": evaluation, "params": flat}


def _step(plan: Plan, traced: dict[str, Any], carry: Any, inputs: Any) -> tuple[Any, tuple[dict[str, Array], ...]]:
    """Take one step of every run, group after group."""
    lr, drawn, counts = inputs
    after: list[Any] = []
    records: list[dict[str, Array]] = []
    for index, rows in enumerate(plan.rows()):
        rule, _ = plan.groups[index]
        numbers = jax.tree.map(lambda leaf, rows=rows: leaf[rows], traced["problem"])
        batch, axis = share(plan, drawn, traced["batches"]["which"][rows])
        params, state = carry[index]
        settings = traced["rules"][index] | {"lr": lr[rows]}
        move = jax.vmap(partial(_move, plan, rule), in_axes=(0, 0, 0, 0, axis))
        loss, slope, moved, state = move(numbers, settings, params, state, batch)
        moved = jax.tree.map(lambda leaf: jnp.where(counts, leaf, 0.0), moved)
        norm = jax.vmap(optax.tree.norm)
        records.append({"batch_loss": loss, "grad_norm": norm(slope), "step_norm": norm(moved)})
        after.append((optax.apply_updates(params, moved), state))
    return tuple(after), tuple(records)


def _move(
    plan: Plan,
    rule: Optimizer,
    numbers: dict[str, Array],
    settings: dict[str, Array],
    params: Any,
    state: Any,
    batch: Any,
) -> tuple[Array, Any, Any, Any]:
    """Take one step of one run.

    Returns:
        Loss and gradient on the mini-batch, what is added to the parameters, and the new state.
    """
    problem = plan.problem.with_numbers(numbers)

    def slope_of(point: Any) -> tuple[Array, Any]:
        return problem.gradient(point, batch)

    loss, slope = slope_of(params)
    moved, state = rule.with_numbers(settings).moved(slope, state, params, slope_of)
    return loss, slope, moved, state
