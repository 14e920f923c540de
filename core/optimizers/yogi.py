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

from core.definition import parameter
from core.optimizers.base import MOST_DECAY, Optimizer, rule
from core.optimizers.moments import Moments, mean_of, no_moments


class Yogi(Optimizer):
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
    slots = {"mean": ("m", "First moment"), "square": ("s", "Second moment")}
    corrected = {"mean": (r"\hat{m}", "beta1"), "square": (r"\hat{s}", "beta2")}
    follows = ("mean", -1)
    suits = ("adam", 1.0)

    optimizer: Literal["yogi"] = "yogi"
    beta1: float = parameter(
        0.9, r"\beta_1", "Decay of the first moment: the share that is kept", slider=(0.0, 0.999), ge=0, le=MOST_DECAY
    )
    beta2: float = parameter(
        0.999,
        r"\beta_2",
        "Decay of the second moment: the nearer to 1, the less a gradient changes it",
        slider=(0.0, 0.9999),
        ge=0,
        le=MOST_DECAY,
    )
    eps: float = parameter(
        1e-7, r"\epsilon", "Epsilon: avoids division by zero", slider=(1e-10, 1.0), scale="log", gt=0
    )

    def transform(self) -> optax.GradientTransformation:
        """Return the corrected moments and updates −α m̂ / (√ŝ + ε)."""

        def update(gradient: Any, state: Moments) -> tuple[Any, Moments]:
            def towards(s: Any, g: Any) -> Any:
                return s - (1 - self.beta2) * jnp.sign(s - g * g) * g * g

            t = state.t + 1.0
            mean = mean_of(self.beta1, state.mean, gradient)
            square = jax.tree.map(towards, state.square, gradient)
            first, second = 1 - self.beta1**t, 1 - self.beta2**t
            steps = jax.tree.map(lambda m, s: -self.lr * (m / first) / (jnp.sqrt(s / second) + self.eps), mean, square)
            return steps, Moments(t, mean, square)

        return rule(no_moments, update)
