"""The lecture's statements about single rules, against closed forms."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.optimizers.adabelief import AdaBelief
from core.optimizers.adadelta import Adadelta
from core.optimizers.adagrad import AdaGrad
from core.optimizers.adam import Adam
from core.optimizers.adamax import Adamax
from core.optimizers.adamw import AdamW
from core.optimizers.amsgrad import AMSGrad
from core.optimizers.base import MOST_DECAY
from core.optimizers.lion import Lion
from core.optimizers.momentum import Momentum
from core.optimizers.nadam import Nadam
from core.optimizers.nesterov import Nesterov
from core.optimizers.radam import RAdam
from core.optimizers.sgd import SGD
from core.optimizers.yogi import Yogi
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


def constant(slope: float):
    return lambda x: jnp.full(2, slope)


@given(lr=st.floats(0.001, 1), weight_decay=st.floats(0, 0.9))
def test_without_a_gradient_adamw_decays_geometrically(lr: float, weight_decay: float) -> None:
    path, _ = walk(AdamW(lr=lr, weight_decay=weight_decay).transform(), constant(0.0), (3.0, -5.0), 30)
    expected = np.array([3.0, -5.0]) * (1 - lr * weight_decay) ** np.arange(31.0)[:, None]
    np.testing.assert_allclose(path, expected, rtol=1e-4, atol=1e-7)


def test_the_decay_of_adamw_is_not_divided_by_the_gradients_as_a_penalty_is() -> None:
    """Two slopes of equal sign and a thousandfold difference: the decay takes the same share of both coordinates."""
    slopes = jnp.array([100.0, 0.1])
    with_decay, _ = walk(AdamW(lr=0.01, weight_decay=0.5).transform(), lambda x: slopes, (2.0, 2.0), 20)
    np.testing.assert_allclose(with_decay[:, 0], with_decay[:, 1], rtol=1e-4)


def test_without_decay_adamw_is_adam() -> None:
    one, _ = walk(AdamW(lr=0.05, weight_decay=0.0).transform(), bowl, (1.0, -2.0), 40)
    other, _ = walk(Adam(lr=0.05).transform(), bowl, (1.0, -2.0), 40)
    np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


@given(slope=st.floats(0.01, 100), lr=st.floats(0.001, 1), beta1=st.floats(0, 0.99), beta2=st.floats(0, 0.999))
def test_the_first_step_of_nadam_looks_ahead(slope: float, lr: float, beta1: float, beta2: float) -> None:
    """m̄ = β₁ (1 − β₁) g / (1 − β₁²) + g = g (1 + 2 β₁) / (1 + β₁)."""
    path, _ = walk(Nadam(lr=lr, beta1=beta1, beta2=beta2).transform(), constant(-slope), (0.0, 0.0), 1)
    np.testing.assert_allclose(path[1], lr * (1 + 2 * beta1) / (1 + beta1), rtol=1e-3)


@given(gradients=st.lists(st.floats(-10, 10), min_size=5, max_size=30), corrected=st.booleans())
def test_the_denominator_of_amsgrad_never_shrinks(gradients: list[float], corrected: bool) -> None:
    given = iter([jnp.full(2, g) for g in gradients])
    rule = AMSGrad(beta2=0.8, bias_correction=corrected).transform()
    _, states = walk(rule, given, (0.0, 0.0), len(gradients))
    assert (np.diff(np.stack([state.largest for state in states]), axis=0) >= 0).all()


def test_amsgrad_takes_short_steps_long_after_a_steep_slope_and_adam_does_not() -> None:
    slopes = [100.0] + [0.1] * 100
    walked = {}
    for kind in (Adam, AMSGrad):
        path, _ = walk(kind(lr=0.1, beta2=0.5).transform(), iter([jnp.full(2, g) for g in slopes]), (0.0, 0.0), 101)
        walked[kind] = abs(path[-1, 0] - path[-2, 0])
    np.testing.assert_allclose(walked[Adam], 0.1, rtol=1e-2)
    np.testing.assert_allclose(walked[AMSGrad], 0.1 * 0.1 / 100, rtol=5e-2)


@given(slope=st.floats(0.01, 100), lr=st.floats(0.001, 1), beta2=st.sampled_from([0.9, 0.999, MOST_DECAY]))
def test_the_first_steps_of_radam_are_momentum_steps(slope: float, lr: float, beta2: float) -> None:
    """Under a constant gradient m̂ = g, and the steps are α g; then α r, where r is Liu et al.'s, in float64."""
    path, _ = walk(RAdam(lr=lr, beta2=beta2).transform(), constant(-slope), (0.0, 0.0), 12)
    most, expected = 2 / (1 - beta2) - 1, []
    for t in range(1, 13):
        ages, weights = np.arange(t), beta2 ** np.arange(t)
        rho = 1 + 2 * (ages @ weights) / weights.sum()  # what the formula's difference is, without its cancellation
        r = np.sqrt((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho)) if rho > 5 else slope
        expected.append(lr * r)
    assert expected[:5] == [lr * slope] * 5
    np.testing.assert_allclose(np.diff(path[:, 0])[:5], expected[:5], rtol=2e-3)
    np.testing.assert_allclose(np.diff(path[:, 0])[5:], expected[5:], rtol=1e-2, atol=4e-6 * lr * slope)


