"""LAMB: AdamW whose step in every layer is a share of the layer's own size.

You et al., Large Batch Optimization for Deep Learning: Training BERT in 76 minutes, 2020, Algorithm 2, with the layer's
norm as it is (the paper's φ is the identity) and 1 for a ratio without meaning, as in optax. On a surface the point
itself is the only layer: α is how far a step goes, as a share of the distance from the origin.
"""

from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter
from core.optimizers.base import MOST_DECAY, Optimizer, rule_of_params
from core.optimizers.moments import Moments, mean_of, no_moments, square_of
from core.optimizers.trust import trust_ratio


class LAMB(Optimizer):
    """Adam decides on the direction, the layer's own size on the length of the step."""

    title = "LAMB"
    order = 170
    formula = (
        r"m \leftarrow \beta_1 \, m + (1 - \beta_1) \, g",
        r"s \leftarrow \beta_2 \, s + (1 - \beta_2) \, g^2",
        r"\hat{m} = m / (1 - \beta_1^t), \quad \hat{s} = s / (1 - \beta_2^t)",
        r"u = \hat{m} / (\sqrt{\hat{s}} + \epsilon) + \lambda \, x",
        r"x \leftarrow x - \alpha \, \frac{\|x\|}{\|u\|} \, u",
    )
    source = "You et al., Large Batch Optimization for Deep Learning: Training BERT in 76 minutes, ICLR 2020"
    slots = {"mean": ("m", "First moment"), "square": ("s", "Second moment")}
    corrected = {"mean": (r"\hat{m}", "beta1"), "square": (r"\hat{s}", "beta2")}
    follows = ("mean", -1)
    suits = (None, 0.02)  # relative to the distance from the origin, hence the same on all surfaces

    optimizer: Literal["lamb"] = "lamb"
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
        0.0, r"\lambda", "Weight decay: the pull of the parameters towards 0", slider=(0.0, 1.0), ge=0
    )

    def transform(self) -> optax.GradientTransformation:
        """Return the moments, and updates −α ‖x‖ / ‖u‖ u, layer by layer."""

        def update(gradient: Any, state: Moments, params: Any) -> tuple[Any, Moments]:
            t = state.t + 1.0
            mean = mean_of(self.beta1, state.mean, gradient)
            square = square_of(self.beta2, state.square, gradient)
            first, second = 1 - self.beta1**t, 1 - self.beta2**t

            def step(m: Any, s: Any, x: Any) -> Any:
                wanted = (m / first) / (jnp.sqrt(s / second) + self.eps) + self.weight_decay * x
                return -self.lr * trust_ratio(x, wanted) * wanted

            return jax.tree.map(step, mean, square, params), Moments(t, mean, square)

        return rule_of_params(no_moments, update)
