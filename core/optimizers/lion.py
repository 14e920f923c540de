"""Lion: every coordinate moves by α; a slow average and the newest gradient decide which way.

Chen et al., Symbolic Discovery of Optimization Algorithms, 2023, Program 1, found by a search over programs. The step
looks at a faster average (β₁) than the one that is remembered (β₂). Its weight decay is left out: set `weight_decay=0`
in optax to compare. Not to be confused with signSGD, which has no memory.
"""

from dataclasses import dataclass
from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter
from core.optimizers.base import MOST_DECAY, Optimizer, rule


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class LionState:
    """Momentum m, shaped like the parameters; it starts at 0."""

    momentum: Any


class Lion(Optimizer):
    """Step by a sign: as far on a plateau as on a cliff, so it never settles while α stays as it is."""

    title = "Lion"
    order = 140
    formula = (
        r"x \leftarrow x - \alpha \, \operatorname{sign}(\beta_1 \, m + (1 - \beta_1) \, g)",
        r"m \leftarrow \beta_2 \, m + (1 - \beta_2) \, g",
    )
    source = "Chen et al., Symbolic Discovery of Optimization Algorithms, NeurIPS 2023"
    slots = {"momentum": ("m", "Momentum")}
    follows = ("momentum", -1)
    suits = ("adam", 0.1)

    optimizer: Literal["lion"] = "lion"
    beta1: float = parameter(
        0.9,
        r"\beta_1",
        "Weight of the momentum: its share in the direction of the step",
        slider=(0.0, 0.999),
        ge=0,
        le=MOST_DECAY,
    )
    beta2: float = parameter(
        0.99, r"\beta_2", "Decay of the momentum: the share that is kept", slider=(0.0, 0.999), ge=0, le=MOST_DECAY
    )

    def transform(self) -> optax.GradientTransformation:
        """Return updates −α sign(β₁ m + (1 − β₁) g), and m moved towards the gradient afterwards."""

        def update(gradient: Any, state: LionState) -> tuple[Any, LionState]:
            def step(m: Any, g: Any) -> Any:
                return -self.lr * jnp.sign(self.beta1 * m + (1 - self.beta1) * g)

            momentum = jax.tree.map(lambda m, g: self.beta2 * m + (1 - self.beta2) * g, state.momentum, gradient)
            return jax.tree.map(step, state.momentum, gradient), LionState(momentum)

        return rule(lambda params: LionState(jax.tree.map(jnp.zeros_like, params)), update)
