"""Noise on the gradient: the lecture's stand-in for what a mini-batch does to it.

Which kind it is travels as a number, so that switching it on compiles nothing.
"""

from collections.abc import Callable
from typing import ClassVar, Literal

import jax
import jax.numpy as jnp
from jax import Array

from core.definition import Definition, parameter


def _scale() -> float:
    return parameter(0.5, r"\sigma", "Strength: size of the noise, in units of the gradient", slider=(0.0, 5.0), ge=0)


class Noise(Definition):
    """What is added to every gradient."""

    code: ClassVar[int]
    kind: str


class NoNoise(Noise):
    """The gradient as it is."""

    title = "None"
    order = 10
    code = 0
    kind: Literal["none"] = "none"


class GaussianNoise(Noise):
    """Independent normal draws with standard deviation σ in each coordinate."""

    title = "Gaussian"
    order = 20
    code = 1
    formula = (r"g \leftarrow g + \sigma \, \xi, \quad \xi \sim \mathcal{N}(0, 1)",)
    kind: Literal["gaussian"] = "gaussian"
    scale: float = _scale()


class UniformNoise(Noise):
    """Independent uniform draws from −σ to σ in each coordinate."""

    title = "Uniform"
    order = 30
    code = 2
    formula = (r"g \leftarrow g + \sigma \, \xi, \quad \xi \sim \mathcal{U}(-1, 1)",)
    kind: Literal["uniform"] = "uniform"
    scale: float = _scale()


NOISES: tuple[type[Noise], ...] = (NoNoise, GaussianNoise, UniformNoise)


def draw(code: Array, scale: Array, key: Array, steps: Array, shape: tuple[int, ...]) -> Array:
    """Draw the noise of some steps; a step's draw depends on the key and its number alone.

    Args:
        code: which kind, shape () (see `Noise.code`); traced.
        scale: σ, shape (); traced.
        key: the run's key for noise.
        steps: numbers of the steps, shape (T,).
        shape: of each draw.

    Returns:
        Shape (T, *shape). Without noise nothing is drawn.
    """

    def drawn(sample: Callable[[Array], Array]) -> Callable[[], Array]:
        return lambda: scale * jax.vmap(lambda step: sample(jax.random.fold_in(key, step)))(steps)

    return jax.lax.switch(
        code,
        [
            lambda: jnp.zeros((steps.shape[0], *shape)),
            drawn(lambda key: jax.random.normal(key, shape)),
            drawn(lambda key: jax.random.uniform(key, shape, minval=-1.0, maxval=1.0)),
        ],
    )
