"""Losses of many parameter vectors of one network over all its training rows, compiled once per shape of the network.

Two layouts make this fast on a CPU. Activations are kept as (units, rows): the softmax then runs along rows, which
vectorizes. And in a plane the pre-activations of the first layer are linear in the coordinates, so that its product
with the data is made three times, not once a point. Together: 51×51 points of 64-64-64-10 in about half the time of the
plain form. Points are evaluated in batches of a fixed size, the last one padded, so that neither the number of points
nor where they lie compiles anything. Whoever evaluates many is given the chance to stop after each batch: losses come
from generators that yield nothing of use between batches and return the losses.
"""

from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from core.landscape.plane import Plane
from core.problems.layers import ACTIVATIONS, Layers, count, squares
from core.problems.network import Network

Losses = NDArray[np.float32]
Batches = Generator[None, None, Losses]
"""Yields after each batch, and returns the losses, shape (n,)."""

_POINTS = 64
_VECTORS = 16
_MOST_WEIGHTS = 20_000_000  # in a batch: about half a second on a laptop


class PlaneLoss:
    """The loss on a plane, as a function of coordinates.

    Args:
        problem: the network; its loss is the one optimized, the penalty included, over all training rows.
        plane: through its parameters.
    """

    def __init__(self, problem: Network, plane: Plane) -> None:
        self._structure = _structure(problem)
        self._l2 = np.float32(problem.l2)
        self._vectors = np.stack([plane.origin, plane.first, plane.second]).astype(np.float32)
        self._products = _products(self._structure, self._vectors)

    def __call__(self, points: NDArray[Any]) -> Batches:
        """Evaluate the losses at coordinates of shape (n, 2)."""

        def evaluate(block: NDArray[np.float32]) -> Array:
            return _plane_losses(self._structure, self._l2, self._vectors, self._products, block)

        return _batched(evaluate, points, _batch(self._structure, _POINTS))


def vector_losses(problem: Network, vectors: NDArray[np.float32]) -> Batches:
    """Evaluate the losses, penalty included, over all training rows.

    Args:
        problem: the network.
        vectors: parameters, shape (n, P).
    """
    structure = _structure(problem)
    evaluate = partial(_vector_losses, structure, np.float32(problem.l2))
    return _batched(evaluate, vectors, _batch(structure, _VECTORS))


def _structure(problem: Network) -> Network:
    """Return what the loss of all rows is compiled for: neither mini-batches nor initial weights touch it."""
    return Network(dataset=problem.dataset, hidden=problem.hidden, activation=problem.activation)


def _batch(structure: Network, most: int) -> int:
    """Return how many points make a batch: fewer of a wide network, so that no batch takes long."""
    return max(1, min(most, _MOST_WEIGHTS // count(structure.sizes())))


def _batched(evaluate: Callable[[NDArray[np.float32]], Array], rows: NDArray[Any], size: int) -> Batches:
    """Apply a compiled function to rows in batches of one size; what is not finite becomes the largest float32."""
    limit = float(np.finfo(np.float32).max)
    found = [np.zeros(0, np.float32)]
    for block, taken in _padded(rows, size):
        found.append(np.asarray(evaluate(block))[:taken])
        yield
    return np.nan_to_num(np.concatenate(found), nan=limit, posinf=limit, neginf=-limit)


def _padded(rows: NDArray[Any], size: int) -> Iterator[tuple[NDArray[np.float32], int]]:
    """Yield blocks of a size, and how many of each are real."""
    for first in range(0, len(rows), size):
        block = rows[first : first + size].astype(np.float32)
        yield np.concatenate([block, np.repeat(block[-1:], size - len(block), axis=0)]), len(block)


@partial(jax.jit, static_argnums=0)
def _products(structure: Network, vectors: Array) -> Array:
    """Return the first layer's pre-activations for each vector, shape (3, units, rows)."""
    return jax.vmap(lambda vector: _first(structure, structure.unravel(vector)))(vectors)


@partial(jax.jit, static_argnums=0)
def _plane_losses(structure: Network, l2: Array, vectors: Array, products: Array, points: Array) -> Array:
    """Return the losses, shape (n,), at points of the plane, shape (n, 2)."""

    def one(point: Array) -> Array:
        weights = jnp.concatenate([jnp.ones(1), point])
        params = structure.unravel(weights @ vectors)
        return _loss(structure, l2, params, jnp.tensordot(weights, products, 1))

    return jax.lax.map(one, points)


@partial(jax.jit, static_argnums=0)
def _vector_losses(structure: Network, l2: Array, vectors: Array) -> Array:
    """Return the losses, shape (n,), of vectors of shape (n, P)."""

    def one(vector: Array) -> Array:
        params = structure.unravel(vector)
        return _loss(structure, l2, params, _first(structure, params))

    return jax.lax.map(one, vectors)


def _first(structure: Network, params: Layers) -> Array:
    """Return the pre-activations of the first layer, shape (units, rows)."""
    return params[0]["weight"].T @ jnp.asarray(structure.split().train_x).T + params[0]["bias"][:, None]


def _loss(structure: Network, l2: Array, params: Layers, hidden: Array) -> Array:
    """Return cross entropy + λ/2 · Σ w² from the first layer's pre-activations, shape ()."""
    for layer in params[1:]:
        hidden = layer["weight"].T @ ACTIVATIONS[structure.activation](hidden) + layer["bias"][:, None]
    labels = jnp.asarray(structure.split().train_y)
    hit = jnp.arange(hidden.shape[0])[:, None] == labels[None, :]
    wrong = jax.nn.logsumexp(hidden, axis=0) - jnp.sum(jnp.where(hit, hidden, 0), axis=0)
    return jnp.mean(wrong) + l2 / 2 * squares(params)
