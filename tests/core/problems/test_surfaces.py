"""Every surface of the registry keeps the same promises."""

import xml.etree.ElementTree as ElementTree

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from core.optimizers import OPTIMIZERS
from core.problems.surfaces import SURFACES
from core.problems.surfaces.base import Surface, lattice
from core.problems.surfaces.bowls import Ravine
from core.problems.surfaces.many_minima import Ackley, Rastrigin
from core.problems.surfaces.saddles import NarrowMinimum
from tests.core.problems.surfaces import BY_NAME, every_surface, grid, slopes

# The registry


def test_the_contract_s_names_are_there():
    assert {
        "ravine", "saddle", "monkey_saddle", "local_minimum", "narrow_minimum", "plateau", "rosenbrock", "beale",
        "himmelblau", "rastrigin", "ackley", "styblinski_tang", "booth", "matyas", "three_hump_camel",
        "six_hump_camel", "goldstein_price", "mccormick", "levy13", "griewank", "branin", "easom", "bohachevsky1",
        "drop_wave", "eggholder", "michalewicz", "sphere", "zakharov", "cube", "dixon_price", "freudenstein_roth",
        "schwefel", "holder_table", "schaffer2", "shubert", "bird",
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
    assert set(entry["rates"]) == {optimizer.identifier() for optimizer in OPTIMIZERS if optimizer.suits is None}
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
    np.testing.assert_allclose(jax.jit(surface.loss)(jnp.asarray(points)), exact, rtol=2e-5, atol=2e-5 * np.ptp(exact))


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


@pytest.mark.parametrize(("condition", "angle"), [(1, 0), (50, 20), (300, -60)])
def test_the_ravine_has_the_curvatures_it_declares(condition, angle):
    curvature = jax.jit(jax.hessian(Ravine(condition=condition, angle=angle).loss))(jnp.zeros(2))
    values, vectors = np.linalg.eigh(curvature)
    np.testing.assert_allclose(values, [2 / condition, 2], rtol=1e-4)
    if condition > 1:
        floor = vectors[:, 0] * np.sign(vectors[0, 0])
        np.testing.assert_allclose(np.degrees(np.arctan2(floor[1], floor[0])), angle, atol=1e-3)


# Minima

SETTINGS = [cls() for cls in SURFACES] + [
    Ravine(condition=1), Ravine(condition=1000, angle=-75), BY_NAME["rosenbrock"](steepness=1),
    NarrowMinimum(width=0.05, depth=4), NarrowMinimum(width=1.5, depth=4), NarrowMinimum(depth=0),
    BY_NAME["michalewicz"](sharpness=1), BY_NAME["michalewicz"](sharpness=20),
]  # fmt: skip


@pytest.mark.parametrize("surface", SETTINGS, ids=lambda surface: f"{surface.name}-{surface.numbers()}")
def test_a_listed_minimum_is_one(surface):
    found = surface.minima()
    assert len(found) == len({minimum[:2] for minimum in found})
    assert list(found) == sorted(found, key=lambda minimum: minimum[2])
    if surface.minimum_on_boundary:  # around it there is nothing to compare with; what the edge holds is tested below
        return
    ring = 1e-3 * np.stack([np.cos(np.arange(0, 6.2, 0.1)), np.sin(np.arange(0, 6.2, 0.1))])
    for x, y, value in found:
        at = {"x": x, "y": y} | surface.numbers()
        assert float(surface.expression.evaluate_numpy(**at)) == pytest.approx(value, rel=1e-12, abs=1e-14)
        around = surface.expression.evaluate_numpy(x=x + ring[0], y=y + ring[1], **surface.numbers())
        assert around.min() > value
    if found:
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
