"""Scripts of every optimizer, with all its variants and forks, walk the paths that the page draws."""

from typing import Any, get_args

import pytest

from core.code import FLAVOURS, script
from core.code.script import _DIALECTS
from core.code.written import written
from core.optimizers import OPTIMIZERS, Optimizer
from tests.core.code.scripts import assert_same, comparison, every_engine, every_optimizer, flavour, suited

PARTS = 4
"""Races among which the optimizers are divided: a comparison has a limited number of runs."""


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
    assert kind in _DIALECTS[flavour].forms or written(kind())


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
def test_a_period_is_the_whole_number_that_the_loop_takes_it_for(engine: str, executed) -> None:
    """What is nearer to 2 than 32 bits can tell is 2."""
    compared = comparison([{"optimizer": "lookahead", "lr": 0.1, "every": 1.9999999999}], steps=25)
    text = script(compared, flavour(engine))
    assert "every=2)" in text
    assert_same(compared, executed(text, engine))


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
