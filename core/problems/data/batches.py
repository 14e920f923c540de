"""Mini-batches of any size without replacement, for a size and a number of rows that are traced.

An epoch's order is a pseudo-random permutation that is computed, not stored: where a row lands follows from its number
and the epoch's keys alone. So any stretch of any epoch can be had at once, and nothing is shuffled.

The permutation is the swap-or-not shuffle: Hoang, Morris, Rogaway, An Enciphering Scheme Based on a Card Shuffle, 2012.
"""

import jax
import jax.numpy as jnp
from jax import Array

ROUNDS = 12
"""Two rows that lie side by side do so in the next epoch with a probability of about 2^−12 beyond chance."""


def begin(key: Array, first: Array, steps: int, rows: Array, size: Array) -> dict[str, Array]:
    """Return where in which epoch's order each step's batch begins; an incomplete last batch is dropped.

    Args:
        key: of the run's batches.
        first: the first step, counted from 0.
        steps: how many; static.
        rows: how many rows there are, uint32.
        size: rows of a batch, at most `rows`, uint32.

    Returns:
        `offset` (steps,), `pivots` and `flips` (steps, ROUNDS), all uint32: what `row` needs.
    """
    length = rows // size
    step = first.astype(jnp.uint32) + jnp.arange(steps, dtype=jnp.uint32)
    epoch = step // length
    seeds = jax.random.bits(key, (2, ROUNDS), jnp.uint32)
    bits = _mixed(seeds[None] ^ _mixed(epoch + 1)[:, None, None])
    return {"offset": (step - epoch * length) * size, "pivots": bits[:, 0] % rows, "flips": bits[:, 1]}


def row(place: Array, pivots: Array, flips: Array, rows: Array) -> Array:
    """Return the row at a place of an epoch's order: each row stands at one place.

    Args:
        place: uint32, any shape, below `rows`.
        pivots: the epoch's, shape (ROUNDS,), below `rows`.
        flips: the epoch's, shape (ROUNDS,).
        rows: how many there are.

    Returns:
        uint32, shaped as `place`.
    """

    def turn(number: Array, place: Array) -> Array:
        pivot = pivots[number]
        partner = jnp.where(pivot >= place, pivot - place, pivot + rows - place)
        swapped = _mixed(jnp.maximum(place, partner) ^ flips[number]) >> 31 == 1
        return jnp.where(swapped, partner, place)

    return jax.lax.fori_loop(0, ROUNDS, turn, place)


def _mixed(bits: Array) -> Array:
    """Return 32 bits each of which hangs on all of those given, one to one: Wellons, Prospecting for hashes, 2018."""
    bits = (bits ^ (bits >> 16)) * jnp.uint32(0x7FEB352D)
    bits = (bits ^ (bits >> 15)) * jnp.uint32(0x846CA68B)
    return bits ^ (bits >> 16)
