"""Scripts have the heights and slopes of every surface."""

import re
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from core.code import script
from core.problems.surfaces import SURFACES
from tests.core.code.scripts import comparison, every_engine, flavour


def slope_of(scope: dict[str, Any], engine: str, point: tuple[float, float]) -> tuple[float, np.ndarray]:
    """Return a script's loss at a point, and its gradient as the script's library has it."""
    if engine == "optax":
        value, slope = jax.value_and_grad(scope["loss"])(jnp.array(point))
        return float(value), np.asarray(slope)
    at = scope["torch"].tensor(list(point), requires_grad=True)
    value = scope["loss"](at)
    value.backward()
    return float(np.asarray(value.detach())), np.asarray(at.grad)


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.identifier())
@every_engine
def test_every_surface_is_written(surface: Any, engine: str, executed) -> None:
    """Where nothing is smooth as well: at the origin and at the lowest point.

    What 32 bits round away at a minimum is measured by the heights and slopes around it: those at the start.
    """
    high, steep = surface().gradient(jnp.array(surface.start, jnp.float32), None)
    off, tilt = 2e-5 * max(1.0, abs(float(high))), 2e-4 * max(1.0, float(jnp.abs(steep).max()))
    compared = comparison([{"optimizer": "sgd"}], surface.identifier(), steps=1)
    scope = executed(without_walks(script(compared, flavour(engine))), engine)
    for point in [surface.start, (0.0, 0.0), *[(x, y) for x, y, _ in surface().minima()[:1]]]:
        value, slope = surface().gradient(jnp.array(point, jnp.float32), None)
        loss, gradient = slope_of(scope, engine, point)
        assert loss == pytest.approx(float(value), rel=2e-5, abs=off)
        np.testing.assert_allclose(gradient, slope, rtol=2e-4, atol=tilt)


def without_walks(text: str) -> str:
    return re.sub(r"^walk\(.*$", "", text, flags=re.MULTILINE)
