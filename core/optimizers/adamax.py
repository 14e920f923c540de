"""Adamax: Adam with the largest of the recent gradients in place of the root of their mean square.

Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, Algorithm 2, the limit of Adam's L2 norm to L∞. The
paper has no ε: here it is added below the line as in the others, while optax and PyTorch add it to |g| under the
maximum.
"""

from dataclasses import dataclass
from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.optimizers.base import rule
from core.optimizers.moments import OfMoments, corrected_for_start, decay_of_square, mean_of


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class AdamaxState:
    """Step count t (float, shape ()); running mean of gradients m, fading maximum of their sizes u, starting at 0."""

    t: Any
    mean: Any
    largest: Any


class Adamax(OfMoments):
    """Adam by the largest recent slope: a single steep gradient shortens the steps, and fades."""

    title = "Adamax"
    order = 120
    formula = (
        r"m \leftarrow \beta_1 \, m + (1 - \beta_1) \, g",
        r"u \leftarrow \max(\beta_2 \, u, |g|)",
        r"\hat{m} = m / (1 - \beta_1^t)",
        r"x \leftarrow x - \alpha \, \hat{m} / (u + \epsilon)",
    )
    source = "Kingma & Ba, Adam: A Method for Stochastic Optimization, ICLR 2015"
    slots = {"mean": ("m", "First moment"), "largest": ("u", "Fading maximum of gradients")}
    corrected = {"mean": (r"\hat{m}", "beta1")}
    suits = ("adam", 1.0)

    optimizer: Literal["adamax"] = "adamax"
    beta2: float = decay_of_square("Decay of the maximum: the share that is kept")

    def transform(self) -> optax.GradientTransformation:
        """Return the mean, the fading maximum, and updates −α m̂ / (u + ε)."""

        def init(params: Any) -> AdamaxState:
            zeros = jax.tree.map(jnp.zeros_like, params)
            return AdamaxState(jnp.zeros(()), zeros, zeros)

        def update(gradient: Any, state: AdamaxState) -> tuple[Any, AdamaxState]:
            t = state.t + 1.0
            mean = mean_of(self.beta1, state.mean, gradient)
            largest = jax.tree.map(lambda u, g: jnp.maximum(self.beta2 * u, jnp.abs(g)), state.largest, gradient)
            hat = corrected_for_start(self.beta1, mean, t)
            steps = jax.tree.map(lambda m, u: -self.lr * m / (u + self.eps), hat, largest)
            return steps, AdamaxState(t, mean, largest)

        return rule(init, update)
