"""Adam: momentum over RMSProp, both corrected for their start at 0.

Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, Algorithm 1 (ε outside the root). Without the
correction (`bias_correction` off) the first steps are about (1 − β₁) / √(1 − β₂) times as large: 3.2 at the defaults.
"""

from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter, switch
from core.optimizers.base import MOST_DECAY, Optimizer, rule
from core.optimizers.moments import Moments, mean_of, no_moments, square_of


class Adam(Optimizer):
    """A first moment like momentum, a second like RMSProp: a good default nearly everywhere."""

    title = "Adam"
    order = 60
    formula = (
        r"m \leftarrow \beta_1 \, m + (1 - \beta_1) \, g",
        r"s \leftarrow \beta_2 \, s + (1 - \beta_2) \, g^2",
        r"\hat{m} = m / (1 - \beta_1^t), \quad \hat{s} = s / (1 - \beta_2^t)",
        r"x \leftarrow x - \alpha \, \hat{m} / (\sqrt{\hat{s}} + \epsilon)",
    )
    source = "Kingma & Ba, Adam: A Method for Stochastic Optimization, ICLR 2015"
    slots = {"mean": ("m", "First moment"), "square": ("s", "Second moment")}
    corrected = {"mean": (r"\hat{m}", "beta1"), "square": (r"\hat{s}", "beta2")}
    follows = ("mean", -1)

    optimizer: Literal["adam"] = "adam"
    beta1: float = parameter(0.9, r"\beta_1", "Decay of the first moment", slider=(0.0, 0.999), ge=0, le=MOST_DECAY)
    beta2: float = parameter(0.999, r"\beta_2", "Decay of the second moment", slider=(0.0, 0.9999), ge=0, le=MOST_DECAY)
    eps: float = parameter(1e-7, r"\epsilon", "Avoids division by zero", slider=(1e-10, 1.0), scale="log", gt=0)
    bias_correction: bool = switch(
        True,
        "Bias correction: the moments are corrected for their start at 0",
        formula=(
            r"m \leftarrow \beta_1 \, m + (1 - \beta_1) \, g",
            r"s \leftarrow \beta_2 \, s + (1 - \beta_2) \, g^2",
            r"x \leftarrow x - \alpha \, m / (\sqrt{s} + \epsilon)",
        ),
    )

    def transform(self) -> optax.GradientTransformation:
        """Return the moments, corrected unless `bias_correction` is off, and updates −α m̂ / (√ŝ + ε)."""

        def update(gradient: Any, state: Moments) -> tuple[Any, Moments]:
            t = state.t + 1.0
            mean = mean_of(self.beta1, state.mean, gradient)
            square = square_of(self.beta2, state.square, gradient)
            first = 1 - self.beta1**t if self.bias_correction else 1.0
            second = 1 - self.beta2**t if self.bias_correction else 1.0
            steps = jax.tree.map(lambda m, s: -self.lr * (m / first) / (jnp.sqrt(s / second) + self.eps), mean, square)
            return steps, Moments(t, mean, square)

        return rule(no_moments, update)
