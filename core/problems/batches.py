"""Mini-batches as training loops draw them: each epoch a new order of all rows, without replacement."""

import jax
import jax.numpy as jnp
from jax import Array


def epoch_steps(rows: int, size: int) -> int:
    """Return the steps of one epoch; an incomplete last batch is dropped."""
    return rows // size


def indices(key: Array, first: Array | int, steps: int, rows: int, size: int) -> Array:
    """Return which rows make up the batches of steps first … first + steps − 1.

    The order of epoch e is a permutation drawn from ``fold_in(key, e)``: the batches of a step depend on the key and
    the step alone, wherever chunks are cut.

    Args:
        key: of the run's batches.
        first: the first step, counted from 0; may be traced.
        steps: how many; static.
        rows: number of training rows.
        size: rows of a batch.

    Returns:
        int32, shape (steps, size).
    """
    length = epoch_steps(rows, size)
    epochs = (steps - 2) // length + 2  # the most that so many steps can touch
    start = first // length
    keys = jax.vmap(lambda epoch: jax.random.fold_in(key, epoch))(start + jnp.arange(epochs))
    orders = jax.vmap(lambda epoch_key: jax.random.permutation(epoch_key, rows))(keys)
    batches = orders[:, : length * size].reshape(epochs * length, size)
    return jax.lax.dynamic_slice_in_dim(batches, first - start * length, steps).astype(jnp.int32)
