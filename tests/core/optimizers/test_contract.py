"""What every optimizer must hold, over the registry; where optax has the same rule, optax is the oracle."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.formula import to_mathml
from core.optimizers import OPTIMIZERS, Optimizer
from core.optimizers.adabelief import AdaBelief
from core.optimizers.adagrad import AdaGrad
from core.optimizers.adam import Adam
from core.optimizers.adamax import Adamax
from core.optimizers.adamw import AdamW
from core.optimizers.amsgrad import AMSGrad
from core.optimizers.base import slot_values
from core.optimizers.lion import Lion
from core.optimizers.momentum import Momentum
from core.optimizers.nadam import Nadam
from core.optimizers.nesterov import Nesterov
from core.optimizers.rmsprop import RMSProp
from core.optimizers.sgd import SGD
from core.optimizers.yogi import Yogi

NAMES = [optimizer.identifier() for optimizer in OPTIMIZERS]
every_optimizer = pytest.mark.parametrize("kind", OPTIMIZERS, ids=NAMES)

ORACLES: dict[str, Callable[[Optimizer], optax.GradientTransformation]] = {
    "sgd": lambda o: optax.sgd(o.lr),
    "momentum": lambda o: optax.sgd(o.lr, momentum=o.rho),
    "nesterov": lambda o: optax.sgd(o.lr, momentum=o.rho, nesterov=True),
    # optax has ε inside the root, so the two agree where ε is small against the gradients only: see `numbers_of`.
    "adagrad": lambda o: optax.adagrad(o.lr, initial_accumulator_value=0.0, eps=o.eps**2),
    "rmsprop": lambda o: optax.rmsprop(o.lr, decay=o.decay, eps=o.eps, eps_in_sqrt=False),
    "adam": lambda o: optax.adam(o.lr, b1=o.beta1, b2=o.beta2, eps=o.eps),
    "adamw": lambda o: optax.adamw(o.lr, b1=o.beta1, b2=o.beta2, eps=o.eps, weight_decay=o.weight_decay),
    "nadam": lambda o: optax.nadam(o.lr, b1=o.beta1, b2=o.beta2, eps=o.eps),
    "amsgrad": lambda o: optax.amsgrad(
        o.lr,
        b1=o.beta1,
        b2=o.beta2,
        eps=o.eps,
        bias_correction_mu=o.bias_correction,
        bias_correction_nu=o.bias_correction,
    ),
    "radam": lambda o: optax.radam(o.lr, b1=o.beta1, b2=o.beta2, eps=o.eps),
    # optax adds a second ε to s in every step; ours has the one outside the root alone.
    "adabelief": lambda o: optax.adabelief(o.lr, b1=o.beta1, b2=o.beta2, eps=o.eps, eps_root=0.0),
    # optax adds ε to |g| before the maximum, ours to the maximum: they differ by less than ε / |g|, 2e-5 here.
    "adamax": lambda o: optax.adamax(o.lr, b1=o.beta1, b2=o.beta2, eps=o.eps),
    "adadelta": lambda o: optax.adadelta(o.lr, rho=o.rho, eps=o.eps),
    "lion": lambda o: optax.lion(o.lr, b1=o.beta1, b2=o.beta2, weight_decay=0.0),
    # optax.yogi starts both moments at 1e-6 and does not let one say otherwise; its parts do.
    "yogi": lambda o: optax.chain(
        optax.scale_by_yogi(b1=o.beta1, b2=o.beta2, eps=o.eps, initial_accumulator_value=0.0),
        optax.scale_by_learning_rate(o.lr),
    ),
    "lars": lambda o: optax.lars(o.lr, weight_decay=0.0, trust_coefficient=o.trust, momentum=o.rho),
    "lamb": lambda o: optax.lamb(o.lr, b1=o.beta1, b2=o.beta2, eps=o.eps, weight_decay=o.weight_decay),
    "lookahead": lambda o: of_the_fast(optax.lookahead(optax.sgd(o.lr, o.rho), int(np.float32(o.every)), o.share)),
    "schedule_free": lambda o: averaged(optax.contrib.schedule_free_sgd(o.lr, b1=o.beta)),
    "prodigy": lambda o: optax.contrib.prodigy(o.lr, (o.beta1, o.beta2), eps=o.eps, estim_lr0=o.first),
}
ON_A_LOSS: dict[str, Callable[[Optimizer], optax.GradientTransformation]] = {
    "sam": lambda o: optax.contrib.sam(
        optax.sgd(o.lr, o.rho), optax.chain(optax.contrib.normalize(), optax.sgd(o.radius)), opaque_mode=True
    ),
    "lbfgs": lambda o: optax.chain(optax.scale_by_lbfgs(memory_size=10), optax.scale(-o.lr)),
}
"""Rules that make no sense of gradients that belong to no loss."""
BY_HAND = {"newton"}
"""Rules that optax lacks: see test_second_order.py."""


class AsAverage(NamedTuple):
    """What optax's schedule-free SGD keeps while the parameters are the average: its own state, and its parameters."""

    inner: Any
    between: Any


