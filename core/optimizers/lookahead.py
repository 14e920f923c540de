"""Lookahead: every k steps, go back to a point on the way.

Zhang et al., Lookahead Optimizer: k steps forward, 1 step back, 2019, Algorithm 1, around momentum as it stands here.
The velocity is kept when the iterate is put back, as the paper does. The path drawn is that of the fast weights x; they
meet the slow ones φ every k steps.
"""

from dataclasses import dataclass
from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from core.definition import parameter
from core.optimizers.base import Optimizer, rule_of_params
from core.optimizers.velocity import momentum


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class LookaheadState:
    """Steps since the weights met (float, shape ()); velocity v from 0, and slow weights φ from the parameters."""

    since: Any
    velocity: Any
    slow: Any


class Lookahead(Optimizer):
    """Momentum explores, slow weights follow part of the way: what swings there and back is averaged out."""

    title = "Lookahead"
    order = 180
    formula = (
        r"v \leftarrow \rho \, v + g, \quad x \leftarrow x - \alpha \, v",
        r"\text{every } k \text{ steps: } \varphi \leftarrow \varphi + \beta \, (x - \varphi)",
        r"\text{and } x \leftarrow \varphi",
    )
    source = "Zhang et al., Lookahead Optimizer: k steps forward, 1 step back, NeurIPS 2019"
    slots = {"velocity": ("v", "Velocity of the fast weights")}
    follows = ("velocity", -1)
    suits = ("momentum", 1.0)

    optimizer: Literal["lookahead"] = "lookahead"
    rho: float = momentum()
    share: float = parameter(
        0.5, r"\beta", "Share: how far the slow weights follow the fast ones", slider=(0.05, 1.0), gt=0, le=1
    )
    every: float = parameter(5, "k", "Period: steps until the weights meet", slider=(1, 50), ge=1)

    def transform(self) -> optax.GradientTransformation:
        """Return v ← ρ v + g, updates −α v, and in every k-th step a way back towards the slow weights."""

        def init(params: Any) -> LookaheadState:
            return LookaheadState(jnp.zeros(()), jax.tree.map(jnp.zeros_like, params), params)

        def update(gradient: Any, state: LookaheadState, params: Any) -> tuple[Any, LookaheadState]:
            since = state.since + 1.0
            meet = since >= jnp.floor(self.every)
            velocity = jax.tree.map(lambda v, g: self.rho * v + g, state.velocity, gradient)

            def follow(slow: Any, x: Any, v: Any) -> Any:
                return jnp.where(meet, slow + self.share * (x - self.lr * v - slow), slow)

            slow = jax.tree.map(follow, state.slow, params, velocity)
            steps = jax.tree.map(lambda v, s, x: jnp.where(meet, s - x, -self.lr * v), velocity, slow, params)
            return steps, LookaheadState(jnp.where(meet, 0.0, since), velocity, slow)

        return rule_of_params(init, update)
