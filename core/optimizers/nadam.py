"""Nadam: Adam that steps from where its momentum will have carried it, as Nesterov's method does.

Dozat, Incorporating Nesterov Momentum into Adam, 2016, with a constant β₁, as optax has it. The paper's warm-up of β₁
(a factor 1 − 0.5 · 0.96^(t/250), which PyTorch has) is left out: it would be a second schedule that no slider shows.
So is the factor β₂ that its Algorithm 2 puts before s without saying why, as in optax.
"""

from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.optimizers.base import rule
from core.optimizers.moments import Moments, OfMoments, no_moments


class Nadam(OfMoments):
    """Adam with Nesterov's look-ahead: the newest gradient counts at once."""

    title = "Nadam"
    order = 80
    formula = (
        r"m \leftarrow \beta_1 \, m + (1 - \beta_1) \, g",
        r"s \leftarrow \beta_2 \, s + (1 - \beta_2) \, g^2",
        r"\bar{m} = \beta_1 \, m / (1 - \beta_1^{t+1}) + (1 - \beta_1) \, g / (1 - \beta_1^t)",
        r"\hat{s} = s / (1 - \beta_2^t)",
        r"x \leftarrow x - \alpha \, \bar{m} / (\sqrt{\hat{s}} + \epsilon)",
    )
    source = "Dozat, Incorporating Nesterov Momentum into Adam, ICLR Workshop 2016"
    corrected = {"square": (r"\hat{s}", "beta2")}
    suits = ("adam", 1.0)

    optimizer: Literal["nadam"] = "nadam"

    def transform(self) -> optax.GradientTransformation:
        """Return the moments and updates −α m̄ / (√ŝ + ε), where m̄ looks one step ahead."""

        def update(gradient: Any, state: Moments) -> tuple[Any, Moments]:
            after = self.gathered(state, gradient)
            now, ahead = 1 - self.beta1**after.t, 1 - self.beta1 ** (after.t + 1.0)

            def step(m: Any, s: Any, g: Any) -> Any:
                look = self.beta1 * m / ahead + (1 - self.beta1) * g / now
                return -self.lr * look / (jnp.sqrt(s) + self.eps)

            _, square = self.hats(after)
            return jax.tree.map(step, after.mean, square, gradient), after

        return rule(no_moments, update)
