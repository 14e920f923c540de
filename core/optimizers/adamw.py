"""AdamW: Adam, and beside it every parameter shrinks by a share α λ of itself.

Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019, Algorithm 2. Not to be confused with Adam on a loss
with an L2 penalty, where the pull towards 0 goes through the moments and is divided by √ŝ like every gradient. The
paper multiplies the decay by the schedule alone; here α multiplies it too, as in optax and PyTorch, so a smaller α
decays less.
"""

from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter
from core.optimizers.base import MOST_DECAY, Optimizer, rule_of_params
from core.optimizers.moments import Moments, mean_of, no_moments, square_of


class AdamW(Optimizer):
    """Adam whose weight decay does not go through the moments: all parameters shrink at one pace."""

    title = "AdamW"
    order = 70
    formula = (
        r"m \leftarrow \beta_1 \, m + (1 - \beta_1) \, g",
        r"s \leftarrow \beta_2 \, s + (1 - \beta_2) \, g^2",
        r"\hat{m} = m / (1 - \beta_1^t), \quad \hat{s} = s / (1 - \beta_2^t)",
        r"x \leftarrow x - \alpha \, ( \hat{m} / (\sqrt{\hat{s}} + \epsilon) + \lambda \, x )",
    )
    source = "Loshchilov & Hutter, Decoupled Weight Decay Regularization, ICLR 2019"
    slots = {"mean": ("m", "First moment"), "square": ("s", "Second moment")}
    corrected = {"mean": (r"\hat{m}", "beta1"), "square": (r"\hat{s}", "beta2")}
    follows = ("mean", -1)
    suits = ("adam", 1.0)

    optimizer: Literal["adamw"] = "adamw"
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
    weight_decay: float = parameter(
        0.01,
        r"\lambda",
        "Weight decay: the share of a parameter, times α, that a step takes away",
        slider=(0.0, 1.0),
        ge=0,
    )

    def transform(self) -> optax.GradientTransformation:
        """Return the corrected moments and updates −α (m̂ / (√ŝ + ε) + λ x); they need the parameters."""

        def update(gradient: Any, state: Moments, params: Any) -> tuple[Any, Moments]:
            t = state.t + 1.0
            mean = mean_of(self.beta1, state.mean, gradient)
            square = square_of(self.beta2, state.square, gradient)
            first, second = 1 - self.beta1**t, 1 - self.beta2**t

            def step(m: Any, s: Any, x: Any) -> Any:
                return -self.lr * ((m / first) / (jnp.sqrt(s / second) + self.eps) + self.weight_decay * x)

            return jax.tree.map(step, mean, square, params), Moments(t, mean, square)

        return rule_of_params(no_moments, update)
