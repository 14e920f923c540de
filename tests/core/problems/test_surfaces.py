"""Every surface of the registry keeps the same promises; the textbook's keep the textbook's too."""

import xml.etree.ElementTree as ElementTree

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from core.optimizers import OPTIMIZERS
from core.problems.surfaces import SURFACES
from core.problems.surfaces.base import Surface, lattice
from core.problems.surfaces.bowls import Ravine
from core.problems.surfaces.many_minima import Ackley, Rastrigin
from core.problems.surfaces.saddles import NarrowMinimum

BY_NAME = {cls.identifier(): cls for cls in SURFACES}
every_surface = pytest.mark.parametrize("cls", SURFACES, ids=list(BY_NAME))


def grid(cls, count=41):
    """Points all over the domain, (count², 2), with its minima and its start."""
    axes = [np.linspace(*axis, count) for axis in cls.domain]
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    return np.concatenate([points, [minimum[:2] for minimum in cls().minima()] or points[:1], [cls.start]])


def slopes(surface, points):
    return np.asarray(jax.jit(jax.vmap(jax.grad(surface.loss)))(jnp.asarray(points)))


# The registry


def test_the_contract_s_names_are_there():
    assert {
        "ravine", "saddle", "monkey_saddle", "local_minimum", "narrow_minimum", "plateau", "rosenbrock", "beale",
        "himmelblau", "rastrigin", "ackley", "styblinski_tang", "booth", "matyas",
    } <= set(BY_NAME)  # fmt: skip
    assert len(BY_NAME) == len(SURFACES)
    assert SURFACES[0] is Ravine


@every_surface
def test_a_surface_is_final_and_says_what_it_is(cls):
    assert not cls.__subclasses__()
    assert cls.__doc__ is not Surface.__doc__
    assert cls.title
    assert cls.teaches.endswith(".")
    assert cls.formula
    assert cls().kind == "surface"


@every_surface
def test_its_parameters_are_declared_whole(cls):
    assert set(cls.expression.parameters) == set(cls.number_fields())
    entry = cls.entry()
    for described in entry["parameters"]:
        assert described["min"] <= described["default"] <= described["max"]
        assert described["meaning"]
        for edge in (described["min"], described["default"], described["max"]):
            cls(**{described["name"]: edge})
        assert any(f'data-parameter="{described["name"]}"' in line for line in entry["mathml"])
    assert set(entry["rates"]) == {optimizer.identifier() for optimizer in OPTIMIZERS}
    assert entry["expression"] == cls.expression.text


@every_surface
def test_its_formula_is_mathml(cls):
    for line in (*cls.entry()["mathml"], cls.expression.mathml):
        assert ElementTree.fromstring(line).tag.endswith("math")


@every_surface
def test_the_start_lies_within_the_domain_and_on_no_minimum(cls):
    for value, (low, high) in zip(cls.start, cls.domain, strict=True):
        assert low < value < high
    assert np.linalg.norm(slopes(cls(), [cls.start])) > 1e-3


# Heights and slopes


@every_surface
def test_jax_and_numpy_agree(cls):
    surface, points = cls(), grid(cls)
    exact = surface.expression.evaluate_numpy(x=points[:, 0], y=points[:, 1], **surface.numbers())
    np.testing.assert_allclose(surface.loss(jnp.asarray(points)), exact, rtol=2e-5, atol=2e-5 * np.ptp(exact))


@every_surface
def test_the_gradient_is_finite_everywhere(cls):
    assert np.isfinite(slopes(cls(), grid(cls))).all()


@every_surface
def test_the_gradient_is_that_of_differences(cls):
    surface, reach = cls(), 1e-5
    random = np.random.default_rng(0)
    points = random.uniform(*np.array(cls.domain).T, (50, 2))
    with jax.enable_x64(True):
        slope = np.asarray(jax.jit(jax.vmap(jax.grad(surface.loss)))(jnp.asarray(points)))
    for axis in (0, 1):
        step = reach * np.eye(2)[axis]
        high, low = (
            surface.expression.evaluate_numpy(x=at[:, 0], y=at[:, 1], **surface.numbers())
            for at in (points + step, points - step)
        )
        np.testing.assert_allclose(slope[:, axis], (high - low) / (2 * reach), rtol=1e-5, atol=1e-5)


# Minima

