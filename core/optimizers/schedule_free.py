"""Schedule-free SGD: the average of a path in place of a schedule.

Defazio et al., The Road Less Scheduled, 2024. The iterate drawn is the average x, which is what the method returns; the
gradient is taken at y, between the average and the base path z. `optax.contrib.schedule_free_sgd` keeps y as the
parameters and tells x by `schedule_free_eval_params`. The weights of the average are α², which matters under a schedule
only: the paper's, with α of each step; optax takes the largest α so far.
"""

from dataclasses import dataclass
from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter
from core.optimizers.base import Optimizer, SlopeOf, rule_of_slope


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class ScheduleFreeState:
    """Sum of the weights so far (float, shape ()), and the base path z, which starts at the parameters."""

    weights: Any
    base: Any


class ScheduleFree(Optimizer):
    """SGD runs on at full speed, and its average settles: no decay of the learning rate is needed."""

    title = "Schedule-free SGD"
    order = 200
    formula = (
        r"y = (1 - \beta) \, z + \beta \, x",
        r"z \leftarrow z - \alpha \, \nabla f(y)",
        r"c = \alpha^2 / \sum \alpha^2",
        r"x \leftarrow (1 - c) \, x + c \, z",
    )
    source = "Defazio et al., The Road Less Scheduled, NeurIPS 2024"
    suits = ("sgd", 1.0)

    optimizer: Literal["schedule_free"] = "schedule_free"
    beta: float = parameter(
        0.9, r"\beta", "Interpolation: how near to the average the gradient is taken", slider=(0.0, 1.0), ge=0, le=1
    )

    def transform(self) -> optax.GradientTransformation:
        """Return z ← z − α ∇f(y), and updates that take x to the average of z."""

        def update(
            gradient: Any, state: ScheduleFreeState, params: Any, slope_of: SlopeOf
        ) -> tuple[Any, ScheduleFreeState]:
            del gradient  # that of x, where this rule does not look
            between = jax.tree.map(lambda z, x: (1 - self.beta) * z + self.beta * x, state.base, params)
            _, slope = slope_of(between)
            base = jax.tree.map(lambda z, g: z - self.lr * g, state.base, slope)
            weight = jnp.square(jnp.asarray(self.lr, jnp.float32))
            weights = state.weights + weight
            share = jnp.where(weights > 0, weight / weights, 0.0)  # a schedule may end at 0
            return jax.tree.map(lambda z, x: share * (z - x), base, params), ScheduleFreeState(weights, base)

        return rule_of_slope(lambda params: ScheduleFreeState(jnp.zeros(()), params), update)
