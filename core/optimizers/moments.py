"""The two running means that Adam and its successors keep: of gradients, and of their squares."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Moments:
    """Step count t (float, shape ()); running means of gradients m and of squares s, starting at 0."""

    t: Any
    mean: Any
    square: Any


def no_moments(params: Any) -> Moments:
    """Return the moments at step 0: parameters' shapes, all zero."""
    zeros = jax.tree.map(jnp.zeros_like, params)
    return Moments(jnp.zeros(()), zeros, zeros)


def mean_of(decay: Any, before: Any, gradient: Any) -> Any:
    """Return the running mean of gradients after one more: a pytree like the parameters."""
    return jax.tree.map(lambda m, g: decay * m + (1 - decay) * g, before, gradient)


def square_of(decay: Any, before: Any, gradient: Any) -> Any:
    """Return the running mean of squares after one more: a pytree like the parameters."""
    return jax.tree.map(lambda s, g: decay * s + (1 - decay) * g * g, before, gradient)
