"""Adadelta: the length of the steps comes from the steps before.

Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012. Every coordinate is divided by the root of a running mean of
squared gradients, as in RMSProp, and multiplied by that of squared steps, so that a step has the units of x. The paper
has no learning rate; α multiplies what it prescribes, and is 1 there. ε stands inside both roots, as in the paper,
optax and PyTorch, and does more than avoid a division by zero: the first steps are about √ε long, and grow from there.
"""

from dataclasses import dataclass
from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter
from core.optimizers.base import MOST_DECAY, Optimizer, rule
from core.optimizers.moments import epsilon, square_of


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class AdadeltaState:
    """Running means of squared gradients s and of squared steps d (before α), shaped like the parameters, from 0."""

    square: Any
    steps: Any


class Adadelta(Optimizer):
    """No learning rate to choose: steps are as long as earlier ones were, and begin tiny."""

    title = "Adadelta"
    order = 130
    formula = (
        r"s \leftarrow \rho \, s + (1 - \rho) \, g^2",
        r"\Delta = g \, \sqrt{d + \epsilon} / \sqrt{s + \epsilon}",
        r"d \leftarrow \rho \, d + (1 - \rho) \, \Delta^2",
        r"x \leftarrow x - \alpha \, \Delta",
    )
    source = "Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012"
    slots = {"square": ("s", "Running mean of squared gradients"), "steps": ("d", "Running mean of squared steps")}
    suits = ("adagrad", 10.0)  # at α = 1 the steps on a surface are too small to be seen for hundreds of steps

    optimizer: Literal["adadelta"] = "adadelta"
    lr: float = parameter(
        1.0, r"\alpha", "Learning rate: multiplies the step, 1 in the paper", slider=(1e-2, 100.0), scale="log", gt=0
    )
    rho: float = parameter(
        0.9, r"\rho", "Decay: the share of both running means that is kept", slider=(0.0, 0.999), ge=0, le=MOST_DECAY
    )
    eps: float = epsilon(1e-6, "Epsilon: its root is about the length of the first steps")

    def transform(self) -> optax.GradientTransformation:
        """Return both running means, and updates −α Δ."""

        def init(params: Any) -> AdadeltaState:
            zeros = jax.tree.map(jnp.zeros_like, params)
            return AdadeltaState(zeros, zeros)

        def update(gradient: Any, state: AdadeltaState) -> tuple[Any, AdadeltaState]:
            def step(g: Any, s: Any, d: Any) -> Any:
                return g * jnp.sqrt(d + self.eps) / jnp.sqrt(s + self.eps)

            square = square_of(self.rho, state.square, gradient)
            delta = jax.tree.map(step, gradient, square, state.steps)
            after = AdadeltaState(square, square_of(self.rho, state.steps, delta))
            return jax.tree.map(lambda d: -self.lr * d, delta), after

        return rule(init, update)
