"""LARS: momentum whose step in every layer is a share of the layer's own size.

You, Gitman and Ginsburg, Large Batch Training of Convolutional Networks, 2017, Algorithm 1, without its weight decay
(set `weight_decay=0` in optax to compare). α stands inside the velocity. A layer whose weights are all 0 takes a plain
momentum step, as in optax. On a surface the point itself is the only layer: ‖x‖ is its distance from the origin.
"""

from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter
from core.optimizers.base import Optimizer, rule_of_params
from core.optimizers.trust import trust_ratio
from core.optimizers.velocity import Velocity, at_rest, momentum


class LARS(Optimizer):
    """Every layer moves by a share of its own size, however steep it is: short steps near the origin."""

    title = "LARS"
    order = 160
    formula = (
        r"v \leftarrow \rho \, v + \alpha \, \eta \, \frac{\|x\|}{\|g\|} \, g",
        r"x \leftarrow x - v",
    )
    source = "You, Gitman & Ginsburg, Large Batch Training of Convolutional Networks, 2017"
    slots = {"velocity": ("v", "Velocity")}
    follows = ("velocity", -1)
    suits = (None, 1.0)  # relative to the distance from the origin, hence the same on all surfaces

    optimizer: Literal["lars"] = "lars"
    lr: float = parameter(
        1.0, r"\alpha", "Learning rate: multiplies the share", slider=(1e-2, 100.0), scale="log", gt=0
    )
    rho: float = momentum()
    trust: float = parameter(
        0.001,
        r"\eta",
        "Trust coefficient: the length of a step as a share of the layer's size",
        slider=(1e-4, 0.1),
        scale="log",
        gt=0,
    )

    def transform(self) -> optax.GradientTransformation:
        """Return v ← ρ v + α η ‖x‖ / ‖g‖ g, layer by layer, and updates −v."""

        def update(gradient: Any, state: Velocity, params: Any) -> tuple[Any, Velocity]:
            def follow(v: Any, g: Any, x: Any) -> Any:
                return self.rho * v + self.lr * trust_ratio(x, g, self.trust) * g

            velocity = jax.tree.map(follow, state.velocity, gradient, params)
            return jax.tree.map(jnp.negative, velocity), Velocity(velocity)

        return rule_of_params(at_rest, update)
