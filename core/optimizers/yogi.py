"""Yogi: Adam whose second moment moves by the size of g² alone, however far it has to go.

Zaheer et al., Adaptive Methods for Nonconvex Optimization, 2018, Algorithm 2. In Adam a moment that is much too large
shrinks by a share of itself, and steps grow quickly; here it shrinks by (1 − β₂) g², hardly, where gradients are
small. The moments start at 0 and are corrected for it as Adam's are. The paper corrects nothing and suggests ε = 10⁻³;
optax corrects, but starts both moments at 10⁻⁶.
"""

from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.optimizers.base import rule
from core.optimizers.moments import Moments, OfMoments, decay_of_square, mean_of, no_moments


class Yogi(OfMoments):
    """Adam that speeds up with caution: what made the steps short is forgotten slowly where it is flat."""

    title = "Yogi"
    order = 150
    formula = (
        r"m \leftarrow \beta_1 \, m + (1 - \beta_1) \, g",
        r"s \leftarrow s - (1 - \beta_2) \, \operatorname{sign}(s - g^2) \, g^2",
        r"\hat{m} = m / (1 - \beta_1^t), \quad \hat{s} = s / (1 - \beta_2^t)",
        r"x \leftarrow x - \alpha \, \hat{m} / (\sqrt{\hat{s}} + \epsilon)",
    )
    source = "Zaheer et al., Adaptive Methods for Nonconvex Optimization, NeurIPS 2018"
    suits = ("adam", 1.0)

    optimizer: Literal["yogi"] = "yogi"
    beta2: float = decay_of_square("Decay of the second moment: the nearer to 1, the less a gradient changes it")

    def transform(self) -> optax.GradientTransformation:
        """Return the corrected moments and updates −α m̂ / (√ŝ + ε)."""

        def update(gradient: Any, state: Moments) -> tuple[Any, Moments]:
            def towards(s: Any, g: Any) -> Any:
                return s - (1 - self.beta2) * jnp.sign(s - g * g) * g * g

            mean = mean_of(self.beta1, state.mean, gradient)
            after = Moments(state.t + 1.0, mean, jax.tree.map(towards, state.square, gradient))
            steps = jax.tree.map(lambda m, s: -self.lr * m / (jnp.sqrt(s) + self.eps), *self.hats(after))
            return steps, after

        return rule(no_moments, update)
