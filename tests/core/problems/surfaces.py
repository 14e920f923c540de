"""What tests of surfaces share: all of them, by name, and where to look at one."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from core.problems.surfaces import SURFACES

BY_NAME = {cls.identifier(): cls for cls in SURFACES}
every_surface = pytest.mark.parametrize("cls", SURFACES, ids=list(BY_NAME))


def grid(cls, count=41):
    """Points all over the domain, (count², 2), with its minima and its start."""
    axes = [np.linspace(*axis, count) for axis in cls.domain]
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    return np.concatenate([points, [minimum[:2] for minimum in cls().minima()] or points[:1], [cls.start]])


def slopes(surface, points):
    return np.asarray(jax.jit(jax.vmap(jax.grad(surface.loss)))(jnp.asarray(points)))
