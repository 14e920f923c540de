"""A fork: the run goes on from a step with other numbers and the state it had."""

from functools import lru_cache

import numpy as np
import pytest
from pydantic import ValidationError

from core.frames import RunFrame, join
from core.optimizers import OPTIMIZERS
from core.simulate import simulate
from core.spec import Comparison

STEPS = 40


def race(run: dict, **changes) -> RunFrame:
    return races([run], **changes)[0]


def races(runs: list[dict], **changes) -> tuple[RunFrame, ...]:
    data = {"problem": {"kind": "surface", "name": "ravine"}, "steps": STEPS, "runs": runs}
    return join(list(simulate(Comparison.model_validate(data | changes)))).runs


@pytest.mark.parametrize("at", [1, 17, STEPS - 1])
def test_a_fork_is_the_plain_walk_with_other_numbers_from_there_on(at: int) -> None:
    before, after = (0.1, 0.9), (0.05, 0.5)
    run = {"optimizer": "momentum", "lr": before[0], "rho": before[1]}
    forked = race(run | {"fork": {"at": at, "values": {"lr": after[0], "rho": after[1]}}})
    path = race(run).arrays["path"].astype(np.float64)
    np.testing.assert_allclose(forked.arrays["path"][: at + 1], path[: at + 1], rtol=1e-5, atol=1e-6)
    # From the fork on: v ← ρ v + g, x ← x − α v, with the velocity that the run had.
    velocity = forked.arrays["velocity"].astype(np.float64)
    walked = forked.arrays["path"].astype(np.float64)
    lr, rho = np.where(np.arange(STEPS) < at, before[0], after[0]), np.where(np.arange(STEPS) < at, before[1], after[1])
    np.testing.assert_allclose(np.diff(walked, axis=0), -lr[:, None] * velocity, atol=1e-5)
    slope = velocity[1:] - rho[1:, None] * velocity[:-1]  # row t: the gradient at iterate t + 1
    with_gradient = race({"optimizer": "sgd", "lr": 1e-6, "start": walked[at].tolist()}, steps=1)
    np.testing.assert_allclose(
        np.linalg.norm(slope[at - 1]), with_gradient.arrays["grad_norm"][0], rtol=1e-3, atol=1e-4
    )
    np.testing.assert_allclose(forked.arrays["lr"], lr, rtol=1e-6)


@pytest.mark.parametrize("kind", OPTIMIZERS, ids=lambda kind: kind.identifier())
def test_a_fork_to_the_same_numbers_changes_nothing(kind) -> None:
    place = OPTIMIZERS.index(kind)
    plain, forked = (all_of_them(forks)[place].arrays["path"] for forks in (False, True))
    np.testing.assert_allclose(forked, plain, rtol=1e-4, atol=1e-5)


@lru_cache
def all_of_them(forks: bool) -> tuple[RunFrame, ...]:
    """Race all optimizers, all as they are or all forked to the numbers that they have: one program."""
    runs = [{"optimizer": kind.identifier(), "lr": 0.01} for kind in OPTIMIZERS]
    for kind, run in zip(OPTIMIZERS, runs, strict=True):
        same = {name: field.default for name, field in kind.number_fields().items()} | {"lr": 0.01}
        run |= {"fork": {"at": 13, "values": same}} if forks else {}
    return races(runs)


def test_the_schedule_goes_on_after_a_fork() -> None:
    run = {"optimizer": "sgd", "lr": 0.1, "schedule": {"kind": "step", "factor": 0.5, "every": 10}}
    lr = race(run | {"fork": {"at": 15, "values": {"lr": 0.02}}}).arrays["lr"]
    np.testing.assert_allclose(lr[[0, 9, 10, 14, 15, 19, 20]], [0.1, 0.1, 0.05, 0.05, 0.01, 0.01, 0.005], rtol=1e-6)


def test_moving_a_fork_compiles_nothing(compilations) -> None:
    run = {"optimizer": "adam", "lr": 0.1}
    race(run)
    with compilations() as compiled:
        for at, beta1 in ((3, 0.5), (20, 0.99)):
            race(run | {"fork": {"at": at, "values": {"beta1": beta1}}})
    assert not compiled


def test_a_fork_beyond_the_end_is_none() -> None:
    run = {"optimizer": "sgd", "lr": 0.1}
    beyond = race(run | {"fork": {"at": STEPS + 5, "values": {"lr": 0.5}}})
    np.testing.assert_array_equal(beyond.arrays["path"], race(run).arrays["path"])


def test_a_network_forks_too() -> None:
    run = {"optimizer": "momentum", "lr": 0.05}
    small = {"problem": {"kind": "network", "hidden": [8]}, "steps": 25}
    plain, stopped = race(run, **small), race(run | {"fork": {"at": 12, "values": {"lr": 1e-9, "rho": 0.0}}}, **small)
    np.testing.assert_allclose(stopped.arrays["step_norm"][:12], plain.arrays["step_norm"][:12], rtol=1e-4)
    assert stopped.arrays["step_norm"][13:].max() < 1e-6


@pytest.mark.parametrize(
    ("values", "words"),
    [({"beta1": 0.5}, "allowed: lr, rho"), ({"rho": 1.5}, "less than 1"), ({"lr": 0}, "greater than 0")],
)
def test_what_a_run_turns_to_must_be_numbers_of_its_optimizer(values: dict[str, float], words: str) -> None:
    with pytest.raises(ValidationError, match=words) as refused:
        race({"optimizer": "momentum", "fork": {"at": 3, "values": values}})
    assert refused.value.errors()[0]["loc"] == ("runs", 0, "fork", "values", *values)
