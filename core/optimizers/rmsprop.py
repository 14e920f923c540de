"""RMSProp: AdaGrad that forgets.

Tieleman and Hinton, Lecture 6.5 of Neural Networks for Machine Learning, 2012. The running mean of squares starts at 0
and is not corrected for it, so the first steps are large (about α / √(1 − β)); ε stands outside the root.
"""

from dataclasses import dataclass
from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter
from core.optimizers.base import MOST_DECAY, Optimizer, rule
from core.optimizers.moments import epsilon, square_of


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class RMSPropState:
    """Running mean of squared gradients s, shaped like the parameters; it starts at 0."""

    square: Any


class RMSProp(Optimizer):
    """Divide by the root of a running mean of squared gradients, so that the step does not die out."""

    title = "RMSProp"
    order = 50
    formula = (
        r"s \leftarrow \beta \, s + (1 - \beta) \, g^2",
        r"x \leftarrow x - \alpha \, g / (\sqrt{s} + \epsilon)",
    )
    source = "Tieleman & Hinton, Lecture 6.5 of Neural Networks for Machine Learning, 2012"
    slots = {"square": ("s", "Running mean of squared gradients")}

    optimizer: Literal["rmsprop"] = "rmsprop"
    decay: float = parameter(
        0.9, r"\beta", "Decay: the share of the running mean that is kept", slider=(0.0, 0.999), ge=0, le=MOST_DECAY
    )
    eps: float = epsilon()

    def transform(self) -> optax.GradientTransformation:
        """Return s ← β s + (1 − β) g² and updates −α g / (√s + ε)."""

        def update(gradient: Any, state: RMSPropState) -> tuple[Any, RMSPropState]:
            square = square_of(self.decay, state.square, gradient)
            steps = jax.tree.map(lambda g, s: -self.lr * g / (jnp.sqrt(s) + self.eps), gradient, square)
            return steps, RMSPropState(square)

        return rule(lambda params: RMSPropState(jax.tree.map(jnp.zeros_like, params)), update)