SETTINGS = [cls() for cls in SURFACES] + [
    Ravine(condition=1), Ravine(condition=1000, angle=-75), BY_NAME["rosenbrock"](steepness=1),
    NarrowMinimum(width=0.05, depth=4), NarrowMinimum(width=1.5, depth=4), NarrowMinimum(depth=0),
]  # fmt: skip


@pytest.mark.parametrize("surface", SETTINGS, ids=lambda surface: f"{surface.name}-{surface.numbers()}")
def test_a_listed_minimum_is_one(surface):
    found = surface.minima()
    assert len(found) == len({minimum[:2] for minimum in found})
    assert list(found) == sorted(found, key=lambda minimum: minimum[2])
    ring = 1e-3 * np.stack([np.cos(np.arange(0, 6.2, 0.1)), np.sin(np.arange(0, 6.2, 0.1))])
    for x, y, value in found:
        at = {"x": x, "y": y} | surface.numbers()
        assert float(surface.expression.evaluate_numpy(**at)) == pytest.approx(value, rel=1e-12, abs=1e-14)
        around = surface.expression.evaluate_numpy(x=x + ring[0], y=y + ring[1], **surface.numbers())
        assert around.min() > value
    if found and not surface.minimum_on_boundary:
        with jax.enable_x64(True):
            places = jnp.array([minimum[:2] for minimum in found])
            slope = np.asarray(jax.jit(jax.vmap(jax.grad(surface.loss)))(places))
            curvature = np.asarray(jax.jit(jax.vmap(jax.hessian(surface.loss)))(places))
        assert (np.abs(slope).max(axis=1) < 1e-6 * np.maximum(1, np.abs(curvature).max(axis=(1, 2)))).all()
        assert np.linalg.eigvalsh(curvature).min() > -1e-6


@every_surface
def test_nothing_in_the_domain_is_lower_than_the_lowest_minimum(cls):
    found = cls().minima()
    if found:
        points = grid(cls, 101)
        height = cls.expression.evaluate_numpy(x=points[:, 0], y=points[:, 1], **cls().numbers())
        assert height.min() >= found[0][2] - 1e-12


def test_minima_follow_the_parameters():
    deep, shallow = NarrowMinimum(depth=2).minima(), NarrowMinimum(depth=0.01).minima()
    assert len(deep) == 2
    assert len(shallow) == 1
    assert deep[0][2] < shallow[0][2]


def test_a_lattice_stays_within_its_window():
    assert lattice(1.0, ((-1.5, 1.0), (0.2, 1.9))) == ((-1.0, 1.0), (0.0, 1.0), (1.0, 1.0))
    assert len(Rastrigin().minima()) == len(Ackley().minima()) == 121


# The literature


def _ackley(x, y):
    bowl = -20 * np.exp(-0.2 * np.sqrt(0.5 * (x**2 + y**2)))
    return bowl - np.exp(0.5 * (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y))) + np.e + 20


ORACLES = {
    "booth": lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    "matyas": lambda x, y: 0.26 * (x**2 + y**2) - 0.48 * x * y,
    "rosenbrock": lambda x, y: 100 * (y - x**2) ** 2 + (1 - x) ** 2,
    "beale": lambda x, y: sum((c - x + x * y**n) ** 2 for n, c in ((1, 1.5), (2, 2.25), (3, 2.625))),
    "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "rastrigin": lambda x, y: 20 + sum(z**2 - 10 * np.cos(2 * np.pi * z) for z in (x, y)),
    "ackley": _ackley,
    "styblinski_tang": lambda x, y: 0.5 * sum(z**4 - 16 * z**2 + 5 * z for z in (x, y)),
    "saddle": lambda x, y: x**2 - y**2,
    "monkey_saddle": lambda x, y: np.real((x + 1j * y) ** 3),
}

GLOBAL = {
    "booth": [(1, 3, 0)],
    "matyas": [(0, 0, 0)],
    "rosenbrock": [(1, 1, 0)],
    "beale": [(3, 0.5, 0)],
    "himmelblau": [(3, 2, 0), (-2.805118, 3.131312, 0), (-3.779310, -3.283186, 0), (3.584428, -1.848126, 0)],
    "rastrigin": [(0, 0, 0)],
    "ackley": [(0, 0, 0)],
    "styblinski_tang": [(-2.903534, -2.903534, -78.33233)],
    "saddle": [],
    "monkey_saddle": [],
}