def averaged(inner: optax.GradientTransformationExtraArgs) -> optax.GradientTransformation:
    """Make optax's schedule-free rule, whose parameters are y, one whose parameters are x."""

    def update(gradients: Any, state: AsAverage, params: Any = None) -> tuple[Any, AsAverage]:
        moved, own = inner.update(gradients, state.inner, state.between)
        between = optax.apply_updates(state.between, moved)
        x: Any = optax.contrib.schedule_free_eval_params(own, between)
        return x - params, AsAverage(own, between)

    return optax.GradientTransformation(lambda params: AsAverage(inner.init(params), params), update)


def of_the_fast(lookahead: optax.GradientTransformation) -> optax.GradientTransformation:
    """Make optax's lookahead, whose parameters are pairs, one whose parameters are the fast weights."""

    def init(params: Any) -> Any:
        pair: Any = optax.LookaheadParams.init_synced(params)
        return lookahead.init(pair), params

    def update(gradients: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        pair: Any = optax.LookaheadParams(fast=params, slow=state[1])
        moved, own = lookahead.update(gradients, state[0], pair)
        steps: Any = moved
        return steps.fast, (own, state[1] + steps.slow)

    return optax.GradientTransformation(init, update)


def compiled(transform: optax.GradientTransformation) -> optax.GradientTransformation:
    """Compile the update of a rule: one that has loops inside is slow else."""
    extended = optax.with_extra_args_support(transform)
    return optax.GradientTransformationExtraArgs(extended.init, jax.jit(extended.update, static_argnames="slope_of"))


def walk(transform: optax.GradientTransformation, slope, start, steps: int):
    """Walk with a plain Python loop; return the iterates, shape (steps + 1, 2), and the states.

    `slope` is a function of the iterate, or an iterator over given gradients. To rules that look at other points, the
    loss is a quadratic form, and a given gradient the same everywhere.
    """
    update = optax.with_extra_args_support(transform).update
    field = slope if callable(slope) else None
    everywhere = None if field is None else quadratic(field)
    x = jnp.asarray(start, jnp.float32)
    state = transform.init(x)
    path, states = [x], []
    for _ in range(steps):
        g = field(x) if field else next(slope)
        moved, state = update(g, state, x, slope_of=everywhere or (lambda at, g=g: (0.0, g)))
        x = optax.apply_updates(x, moved)
        path.append(x)
        states.append(state)
    return np.stack(path), states


@lru_cache
def quadratic(field: Callable[[jax.Array], jax.Array]) -> Callable[[jax.Array], tuple[Any, jax.Array]]:
    """Return the loss that has these slopes, and them: one function for each, so that a compiled rule stays so."""
    return lambda x: (jnp.vdot(x, field(x)) / 2, field(x))


def bowl(x: jax.Array) -> jax.Array:
    return jnp.array([1.0, 0.1]) * x


def numbers_of(kind: type[Optimizer]) -> st.SearchStrategy[Optimizer]:
    """Draw an optimizer with its numbers anywhere on their sliders, learning rates where a bowl does not explode."""
    fields = {}
    for described in kind.parameters():
        low, high = described["min"], described["max"]
        high = {"lr": 0.1, "eps": 1e-6, "every": 7}.get(described["name"], min(high, 0.99))
        low = {"beta": 0.1}.get(described["name"], low)  # optax divides by schedule-free SGD's
        fields[described["name"]] = st.floats(low, high)
    return st.builds(kind, **fields)


slopes = st.lists(
    st.tuples(*[st.floats(0.05, 10).map(lambda g: np.float32(g)) for _ in range(2)], st.sampled_from([-1, 1])),
    min_size=20,
    max_size=20,
)


@pytest.mark.parametrize("kind", [kind for kind in OPTIMIZERS if kind.identifier() in ORACLES])
@given(data=st.data())
def test_it_steps_like_its_oracle(kind: type[Optimizer], data: st.DataObject) -> None:
    """Both see the same gradients: on a loss, an adaptive method may amplify a rounding error without bound."""
    optimizer = data.draw(numbers_of(kind))
    given = jnp.array([[sign * g, h] for g, h, sign in data.draw(slopes)], jnp.float32)
    start = data.draw(st.sampled_from([(0.0, 0.0), (1.0, -2.0)]))  # some rules ask for the size of the parameters
    ours, _ = walk(optimizer.transform(), iter(given), start, 20)
    theirs, _ = walk(ORACLES[kind.identifier()](optimizer), iter(given), start, 20)
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=2e-4 * optimizer.lr)


