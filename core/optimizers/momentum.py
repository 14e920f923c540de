"""Momentum: the step follows a velocity that remembers past gradients.

Polyak, Some methods of speeding up the convergence of iteration methods, 1964 ("heavy ball"), in the lecture's form:
the velocity sums gradients and the learning rate multiplies the velocity, as PyTorch has it. Where α stays constant
this is the same iteration as the form that puts α inside the velocity; under a schedule it is not.
"""

from typing import Any, Literal

import jax
import optax

from core.optimizers.base import Optimizer, rule
from core.optimizers.velocity import Velocity, at_rest, momentum


class Momentum(Optimizer):
    """Roll downhill: the velocity is the exponentially weighted sum of past gradients."""

    title = "Momentum"
    order = 20
    formula = (r"v \leftarrow \rho \, v + g", r"x \leftarrow x - \alpha \, v")
    source = "Polyak, Some methods of speeding up the convergence of iteration methods, 1964"
    slots = {"velocity": ("v", "Velocity")}
    follows = ("velocity", -1)

    optimizer: Literal["momentum"] = "momentum"
    rho: float = momentum()

    def transform(self) -> optax.GradientTransformation:
        """Return v ← ρ v + g and updates −α v."""

        def update(gradient: Any, state: Velocity) -> tuple[Any, Velocity]:
            velocity = jax.tree.map(lambda v, g: self.rho * v + g, state.velocity, gradient)
            return jax.tree.map(lambda v: -self.lr * v, velocity), Velocity(velocity)

        return rule(at_rest, update)
