"""What is random in a race: initial weights, mini-batches, noise; each from a stream of its own of the run's seed."""

from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from core.compiled import compiled_by_structure
from core.noise import draw
from core.plan import Plan, Setting

INITIAL, BATCHES, NOISE = range(3)
"""Streams of random numbers that must not touch: what each is for."""


def key(seed: Array, stream: int) -> Array:
    """Return the key of a stream."""
    return jax.random.fold_in(jax.random.key(seed), stream)


def batches(plan: Plan, traced: dict[str, Any], first: Array, steps: int) -> Any:
    """Return the batches of steps first …, those that differ side by side: (steps, draws, …); or None."""

    def drawn(numbers: dict[str, Array], seed: Array) -> Any:
        return plan.problem.with_numbers(numbers).batches(key(seed, BATCHES), first, steps)

    return jax.vmap(drawn, out_axes=1)(traced["batches"]["numbers"], traced["batches"]["seeds"])


def share(plan: Plan, batches: Any, which: Array) -> tuple[Any, int | None]:
    """Hand rows their mini-batches of one step: one for all where no more differ, so that it is not copied per row.

    Returns:
        The batches, and the axis of rows in them, for `jax.vmap`.
    """
    if plan.draws == 1:
        return jax.tree.map(lambda leaf: leaf[0], batches), None
    return jax.tree.map(lambda leaf: leaf[which], batches), 0


def noise(steps: int, setting: Setting, first: int) -> Any:
    """Return the gradient noise of steps first …, shape (steps, rows, 2), the same whatever the chunks."""
    traced = setting.traced
    if not setting.noisy:
        return _silence(steps, len(traced["which"]))
    return _drawn(steps, traced["noise"], traced["seeds"], traced["which"], np.int32(first))


@lru_cache(maxsize=8)
def _silence(steps: int, rows: int) -> Any:
    return np.zeros((steps, rows, 2), np.float32)


@compiled_by_structure
def _drawn(steps: int, strengths: Array, seeds: Array, which: Array, first: Array) -> Array:
    """Draw noise; by itself, since its program is long and the same for every problem."""
    wanted = jnp.any(strengths > 0, axis=0)

    def drawn(seed: Array) -> Array:
        return draw(wanted, key(seed, NOISE), first + jnp.arange(steps), (2,))

    each = jax.vmap(drawn, out_axes=1)(seeds)[:, which]
    return jnp.einsum("trkx,rk->trx", each, strengths)
