"""Sums of losses and gradients over rows, in the shapes that a processor likes.

A row is (x₁, x₂, y), its loss a function of z = w₁x₁ + w₂x₂ and y. Nothing is summed up inside a loop: entries are
added to accumulators as long as a block, which vectorizes, and a sum of each is taken once at the end.
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from core.problems.data import batches

Terms = Callable[[Any, Any, Any], tuple[Any, Any, Any]]
"""Loss of rows and its first two derivatives by z; of z, y, and NumPy or JAX's."""
Parts = tuple[Array, Array, Array]
"""Rows' losses and the two coordinates of their gradients, shape (n,) each."""

_GATHERED = 256
_READ = 4096
_TOGETHER = 4


def parts(terms: Terms, params: Array, rows: Array, weights: Array) -> Parts:
    """Return the weighted losses and gradients of rows.

    Args:
        terms: of a row.
        params: shape (2,).
        rows: shape (n, 3).
        weights: shape (n,).
    """
    x, y = rows[:, :2].T, rows[:, 2]
    loss, rise, _ = terms(params[0] * x[0] + params[1] * x[1], y, jnp)
    return weights * loss, weights * rise * x[0], weights * rise * x[1]


def totals(found: Parts) -> Array:
    """Return the sums, shape (3,): of losses, and of both coordinates of gradients."""
    return jnp.stack([jnp.sum(part) for part in found])


def beyond(terms: Terms, first: int, rows: Array, count: Array, params: Array, batch: dict[str, Array]) -> Array:
    """Sum up what a batch has beyond its first rows, or all rows where it has all.

    Runs side by side take turns: each goes through its own number of blocks.

    Args:
        terms: of a row.
        first: rows of the batch that are summed up elsewhere, unless it has all.
        rows: the table, shape (N, 3).
        count: how many of them there are.
        params: shape (2,).
        batch: `size`, `offset`, `pivots` and `flips` of a step.

    Returns:
        Shape (3,), as `totals`.
    """

    def run(rows: Array, count: Array, params: Array, batch: dict[str, Array]) -> Array:
        size, everything = batch["size"], batch["size"] == count

        def gathered(block: Array, sums: Parts) -> Parts:
            place = first + block.astype(jnp.uint32) * _GATHERED + jnp.arange(_GATHERED, dtype=jnp.uint32)
            within = jnp.minimum(batch["offset"] + place, count - 1)
            chosen = batches.row(within, batch["pivots"], batch["flips"], count)
            return _plus(sums, parts(terms, params, rows[chosen.astype(jnp.int32)], _kept(place < size)))

        def read(block: Array, sums: Parts) -> Parts:
            place = block * _READ + jnp.arange(_READ)
            chosen = jax.lax.dynamic_slice_in_dim(rows, block * _READ, _READ)
            return _plus(sums, parts(terms, params, chosen, _kept(place < count.astype(jnp.int32))))

        left = jnp.where(everything | (size <= first), 0, size - jnp.minimum(size, first))
        some = jax.lax.fori_loop(0, _blocks(left, _GATHERED), gathered, _zeros((_GATHERED,)))
        whole = _blocks(jnp.where(everything, count, 0), _READ)
        return totals(some) + totals(jax.lax.fori_loop(0, whole, read, _zeros((_READ,))))

    drawn = {name: batch[name] for name in ("size", "offset", "pivots", "flips")}
    return _in_turns(run)(rows, count, params, drawn)


def mean(terms: Terms, rows: Array, weights: Array, params: Array) -> Array:
    """Return the weighted loss and gradient, shape (3,), at a point; of many points, by `vmap`, four rows after four.

    Args:
        terms: of a row.
        rows: shape (a multiple of 4, 3).
        weights: shape (as many,).
        params: shape (2,).
    """

    def of(x1: Array, x2: Array, y: Array, z: Array) -> Parts:
        loss, rise, _ = terms(z, y, jnp)
        return loss, rise * x1, rise * x2

    return _mean(of, rows, weights, params)


def bend(terms: Terms, rows: Array, weights: Array, params: Array) -> Array:
    """Return the weighted Hessian, shape (2, 2), at a point; arguments as of `mean`."""

    def of(x1: Array, x2: Array, y: Array, z: Array) -> Parts:
        _, _, curve = terms(z, y, jnp)
        return curve * x1 * x1, curve * x1 * x2, curve * x2 * x2

    first, across, second = _mean(of, rows, weights, params)
    return jnp.stack([jnp.stack([first, across]), jnp.stack([across, second])])


def _mean(of: Callable[[Array, Array, Array, Array], Parts], rows: Array, weights: Array, params: Array) -> Array:
    """Sum up three weighted functions of a row, (x₁, x₂, y, z) to shapes that broadcast; see `mean`."""

    @jax.custom_batching.custom_vmap
    def many(rows: Array, weights: Array, points: Array) -> Array:
        w1, w2 = points[None, :, 0], points[None, :, 1]

        def some(sums: Parts, taken: tuple[Array, Array]) -> tuple[Parts, None]:
            (x1, x2, y), weight = taken[0].T[..., None], taken[1][:, None]
            first, second, third = of(x1, x2, y, x1 * w1 + x2 * w2)
            return _plus(sums, (weight * first, weight * second, weight * third)), None

        blocks = rows.reshape(-1, _TOGETHER, 3), weights.reshape(-1, _TOGETHER)
        found, _ = jax.lax.scan(some, _zeros((_TOGETHER, points.shape[0])), blocks)
        return jnp.stack([part.sum(axis=0) for part in found], axis=-1)

    @many.def_vmap
    def _(size: int, batched: list[bool], rows: Array, weights: Array, points: Array) -> tuple[Array, bool]:
        if batched[0] or batched[1]:
            raise TypeError("points may differ from run to run, rows may not")
        return many(rows, weights, points.reshape(-1, 2)).reshape(size, -1, 3), True

    return many(rows, weights, params[None])[0]


def _in_turns(function: Callable[..., Array]) -> Callable[..., Array]:
    """Have `vmap` call a function once for each of what lies side by side, instead of for all at once.

    The rule of JAX's own `sequential_vmap` fails where tangents alone lie side by side.
    """
    wrapped = jax.custom_batching.custom_vmap(function)

    @wrapped.def_vmap
    def _(size: int, batched: Any, *given: Any) -> tuple[Array, bool]:
        leaves, tree = jax.tree.flatten(given)
        lying = jax.tree.leaves(batched)
        moving = [leaf for leaf, one in zip(leaves, lying, strict=True) if one]
        if not moving:
            return function(*given), False

        def one(taken: list[Array]) -> Array:
            rest = iter(taken)
            mixed = [next(rest) if side else leaf for leaf, side in zip(leaves, lying, strict=True)]
            return function(*jax.tree.unflatten(tree, mixed))

        return jax.lax.map(one, moving), True

    return wrapped


def _zeros(shape: tuple[int, ...]) -> Parts:
    return jnp.zeros(shape), jnp.zeros(shape), jnp.zeros(shape)


def _plus(first: Parts, second: Parts) -> Parts:
    return first[0] + second[0], first[1] + second[1], first[2] + second[2]


def _kept(mask: Array) -> Array:
    return mask.astype(jnp.float32)


def _blocks(count: Array, size: int) -> Array:
    return ((count + (size - 1)) // size).astype(jnp.int32)
