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

from core.optimizers.base import rule
from core.optimizers.moments import Moments, OfMoments, bias_correction, no_moments


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class AMSGradState:
    """Adam's moments, and the largest second one so far, s̄, which starts at 0."""

    moments: Moments
    largest: Any


class AMSGrad(OfMoments):
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
    slots = {**OfMoments.slots, "largest": (r"\bar{s}", "Largest second moment so far")}
    suits = ("adam", 1.0)

    optimizer: Literal["amsgrad"] = "amsgrad"
    bias_correction: bool = bias_correction(
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
            return AMSGradState(no_moments(params), jax.tree.map(jnp.zeros_like, params))

        def update(gradient: Any, state: AMSGradState) -> tuple[Any, AMSGradState]:
            after = self.gathered(state.moments, gradient)
            mean, square = self.hats(after) if self.bias_correction else (after.mean, after.square)
            largest = jax.tree.map(jnp.maximum, state.largest, square)
            steps = jax.tree.map(lambda m, s: -self.lr * m / (jnp.sqrt(s) + self.eps), mean, largest)
            return steps, AMSGradState(after, largest)

        return rule(init, update)
