"""AdaBelief: Adam that divides by how far gradients are from their mean, not from 0.

Zhuang et al., AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients, 2020. Where the gradient is
what was expected, the step is long. ε stands outside the root; the paper and optax add one to s in every step, too.
With β₁ = 0 the mean is the gradient, s is 0 and only ε is left below the line: the slider begins above that.
"""

from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter
from core.optimizers.base import MOST_DECAY, Optimizer, rule
from core.optimizers.moments import Moments, mean_of, no_moments, square_of


class AdaBelief(Optimizer):
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
    corrected = {"mean": (r"\hat{m}", "beta1"), "square": (r"\hat{s}", "beta2")}
    follows = ("mean", -1)
    suits = ("adam", 0.5)

    optimizer: Literal["adabelief"] = "adabelief"
    beta1: float = parameter(
        0.9, r"\beta_1", "Decay of the first moment: the share that is kept", slider=(0.1, 0.999), ge=0, le=MOST_DECAY
    )
    beta2: float = parameter(
        0.999,
        r"\beta_2",
        "Decay of the squared deviations: the share that is kept",
        slider=(0.0, 0.9999),
        ge=0,
        le=MOST_DECAY,
    )
    eps: float = parameter(
        1e-7, r"\epsilon", "Epsilon: avoids division by zero", slider=(1e-10, 1.0), scale="log", gt=0
    )

    def transform(self) -> optax.GradientTransformation:
        """Return the mean, the squared deviations from it, and updates −α m̂ / (√ŝ + ε)."""

        def update(gradient: Any, state: Moments) -> tuple[Any, Moments]:
            t = state.t + 1.0
            mean = mean_of(self.beta1, state.mean, gradient)
            surprise = jax.tree.map(lambda g, m: g - m, gradient, mean)
            square = square_of(self.beta2, state.square, surprise)
            first, second = 1 - self.beta1**t, 1 - self.beta2**t
            steps = jax.tree.map(lambda m, s: -self.lr * (m / first) / (jnp.sqrt(s / second) + self.eps), mean, square)
            return steps, Moments(t, mean, square)

        return rule(no_moments, update)
