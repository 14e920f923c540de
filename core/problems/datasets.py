"""The data sets that networks learn, each declared once; the reader ships with scikit-learn, so nothing is downloaded.

The split into training and test rows is part of the data set, not of a comparison: every run, whatever its seed, sees
the same training rows, so that the losses and landscapes of two comparisons can be laid over each other.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Dataset:
    """A declared data set.

    Attributes:
        name: what a comparison calls it.
        title: what a person calls it.
        rows: how many there are.
        train_rows: how many of them are for training; the rest are for testing.
        features: numbers in a row.
        classes: how many there are to tell apart.
        source: where the rows come from.
        read: returns the raw rows: x, shape (rows, features), and y, shape (rows,), classes counted from 0.
    """

    name: str
    title: str
    rows: int
    train_rows: int
    features: int
    classes: int
    source: str
    read: Callable[[], tuple[NDArray[np.float64], NDArray[np.int64]]]

    def entry(self) -> dict[str, Any]:
        """Return the catalog entry."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "read"}


@dataclass(frozen=True, eq=False)
class Split:
    """Standardized rows, read-only.

    Attributes:
        train_x: float32, shape (train_rows, features).
        train_y: int32, shape (train_rows,).
        test_x: float32, shape (rows − train_rows, features).
        test_y: int32, shape (rows − train_rows,).
        classes: number of classes.
    """

    train_x: NDArray[np.float32]
    train_y: NDArray[np.int32]
    test_x: NDArray[np.float32]
    test_y: NDArray[np.int32]
    classes: int


def _read_digits() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return scikit-learn's copy of the 8×8 digits, 16 grey levels, the label in the last column.

    The file is read where the package lies: importing the package would cost a second and 70 MB for one table.
    """
    package = find_spec("sklearn")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("The handwritten digits come with scikit-learn, which is not installed")
    table = np.loadtxt(Path(package.submodule_search_locations[0]) / "datasets/data/digits.csv.gz", delimiter=",")
    return table[:, :-1], table[:, -1].astype(np.int64)


DATASETS = (
    Dataset(
        name="digits",
        title="Handwritten digits, 8×8",
        rows=1797,
        train_rows=1200,
        features=64,
        classes=10,
        source="Alpaydin & Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998",
        read=_read_digits,
    ),
)


def find(name: str) -> Dataset:
    """Return the declared data set of this name."""
    return {dataset.name: dataset for dataset in DATASETS}[name]


@cache
def load(name: str, seed: int = 0) -> Split:
    """Return a data set, split and standardized.

    Args:
        name: one of `DATASETS`.
        seed: of the split; a comparison's seed does not come here.

    Returns:
        The rows, each feature with mean 0 and variance 1 over the training rows. A feature that is constant there
        carries nothing that could be learned and is 0 in both parts.
    """
    dataset = find(name)
    x, y = dataset.read()
    order = np.random.default_rng(seed).permutation(len(x))
    train, test = order[: dataset.train_rows], order[dataset.train_rows :]
    mean, deviation = x[train].mean(axis=0), x[train].std(axis=0)
    scale = np.where(deviation > 0, 1 / np.where(deviation > 0, deviation, 1), 0)
    standard = ((x - mean) * scale).astype(np.float32)
    labels = y.astype(np.int32)
    return Split(
        _locked(standard[train]),
        _locked(labels[train]),
        _locked(standard[test]),
        _locked(labels[test]),
        dataset.classes,
    )


def _locked(array: NDArray[Any]) -> NDArray[Any]:
    """Make an array read-only: it is shared by all."""
    array.flags.writeable = False
    return array
