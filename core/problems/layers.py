"""Multi-layer perceptrons as plain functions of a list of layers, ``[{"weight": (in, out), "bias": (out,)}, …]``.

The flat form of such a list is the one of `jax.flatten_util.ravel_pytree`: layer by layer, the bias before the weights.
`ravel` and `unravel` write it down once more because they also take NumPy arrays of any precision and leading axes, and
compile nothing.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

Activation = Literal["relu", "tanh", "sigmoid", "gelu"]
Layers = list[dict[str, Any]]
Numbers = Array | NDArray[Any]

ACTIVATIONS: dict[Activation, Callable[[Array], Array]] = {
    "relu": jax.nn.relu,
    "tanh": jnp.tanh,
    "sigmoid": jax.nn.sigmoid,
    "gelu": jax.nn.gelu,
}


def affine(layer: dict[str, Any], x: Numbers) -> Array:
    """Return x W + b, shape (rows, out), of x with shape (rows, in)."""
    return jnp.matmul(x, layer["weight"]) + jnp.expand_dims(layer["bias"], tuple(range(x.ndim - 1)))


def finish(layers: Layers, hidden: Array, activation: Activation) -> Array:
    """Return the logits from the pre-activations of the first layer.

    Args:
        layers: all but the first.
        hidden: pre-activations of the first, shape (rows, out).
        activation: what stands between two layers.

    Returns:
        Logits, shape (rows, classes).
    """
    for layer in layers:
        hidden = affine(layer, ACTIVATIONS[activation](hidden))
    return hidden


def forward(layers: Layers, x: Numbers, activation: Activation) -> Array:
    """Return the logits, shape (rows, classes), of x with shape (rows, features)."""
    return finish(layers[1:], affine(layers[0], x), activation)


def cross_entropy(logits: Array, labels: Numbers) -> Array:
    """Return the mean of −log softmax(logits)[label], shape ().

    Args:
        logits: shape (rows, classes).
        labels: integers, shape (rows,).
    """
    hit = (
        jnp.arange(logits.shape[-1])[None, :] == labels[:, None]
    )  # a mask: gathers are slow on CPU, the more so under vmap
    return jnp.mean(jax.nn.logsumexp(logits, axis=-1) - jnp.sum(jnp.where(hit, logits, 0), axis=-1))


def squares(layers: Layers) -> Array:
    """Return the sum of all squared weights, shape (); biases are not weights."""
    return sum((jnp.sum(jnp.square(layer["weight"])) for layer in layers), start=jnp.float32(0))


def count(sizes: Sequence[int]) -> int:
    """Return the number of parameters of a network with these layer sizes, input and output included."""
    return sum(fan_out * (fan_in + 1) for fan_in, fan_out in pairwise(sizes))


def unravel(sizes: Sequence[int], flat: Numbers) -> Layers:
    """Return the layers that a vector, or a stack of vectors, holds.

    Args:
        sizes: of the layers, input and output included.
        flat: NumPy or JAX, shape (…, P).

    Returns:
        Layers whose arrays have the same leading axes.
    """
    layers: Layers = []
    first = 0
    for fan_in, fan_out in pairwise(sizes):
        middle, last = first + fan_out, first + fan_out * (fan_in + 1)
        weight = flat[..., middle:last].reshape(*flat.shape[:-1], fan_in, fan_out)
        layers.append({"weight": weight, "bias": flat[..., first:middle]})
        first = last
    return layers


def ravel(layers: Layers) -> NDArray[Any]:
    """Return the layers as one vector, shape (P,), NumPy."""
    parts = [np.asarray(layer[name]).reshape(-1) for layer in layers for name in ("bias", "weight")]
    return np.concatenate(parts)
