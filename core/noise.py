"""Noise on the gradient: the lecture's stand-in for what a mini-batch does to it.

Each kind's strength travels as a number, 0 where another one is chosen, so that exchanging one for the other compiles
nothing.
"""

from collections.abc import Callable
from typing import Literal

import jax
import jax.numpy as jnp
from jax import Array

from core.definition import Definition, parameter


def _scale() -> float:
    return parameter(0.5, r"\sigma", "Strength: size of the noise, in units of the gradient", slider=(0.0, 5.0), ge=0)


class Noise(Definition):
    """What is added to every gradient."""

    kind: str

    def strengths(self) -> list[float]:
        """Return how strong each of the `SAMPLES` is, in their order."""
        return [self.numbers().get("scale", 0.0) if self.kind == kind else 0.0 for kind in SAMPLES]


class NoNoise(Noise):
    """The gradient as it is."""

    title = "None"
    order = 10
    kind: Literal["none"] = "none"


class GaussianNoise(Noise):
    """Independent normal draws with standard deviation σ in each coordinate."""

    title = "Gaussian"
    order = 20
    formula = (r"g \leftarrow g + \sigma \, \xi, \quad \xi \sim \mathcal{N}(0, 1)",)
    kind: Literal["gaussian"] = "gaussian"
    scale: float = _scale()


class UniformNoise(Noise):
    """Independent uniform draws from −σ to σ in each coordinate."""

    title = "Uniform"
    order = 30
    formula = (r"g \leftarrow g + \sigma \, \xi, \quad \xi \sim \mathcal{U}(-1, 1)",)
    kind: Literal["uniform"] = "uniform"
    scale: float = _scale()


NOISES: tuple[type[Noise], ...] = (NoNoise, GaussianNoise, UniformNoise)

Sample = Callable[[Array, tuple[int, ...]], Array]
SAMPLES: dict[str, Sample] = {
    "gaussian": jax.random.normal,
    "uniform": lambda key, shape: jax.random.uniform(key, shape, minval=-1.0, maxval=1.0),
}
"""Kind of noise to a draw of strength 1, of (key, shape)."""


def draw(wanted: Array, key: Array, steps: Array, shape: tuple[int, ...]) -> Array:
    """Draw noise of strength 1 for some steps; a step's draw depends on the key and its number alone.

    Args:
        wanted: of each of the `SAMPLES`, shape (kinds,), whether it is needed; traced.
        key: the run's key for noise.
        steps: numbers of the steps, shape (T,).
        shape: of each draw.

    Returns:
        Shape (T, kinds, *shape). What is not wanted is 0, and not drawn.
    """

    def drawn(sample: Sample) -> Array:
        return jax.vmap(lambda step: sample(jax.random.fold_in(key, step), shape))(steps)

    def nothing() -> Array:
        return jnp.zeros((steps.shape[0], *shape))

    def one(place: int, sample: Sample) -> Array:
        return jax.lax.cond(wanted[place], lambda: drawn(sample), nothing)

    return jnp.stack([one(place, sample) for place, sample in enumerate(SAMPLES.values())], axis=1)
