"""Scripts keep what a comparison says: schedules, noise, what runs have of their own; and run by themselves."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.code import script
from core.noise import NOISES
from core.optimizers.adagrad import AdaGrad
from core.optimizers.sgd import SGD
from core.schedules import SCHEDULES
from tests.core.code.scripts import (
    ENGINES,
    assert_same,
    comparison,
    every_engine,
    flavour,
    losses,
    ours,
    suited,
    theirs,
)


@every_engine
def test_every_schedule_is_written(engine: str, executed) -> None:
    more = {
        "step": {"every": 10.1},
        "milestones": {"at": [5, 9, 9]},
        "cyclic": {"cycle": 13.5},
        "warmup_cosine": {"warmup": 9},
    }
    runs = [
        {"optimizer": "sgd", "lr": 0.2, "schedule": {"kind": kind.identifier()} | more.get(kind.identifier(), {})}
        for kind in SCHEDULES
    ]
    runs += [{"optimizer": "sgd", "schedule": {"kind": "milestones", "at": []}}]
    runs += [{"optimizer": "sgd", "schedule": {"kind": "warmup_cosine", "warmup": warmup}} for warmup in (0, 0.5, 300)]
    compared = comparison(runs)
    assert_same(compared, executed(script(compared, flavour(engine)), engine))


@every_engine
def test_runs_keep_what_is_their_own(engine: str, executed) -> None:
    runs = [
        {"optimizer": "sgd", "lr": 0.1, "start": [3, 1]},
        {"optimizer": "sgd", "lr": 0.1, "problem": {"condition": 5, "angle": -30}, "label": "a \"b\"\n'c' \\ {0}"},
        {"optimizer": "sgd", "lr": 0.1, "start": [1, -1], "problem": {"angle": 80}, "label": "SGD"},
        {"optimizer": "sgd", "lr": 0.2},
    ]
    compared = comparison(runs, start=[-4, 1.5])
    scope = executed(script(compared, flavour(engine)), engine)
    assert list(scope["paths"]) == ["SGD", "a \"b\"\n'c' \\ {0}", "SGD 2", "SGD 3"]
    assert_same(compared, scope)


@pytest.mark.parametrize("kind", NOISES[1:], ids=lambda kind: kind.identifier())
def test_optax_draws_the_noise_that_the_page_draws(kind: Any, executed) -> None:
    """The comparison's for runs that say nothing, and theirs for those that do."""
    runs = [{"optimizer": "sgd", "lr": 0.1}, {"optimizer": "adam", "lr": 0.1, "seed": 7}]
    runs += [
        {"optimizer": "sgd", "lr": 0.1, "noise": noise}
        for noise in ({"kind": "none"}, {"kind": "gaussian", "scale": 0.1}, {"kind": "uniform", "scale": 0.2})
    ]
    compared = comparison(runs, noise={"kind": kind.identifier(), "scale": 0.7}, seed=3)
    assert_same(compared, executed(script(compared, "optax"), "optax"))


@pytest.mark.parametrize("engine", ENGINES[1:])
@pytest.mark.parametrize(("kind", "deviation"), [("gaussian", 0.7), ("uniform", 0.7 / 3**0.5)])
def test_pytorch_draws_noise_of_the_same_kind(engine: str, kind: str, deviation: float, executed) -> None:
    """At a learning rate so small that the point hardly moves, steps are the noise and a gradient that stays."""
    runs = [{"optimizer": "sgd", "lr": 1e-4}, {"optimizer": "sgd", "lr": 1e-4, "seed": 1}] * 2
    compared = comparison(runs, steps=1000, noise={"kind": kind, "scale": 0.7}, start=[0, 0])
    text = script(compared, "pytorch")
    assert "another path of the same kind" in text
    first, other, again, _ = theirs(executed(text, engine))
    draws = np.diff(first, axis=0) / -1e-4
    assert draws.std(axis=0) == pytest.approx(deviation, rel=0.1)
    assert (np.abs(draws).max() <= 0.72) == (kind == "uniform")
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first[1:], other[1:])


def test_a_script_runs_by_itself(tmp_path: Path) -> None:
    """In a process that knows nothing of Ravine, and with warnings as errors."""
    compared = comparison([suited(kind, "ravine") for kind in (SGD, AdaGrad)], steps=5)
    (tmp_path / "script.py").write_text(script(compared, "optax"), encoding="utf-8")
    command = [sys.executable, "-I", "-W", "error", "script.py"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    ends = [(path[-1], loss) for path, loss in zip(ours(compared), losses(compared), strict=True)]
    told = re.findall(r"^(.+): \((\S+), (\S+)\), loss (\S+)$", said.stdout, re.MULTILINE)
    assert [name for name, *_ in told] == ["SGD", "AdaGrad"]
    for (_, *numbers), ((x, y), loss) in zip(told, ends, strict=True):
        assert [float(number) for number in numbers] == pytest.approx([x, y, loss], rel=1e-4)
