"""Damped Newton: a step to where the quadratic that touches the loss here is level.

Levenberg, A method for the solution of certain non-linear problems in least squares, 1944, for the damping λ. The
Hessian of two parameters is computed whole, by forward differentiation of the gradient; of a network's thousands it
would have millions of entries, so this rule is refused there. Where the curvature is negative, the point where the
quadratic is level is a saddle or a maximum of it, and Newton's method goes there. Counting every curvature by its size,
Dauphin et al., Identifying and attacking the saddle point problem, 2014, turns such points from goals into repellers.
Where H + λ I has no inverse, the step is infinite and the run diverges.
"""

from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax
from jax import Array

from core.definition import choice, parameter
from core.optimizers.base import Optimizer, SlopeOf, rule_of_slope


class Newton(Optimizer):
    """Divide the slope by the curvature: one step on a quadratic, but saddles attract it too."""

    title = "Newton"
    order = 220
    formula = (
        r"H = \nabla^2 f(x)",
        r"x \leftarrow x - \alpha \, (H + \lambda \, I)^{-1} g",
    )
    source = (
        "Levenberg, A method for the solution of certain non-linear problems in least squares, 1944; Dauphin et al., "
        "Identifying and attacking the saddle point problem, NeurIPS 2014"
    )
    suits = (None, 1.0)
    plane_only = True

    optimizer: Literal["newton"] = "newton"
    lr: float = parameter(1.0, r"\alpha", "Learning rate: 1 is the whole of Newton's step", slider=(0.01, 2.0), gt=0)
    damping: float = parameter(
        0.0,
        r"\lambda",
        "Damping: added to every curvature, so that steps stay short where it is flat",
        slider=(0.0, 10.0),
        ge=0,
    )
    curvature: Literal["signed", "absolute"] = choice(
        "signed",
        "Negative curvature: as it is, or counted by its size, which makes saddles repel",
        options={"signed": "as it is", "absolute": "by its size"},
        formulas={
            "absolute": (
                r"H = \nabla^2 f(x) = Q \, \Lambda \, Q^\top, \quad |H| = Q \, |\Lambda| \, Q^\top",
                r"x \leftarrow x - \alpha \, (|H| + \lambda \, I)^{-1} g",
            )
        },
    )

    def transform(self) -> optax.GradientTransformation:
        """Return updates −α (H + λ I)⁻¹ g, or with |H|; there is no state. Parameters are one array, shape (2,)."""

        def update(gradient: Array, state: Any, params: Array, slope_of: SlopeOf) -> tuple[Array, Any]:
            hessian = jax.jacfwd(lambda point: slope_of(point)[1])(params)
            bent = _absolute(hessian) if self.curvature == "absolute" else hessian
            return -self.lr * _solved(bent + self.damping * jnp.eye(2), gradient), state

        return rule_of_slope(lambda params: optax.EmptyState(), update)


def _solved(matrix: Array, right: Array) -> Array:
    """Solve a system of two equations by Cramer's rule: a handful of products, where a library call would be one."""
    (a, b), (c, d) = matrix
    u, v = right
    return jnp.stack([d * u - b * v, a * v - c * u]) / (a * d - b * c)


def _absolute(matrix: Array) -> Array:
    """Return the symmetric matrix with the absolute values of the eigenvalues of a symmetric one, (2, 2).

    With eigenvalues m ± r, every function of it is a line in it, through the function's values at these two.
    """
    middle = (matrix[0, 0] + matrix[1, 1]) / 2
    radius = jnp.hypot((matrix[0, 0] - matrix[1, 1]) / 2, matrix[0, 1])
    high, low = jnp.abs(middle + radius), jnp.abs(middle - radius)
    slope = jnp.where(radius > 0, (high - low) / (2 * jnp.where(radius > 0, radius, 1.0)), 0.0)
    return (high + low) / 2 * jnp.eye(2) + slope * (matrix - middle * jnp.eye(2))
