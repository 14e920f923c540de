"""How weights start: normal with mean 0, the standard deviation chosen by the number of inputs of a unit (fan-in).

* `he`: √(2 / fan-in), He, Zhang, Ren, Sun, Delving Deep into Rectifiers, 2015.
* `xavier`: √(1 / fan-in), Glorot & Bengio, Understanding the difficulty of training deep feedforward neural networks,
  2010, in the common form that looks at the forward pass alone (the paper's own averages fan-in and fan-out).
* `small` and `large`: 0.01 and 1 whatever the width, the two classic mistakes.
* `zeros`: every unit computes, and learns, the same.

Biases start at 0.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal

import jax
import jax.numpy as jnp
from jax import Array

from core.problems.layers import Layers

Initial = Literal["he", "xavier", "small", "large", "zeros"]

DEVIATIONS: dict[Initial, Callable[[int], float]] = {
    "he": lambda fan_in: math.sqrt(2 / fan_in),
    "xavier": lambda fan_in: math.sqrt(1 / fan_in),
    "small": lambda fan_in: 0.01,
    "large": lambda fan_in: 1.0,
    "zeros": lambda fan_in: 0.0,
}


def draw(key: Array, sizes: Sequence[int], init: Initial, scale: float | Array) -> Layers:
    """Draw initial weights.

    Args:
        key: one key gives the same draws for every rule and scale, so that runs differ by the rule alone.
        sizes: of the layers, input and output included.
        init: the rule.
        scale: multiplies every standard deviation; may be traced.

    Returns:
        Layers of float32.
    """
    pairs = list(pairwise(sizes))
    layers: Layers = []
    for draw_key, (fan_in, fan_out) in zip(jax.random.split(key, len(pairs)), pairs, strict=True):
        normal = jax.random.normal(draw_key, (fan_in, fan_out), jnp.float32)
        deviation = jnp.asarray(scale, jnp.float32) * DEVIATIONS[init](fan_in)
        layers.append({"weight": deviation * normal, "bias": jnp.zeros(fan_out, jnp.float32)})
    return layers
