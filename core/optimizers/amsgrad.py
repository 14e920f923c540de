"""AMSGrad: Adam that divides by the largest second moment so far.

Reddi, Kale and Kumar, On the Convergence of Adam and Beyond, 2018. Their Algorithm 2 corrects nothing for the start at
0 (`bias_correction` off). With the correction, both moments are corrected as in Adam and the maximum is taken of
corrected ones, as in optax; PyTorch takes the maximum first and corrects it afterwards, so there the denominator can
shrink.
"""

from dataclasses import dataclass
from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter, switch
from core.optimizers.base import MOST_DECAY, Optimizer, rule
from core.optimizers.moments import mean_of, square_of


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class AMSGradState:
    """Step count t (float, shape ()); running means of gradients m and of their squares s, and the largest s so far.

    All start at 0.
    """

    t: Any
    mean: Any
    square: Any
    largest: Any


class AMSGrad(Optimizer):
    """Adam with a long memory: a rare steep slope is never forgotten, so no step grows because it was."""

    title = "AMSGrad"
    order = 90
    formula = (
        r"m \leftarrow \beta_1 \, m + (1 - \beta_1) \, g",
        r"s \leftarrow \beta_2 \, s + (1 - \beta_2) \, g^2",
        r"\hat{m} = m / (1 - \beta_1^t), \quad \hat{s} = s / (1 - \beta_2^t)",
        r"\bar{s} \leftarrow \max(\bar{s}, \hat{s})",
        r"x \leftarrow x - \alpha \, \hat{m} / (\sqrt{\bar{s}} + \epsilon)",
    )
    source = "Reddi, Kale & Kumar, On the Convergence of Adam and Beyond, ICLR 2018"
    slots = {
        "mean": ("m", "First moment"),
        "square": ("s", "Second moment"),
        "largest": (r"\bar{s}", "Largest second moment so far"),
    }
    corrected = {"mean": (r"\hat{m}", "beta1"), "square": (r"\hat{s}", "beta2")}
    follows = ("mean", -1)
    suits = ("adam", 1.0)

    optimizer: Literal["amsgrad"] = "amsgrad"
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
    bias_correction: bool = switch(
        True,
        "Bias correction: the moments are corrected for their start at 0",
        formula=(
            r"m \leftarrow \beta_1 \, m + (1 - \beta_1) \, g",
            r"s \leftarrow \beta_2 \, s + (1 - \beta_2) \, g^2",
            r"\bar{s} \leftarrow \max(\bar{s}, s)",
            r"x \leftarrow x - \alpha \, m / (\sqrt{\bar{s}} + \epsilon)",
        ),
    )

    def transform(self) -> optax.GradientTransformation:
        """Return the moments, the largest second one, and updates −α m̂ / (√s̄ + ε)."""

        def init(params: Any) -> AMSGradState:
            zeros = jax.tree.map(jnp.zeros_like, params)
            return AMSGradState(jnp.zeros(()), zeros, zeros, zeros)

        def update(gradient: Any, state: AMSGradState) -> tuple[Any, AMSGradState]:
            t = state.t + 1.0
            mean = mean_of(self.beta1, state.mean, gradient)
            square = square_of(self.beta2, state.square, gradient)
            first = 1 - self.beta1**t if self.bias_correction else 1.0
            second = 1 - self.beta2**t if self.bias_correction else 1.0
            largest = jax.tree.map(lambda most, s: jnp.maximum(most, s / second), state.largest, square)
            steps = jax.tree.map(lambda m, s: -self.lr * (m / first) / (jnp.sqrt(s) + self.eps), mean, largest)
            return steps, AMSGradState(t, mean, square, largest)

        return rule(init, update)
