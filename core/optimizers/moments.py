"""What Adam and its kin share: two running means, their correction for a start at 0, and the sliders of both."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from core.definition import parameter, switch
from core.optimizers.base import MOST_DECAY, Optimizer


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Moments:
    """Step count t (float, shape ()); running means of gradients m and of squares s, starting at 0."""

    t: Any
    mean: Any
    square: Any


def no_moments(params: Any) -> Moments:
    """Return the moments at step 0: parameters' shapes, all zero."""
    zeros = jax.tree.map(jnp.zeros_like, params)
    return Moments(jnp.zeros(()), zeros, zeros)


def mean_of(decay: Any, before: Any, gradient: Any) -> Any:
    """Return the running mean of gradients after one more: a pytree like the parameters."""
    return jax.tree.map(lambda m, g: decay * m + (1 - decay) * g, before, gradient)


def square_of(decay: Any, before: Any, gradient: Any) -> Any:
    """Return the running mean of squares after one more: a pytree like the parameters."""
    return jax.tree.map(lambda s, g: decay * s + (1 - decay) * g * g, before, gradient)


def corrected_for_start(decay: Any, moment: Any, t: Any) -> Any:
    """Return a running mean divided by 1 − βᵗ, the weight that t values have in it: a pytree like the parameters."""
    weight = 1 - decay**t
    return jax.tree.map(lambda m: m / weight, moment)


def decay_of_mean(lowest: float = 0.0) -> Any:
    """Declare β₁, offered from `lowest` on."""
    meaning = "Decay of the first moment: the share that is kept"
    return parameter(0.9, r"\beta_1", meaning, slider=(lowest, 0.999), ge=0, le=MOST_DECAY)


def decay_of_square(meaning: str = "Decay of the second moment: the share that is kept") -> Any:
    """Declare β₂."""
    return parameter(0.999, r"\beta_2", meaning, slider=(0.0, 0.9999), ge=0, le=MOST_DECAY)


def epsilon(default: float = 1e-7, meaning: str = "Epsilon: avoids division by zero") -> Any:
    """Declare ε, which is added to a denominator."""
    return parameter(default, r"\epsilon", meaning, slider=(1e-10, 1.0), scale="log", gt=0)


def bias_correction(*, formula: tuple[str, ...]) -> Any:
    """Declare the switch that leaves the moments as they are, and the formula without the correction."""
    return switch(True, "Bias correction: the moments are corrected for their start at 0", formula=formula)


class OfMoments(Optimizer):
    """Base of Adam's kin: what is declared once of β₁, β₂, ε and of the parts of the state.

    Its own in each is `transform`: how the moments are gathered, where not as in Adam, and what a step makes of them.
    """

    slots = {"mean": ("m", "First moment"), "square": ("s", "Second moment")}
    corrected = {"mean": (r"\hat{m}", "beta1"), "square": (r"\hat{s}", "beta2")}
    follows = ("mean", -1)

    beta1: float = decay_of_mean()
    beta2: float = decay_of_square()
    eps: float = epsilon()

    def gathered(self, state: Moments, gradient: Any) -> Moments:
        """Return the moments after one more gradient, as in Adam: m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g²."""
        mean, square = mean_of(self.beta1, state.mean, gradient), square_of(self.beta2, state.square, gradient)
        return Moments(state.t + 1.0, mean, square)

    def hats(self, moments: Moments) -> tuple[Any, Any]:
        """Return m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ)."""
        mean = corrected_for_start(self.beta1, moments.mean, moments.t)
        return mean, corrected_for_start(self.beta2, moments.square, moments.t)
