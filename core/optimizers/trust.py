"""The trust ratio of LARS and LAMB: steps in proportion to what they change."""

from typing import Any

import jax.numpy as jnp


def trust_ratio(layer: Any, update: Any, coefficient: Any = 1.0) -> Any:
    """Return η ‖x‖ / ‖u‖ of one layer, shape (); 1 where either norm is 0, so that weights at 0 can leave it.

    Args:
        layer: the layer's weights x, of any shape. On a surface the point itself is the only layer.
        update: the update u that is to be scaled, of that shape.
        coefficient: the trust coefficient η.
    """
    size, length = jnp.sqrt(jnp.sum(layer * layer)), jnp.sqrt(jnp.sum(update * update))
    none = (size == 0) | (length == 0)
    return jnp.where(none, 1.0, coefficient * size / jnp.where(none, 1.0, length))
