"""Where rows come from: files that ship with scikit-learn, read where they lie, and models that rows are drawn from."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_ROWS = 1_000_000
UNITS = {"petal length": "cm", "petal width": "cm", "body mass index": "kg/m²", "progression": "hundreds"}
"""Of columns as they were measured, where they are known."""
Drawn = tuple[NDArray[Any], NDArray[Any]]
"""Features, shape (rows, k), and what is to be predicted, shape (rows,)."""


@dataclass(frozen=True)
class Source:
    """Rows that a problem can be about.

    Attributes:
        name: what a comparison calls them.
        title: what a person calls them.
        rows: how many there are, at most.
        axes: what the features are called, and what is predicted from them.
        source: who collected them; empty where they are drawn.
        read: returns that many rows.
    """

    name: str
    title: str
    rows: int
    axes: tuple[str, ...]
    source: str
    read: Callable[[int], Drawn]

    @property
    def generated(self) -> bool:
        """Say whether rows are drawn, as many as are wanted."""
        return not self.source


def drawn(name: str, title: str, axes: tuple[str, ...], read: Callable[[int], Drawn]) -> Source:
    """Return a source whose rows are drawn from a model; the first rows of many are those of few."""
    return Source(name, title, MOST_ROWS, axes, "", read)


def shipped(name: str, title: str, rows: int, axes: tuple[str, ...], source: str, read: Callable[[], Drawn]) -> Source:
    """Return a source of real rows, in an order that is random and always the same."""

    def first(count: int) -> Drawn:
        x, y = read()
        order = np.random.default_rng(0).permutation(len(x))[:count]
        return x[order], y[order]

    return Source(name, title, rows, axes, source, first)


def normal(count: int, stream: int, width: int = 1) -> NDArray[np.float32]:
    """Draw standard normal numbers, shape (count, width): of each stream always the same, row after row."""
    return np.random.default_rng([2024, stream]).standard_normal((count, width), dtype=np.float32)


def uniform(count: int, stream: int) -> NDArray[np.float32]:
    """Draw numbers from 0 to 1, shape (count,): of each stream always the same, row after row."""
    return np.random.default_rng([2024, stream]).random(count, dtype=np.float32)


def as_measured(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return two standard features in units of their own, as if they were measured: other scales, means off 0."""
    return x * np.array([2.0, 0.5], np.float32) + np.array([1.0, 1.0], np.float32)


def _breast_cancer() -> Drawn:
    """Return the mean radius and mean texture of cell nuclei, and 1 where the tumour is malignant."""
    table = np.loadtxt(_file("breast_cancer.csv"), delimiter=",", skiprows=1)
    return table[:, :2], 1 - table[:, -1]


def _two_irises() -> Drawn:
    """Return length and width of the petals of two species, and 1 for virginica, 0 for versicolor."""
    table = _iris()[50:]
    return table[:, 2:4], table[:, 4] - 1


def petals() -> Drawn:
    """Return the length of all irises' petals, and their width, in centimetres."""
    table = _iris()
    return table[:, 2:3], table[:, 3]


def diabetes() -> Drawn:
    """Return the body mass index, and how far the disease went on in a year, in hundreds."""
    table = np.loadtxt(_file("diabetes_data_raw.csv.gz"))
    return table[:, 2:3], np.loadtxt(_file("diabetes_target.csv.gz")) / 100


def _iris() -> NDArray[np.float64]:
    return np.loadtxt(_file("iris.csv"), delimiter=",", skiprows=1)


def _file(name: str) -> Path:
    """Return the path of a table of scikit-learn's; importing the package would cost a second and 70 MB."""
    package = find_spec("sklearn")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError(f"The table {name} comes with scikit-learn, which is not installed")
    return Path(package.submodule_search_locations[0]) / "datasets/data" / name


FISHER = "Fisher, The use of multiple measurements in taxonomic problems, 1936"
TWO_CLASSES = (
    shipped(
        "iris",
        "Irises: versicolor or virginica",
        100,
        ("petal length", "petal width", "virginica"),
        FISHER,
        _two_irises,
    ),
    shipped(
        "breast_cancer",
        "Breast cancer: benign or malignant",
        569,
        ("mean radius", "mean texture", "malignant"),
        "Street, Wolberg, Mangasarian, Nuclear feature extraction for breast tumor diagnosis, 1993",
        _breast_cancer,
    ),
)
"""Real rows of two features and a class: what whoever tells two classes apart can be about."""
