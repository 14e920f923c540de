"""What a formula may call and name: what it is in JAX and in NumPy, and how it is written."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

Value = Any
"""An array of the namespace at hand, or a tracer."""
Namespace = Any
"""The module `jax.numpy` or `numpy`."""


class Function(NamedTuple):
    """A function that a formula may call: what it is in either namespace, and how it is written."""

    jax: Callable[..., Value]
    numpy: Callable[..., Value]
    latex: str
    arguments: int = 1


def root(namespace: Namespace, x: Value, exponent: float = 0.5) -> Value:
    """Return x to an exponent between 0 and 1, whose derivative at 0 is 0 here: the true one is infinite."""
    positive = x > 0
    power = namespace.sqrt if exponent == 0.5 else partial(_power_of, exponent=exponent)
    inside = namespace.where(positive, x, namespace.ones_like(x))
    return namespace.where(positive, power(inside), namespace.where(x == 0, 0 * inside, namespace.nan))


def _magnitude(x: Value) -> Value:
    """Return |x|, whose derivative at 0 is 0 here: JAX says 1."""
    return jnp.where(x == 0, jnp.zeros_like(x), jnp.abs(x))


def _power_of(x: Value, exponent: float) -> Value:
    return x**exponent


FUNCTIONS: dict[str, Function] = {
    "sin": Function(jnp.sin, np.sin, r"\sin"),
    "cos": Function(jnp.cos, np.cos, r"\cos"),
    "tan": Function(jnp.tan, np.tan, r"\tan"),
    "arctan": Function(jnp.arctan, np.arctan, r"\arctan"),
    "sinh": Function(jnp.sinh, np.sinh, r"\sinh"),
    "cosh": Function(jnp.cosh, np.cosh, r"\cosh"),
    "tanh": Function(jnp.tanh, np.tanh, r"\tanh"),
    "exp": Function(jnp.exp, np.exp, r"\exp"),
    "log": Function(jnp.log, np.log, r"\log"),
    "sqrt": Function(partial(root, jnp), partial(root, np), r"\sqrt"),
    "abs": Function(_magnitude, np.abs, r"\left|"),
    "min": Function(jnp.minimum, np.minimum, r"\min", 2),
    "max": Function(jnp.maximum, np.maximum, r"\max", 2),
}
"""What a formula may call. Steps (floor, sign) are left out: no optimizer can feel them."""

CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e}
VARIABLES = ("x", "y")
