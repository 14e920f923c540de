"""What tests of scripts share: the engines that execute them, and the comparison of two sets of paths."""

import importlib.util
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from core.frames import Chunk, join
from core.optimizers import OPTIMIZERS, Optimizer
from core.problems.surfaces import SURFACES
from core.simulate import simulate
from core.spec import Comparison

ENGINES = ["optax", "stand-in", *(["torch"] if importlib.util.find_spec("torch") else [])]
"""PyTorch is not among what the tests need; its stand-in always speaks, and where PyTorch is there, so does it."""
every_engine = pytest.mark.parametrize("engine", ENGINES)
every_optimizer = pytest.mark.parametrize("kind", OPTIMIZERS, ids=lambda kind: kind.identifier())


def flavour(engine: str) -> Any:
    return "optax" if engine == "optax" else "pytorch"


def comparison(runs: list[dict[str, Any]], surface: str = "ravine", steps: int = 40, **more: Any) -> Comparison:
    given = {"problem": {"kind": "surface", "name": surface}, "steps": steps, "runs": runs}
    return Comparison.model_validate(given | more)


def ours(comparison: Comparison) -> list[np.ndarray]:
    return [run.arrays["path"] for run in raced(comparison.to_text()).runs]


def losses(comparison: Comparison) -> list[float]:
    return [float(run.arrays["loss"][-1]) for run in raced(comparison.to_text()).runs]


@lru_cache
def raced(comparison: str) -> Chunk:
    """Race once what the scripts of every engine are compared with."""
    return join(list(simulate(Comparison.from_text(comparison))))


def theirs(scope: dict[str, Any]) -> list[np.ndarray]:
    return [np.array([np.asarray(point) for point in path]) for path in scope["paths"].values()]


def assert_same(comparison: Comparison, scope: dict[str, Any], rtol: float = 2e-3) -> None:
    """Compare in units of the path's own size: rounding is float32's, and adds up over the steps."""
    for run, own, other in zip(comparison.runs, ours(comparison), theirs(scope), strict=True):
        assert len(own) > 5, run
        atol = rtol * np.ptp(own, axis=0).max()
        np.testing.assert_allclose(own, other[: len(own)], rtol=0, atol=atol, err_msg=repr(run))


def suited(kind: type[Optimizer], surface: str) -> dict[str, Any]:
    """Return a run with a learning rate at which its path on a surface tells something."""
    rates = next(one for one in SURFACES if one.identifier() == surface).rates
    return {"optimizer": kind.identifier(), "lr": kind.rate_on(rates)}
