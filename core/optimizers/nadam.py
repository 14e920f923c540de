"""Nadam: Adam that steps from where its momentum will have carried it, as Nesterov's method does.

Dozat, Incorporating Nesterov Momentum into Adam, 2016, with a constant β₁, as optax has it. The paper's warm-up of β₁
(a factor 1 − 0.5 · 0.96^(t/250), which PyTorch has) is left out: it would be a second schedule that no slider shows.
So is the factor β₂ that its Algorithm 2 puts before s without saying why, as in optax.
"""

from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter
from core.optimizers.base import MOST_DECAY, Optimizer, rule
from core.optimizers.moments import Moments, mean_of, no_moments, square_of


class Nadam(Optimizer):
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
    slots = {"mean": ("m", "First moment"), "square": ("s", "Second moment")}
    corrected = {"square": (r"\hat{s}", "beta2")}
    follows = ("mean", -1)
    suits = ("adam", 1.0)

    optimizer: Literal["nadam"] = "nadam"
    beta1: float = parameter(
        0.9, r"\beta_1", "Decay of the first moment: the share that is kept", slider=(0.0, 0.999), ge=0, le=MOST_DECAY
    )
    beta2: float = parameter(
        0.999,
        r"\beta_2",
        "Decay of the second moment: the share that is kept",
        slider=(0.0, 0.9999),
        ge=0,
        le=MOST_DECAY,
    )
    eps: float = parameter(
        1e-7, r"\epsilon", "Epsilon: avoids division by zero", slider=(1e-10, 1.0), scale="log", gt=0
    )

    def transform(self) -> optax.GradientTransformation:
        """Return the moments and updates −α m̄ / (√ŝ + ε), where m̄ looks one step ahead."""

        def update(gradient: Any, state: Moments) -> tuple[Any, Moments]:
            t = state.t + 1.0
            mean = mean_of(self.beta1, state.mean, gradient)
            square = square_of(self.beta2, state.square, gradient)
            now, ahead, second = 1 - self.beta1**t, 1 - self.beta1 ** (t + 1.0), 1 - self.beta2**t

            def step(m: Any, s: Any, g: Any) -> Any:
                look = self.beta1 * m / ahead + (1 - self.beta1) * g / now
                return -self.lr * look / (jnp.sqrt(s / second) + self.eps)

            return jax.tree.map(step, mean, square, gradient), Moments(t, mean, square)

        return rule(no_moments, update)
