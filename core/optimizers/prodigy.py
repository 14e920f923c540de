"""Prodigy: Adam that finds its own learning rate, the distance to the solution.

Mishchenko and Defazio, Prodigy: An Expeditiously Adaptive Parameter-Free Learner, 2023, Algorithm 4, with Adam's bias
correction and β₃ = √β₂ as in the authors' program and optax. d only grows; it starts at d₀ = 10⁻³, where the paper has
10⁻⁶, since on a surface of hundreds of units float32 does not see a step of 10⁻⁶, and d would stay as it is. α
multiplies what it finds, and is 1 there; the paper lets it fall along a cosine.
"""

from dataclasses import dataclass
from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter
from core.optimizers.base import rule_of_params
from core.optimizers.moments import OfMoments, epsilon, mean_of, square_of


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class ProdigyState:
    """Step count t, distance d relative to d₀, and numerator r / d₀ (floats, shape ()).

    Moments m and s and the weighted sum of gradients u / d₀, shaped like the parameters, start at 0; the start stays.
    """

    t: Any
    growth: Any
    numerator: Any
    mean: Any
    square: Any
    total: Any
    start: Any


class Prodigy(OfMoments):
    """No learning rate to choose: the steps grow until they are as long as the way to go."""

    title = "Prodigy"
    order = 210
    formula = (
        r"m \leftarrow \beta_1 \, m + (1 - \beta_1) \, d \, g",
        r"s \leftarrow \beta_2 \, s + (1 - \beta_2) \, d^2 g^2",
        r"\gamma = \alpha \, d \, \sqrt{1 - \beta_2^t} / (1 - \beta_1^t)",
        r"r \leftarrow \sqrt{\beta_2} \, r + \gamma \, d \, g^\top (z - x), \quad z = \text{the start}",
        r"u \leftarrow \sqrt{\beta_2} \, u + \gamma \, d \, g",
        r"d \leftarrow \max(d, r / \|u\|_1), \quad d = d_0 \text{ at first}",
        r"x \leftarrow x - \gamma \, m / (\sqrt{s} + d \, \epsilon)",
    )
    source = "Mishchenko & Defazio, Prodigy: An Expeditiously Adaptive Parameter-Free Learner, ICML 2024"
    corrected = {}  # in γ, together
    suits = (None, 1.0)

    optimizer: Literal["prodigy"] = "prodigy"
    lr: float = parameter(
        1.0,
        r"\alpha",
        "Learning rate: multiplies what it finds, 1 in the paper",
        slider=(1e-2, 10.0),
        scale="log",
        gt=0,
    )
    eps: float = epsilon(1e-8)
    first: float = parameter(
        1e-3, "d_0", "First distance: what the estimate starts from", slider=(1e-6, 1.0), scale="log", gt=0
    )

    def transform(self) -> optax.GradientTransformation:
        """Return the moments of d g, the distance d, and updates −γ m / (√s + d ε)."""

        def init(params: Any) -> ProdigyState:
            zeros = jax.tree.map(jnp.zeros_like, params)
            return ProdigyState(jnp.zeros(()), jnp.ones(()), jnp.zeros(()), zeros, zeros, zeros, params)

        def update(gradient: Any, state: ProdigyState, params: Any) -> tuple[Any, ProdigyState]:
            t = state.t + 1.0
            distance = self.first * state.growth
            rate = self.lr * distance * jnp.sqrt(1 - self.beta2**t) / (1 - self.beta1**t)
            scaled = jax.tree.map(lambda g: distance * g, gradient)
            mean = mean_of(self.beta1, state.mean, scaled)
            square = square_of(self.beta2, state.square, scaled)
            kept = jnp.sqrt(self.beta2)
            # r and u enter as their quotient alone: both are kept without a factor d₀, which float32 could not hold.
            way = optax.tree.vdot(gradient, jax.tree.map(jnp.subtract, state.start, params))
            numerator = kept * state.numerator + state.growth * rate * way
            total = jax.tree.map(lambda u, g: kept * u + state.growth * rate * g, state.total, gradient)
            size = jnp.asarray(optax.tree.sum(jax.tree.map(jnp.abs, total)))
            found = jnp.where(size > 0, numerator / jnp.where(size > 0, size, 1.0), 0.0)
            after = jnp.maximum(distance, found)

            def step(m: Any, s: Any) -> Any:
                return -rate * m / (jnp.sqrt(s) + after * self.eps)

            growth = jnp.maximum(state.growth, found / self.first)
            return jax.tree.map(step, mean, square), ProdigyState(
                t, growth, numerator, mean, square, total, state.start
            )

        return rule_of_params(init, update)
