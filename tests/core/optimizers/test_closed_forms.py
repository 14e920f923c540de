"""The lecture's statements about single rules, against closed forms."""

import jax.numpy as jnp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.optimizers.adagrad import AdaGrad
from core.optimizers.adam import Adam
from core.optimizers.momentum import Momentum
from core.optimizers.nesterov import Nesterov
from core.optimizers.sgd import SGD
from tests.core.optimizers.test_contract import bowl, walk


@given(rho=st.floats(0, 0.99), lr=st.floats(0.001, 0.5))
def test_velocity_is_the_weighted_sum_of_past_gradients(rho: float, lr: float) -> None:
    path, states = walk(Momentum(lr=lr, rho=rho).transform(), bowl, (1.0, -2.0), 25)
    slopes = path[:-1].astype(np.float64) * [1.0, 0.1]
    for t, state in enumerate(states):
        weights = rho ** np.arange(t, -1, -1.0)
        np.testing.assert_allclose(state.velocity, weights @ slopes[: t + 1], rtol=1e-4, atol=1e-5)


@given(rho=st.floats(0, 0.95), lr=st.floats(0.001, 0.5))
def test_the_two_forms_of_nesterov_are_one_iteration(rho: float, lr: float) -> None:
    """The look-ahead form, in float64: its points x + ρ v are the iterates of the form after the change of variable."""
    curvature = np.array([1.0, 0.1])
    x, v = np.array([1.0, -2.0]), np.zeros(2)
    ahead = [x]
    for _ in range(40):
        v = rho * v - lr * curvature * (x + rho * v)
        x = x + v
        ahead.append(x + rho * v)
    path, _ = walk(Nesterov(lr=lr, rho=rho).transform(), bowl, (1.0, -2.0), 40)
    np.testing.assert_allclose(path, np.stack(ahead), rtol=1e-3, atol=1e-4)


@given(slope=st.floats(0.01, 100), lr=st.floats(0.001, 1))
def test_adagrad_steps_shrink_as_one_over_root_t_under_a_constant_gradient(slope: float, lr: float) -> None:
    path, _ = walk(AdaGrad(lr=lr, eps=1e-10).transform(), lambda x: jnp.full(2, slope), (0.0, 0.0), 64)
    steps = -np.diff(path[:, 0])
    np.testing.assert_allclose(steps, lr / np.sqrt(np.arange(1, 65)), rtol=2e-3)


@given(slope=st.floats(0.01, 100), lr=st.floats(0.001, 1), beta1=st.floats(0, 0.99), beta2=st.floats(0, 0.999))
def test_the_first_step_of_adam_is_the_learning_rate(slope: float, lr: float, beta1: float, beta2: float) -> None:
    path, _ = walk(Adam(lr=lr, beta1=beta1, beta2=beta2).transform(), lambda x: jnp.full(2, -slope), (0.0, 0.0), 1)
    np.testing.assert_allclose(path[1], lr, rtol=1e-3)


def test_without_bias_correction_the_first_step_of_adam_is_far_too_large() -> None:
    path, _ = walk(Adam(lr=0.1, bias_correction=False).transform(), lambda x: jnp.full(2, -1.0), (0.0, 0.0), 1)
    np.testing.assert_allclose(path[1], 0.1 * 0.1 / np.sqrt(0.001), rtol=1e-3)


@given(lr=st.floats(0.01, 1.9))
def test_gradient_descent_on_a_bowl_is_a_geometric_sequence(lr: float) -> None:
    path, _ = walk(SGD(lr=lr).transform(), bowl, (1.0, 1.0), 30)
    expected = (1 - lr * np.array([1.0, 0.1])) ** np.arange(31.0)[:, None]
    np.testing.assert_allclose(path, expected, rtol=1e-3, atol=1e-5)
