"""Adam: momentum over RMSProp, both corrected for their start at 0.

Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, Algorithm 1 (ε outside the root). Without the
correction (`bias_correction` off) the first steps are about (1 − β₁) / √(1 − β₂) times as large: 3.2 at the defaults.
"""

from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.optimizers.base import rule
from core.optimizers.moments import Moments, OfMoments, bias_correction, no_moments


class Adam(OfMoments):
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

    optimizer: Literal["adam"] = "adam"
    bias_correction: bool = bias_correction(
        formula=(
            r"m \leftarrow \beta_1 \, m + (1 - \beta_1) \, g",
            r"s \leftarrow \beta_2 \, s + (1 - \beta_2) \, g^2",
            r"x \leftarrow x - \alpha \, m / (\sqrt{s} + \epsilon)",
        ),
    )

    def transform(self) -> optax.GradientTransformation:
        """Return the moments, corrected unless `bias_correction` is off, and updates −α m̂ / (√ŝ + ε)."""

        def update(gradient: Any, state: Moments) -> tuple[Any, Moments]:
            after = self.gathered(state, gradient)
            moments = self.hats(after) if self.bias_correction else (after.mean, after.square)
            return jax.tree.map(lambda m, s: -self.lr * m / (jnp.sqrt(s) + self.eps), *moments), after

        return rule(no_moments, update)
