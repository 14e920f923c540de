"""AdaBelief: Adam that divides by how far gradients are from their mean, not from 0.

Zhuang et al., AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients, 2020. Where the gradient is
what was expected, the step is long. ε stands outside the root; the paper and optax add one to s in every step, too.
With β₁ = 0 the mean is the gradient, s is 0 and only ε is left below the line: the slider begins above that.
"""

from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.optimizers.base import rule
from core.optimizers.moments import Moments, OfMoments, decay_of_mean, decay_of_square, mean_of, no_moments, square_of


class AdaBelief(OfMoments):
    """Long steps where the gradient is as expected, short ones where it surprises."""

    title = "AdaBelief"
    order = 110
    formula = (
        r"m \leftarrow \beta_1 \, m + (1 - \beta_1) \, g",
        r"s \leftarrow \beta_2 \, s + (1 - \beta_2) \, (g - m)^2",
        r"\hat{m} = m / (1 - \beta_1^t), \quad \hat{s} = s / (1 - \beta_2^t)",
        r"x \leftarrow x - \alpha \, \hat{m} / (\sqrt{\hat{s}} + \epsilon)",
    )
    source = "Zhuang et al., AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients, NeurIPS 2020"
    slots = {"mean": ("m", "First moment"), "square": ("s", "Running mean of squared deviations")}
    suits = ("adam", 0.5)

    optimizer: Literal["adabelief"] = "adabelief"
    beta1: float = decay_of_mean(lowest=0.1)
    beta2: float = decay_of_square("Decay of the squared deviations: the share that is kept")

    def transform(self) -> optax.GradientTransformation:
        """Return the mean, the squared deviations from it, and updates −α m̂ / (√ŝ + ε)."""

        def update(gradient: Any, state: Moments) -> tuple[Any, Moments]:
            mean = mean_of(self.beta1, state.mean, gradient)
            surprise = jax.tree.map(lambda g, m: g - m, gradient, mean)
            after = Moments(state.t + 1.0, mean, square_of(self.beta2, state.square, surprise))
            steps = jax.tree.map(lambda m, s: -self.lr * m / (jnp.sqrt(s) + self.eps), *self.hats(after))
            return steps, after

        return rule(no_moments, update)
