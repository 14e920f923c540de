"""Switches of optimizers: declared whole, described in the catalog, structure in the loop."""

from typing import Any, get_args

import numpy as np
import pytest
from pydantic import ValidationError

from core.optimizers import OPTIMIZERS, Optimizer
from core.optimizers.adam import Adam
from core.optimizers.nesterov import Nesterov
from core.spec import Comparison
from tests.core.optimizers.test_contract import bowl, every_optimizer, walk

TURNED = [(kind, one) for kind in OPTIMIZERS for one in kind.switches()]
every_switch = pytest.mark.parametrize(
    ("kind", "one"), TURNED, ids=[f"{kind.identifier()}-{one['name']}" for kind, one in TURNED]
)


def values(one: dict[str, Any]) -> list[Any]:
    return [option["value"] for option in one["options"]] or [False, True]


def comparison(**run: Any) -> Comparison:
    return Comparison.model_validate({"problem": {"kind": "surface", "name": "booth"}, "runs": [run]})


def test_the_switches_of_the_lecture_are_there() -> None:
    found = {(kind.identifier(), one["name"]) for kind, one in TURNED}
    assert {("adam", "bias_correction"), ("nesterov", "form"), ("newton", "curvature")} <= found


@every_optimizer
def test_every_field_is_a_number_or_a_switch(kind: type[Optimizer]) -> None:
    """What is neither would have no control on the page."""
    declared = {"optimizer", *kind.number_fields(), *(one["name"] for one in kind.switches())}
    assert declared == set(kind.model_fields)


@every_switch
def test_its_values_are_accepted_and_others_refused(kind: type[Optimizer], one: dict[str, Any]) -> None:
    name, field = one["name"], kind.model_fields[one["name"]]
    assert one["default"] in values(one)
    assert one["meaning"].partition(":")[2]
    assert field.annotation is bool or list(get_args(field.annotation)) == values(one)
    for value in values(one):
        run = comparison(optimizer=kind.identifier(), **{name: value})
        assert getattr(run.runs[0], name) == value
        assert Comparison.from_text(run.to_text()).hash() == run.hash()
    for wrong in ("yes", 1, None, "look"):
        with pytest.raises(ValidationError) as refused:
            comparison(optimizer=kind.identifier(), **{name: wrong})
        assert refused.value.errors()[0]["loc"][-1] == name


@every_switch
def test_it_changes_the_formula_and_keeps_the_symbols(kind: type[Optimizer], one: dict[str, Any]) -> None:
    assert one["formulas"], "a formula that is not the rule that runs would mislead"
    for other in one["formulas"]:
        assert other["value"] in values(one)
        assert other["value"] != one["default"]
        assert other["formula"] != list(kind.formula)
        for described in kind.parameters():
            assert any(f'data-parameter="{described["name"]}"' in line for line in other["mathml"])


@every_switch
def test_it_is_structure_and_numbers_stay_numbers(kind: type[Optimizer], one: dict[str, Any]) -> None:
    structures = {kind(**{one["name"]: value}).structure() for value in values(one)}
    assert len(structures) == len(values(one))
    assert one["name"] not in kind().numbers()


def test_an_entry_without_switches_does_not_speak_of_them() -> None:
    assert [kind.identifier() for kind in OPTIMIZERS if "switches" in kind.entry()] == sorted(
        {kind.identifier() for kind, _ in TURNED}, key=[kind.identifier() for kind in OPTIMIZERS].index
    )
    (described,) = Adam.entry()["switches"]
    assert described["name"] == "bias_correction"
    assert described["default"] is True
    assert described["options"] == []


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_the_two_forms_of_nesterov_differ_by_the_change_of_variable(rho: float) -> None:
    """The iterates after it are x + ρ v of the look-ahead form, and the velocities are the same."""
    lecture, one = walk(Nesterov(lr=0.3, rho=rho).transform(), bowl, (1.0, -2.0), 60)
    ahead, other = walk(Nesterov(lr=0.3, rho=rho, form="look_ahead").transform(), bowl, (1.0, -2.0), 60)
    velocities = np.stack([state.velocity for state in other])
    np.testing.assert_allclose([state.velocity for state in one], velocities, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(lecture[1:], ahead[1:] + rho * velocities, rtol=1e-3, atol=1e-6)
    if rho:
        assert np.abs(lecture - ahead).max() > 0.1
