"""Scripts walk the paths that the page draws: they are executed, in optax and in PyTorch or its stand-in."""

import importlib.util
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from core.code import FLAVOURS, Unwritten, script
from core.code.script import _DIALECTS
from core.frames import Chunk, join
from core.noise import NOISES
from core.optimizers import OPTIMIZERS, Optimizer
from core.optimizers.adagrad import AdaGrad
from core.optimizers.sgd import SGD
from core.problems.surfaces import SURFACES
from core.schedules import SCHEDULES
from core.simulate import simulate
from core.spec import Comparison
from tests.core.code import stand_in

ENGINES = ["optax", "stand-in", *(["torch"] if importlib.util.find_spec("torch") else [])]
"""PyTorch is not among what the tests need; its stand-in always speaks, and where PyTorch is there, so does it."""
PARTS = 4
"""Races among which the optimizers are divided: a comparison has a limited number of runs."""
every_engine = pytest.mark.parametrize("engine", ENGINES)
every_optimizer = pytest.mark.parametrize("kind", OPTIMIZERS, ids=lambda kind: kind.identifier())


def flavour(engine: str) -> Any:
    return "optax" if engine == "optax" else "pytorch"


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch):
    """Execute a script in a clean namespace and return it."""

    def run(text: str, engine: str) -> dict[str, Any]:
        if engine == "stand-in":
            monkeypatch.setitem(sys.modules, "torch", stand_in.module())
        scope: dict[str, Any] = {"__name__": "__main__"}
        exec(compile(text, "<script>", "exec"), scope)
        return scope

    return run


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


def variants(kind: type[Optimizer]) -> list[dict[str, Any]]:
    """Return settings that may be written otherwise: no defaults, each switch turned, decays near their ends."""
    odd = {"optimizer": kind.identifier(), "lr": 0.05}
    for described in kind.parameters():
        if described["name"] != "lr":
            low, high, default = described["min"], described["max"], described["default"]
            between = (default * max(low, 1e-3)) ** 0.5 if described["scale"] == "log" else 0.6 * default + 0.02 * high
            odd[described["name"]] = between
    odd |= {"lr": min(odd["lr"], suited(kind, "ravine")["lr"])}
    found = [odd]
    for name, field in kind.model_fields.items():
        others = {True, False} if isinstance(field.default, bool) else set(get_args(field.annotation))
        found += [{name: other} for other in sorted(others - {field.default, kind.identifier()}, key=str)]
    found += [{name: value} for name, value in (("rho", 0.0), ("beta2", 0.9999)) if name in kind.model_fields]
    return [*found, {"schedule": {"kind": "step", "factor": 0.4, "every": 7}}]


@every_optimizer
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_optimizer_has_a_form_in_every_flavour(kind: type[Optimizer], flavour: Any) -> None:
    assert kind in _DIALECTS[flavour].forms


def races() -> dict[str, tuple[str, list[dict[str, Any]]]]:
    """Let every optimizer race with all its variants, and on a second surface: in few races, since each compiles."""
    found = {"himmelblau": ("himmelblau", [suited(kind, "himmelblau") for kind in OPTIMIZERS])}
    for part in range(PARTS):
        runs = [suited(kind, "ravine") | one for kind in OPTIMIZERS[part::PARTS] for one in variants(kind)]
        found[f"ravine {part + 1}"] = ("ravine", runs)
    return found


@pytest.mark.parametrize("race", races())
@every_engine
def test_a_script_walks_the_path_of_the_page(race: str, engine: str, executed) -> None:
    surface, runs = races()[race]
    compared = comparison(runs, surface, steps=25)
    assert_same(compared, executed(script(compared, flavour(engine)), engine))


def test_the_races_of_scripts_leave_no_optimizer_out() -> None:
    for surface in ("ravine", "himmelblau"):
        raced = {run["optimizer"] for one, runs in races().values() if one == surface for run in runs}
        assert raced == {kind.identifier() for kind in OPTIMIZERS}


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


