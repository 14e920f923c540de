"""Nesterov's accelerated gradient: momentum whose gradient is taken where the velocity leads.

Nesterov, A method of solving a convex programming problem with convergence rate O(1/k²), 1983; Sutskever et al., 2013.
The look-ahead form takes the gradient at x + ρ v. After the change of variable that the lecture shows, it is taken at
the iterate itself: v' = ρ v − α g, x ← x + v' + ρ (v' − v). Both have the same velocities, with −α inside, and the
iterates of the second are the points x + ρ v of the first, so the two paths end in the same place.
"""

from typing import Any, Literal

import jax
import optax

from core.definition import choice
from core.optimizers.base import Optimizer, SlopeOf, rule, rule_of_slope
from core.optimizers.velocity import Velocity, at_rest, momentum


class Nesterov(Optimizer):
    """Momentum with a correction by the change of the velocity: it overshoots less."""

    title = "Nesterov"
    order = 30
    formula = (r"v' = \rho \, v - \alpha \, g", r"x \leftarrow x + v' + \rho \, (v' - v)")
    source = "Nesterov, A method of solving a convex programming problem with convergence rate O(1/k²), 1983"
    slots = {"velocity": ("v", "Velocity")}
    follows = ("velocity", 1)

    optimizer: Literal["nesterov"] = "nesterov"
    rho: float = momentum()

    form: Literal["lecture", "look_ahead"] = choice(
        "lecture",
        "Form: where the gradient is taken, at the iterate or ahead of it",
        options={"lecture": "gradient at x", "look_ahead": "gradient ahead"},
        formulas={
            "look_ahead": (
                r"v \leftarrow \rho \, v - \alpha \, \nabla f(x + \rho \, v)",
                r"x \leftarrow x + v",
            )
        },
    )

    def transform(self) -> optax.GradientTransformation:
        """Return v' = ρ v − α g and updates v' + ρ (v' − v), or the look-ahead form's own: updates v'."""

        def ahead(gradient: Any, state: Velocity, params: Any, slope_of: SlopeOf) -> tuple[Any, Velocity]:
            del gradient  # that of x, where this form does not look
            _, slope = slope_of(jax.tree.map(lambda x, v: x + self.rho * v, params, state.velocity))
            velocity = jax.tree.map(lambda v, g: self.rho * v - self.lr * g, state.velocity, slope)
            return velocity, Velocity(velocity)

        def update(gradient: Any, state: Velocity) -> tuple[Any, Velocity]:
            velocity = jax.tree.map(lambda v, g: self.rho * v - self.lr * g, state.velocity, gradient)
            steps = jax.tree.map(lambda new, old: new + self.rho * (new - old), velocity, state.velocity)
            return steps, Velocity(velocity)

        return rule_of_slope(at_rest, ahead) if self.form == "look_ahead" else rule(at_rest, update)