@pytest.mark.parametrize("beta2", [0.0, 0.3, 0.6, 2 / 3])
def test_radam_never_divides_where_the_second_moment_is_short(beta2: float) -> None:
    """ρ stays below 2 / (1 − β₂) − 1, which is at most 5 here: its steps are momentum's for ever."""
    path, _ = walk(RAdam(lr=0.1, beta2=beta2).transform(), constant(-3.0), (0.0, 0.0), 30)
    np.testing.assert_allclose(np.diff(path[:, 0]), 0.3, rtol=1e-3)


@given(slope=st.floats(0.01, 100), lr=st.floats(0.001, 1), beta1=st.floats(0.1, 0.99), beta2=st.floats(0, 0.999))
def test_the_first_step_of_adabelief_is_longer_than_adams(slope: float, lr: float, beta1: float, beta2: float) -> None:
    """The first deviation is g − (1 − β₁) g, so the step is α / β₁."""
    path, _ = walk(AdaBelief(lr=lr, beta1=beta1, beta2=beta2).transform(), constant(-slope), (0.0, 0.0), 1)
    np.testing.assert_allclose(path[1], lr / beta1, rtol=1e-3)


@given(slope=st.floats(0.01, 100), lr=st.floats(0.001, 1), beta1=st.floats(0, 0.99), beta2=st.floats(0, 0.999))
def test_the_first_step_of_adamax_is_the_learning_rate(slope: float, lr: float, beta1: float, beta2: float) -> None:
    path, _ = walk(Adamax(lr=lr, beta1=beta1, beta2=beta2).transform(), constant(-slope), (0.0, 0.0), 1)
    np.testing.assert_allclose(path[1], lr, rtol=1e-3)


def test_the_maximum_of_adamax_fades_by_its_decay() -> None:
    slopes = iter([jnp.full(2, g) for g in (-8.0, 0.0, 0.0, 0.0)])
    _, states = walk(Adamax(beta2=0.5).transform(), slopes, (0.0, 0.0), 4)
    np.testing.assert_allclose([state.largest[0] for state in states], [8, 4, 2, 1])


@given(slope=st.floats(1, 100), rho=st.floats(0, 0.99), eps=st.floats(1e-10, 1e-6), lr=st.floats(0.1, 10))
def test_the_first_step_of_adadelta_is_about_the_root_of_epsilon(
    slope: float, rho: float, eps: float, lr: float
) -> None:
    path, _ = walk(Adadelta(lr=lr, rho=rho, eps=eps).transform(), constant(-slope), (0.0, 0.0), 1)
    np.testing.assert_allclose(path[1], lr * np.sqrt(eps / (1 - rho)), rtol=1e-3)


def test_the_steps_of_adadelta_have_the_units_of_x() -> None:
    """Zeiler's argument: in other units of x, √ε among them, the path is the same one."""
    plain, _ = walk(Adadelta(eps=1e-8).transform(), bowl, (1.0, -2.0), 200)
    # x in units a thousandth as long. The scale of the gradients does not matter, as long as it is far above √ε.
    scaled, _ = walk(Adadelta(eps=1e-2).transform(), lambda x: 1e6 * bowl(x), (1e3, -2e3), 200)
    np.testing.assert_allclose(plain * 1e3, scaled, rtol=1e-3)


@given(gradients=st.lists(st.floats(0.01, 10), min_size=5, max_size=30), lr=st.floats(0.001, 1))
def test_every_step_of_lion_is_the_learning_rate(gradients: list[float], lr: float) -> None:
    given = iter([jnp.array([g, -g * g]) for g in gradients])
    path, _ = walk(Lion(lr=lr).transform(), given, (0.0, 0.0), len(gradients))
    np.testing.assert_allclose(np.diff(path, axis=0), [[-lr, lr]] * len(gradients), rtol=1e-4)


@given(steep=st.floats(3, 100), beta2=st.floats(0.9, 0.999))
def test_yogi_forgets_a_steep_slope_by_differences_and_adam_by_ratios(steep: float, beta2: float) -> None:
    slopes = [steep] + [0.1] * 20
    _, yogi = walk(Yogi(beta2=beta2).transform(), iter([jnp.full(2, g) for g in slopes]), (0.0, 0.0), 21)
    expected = (1 - beta2) * (steep**2 - 20 * 0.1**2)
    np.testing.assert_allclose(yogi[-1].square, expected, rtol=1e-4)
    _, adam = walk(Adam(beta2=beta2).transform(), iter([jnp.full(2, g) for g in slopes]), (0.0, 0.0), 21)
    forgotten = beta2**20
    np.testing.assert_allclose(
        adam[-1].square, (1 - beta2) * forgotten * steep**2 + (1 - forgotten) * 0.1**2, rtol=1e-4
    )
