"""AdaGrad: every coordinate has its own step, divided by the root of all its squared gradients.

Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization, 2011. The
accumulator starts at 0 and ε stands outside the root; `optax.adagrad` starts it at 0.1 and has ε inside by default.
"""

from dataclasses import dataclass
from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.optimizers.base import Optimizer, rule
from core.optimizers.moments import epsilon


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class AdaGradState:
    """Sum of squared gradients s, shaped like the parameters; it starts at 0."""

    square: Any


class AdaGrad(Optimizer):
    """Damp steep directions, speed up flat ones; the step shrinks as squares pile up."""

    title = "AdaGrad"
    order = 40
    formula = (r"s \leftarrow s + g^2", r"x \leftarrow x - \alpha \, g / (\sqrt{s} + \epsilon)")
    source = "Duchi, Hazan & Singer, Adaptive Subgradient Methods, JMLR 2011"
    slots = {"square": ("s", "Sum of squared gradients")}

    optimizer: Literal["adagrad"] = "adagrad"
    eps: float = epsilon()

    def transform(self) -> optax.GradientTransformation:
        """Return s ← s + g² and updates −α g / (√s + ε)."""

        def update(gradient: Any, state: AdaGradState) -> tuple[Any, AdaGradState]:
            square = jax.tree.map(lambda s, g: s + g * g, state.square, gradient)
            steps = jax.tree.map(lambda g, s: -self.lr * g / (jnp.sqrt(s) + self.eps), gradient, square)
            return steps, AdaGradState(square)

        return rule(lambda params: AdaGradState(jax.tree.map(jnp.zeros_like, params)), update)