@pytest.mark.parametrize("name", ORACLES)
def test_a_textbook_surface_is_the_textbook_s(name):
    points = grid(BY_NAME[name]).T
    ours = BY_NAME[name].expression.evaluate_numpy(x=points[0], y=points[1], **BY_NAME[name]().numbers())
    np.testing.assert_allclose(ours, ORACLES[name](*points), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", GLOBAL)
def test_the_textbook_s_minima_are_found(name):
    found = np.array(BY_NAME[name]().minima()).reshape(-1, 3)
    for minimum in GLOBAL[name]:
        assert np.abs(found - minimum).max(axis=1).min() < 2e-6
    lowest = found[found[:, 2] < (found[0, 2] if len(found) else 0) + 1e-9]
    assert len(lowest) == len(GLOBAL[name])


@pytest.mark.parametrize(("condition", "angle"), [(1, 0), (50, 20), (300, -60)])
def test_the_ravine_has_the_curvatures_it_declares(condition, angle):
    curvature = jax.jit(jax.hessian(Ravine(condition=condition, angle=angle).loss))(jnp.zeros(2))
    values, vectors = np.linalg.eigh(curvature)
    np.testing.assert_allclose(values, [2 / condition, 2], rtol=1e-4)
    if condition > 1:
        floor = vectors[:, 0] * np.sign(vectors[0, 0])
        np.testing.assert_allclose(np.degrees(np.arctan2(floor[1], floor[0])), angle, atol=1e-3)


# The first picture


def walk(cls, optimizer, steps=300):
    rule = optimizer(lr=cls.rates[optimizer.identifier()]).transform()
    surface, start = cls(), jnp.asarray(cls.start, jnp.float32)

    def step(carry, _):
        at, state = carry
        updates, state = rule.update(jax.grad(surface.loss)(at), state, at)
        at = optax.apply_updates(at, updates)
        return (at, state), at

    return np.asarray(jax.jit(lambda at: jax.lax.scan(step, (at, rule.init(at)), None, length=steps)[1])(start))


@every_surface
def test_at_the_rates_proposed_no_path_diverges_and_all_descend(cls):
    for optimizer in OPTIMIZERS:
        path = walk(cls, optimizer)
        assert np.isfinite(path).all(), optimizer
        heights = np.asarray(cls().loss(jnp.asarray(path)))
        assert heights[-1] < float(cls().loss(jnp.asarray(cls.start, jnp.float32))), optimizer
        if cls().minima():
            for axis, (low, high) in enumerate(cls.domain):
                assert (path[:, axis] >= low).all(), optimizer
                assert (path[:, axis] <= high).all(), optimizer


def test_on_the_ravine_sgd_zigzags_and_momentum_swings():
    by_name = {optimizer.identifier(): optimizer for optimizer in OPTIMIZERS}
    angle = np.radians(Ravine().angle)
    across = np.array([-np.sin(angle), np.cos(angle)])
    zigzag = np.sign(walk(Ravine, by_name["sgd"])[:30] @ across)
    assert (zigzag[1:] != zigzag[:-1]).all()
    along = walk(Ravine, by_name["momentum"]) @ np.array([np.cos(angle), np.sin(angle)])
    assert along.max() > 0.3  # it overshoots the minimum along the floor, which SGD never does
    assert (walk(Ravine, by_name["sgd"]) @ np.array([np.cos(angle), np.sin(angle)])).max() < 1e-3


def test_each_trap_tells_its_story():
    by_name = {optimizer.identifier(): optimizer for optimizer in OPTIMIZERS}
    for name in ("local_minimum", "rastrigin", "styblinski_tang", "himmelblau"):
        cls = BY_NAME[name]
        sgd, momentum = (walk(cls, by_name[rule])[-1] for rule in ("sgd", "momentum"))
        assert np.linalg.norm(sgd - momentum) > 1, name
    sgd, momentum = (walk(NarrowMinimum, by_name[rule])[-1] for rule in ("sgd", "momentum"))
    hole, basin = (np.array(minimum[:2]) for minimum in NarrowMinimum().minima())
    assert np.linalg.norm(sgd - hole) < 0.1
    assert np.linalg.norm(momentum - basin) < 0.1
