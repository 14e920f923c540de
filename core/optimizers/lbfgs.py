"""L-BFGS: Newton's method whose curvature is guessed from the last steps.

Liu and Nocedal, On the limited memory BFGS method for large scale optimization, 1989; Nocedal and Wright, Numerical
Optimization, 2006, Algorithm 7.4, with the newest pair's scale for what the memory does not know, and a first step no
longer than α, as in `optax.lbfgs`. A pair that shows no positive curvature is not remembered, so every direction leads
downhill (Li and Fukushima, On the global convergence of the BFGS method for nonconvex unconstrained optimization
problems, 2001); optax keeps such pairs. The line search halves the step until the loss has fallen by 10⁻⁴ of what the
slope promises (Armijo 1966), on the mini-batch of the step; what float32 cannot tell apart counts as fallen.
"""

from dataclasses import dataclass
from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax
from jax import Array
from jax.flatten_util import ravel_pytree

from core.definition import parameter, switch
from core.optimizers.base import Optimizer, SlopeOf, rule_of_slope

MEMORY = 10
"""Pairs of steps and changes of the gradient that are remembered."""
_LEAST_COSINE = 1e-6
"""Of the angle between a step and the change of the gradient: below, a pair shows no curvature."""
_PROMISED = 1e-4
_HALVINGS = 20
_ROUNDING = 1e-6
"""Of the loss: what a float32 sum of many terms may be off by."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class LBFGSState:
    """Step count t (float, shape ()); the last point and its gradient, shape (P,), and the memory, the newest last.

    Steps and changes of the gradient have shape (MEMORY, P), the reciprocals of their products (MEMORY,), 0 where there
    is no pair yet. P is the number of parameters.
    """

    t: Any
    point: Any
    slope: Any
    steps: Any
    changes: Any
    weights: Any


class LBFGS(Optimizer):
    """Newton's steps without a Hessian: the last ten steps tell how the slope bends."""

    title = "L-BFGS"
    order = 230
    formula = (
        r"s = \text{one of the last 10 steps}, \quad y = \text{change of slope}",
        r"B^{-1} y = s",
        r"x \leftarrow x - \alpha \, 2^{-j} B^{-1} g, \quad j = 0, 1, \dots \text{ until the loss falls}",
    )
    source = "Liu & Nocedal, On the limited memory BFGS method for large scale optimization, 1989"
    suits = (None, 1.0)

    optimizer: Literal["lbfgs"] = "lbfgs"
    lr: float = parameter(
        1.0, r"\alpha", "Learning rate: the step tried first, 1 is the whole", slider=(0.01, 2.0), gt=0
    )
    line_search: bool = switch(
        True,
        "Line search: the step is halved until the loss falls enough",
        formula=(
            r"s = \text{one of the last 10 steps}, \quad y = \text{change of slope}",
            r"B^{-1} y = s",
            r"x \leftarrow x - \alpha \, B^{-1} g",
        ),
    )

    def transform(self) -> optax.GradientTransformation:
        """Return the memory with the newest pair, and updates −α B⁻¹ g, halved where the line search asks for it."""

        def init(params: Any) -> LBFGSState:
            flat = ravel_pytree(params)[0]
            none = jnp.zeros((MEMORY, flat.size))
            return LBFGSState(jnp.zeros(()), jnp.zeros_like(flat), jnp.zeros_like(flat), none, none, jnp.zeros(MEMORY))

        def update(gradient: Any, state: LBFGSState, params: Any, slope_of: SlopeOf) -> tuple[Any, LBFGSState]:
            point, restore = ravel_pytree(params)
            slope = ravel_pytree(gradient)[0]
            after = _remember(state, point, slope)
            direction = -_times_inverse(after, slope)
            length = self.lr
            if self.line_search:
                length = _searched(lambda at: slope_of(restore(at))[0], point, direction, slope, length)
            return restore(length * direction), after

        return rule_of_slope(init, update)


def _remember(state: LBFGSState, point: Array, slope: Array) -> LBFGSState:
    """Put the newest pair into the memory, unless it shows no positive curvature."""
    step, change = point - state.point, slope - state.slope
    product = jnp.vdot(step, change)
    bends = (product > _LEAST_COSINE * jnp.linalg.norm(step) * jnp.linalg.norm(change)) & (state.t > 0)
    weight = jnp.where(bends, 1.0 / jnp.where(bends, product, 1.0), 0.0)

    def keep(memory: Array, newest: Array) -> Array:
        return jnp.where(bends, jnp.concatenate([memory[1:], newest[None]]), memory)

    steps, changes = keep(state.steps, step), keep(state.changes, change)
    return LBFGSState(state.t + 1.0, point, slope, steps, changes, keep(state.weights, weight))


def _times_inverse(state: LBFGSState, slope: Array) -> Array:
    """Return B⁻¹ g, shape (P,), by the two loops over the memory."""
    memory = (state.steps, state.changes, state.weights)

    def back(vector: Array, pair: Any) -> tuple[Array, Array]:
        step, change, weight = pair
        share = weight * jnp.vdot(step, vector)
        return vector - share * change, share

    def forth(vector: Array, pair: Any) -> tuple[Array, None]:
        (step, change, weight), share = pair
        return vector + (share - weight * jnp.vdot(change, vector)) * step, None

    vector, shares = jax.lax.scan(back, slope, memory, reverse=True)
    return jax.lax.scan(forth, vector * _scale(state, slope), (memory, shares))[0]


def _scale(state: LBFGSState, slope: Array) -> Array:
    """Return what stands for the inverse curvature in directions that the memory does not know, shape ()."""
    known = state.weights[-1] > 0
    size = state.weights[-1] * jnp.vdot(state.changes[-1], state.changes[-1])
    norm = jnp.linalg.norm(slope)
    first = jnp.where(norm > 1, 1.0 / jnp.where(norm > 1, norm, 1.0), 1.0)
    return jnp.where(known, 1.0 / jnp.where(known, size, 1.0), first)


def _searched(loss: Any, point: Array, direction: Array, slope: Array, length: Any) -> Array:
    """Halve a step until the loss falls enough, at most `_HALVINGS` times; return its length, shape ()."""
    here = loss(point)
    promised = _PROMISED * jnp.vdot(slope, direction)

    def fails(length: Array) -> Array:
        fallen = loss(point + length * direction) <= here + length * promised + _ROUNDING * jnp.abs(here)
        return ~fallen  # NaN has not fallen

    def goes_on(state: tuple[Array, Array]) -> Array:
        return (state[1] < _HALVINGS) & fails(state[0])

    def halve(state: tuple[Array, Array]) -> tuple[Array, Array]:
        return state[0] / 2, state[1] + 1.0

    return jax.lax.while_loop(goes_on, halve, (jnp.asarray(length, jnp.float32), jnp.zeros(())))[0]