def slope_of(scope: dict[str, Any], engine: str, point: tuple[float, float]) -> tuple[float, np.ndarray]:
    """Return a script's loss at a point, and its gradient as the script's library has it."""
    if engine == "optax":
        value, slope = jax.value_and_grad(scope["loss"])(jnp.array(point))
        return float(value), np.asarray(slope)
    at = scope["torch"].tensor(list(point), requires_grad=True)
    value = scope["loss"](at)
    value.backward()
    return float(np.asarray(value.detach())), np.asarray(at.grad)


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.identifier())
@every_engine
def test_every_surface_is_written(surface: Any, engine: str, executed) -> None:
    """Where nothing is smooth as well: at the origin and at the lowest point.

    What 32 bits round away at a minimum is measured by the heights and slopes around it: those at the start.
    """
    high, steep = surface().gradient(jnp.array(surface.start, jnp.float32), None)
    off, tilt = 2e-5 * max(1.0, abs(float(high))), 2e-4 * max(1.0, float(jnp.abs(steep).max()))
    compared = comparison([{"optimizer": "sgd"}], surface.identifier(), steps=1)
    scope = executed(without_walks(script(compared, flavour(engine))), engine)
    for point in [surface.start, (0.0, 0.0), *[(x, y) for x, y, _ in surface().minima()[:1]]]:
        value, slope = surface().gradient(jnp.array(point, jnp.float32), None)
        loss, gradient = slope_of(scope, engine, point)
        assert loss == pytest.approx(float(value), rel=2e-5, abs=off)
        np.testing.assert_allclose(gradient, slope, rtol=2e-4, atol=tilt)


def without_walks(text: str) -> str:
    return re.sub(r"^walk\(.*$", "", text, flags=re.MULTILINE)


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


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_network_has_no_script_and_is_told_so(flavour: Any) -> None:
    network = {"problem": {"kind": "network"}, "runs": [{"optimizer": "sgd"}]}
    with pytest.raises(Unwritten) as refused:
        script(Comparison.model_validate(network), flavour)
    assert refused.value.loc == "problem"


@pytest.mark.parametrize(("flavour", "title"), [("optax", "optax"), ("pytorch", "PyTorch")])
def test_an_optimizer_without_a_form_is_named(flavour: Any, title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = dict(_DIALECTS[flavour].forms)
    gone = next(kind for kind in forms if kind.identifier() == "lion")
    monkeypatch.delitem(_DIALECTS[flavour].forms, gone)
    compared = comparison([{"optimizer": "sgd"}, {"optimizer": "lion"}])
    with pytest.raises(Unwritten, match=f"no {title} form of Lion") as refused:
        script(compared, flavour)
    assert refused.value.loc == "runs.1.optimizer"


@every_optimizer
@every_engine
def test_a_fork_goes_on_with_other_numbers_and_what_was_kept(kind: type[Optimizer], engine: str, executed) -> None:
    """All numbers but the learning rate, that too under a schedule, and what an optimizer had at ρ = 0."""
    run = suited(kind, "ravine")
    numbers = {name: value for name, value in variants(kind)[0].items() if name not in ("optimizer", "lr")}
    turn = {"at": 12, "values": numbers | {"lr": run["lr"] / 2}}
    runs = [run | {"fork": turn, "schedule": {"kind": "exponential", "rate": 0.03}}]
    runs += [run | {"fork": {"at": 12, "values": numbers}}] if numbers else []
    if "rho" in kind.number_fields():
        runs.append(run | {"rho": 0.0, "fork": {"at": 12, "values": {"rho": 0.5}}})
    compared = comparison(runs, steps=25)
    assert_same(compared, executed(script(compared, flavour(engine)), engine))


@every_engine
def test_a_fork_to_another_learning_rate_is_a_schedule_and_one_that_never_comes_is_none(engine: str, executed) -> None:
    run = {"optimizer": "nesterov", "lr": 0.1, "rho": 0.5}
    runs = [run | {"fork": {"at": at, "values": {"lr": 0.02}}} for at in (12, 25)]
    compared = comparison(runs, steps=25)
    text = script(compared, flavour(engine))
    assert text.count("np.where(t < ") == 1
    assert "orked" not in text
    assert_same(compared, executed(text, engine))
