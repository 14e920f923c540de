"""Every surface of the registry keeps the same promises; the textbook's keep the textbook's too."""

import xml.etree.ElementTree as ElementTree
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from core.optimizers import OPTIMIZERS
from core.outcome import DIVERGED_BEYOND
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


# The literature


def _ackley(x, y):
    bowl = -20 * np.exp(-0.2 * np.sqrt(0.5 * (x**2 + y**2)))
    return bowl - np.exp(0.5 * (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y))) + np.e + 20


def _goldstein_price(x, y):
    a = 1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)
    return a * (30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2))


def _branin(x, y, b=5.1 / (4 * np.pi**2), c=5 / np.pi, t=1 / (8 * np.pi)):
    return (y - b * x**2 + c * x - 6) ** 2 + 10 * (1 - t) * np.cos(x) + 10


def _levy13(x, y):
    along = (y - 1) ** 2 * (1 + np.sin(2 * np.pi * y) ** 2)
    return np.sin(3 * np.pi * x) ** 2 + (x - 1) ** 2 * (1 + np.sin(3 * np.pi * y) ** 2) + along


def _eggholder(x, y):
    return -(y + 47) * np.sin(np.sqrt(abs(y + x / 2 + 47))) - x * np.sin(np.sqrt(abs(x - (y + 47))))


def _bird(x, y):
    nests = np.sin(x) * np.exp((1 - np.cos(y)) ** 2) + np.cos(y) * np.exp((1 - np.sin(x)) ** 2)
    return nests + (x - y) ** 2


def _freudenstein_roth(x, y):
    """As the textbook has it: two polynomials in y, expanded."""
    return (-13 + x - y**3 + 5 * y**2 - 2 * y) ** 2 + (-29 + x + y**3 + y**2 - 14 * y) ** 2


def _zakharov(x, y):
    weighted = sum(0.5 * i * z for i, z in ((1, x), (2, y)))
    return x**2 + y**2 + weighted**2 + weighted**4


def _shubert(x, y):
    return np.prod([sum(i * np.cos((i + 1) * z + i) for i in range(1, 6)) for z in (x, y)], axis=0)


ORACLES = {
    "sphere": lambda x, y: np.hypot(x, y) ** 2,
    "zakharov": _zakharov,
    "cube": lambda x, y: 100 * (y - x**3) ** 2 + (1 - x) ** 2,
    "dixon_price": lambda x, y: (x - 1) ** 2 + 2 * (2 * y**2 - x) ** 2,
    "freudenstein_roth": _freudenstein_roth,
    "schwefel": lambda x, y: 2 * 418.9829 - sum(z * np.sin(np.sqrt(np.abs(z))) for z in (x, y)),
    "holder_table": lambda x, y: -np.abs(np.sin(x) * np.cos(y) * np.exp(np.abs(1 - np.hypot(x, y) / np.pi))),
    "schaffer2": lambda x, y: 0.5 + (np.sin(x**2 - y**2) ** 2 - 0.5) / (1 + 0.001 * (x**2 + y**2)) ** 2,
    "shubert": _shubert,
    "bird": _bird,
    "three_hump_camel": lambda x, y: 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2,
    "six_hump_camel": lambda x, y: (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (-4 + 4 * y**2) * y**2,
    "goldstein_price": _goldstein_price,
    "mccormick": lambda x, y: np.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1,
    "levy13": _levy13,
    "griewank": lambda x, y: 1 + x**2 / 4000 + y**2 / 4000 - np.cos(x) * np.cos(y / np.sqrt(2)),
    "branin": _branin,
    "easom": lambda x, y: -np.cos(x) * np.cos(y) * np.exp(-((x - np.pi) ** 2 + (y - np.pi) ** 2)),
    "bohachevsky1": lambda x, y: x**2 + 2 * y**2 - 0.3 * np.cos(3 * np.pi * x) - 0.4 * np.cos(4 * np.pi * y) + 0.7,
    "drop_wave": lambda x, y: -(1 + np.cos(12 * np.hypot(x, y))) / (0.5 * (x**2 + y**2) + 2),
    "eggholder": _eggholder,
    "michalewicz": lambda x, y: -sum(np.sin(z) * np.sin(i * z**2 / np.pi) ** 20 for i, z in ((1, x), (2, y))),
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

_SHUBERT = [(-7.0835064, -0.8003211, 5.4828642), (-7.7083137, -1.4251284, 4.8580569)]

GLOBAL = {
    "sphere": [(0, 0, 0)],
    "zakharov": [(0, 0, 0)],
    "cube": [(1, 1, 0)],
    "dixon_price": [(1, 0.5**0.5, 0), (1, -(0.5**0.5), 0)],
    "freudenstein_roth": [(5, 4, 0)],
    "schwefel": [(420.9687464, 420.9687464, 2.5455e-5)],
    "holder_table": [(x, y, -19.2085026) for x in (8.0550235, -8.0550235) for y in (9.6645900, -9.6645900)],
    "schaffer2": [(0, 0, 0)],
    "shubert": [
        (*pair, -186.7309088) for one in _SHUBERT[0] for other in _SHUBERT[1] for pair in ((one, other), (other, one))
    ],
    "bird": [(4.7010431, 3.1529385, -106.7645367), (-1.5821422, -3.1302468, -106.7645367)],
    "three_hump_camel": [(0, 0, 0)],
    "six_hump_camel": [(0.0898420, -0.7126564, -1.0316285), (-0.0898420, 0.7126564, -1.0316285)],
    "goldstein_price": [(0, -1, 3)],
    "mccormick": [(-0.5471976, -1.5471976, -1.9132230)],
    "levy13": [(1, 1, 0)],
    "griewank": [(0, 0, 0)],
    "branin": [(-np.pi, 12.275, 0.3978874), (np.pi, 2.275, 0.3978874), (3 * np.pi, 2.475, 0.3978874)],
    "easom": [(np.pi, np.pi, -1)],
    "bohachevsky1": [(0, 0, 0)],
    "drop_wave": [(0, 0, -1)],
    "eggholder": [(512, 404.2318051, -959.6406627)],
    "michalewicz": [(2.2029055, np.pi / 2, -1.8013034)],
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


def test_the_eggholder_is_lowest_on_its_edge():
    x, y, value = BY_NAME["eggholder"]().minima()[0]
    edge = BY_NAME["eggholder"].expression.evaluate_numpy(x=x, y=np.linspace(-512, 512, 100_001))
    assert value <= edge.min()
    assert slopes(BY_NAME["eggholder"](), [(x, y)])[0, 0] < -0.1  # it would go on falling beyond the edge


@pytest.mark.parametrize(("condition", "angle"), [(1, 0), (50, 20), (300, -60)])
def test_the_ravine_has_the_curvatures_it_declares(condition, angle):
    curvature = jax.jit(jax.hessian(Ravine(condition=condition, angle=angle).loss))(jnp.zeros(2))
    values, vectors = np.linalg.eigh(curvature)
    np.testing.assert_allclose(values, [2 / condition, 2], rtol=1e-4)
    if condition > 1:
        floor = vectors[:, 0] * np.sign(vectors[0, 0])
        np.testing.assert_allclose(np.degrees(np.arctan2(floor[1], floor[0])), angle, atol=1e-3)


# The first picture


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