@pytest.mark.parametrize("name", ON_A_LOSS)
@pytest.mark.parametrize("seed", range(5))
def test_it_walks_like_its_oracle_on_a_bowl(name: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(random.normal(size=(2, 2)))
    curvature = jnp.asarray(turn @ np.diag([1.0, random.uniform(0.02, 1.0)]) @ turn.T, jnp.float32)
    kind = next(kind for kind in OPTIMIZERS if kind.identifier() == name)
    settings = {"line_search": False, "lr": 1.0} if name == "lbfgs" else {"lr": random.uniform(0.01, 0.3)}
    optimizer = kind(**settings, **({"radius": random.uniform(0, 1)} if name == "sam" else {}))
    extended = optax.with_extra_args_support(ON_A_LOSS[name](optimizer))

    def update(gradients: Any, state: Any, params: Any = None, **more: Any) -> tuple[Any, Any]:
        more = {"grad_fn": lambda x, i: curvature @ x} if name == "sam" else {}
        return extended.update(gradients, state, params, **more)

    theirs = compiled(optax.GradientTransformationExtraArgs(extended.init, update))
    steps = 25 if name == "sam" else 8  # L-BFGS has arrived by then: what is left is rounding
    ours, _ = walk(compiled(optimizer.transform()), lambda x: curvature @ x, (2.0, -1.0), steps)
    others, _ = walk(theirs, lambda x: curvature @ x, (2.0, -1.0), steps)
    np.testing.assert_allclose(ours, others, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("kind", [Adam, AMSGrad])
def test_without_bias_correction_it_steps_as_written_down_in_numpy(kind: type[Optimizer]) -> None:
    """Reddi et al. print AMSGrad so; in float64, apart from what optax makes of it."""
    optimizer = kind(lr=0.05, bias_correction=False)
    given = np.random.default_rng(3).normal(size=(60, 2)) * np.linspace(3.0, 0.1, 60)[:, None]
    x, m, s, largest = np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2)
    expected = [x]
    for g in given:
        m = optimizer.beta1 * m + (1 - optimizer.beta1) * g
        s = optimizer.beta2 * s + (1 - optimizer.beta2) * g**2
        largest = np.maximum(largest, s) if kind is AMSGrad else s
        x = x - optimizer.lr * m / (np.sqrt(largest) + optimizer.eps)
        expected.append(x)
    ours, _ = walk(optimizer.transform(), iter(jnp.asarray(given, jnp.float32)), (0.0, 0.0), 60)
    np.testing.assert_allclose(ours, expected, rtol=1e-3, atol=2e-4 * optimizer.lr)


@every_optimizer
def test_every_optimizer_has_an_oracle(kind: type[Optimizer]) -> None:
    assert kind.identifier() in {*ORACLES, *ON_A_LOSS, *BY_HAND}


@every_optimizer
def test_it_converges_on_a_bowl(kind: type[Optimizer]) -> None:
    rates = {lecture.identifier(): 0.1 for lecture in OPTIMIZERS if lecture.suits is None}
    path, _ = walk(compiled(kind(lr=kind.rate_on(rates)).transform()), bowl, (1.0, -1.0), 500)
    assert np.linalg.norm(path[-1]) < 0.1 * np.linalg.norm(path[0])


@every_optimizer
def test_it_is_symmetric_under_a_change_of_sign(kind: type[Optimizer]) -> None:
    rule = compiled(kind(lr=0.05).transform())
    one, _ = walk(rule, bowl, (1.0, -2.0), 30)
    other, _ = walk(rule, bowl, (-1.0, 2.0), 30)
    np.testing.assert_array_equal(one, -other)


@pytest.mark.parametrize("kind", [SGD, Momentum, Nesterov])
def test_momentum_methods_do_not_see_a_rotation(kind: type[Optimizer]) -> None:
    turn = jnp.array([[0.6, -0.8], [0.8, 0.6]])
    straight, _ = walk(kind(lr=0.3).transform(), bowl, (1.0, -2.0), 40)
    turned, _ = walk(kind(lr=0.3).transform(), lambda x: turn @ bowl(turn.T @ x), turn @ jnp.array([1.0, -2.0]), 40)
    np.testing.assert_allclose(turned, straight @ np.asarray(turn).T, atol=1e-5)


@pytest.mark.parametrize("kind", [AdaGrad, RMSProp, Adam, AdamW, Nadam, AMSGrad, AdaBelief, Adamax, Yogi])
def test_adaptive_methods_do_not_see_the_scale_of_a_coordinate(kind: type[Optimizer]) -> None:
    tiny = {"eps": 1e-10}
    plain, _ = walk(kind(lr=0.05, **tiny).transform(), bowl, (1.0, -2.0), 40)
    scaled, _ = walk(kind(lr=0.05, **tiny).transform(), lambda x: 100.0 * bowl(x), (1.0, -2.0), 40)
    np.testing.assert_allclose(plain, scaled, rtol=1e-3, atol=1e-4)


def test_lion_sees_the_direction_of_a_gradient_alone() -> None:
    plain, _ = walk(Lion(lr=0.05).transform(), bowl, (1.0, -2.0), 40)
    scaled, _ = walk(Lion(lr=0.05).transform(), lambda x: 128.0 * bowl(x), (1.0, -2.0), 40)  # exact in binary
    np.testing.assert_array_equal(plain, scaled)


@every_optimizer
def test_the_learning_rates_that_suit_it_are_those_of_a_lecture_optimizer(kind: type[Optimizer]) -> None:
    assert kind.entry()["suits"] == (list(kind.suits) if kind.suits else None)
    if kind.order <= 60:
        assert kind.suits is None
    else:
        assert kind.suits is not None
        name, factor = kind.suits
        assert name in {None, *(lecture.identifier() for lecture in OPTIMIZERS if lecture.suits is None)}
        assert factor > 0


@every_optimizer
def test_its_slots_are_in_its_state_and_start_at_zero(kind: type[Optimizer]) -> None:
    found = slot_values(kind().transform().init(jnp.ones(2)), tuple(kind.slots))
    assert set(found) == set(kind.slots)
    for value in found.values():
        np.testing.assert_array_equal(value, np.zeros(2))


@every_optimizer
def test_the_formula_says_which_of_its_symbols_change_in_every_step(kind: type[Optimizer]) -> None:
    entry = kind.entry()
    formula = "".join(entry["mathml"])
    looks = [] if r"\nabla f" in "".join(kind.formula) else ["gradient"]  # else it may look at other points alone
    wanted = [*looks, "iterate", *kind.slots, *(f"{name}:corrected" for name in kind.corrected)]
    for name in wanted:
        assert f'data-value="{name}"' in formula, name
    decays = {slot["name"]: slot["corrected"]["decay"] for slot in entry["slots"] if "corrected" in slot}
    assert set(decays) <= set(kind.slots)
    assert set(decays.values()) <= {described["name"] for described in kind.parameters()}


@every_optimizer
def test_over_rows_the_iterate_is_called_w_and_nothing_else_of_the_formula_is_other(kind: type[Optimizer]) -> None:
    entry = kind.entry()
    forms = [entry, *(form for one in entry.get("switches", ()) for form in one["formulas"])]
    for form in forms:
        assert form["formula"]
        plain, weights = "".join(form["mathml"]), "".join(form["mathml_weights"])
        assert ">w<" not in plain
        assert ">x<" not in weights
        assert weights.count(">w<") == plain.count(">x<") > 0
        assert weights.replace(">w<", ">x<") == plain


@every_optimizer
def test_a_step_follows_what_it_remembers(kind: type[Optimizer]) -> None:
    """Under a constant gradient the step and the slot named by `follows` have the sign that `follows` says."""
    if kind.follows is None:
        assert not {"velocity", "mean", "momentum"} & set(kind.slots)
        return
    name, sign = kind.follows
    # Four steps, since Lookahead goes back in its fifth.
    path, states = walk(kind(lr=0.01).transform(), lambda x: jnp.array([3.0, -2.0]), (0.0, 0.0), 4)
    remembered = np.stack([slot_values(state, (name,))[name] for state in states])
    np.testing.assert_array_equal(np.sign(sign * remembered[1:]), np.sign(np.diff(path, axis=0)[1:]))


@every_optimizer
def test_its_definition_is_whole(kind: type[Optimizer]) -> None:
    for text in (kind.title, kind.source, kind.__doc__):
        assert text
    formula = "".join(
        to_mathml(line, marks={p["symbol"]: p["name"] for p in kind.parameters()}) for line in kind.formula
    )
    for described in kind.parameters():
        assert described["min"] <= described["default"] <= described["max"]
        assert described["meaning"]
        assert f'data-parameter="{described["name"]}"' in formula
        kind(**{described["name"]: described["min"]})
        kind(**{described["name"]: described["max"]})


@every_optimizer
def test_it_moves_at_the_upper_end_of_what_is_allowed_too(kind: type[Optimizer]) -> None:
    """The loop works in float32, in which a number too near to 1 is 1: of a running mean's decay, 0 divided by 0."""
    program = jax.jit(partial(updated, kind), static_argnames="slope_of")  # for all numbers
    for described in kind.parameters():
        valid = described["valid"]
        most = valid.get("le", np.nextafter(valid["lt"], 0.0) if "lt" in valid else described["max"])
        numbers = {**kind().numbers(), described["name"]: most}
        rounded = {name: jnp.float32(value) for name, value in numbers.items()}
        begin = kind().with_numbers(rounded).transform().init
        rule = optax.GradientTransformationExtraArgs(begin, partial(program, rounded))
        path, _ = walk(rule, bowl, (1.0, -1.0), 3)
        assert np.isfinite(path).all()
        assert (np.diff(path, axis=0)[0] != 0).all()


def updated(kind: type[Optimizer], numbers: Any, gradients: Any, state: Any, params: Any, slope_of: Any) -> Any:
    """Update with numbers that are traced, as in the loop."""
    rule = optax.with_extra_args_support(kind().with_numbers(numbers).transform())
    return rule.update(gradients, state, params, slope_of=slope_of)
