"""Everything that can be chosen, as one JSON document: the page's controls are made from it."""

from typing import Any

from core.noise import NOISES
from core.optimizers import OPTIMIZERS
from core.problems.data import DATA_PROBLEMS
from core.problems.data.logistic_regression import LogisticRegression
from core.problems.data.sources import MOST_ROWS
from core.problems.datasets import DATASETS
from core.problems.expression import CONSTANTS, FUNCTIONS
from core.problems.formula import EXAMPLES
from core.problems.network import Network
from core.problems.surfaces import SURFACES
from core.schedules import SCHEDULES
from core.spec import MAX_MEMBERS, MAX_START, Comparison

DEFAULT = Comparison.model_validate(
    {
        "problem": {"kind": "surface", "name": "ravine"},
        "steps": 500,
        "runs": [
            {"optimizer": "sgd", "lr": 0.95},
            {"optimizer": "momentum", "lr": 0.2, "rho": 0.85},
            {"optimizer": "nesterov", "lr": 0.2, "rho": 0.85},
            {"optimizer": "adagrad", "lr": 0.6},
            {"optimizer": "rmsprop", "lr": 0.04},
            {"optimizer": "adam", "lr": 0.25},
        ],
    }
)
"""What the page opens with: SGD zigzags inside the frame, momentum swings, Nesterov swings less."""

DEFAULT_DATA = Comparison.model_validate(
    {
        "problem": {"kind": "data", "name": "logistic_regression", "rows": 10_000},
        "steps": 300,
        "runs": [
            {"optimizer": "sgd", "lr": 0.7},
            {"optimizer": "sgd", "lr": 0.7, "problem": {"batch_size": 1}},
            {"optimizer": "sgd", "lr": 0.7, "problem": {"batch_size": 10_000}, "color": "#00738A"},
            {"optimizer": "adam", "lr": 0.1},
        ],
    }
)
"""What the Data view opens with: at one rate SGD on 64 rows is nearly SGD on all, and on a single row never settles."""

DEFAULT_FEW_ROWS = DEFAULT_DATA.model_copy(
    update={
        "problem": LogisticRegression(dataset="iris", rows=100),
        "runs": tuple(run.model_copy(update={"problem": {}}) for run in DEFAULT_DATA.runs),
    }
)
"""Few rows, whose tables are padded to another size."""

DEFAULT_NETWORK = Comparison.model_validate(
    {
        "problem": {"kind": "network", "dataset": "digits"},
        "steps": 400,
        "runs": [
            {"optimizer": "sgd", "lr": 0.05},
            {"optimizer": "momentum", "lr": 0.02, "rho": 0.9},
            {"optimizer": "rmsprop", "lr": 0.001},
            {"optimizer": "adam", "lr": 0.002},
        ],
    }
)
"""What the Networks view opens with."""


def catalog() -> dict[str, Any]:
    """Return all registries, and the comparisons that the page opens with."""
    return {
        "surfaces": [definition.entry() for definition in SURFACES],
        "data": [definition.entry() for definition in DATA_PROBLEMS],
        "networks": [Network.entry()],
        "optimizers": [definition.entry() for definition in OPTIMIZERS],
        "schedules": [definition.entry() for definition in SCHEDULES],
        "noises": [definition.entry() for definition in NOISES],
        "datasets": [dataset.entry() for dataset in DATASETS],
        "formula": {"functions": list(FUNCTIONS), "constants": list(CONSTANTS), "examples": list(EXAMPLES)},
        "scenes": [],
        "limits": _limits(),
        "default": DEFAULT.canonical(),
        "default_data": DEFAULT_DATA.canonical(),
        "default_network": DEFAULT_NETWORK.canonical(),
    }


def _limits() -> dict[str, dict[str, int | float]]:
    """Return the bounds of the numbers that no registry declares: those of a comparison, and of a network's shape."""
    comparison, network = (model.model_json_schema()["properties"] for model in (Comparison, Network))
    hidden = network["hidden"]
    return {
        "steps": _bounds(comparison["steps"]),
        "seed": _bounds(comparison["seed"]),
        "seeds": _bounds(comparison["seeds"]),
        "members": {"ge": 1, "le": MAX_MEMBERS},
        "start": {"ge": -MAX_START, "le": MAX_START},
        "rows": {"ge": 1, "le": MOST_ROWS},
        "batch_size": _bounds(network["batch_size"]),
        "width": _bounds(hidden["items"]),
        "layers": {"ge": 0, "le": hidden["maxItems"]},
    }


def _bounds(described: dict[str, Any]) -> dict[str, int | float]:
    return {"ge": described["minimum"], "le": described["maximum"]}
