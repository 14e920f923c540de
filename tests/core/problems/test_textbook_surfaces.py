"""The textbooks' surfaces keep what the textbooks say: heights, written down anew, and minima."""

import numpy as np
import pytest

from tests.core.problems.surfaces import BY_NAME, grid, slopes


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
