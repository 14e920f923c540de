"""SAM: momentum that takes the gradient where the loss is about the worst nearby.

Foret et al., Sharpness-Aware Minimization for Efficiently Improving Generalization, 2021, Algorithm 1, around momentum
as it stands here. The paper's radius ρ is called r, since ρ is the momentum. A step costs two gradients, both on the
same mini-batch. Where the gradient is 0 there is no worst direction, and it looks at the iterate itself.
"""

from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter
from core.optimizers.base import Optimizer, SlopeOf, rule_of_slope
from core.optimizers.velocity import Velocity, at_rest, momentum


class SAM(Optimizer):
    """Feel the slope a little farther uphill: a minimum that is narrower than that radius does not hold it."""

    title = "SAM"
    order = 190
    formula = (
        r"z = x + r \, g / \|g\|",
        r"v \leftarrow \rho \, v + \nabla f(z)",
        r"x \leftarrow x - \alpha \, v",
    )
    source = "Foret et al., Sharpness-Aware Minimization for Efficiently Improving Generalization, ICLR 2021"
    slots = {"velocity": ("v", "Velocity")}
    follows = ("velocity", -1)
    suits = ("momentum", 0.5)  # the slope uphill is the steeper one

    optimizer: Literal["sam"] = "sam"
    rho: float = momentum()
    radius: float = parameter(0.05, "r", "Radius: how far uphill the gradient is taken", slider=(0.0, 1.0), ge=0)

    def transform(self) -> optax.GradientTransformation:
        """Return v ← ρ v + ∇f(x + r g / ‖g‖) and updates −α v."""

        def update(gradient: Any, state: Velocity, params: Any, slope_of: SlopeOf) -> tuple[Any, Velocity]:
            norm = optax.tree.norm(gradient)
            reach = self.radius / jnp.where(norm == 0, 1.0, norm)
            _, slope = slope_of(jax.tree.map(lambda x, g: x + reach * g, params, gradient))
            velocity = jax.tree.map(lambda v, g: self.rho * v + g, state.velocity, slope)
            return jax.tree.map(lambda v: -self.lr * v, velocity), Velocity(velocity)

        return rule_of_slope(at_rest, update)
