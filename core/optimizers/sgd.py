"""Gradient descent: a step against the gradient.

Robbins and Monro, A Stochastic Approximation Method, 1951. "Stochastic" once the gradient is that of a mini-batch or
carries noise; the rule is the same. Not to be confused with `optax.sgd(momentum=…)`, which is `momentum` here.
"""

from typing import Any, Literal

import jax
import optax

from core.optimizers.base import Optimizer, rule


class SGD(Optimizer):
    """Step against the gradient."""

    title = "SGD"
    order = 10
    formula = (r"x \leftarrow x - \alpha \, g",)
    source = "Robbins & Monro, A Stochastic Approximation Method, 1951"

    optimizer: Literal["sgd"] = "sgd"

    def transform(self) -> optax.GradientTransformation:
        """Return updates −α g; there is no state."""

        def update(gradient: Any, state: Any) -> tuple[Any, Any]:
            return jax.tree.map(lambda g: -self.lr * g, gradient), state

        return rule(lambda params: optax.EmptyState(), update)
