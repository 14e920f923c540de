"""What each surface shows first, all optimizers walking on it: none diverges, and the lecture's tell something."""

from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from core.optimizers import OPTIMIZERS
from core.outcome import DIVERGED_BEYOND
from core.problems.surfaces import SURFACES
from core.problems.surfaces.bowls import Ravine
from tests.core.problems.surfaces import BY_NAME, every_surface

STEPS = 300


RULES = [
    optimizer(**({"curvature": "absolute"} if optimizer.identifier() == "newton" else {})) for optimizer in OPTIMIZERS
]
"""Newton's method with curvatures counted by their size: else saddles attract it."""


@lru_cache
def walker():
    """One program for all surfaces: from a surface's place in the list, a start and the optimizers' learning rates to
    their iterates, (steps, optimizers, 2). The slopes of all are found at once; some rules look for more."""
    fields = [jax.value_and_grad(cls().loss) for cls in SURFACES]

    def walk(which, start, rates):
        def slope_of(at):
            return jax.lax.switch(which, fields, at)

        rules = [
            optax.with_extra_args_support(rule.with_numbers({"lr": rate}).transform())
            for rule, rate in zip(RULES, rates, strict=True)
        ]

        def step(carry, _):
            points, states = carry
            moves = [
                rule.update(slope, state, at, slope_of=slope_of)
                for rule, slope, state, at in zip(rules, jax.vmap(slope_of)(points)[1], states, points, strict=True)
            ]
            points = points + jnp.stack([move for move, _ in moves])
            return (points, tuple(state for _, state in moves)), points

        begun = jnp.broadcast_to(start, (len(rules), 2)), tuple(rule.init(start) for rule in rules)
        return jax.lax.scan(step, begun, None, length=STEPS)[1]

    return jax.jit(walk)


@lru_cache
def every_walk(cls):
    """The paths of all optimizers at the rates proposed, or at those that suit them; twice, to the same bytes."""
    rates = jnp.array([type(rule).rate_on(cls.rates) for rule in RULES], jnp.float32)
    start = jnp.asarray(cls.start, jnp.float32)
    paths, again = (np.asarray(walker()(SURFACES.index(cls), start, rates)) for _ in range(2))
    assert paths.tobytes() == again.tobytes()
    return {type(rule): paths[:, place] for place, rule in enumerate(RULES)}


def walks(cls):
    """The paths of the lecture's optimizers, (steps, 2) each."""
    return {kind.identifier(): path for kind, path in every_walk(cls).items() if kind.suits is None}


def suited_walks(cls):
    """The paths of all other optimizers."""
    return {kind.identifier(): path for kind, path in every_walk(cls).items() if kind.suits is not None}


@every_surface
def test_at_the_rates_proposed_no_path_diverges_and_all_descend(cls):
    begun = float(cls().loss(jnp.asarray(cls.start, jnp.float32)))
    for name, path in walks(cls).items():
        assert np.isfinite(path).all(), name
        assert float(cls().loss(jnp.asarray(path[-1]))) < begun, name
        if cls().minima():  # where there is none, paths rightly leave the picture
            low, high = np.array(cls.domain).T
            assert (path >= low).all(), name
            assert (path <= high).all(), name


EXCUSED = {
    ("adamw", "eggholder"): "its valleys are at the edge; the decay pulls to 0",
    ("newton", "easom"): "where there is hardly any curvature, the slope divided by it is far",
    ("newton", "michalewicz"): "the same, between the trenches",
    ("newton", "drop_wave"): "the same, in a trough that is a circle: it leaves by what rounding makes of the slope",
}


@every_surface
def test_at_the_rates_that_suit_no_other_path_diverges_and_all_descend(cls):
    begun = float(cls().loss(jnp.asarray(cls.start, jnp.float32)))
    for name, path in suited_walks(cls).items():
        whole = (np.abs(path) < DIVERGED_BEYOND).all(axis=1)
        if cls().minima() and (name, cls.identifier()) not in EXCUSED:  # without a minimum, down is out of the picture
            assert whole.all(), name
        last = path[whole][-1]
        if (name, cls.identifier()) not in EXCUSED:
            assert float(cls().loss(jnp.asarray(last))) < begun, name


def test_at_the_rates_that_suit_all_paths_go_far_on_the_ravine():
    for name, path in suited_walks(Ravine).items():
        assert np.linalg.norm(path[-1]) < 0.4 * np.linalg.norm(Ravine.start), name


def test_on_the_ravine_sgd_zigzags_and_momentum_swings():
    sgd, momentum = walks(Ravine)["sgd"], walks(Ravine)["momentum"]
    angle = np.radians(Ravine().angle)
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    sides = np.sign(sgd[:30] @ across)
    assert (sides[1:] != sides[:-1]).all()
    assert (sgd @ along).max() < 1e-3
    assert (momentum @ along).max() > 0.3  # it overshoots the minimum along the floor, which SGD never does


def test_the_classical_trap_holds_all_of_the_lecture_s_optimizers():
    cls = BY_NAME["freudenstein_roth"]
    goal, trap = cls().minima()
    assert goal[1] > 3
    for name, path in walks(cls).items():
        assert path[-1, 1] == pytest.approx(trap[1], abs=0.6), name


def test_on_dixon_price_the_fast_end_on_the_other_side():
    ends = {name: path[-1, 1] for name, path in walks(BY_NAME["dixon_price"]).items()}
    assert ends["sgd"] > 0.6
    assert ends["momentum"] == pytest.approx(-(0.5**0.5), abs=1e-3)


def test_on_a_round_bowl_sgd_walks_straight_and_momentum_overshoots():
    paths, start = walks(BY_NAME["sphere"]), np.array(BY_NAME["sphere"].start)
    ahead = start / np.linalg.norm(start)
    across = np.array([-ahead[1], ahead[0]])
    assert np.abs(paths["sgd"] @ across).max() < 1e-5
    assert (paths["sgd"] @ ahead).min() > -1e-5
    assert (paths["momentum"] @ ahead).min() < -1
    assert np.abs(paths["adagrad"] @ across).max() > 0.3


@pytest.mark.parametrize("name", ["local_minimum", "rastrigin", "styblinski_tang", "himmelblau", "narrow_minimum"])
def test_sgd_and_momentum_end_in_different_minima(name):
    cls = BY_NAME[name]
    minima = np.array(cls().minima())[:, :2]
    reached = [np.linalg.norm(minima - walks(cls)[rule][-1], axis=1) for rule in ("sgd", "momentum")]
    assert max(distances.min() for distances in reached) < 0.1
    assert reached[0].argmin() != reached[1].argmin()
