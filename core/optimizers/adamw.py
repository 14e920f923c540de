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
from core.optimizers.base import rule_of_params
from core.optimizers.moments import Moments, OfMoments, no_moments


class AdamW(OfMoments):
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
    suits = ("adam", 1.0)

    optimizer: Literal["adamw"] = "adamw"
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
            def step(m: Any, s: Any, x: Any) -> Any:
                return -self.lr * (m / (jnp.sqrt(s) + self.eps) + self.weight_decay * x)

            after = self.gathered(state, gradient)
            return jax.tree.map(step, *self.hats(after), params), after

        return rule_of_params(no_moments, update)
