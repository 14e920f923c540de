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
from core.optimizers.base import rule_of_params
from core.optimizers.moments import Moments, OfMoments, no_moments
from core.optimizers.trust import trust_ratio


class LAMB(OfMoments):
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
    suits = (None, 0.02)  # relative to the distance from the origin, hence the same on all surfaces

    optimizer: Literal["lamb"] = "lamb"
    weight_decay: float = parameter(
        0.0, r"\lambda", "Weight decay: the pull of the parameters towards 0", slider=(0.0, 1.0), ge=0
    )

    def transform(self) -> optax.GradientTransformation:
        """Return the moments, and updates −α ‖x‖ / ‖u‖ u, layer by layer."""

        def update(gradient: Any, state: Moments, params: Any) -> tuple[Any, Moments]:
            def step(m: Any, s: Any, x: Any) -> Any:
                wanted = m / (jnp.sqrt(s) + self.eps) + self.weight_decay * x
                return -self.lr * trust_ratio(x, wanted) * wanted

            after = self.gathered(state, gradient)
            return jax.tree.map(step, *self.hats(after), params), after

        return rule_of_params(no_moments, update)
