"""What momentum and the rules around it share: a velocity, and the slider of the share of it that is kept."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from core.definition import parameter


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Velocity:
    """Velocity v, shaped like the parameters; it starts at 0."""

    velocity: Any


def at_rest(params: Any) -> Velocity:
    """Return the velocity at step 0: parameters' shapes, all zero."""
    return Velocity(jax.tree.map(jnp.zeros_like, params))


def momentum() -> Any:
    """Declare ρ."""
    meaning = "Momentum: the share of the velocity that is kept"
    return parameter(0.9, r"\rho", meaning, slider=(0.0, 0.999), ge=0, lt=1)
