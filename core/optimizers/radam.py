"""RAdam: Adam that waits until its second moment is worth dividing by.

Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, 2020, Algorithm 2. The second moment of the first
steps is a mean of few squares; ρ counts how many. Up to 5 the step is plain momentum; later it is Adam's, times r,
which grows to 1. The paper divides where ρ > 4; its authors' program, optax and PyTorch wait for 5, as here.

ρ is computed as 1 + 2 Σ k β₂ᵏ / Σ β₂ᵏ over k < t, the same number as in the formula: there two numbers near
2 / (1 − β₂) are subtracted, of which float32 leaves little where β₂ is near 1.
"""

from dataclasses import dataclass
from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.optimizers.base import rule
from core.optimizers.moments import Moments, OfMoments, no_moments


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class RAdamState:
    """Adam's moments; Σ β₂ᵏ and Σ k β₂ᵏ over k < t (shape ()), which start at 0."""

    moments: Moments
    weight: Any
    age: Any


class RAdam(OfMoments):
    """Adam that warms itself up: momentum first, adaptive steps as far as their scale can be trusted."""

    title = "RAdam"
    order = 100
    formula = (
        r"m \leftarrow \beta_1 \, m + (1 - \beta_1) \, g",
        r"s \leftarrow \beta_2 \, s + (1 - \beta_2) \, g^2",
        r"\hat{m} = m / (1 - \beta_1^t), \quad \hat{s} = s / (1 - \beta_2^t)",
        r"\rho_\infty = 2 / (1 - \beta_2) - 1, \quad \rho = \rho_\infty - 2 \, t \, \beta_2^t / (1 - \beta_2^t)",
        r"r = \sqrt{\frac{(\rho - 4) \, (\rho - 2) \, \rho_\infty}{(\rho_\infty - 4) \, (\rho_\infty - 2) \, \rho}}",
        r"x \leftarrow x - \alpha \, r \, \hat{m} / (\sqrt{\hat{s}} + \epsilon) \quad \text{if } \rho > 5",
        r"x \leftarrow x - \alpha \, \hat{m} \quad \text{otherwise}",
    )
    source = "Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, ICLR 2020"
    suits = ("sgd", 1.0)  # its first steps are not scaled: at Adam's rates they leave steep surfaces

    optimizer: Literal["radam"] = "radam"

    def transform(self) -> optax.GradientTransformation:
        """Return the moments and updates −α r m̂ / (√ŝ + ε), or −α m̂ as long as ρ ≤ 5."""

        def init(params: Any) -> RAdamState:
            return RAdamState(no_moments(params), jnp.zeros(()), jnp.zeros(()))

        def update(gradient: Any, state: RAdamState) -> tuple[Any, RAdamState]:
            after = self.gathered(state.moments, gradient)
            weight, age = 1 + self.beta2 * state.weight, self.beta2 * (state.age + state.weight)
            most, rho = 2 / (1 - self.beta2) - 1, 1 + 2 * age / weight
            # Where ρ is too small, this may be no number; it is not chosen then.
            r = jnp.sqrt((rho - 4) / (most - 4) * (rho - 2) / (most - 2) * most / rho)

            def step(m: Any, s: Any) -> Any:
                adaptive = r / (jnp.sqrt(s) + self.eps)
                return -self.lr * m * jnp.where(rho > 5, adaptive, 1.0)

            return jax.tree.map(step, *self.hats(after)), RAdamState(after, weight, age)

        return rule(init, update)
