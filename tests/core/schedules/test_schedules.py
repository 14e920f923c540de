"""What every schedule must hold, over the registry; each is compared with its formula, written a step at a time."""

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.catalog import catalog
from core.frames import join
from core.schedules import SCHEDULES, Schedule
from core.schedules.base import rates
from core.schedules.constant import Constant
from core.schedules.cosine import Cosine
from core.schedules.cyclic import Cyclic
from core.schedules.milestones import Milestones
from core.schedules.step import StepDecay
from core.schedules.warmup_cosine import WarmupCosine
from core.simulate import simulate
from core.spec import MAX_STEPS, Comparison

NAMES = [schedule.identifier() for schedule in SCHEDULES]
every_schedule = pytest.mark.parametrize("kind", SCHEDULES, ids=NAMES)
RISE = {"warmup_cosine", "cyclic"}
"""Those that are not decays."""


def _half_cosine(done: float) -> float:
    return math.cos(math.pi * done / 2) ** 2


def _warmup_cosine(t: int, total: int, warmup: float) -> float:
    return min(1.0, (t + 1) / warmup) if t < warmup else _half_cosine((t - warmup) / (total - warmup))


def _triangle(t: int, cycle: float, low: float) -> float:
    part = math.fmod(t, cycle)
    height = part if part < cycle / 2 else cycle - part
    return low + (1 - low) * height / (cycle / 2)


CLOSED_FORMS: dict[str, Callable[[int, int, Any], float]] = {
    "constant": lambda t, total, s: 1.0,
    "step": lambda t, total, s: math.pow(s.factor, math.floor(t / s.every)),
    "milestones": lambda t, total, s: math.prod(s.factor for milestone in s.at if milestone <= t),
    "exponential": lambda t, total, s: math.exp(-s.rate * t),
    "inverse_time": lambda t, total, s: 1 / (1 + s.rate * t),
    "inverse_sqrt": lambda t, total, s: math.pow(t + 1, -0.5),
    "linear": lambda t, total, s: (total - t) / total,
    "cosine": lambda t, total, s: _half_cosine(t / total),
    "warmup_cosine": lambda t, total, s: _warmup_cosine(t, total, s.warmup),
    "cyclic": lambda t, total, s: _triangle(t, s.cycle, s.low),
}
FIRST: dict[str, Callable[[Any], float]] = {
    "warmup_cosine": lambda s: 1 / max(s.warmup, 1),
    "cyclic": lambda s: s.low,
}
"""The first factor where it is not 1."""


def valid_number(described: dict[str, Any]) -> st.SearchStrategy[float]:
    """Draw a number from its slider, or from all that is valid."""
    valid = described["valid"]
    low, high = valid.get("ge", valid.get("gt", -1e300)), valid.get("le", valid.get("lt", 1e300))
    anywhere = st.floats(low, high, exclude_min="gt" in valid, exclude_max="lt" in valid)
    return st.floats(described["min"], described["max"]) | anywhere


def settings_of(kind: type[Schedule]) -> st.SearchStrategy[Schedule]:
    """Draw a schedule with any valid settings, milestones within a short run more often than not."""
    fields: dict[str, st.SearchStrategy[Any]] = {one["name"]: valid_number(one) for one in kind.parameters()}
    for one in kind.lists():
        low = one["valid"]["ge"]
        fields[one["name"]] = st.lists(st.integers(low, 400) | st.integers(low, 10**30), max_size=one["most"])
    return st.builds(lambda **given: kind.model_validate(given), **fields)


def at_defaults(kind: type[Schedule]) -> Schedule:
    return kind.model_validate({})


def check_bounds(schedule: Schedule, steps: int) -> None:
    factors = schedule.factors(steps)
    assert factors.shape == (steps,)
    assert factors.dtype == np.float64
    assert np.isfinite(factors).all()
    assert (factors >= 0).all()
    assert (factors <= 1).all()
    if schedule.kind not in RISE:
        assert (np.diff(factors) <= 0).all()


@every_schedule
def test_its_formula_is_known_here(kind: type[Schedule]) -> None:
    assert kind.identifier() in CLOSED_FORMS


@every_schedule
@pytest.mark.parametrize("steps", [1, 2, 300, MAX_STEPS])
def test_its_factors_at_the_defaults_are_shares_of_the_learning_rate(kind: type[Schedule], steps: int) -> None:
    check_bounds(at_defaults(kind), steps)


@every_schedule
@given(data=st.data())
def test_its_factors_at_any_valid_setting_are_shares_of_the_learning_rate(
    kind: type[Schedule], data: st.DataObject
) -> None:
    check_bounds(data.draw(settings_of(kind)), data.draw(st.integers(1, 600) | st.just(MAX_STEPS)))


@every_schedule
@given(data=st.data())
def test_it_is_its_formula_at_every_step(kind: type[Schedule], data: st.DataObject) -> None:
    for schedule in (at_defaults(kind), data.draw(settings_of(kind))):
        for steps in (1, 300, data.draw(st.integers(2, 500))):
            expected = [CLOSED_FORMS[schedule.kind](t, steps, schedule) for t in range(steps)]
            np.testing.assert_allclose(schedule.factors(steps), expected, rtol=1e-10, atol=1e-12)


@every_schedule
@given(data=st.data())
def test_it_begins_where_it_says(kind: type[Schedule], data: st.DataObject) -> None:
    schedule = data.draw(settings_of(kind))
    first = FIRST.get(schedule.kind, lambda s: 1.0)(schedule)
    assert schedule.factors(data.draw(st.integers(1, 500)))[0] == pytest.approx(first, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("kind", [kind for kind in SCHEDULES if kind.identifier() in ("linear", "cosine")])
def test_it_reaches_zero_right_after_the_last_step(kind: type[Schedule]) -> None:
    for steps in (1, 7, 500):
        factors = at_defaults(kind).factors(steps)
        assert factors[-1] > 0
        assert factors[-1] == pytest.approx(CLOSED_FORMS[kind.identifier()](steps - 1, steps, None))


@given(st.integers(1, 200), st.integers(1, 300))
def test_a_warm_up_is_a_line_that_ends_at_the_whole_learning_rate(warmup: int, rest: int) -> None:
    factors = WarmupCosine(warmup=warmup).factors(warmup + rest)
    np.testing.assert_allclose(np.diff(factors[:warmup]), 1 / warmup, rtol=1e-9)
    assert factors[warmup - 1] == 1
    assert (factors[: warmup - 1] < 1).all()
    assert factors[warmup] == 1
    assert (np.diff(factors[warmup:]) < 0).all()


def test_without_a_warm_up_the_cosine_is_left() -> None:
    np.testing.assert_allclose(WarmupCosine(warmup=0).factors(200), Cosine().factors(200), rtol=1e-12)


def test_a_run_shorter_than_its_warm_up_only_climbs() -> None:
    np.testing.assert_allclose(WarmupCosine(warmup=50).factors(20), np.arange(1, 21) / 50)


@given(st.integers(2, 150), st.floats(0, 0.99))
def test_cycles_repeat_and_touch_both_bounds(cycle: int, low: float) -> None:
    factors = Cyclic(cycle=cycle, low=low).factors(5 * cycle)
    np.testing.assert_array_equal(factors[cycle:], factors[:-cycle])
    np.testing.assert_allclose(factors[1:cycle], factors[1:cycle][::-1], atol=1e-12)
    assert factors.min() == factors[0] == pytest.approx(low)
    assert cycle % 2 or factors[cycle // 2] == 1
    assert len(set(np.round(factors[: cycle // 2 + 1], 12))) == cycle // 2 + 1


@given(st.sets(st.integers(1, 299), max_size=10), st.floats(0.05, 0.95))
def test_milestones_drop_at_the_named_steps_and_nowhere_else(at: set[int], factor: float) -> None:
    factors = Milestones(factor=factor, at=tuple(at)).factors(300)
    quotients = factors[1:] / factors[:-1]
    np.testing.assert_allclose(quotients[[step - 1 for step in at]], factor)
    assert set(np.flatnonzero(quotients != 1) + 1) == at


def test_regular_milestones_are_step_decay() -> None:
    milestones = Milestones(factor=0.5, at=tuple(range(20, 201, 20))).factors(220)
    np.testing.assert_array_equal(milestones, StepDecay(factor=0.5, every=20).factors(220))


BAD_LISTS = [([0], "greater than or equal to 1"), ([1.5], "integer"), (list(range(1, 12)), "at most 10"), (7, "tuple")]


@pytest.mark.parametrize(("at", "what"), BAD_LISTS)
def test_milestones_that_are_none_are_refused(at: Any, what: str) -> None:
    run = {"optimizer": "sgd", "schedule": {"kind": "milestones", "at": at}}
    with pytest.raises(ValidationError) as caught:
        Comparison.model_validate({"problem": {"kind": "surface", "name": "booth"}, "runs": [run]})
    (error,) = caught.value.errors()
    assert "at" in error["loc"]
    assert what in error["msg"]


def test_the_catalog_describes_lists_where_there_are_any() -> None:
    entries = {entry["name"]: entry for entry in json.loads(json.dumps(catalog()))["schedules"]}
    assert [name for name, entry in entries.items() if "lists" in entry] == ["milestones"]
    (described,) = entries["milestones"]["lists"]
    assert "</math>" in described.pop("mathml")
    assert described == {
        "name": "at",
        "symbol": "m_i",
        "default": [100, 200],
        "meaning": "Milestones: the steps at which the learning rate drops",
        "valid": {"ge": 1},
        "most": 10,
    }
    assert [one["name"] for one in entries["milestones"]["parameters"]] == ["factor"]


@every_schedule
def test_its_definition_is_whole(kind: type[Schedule]) -> None:
    assert kind.title
    assert kind.__doc__
    assert kind.formula
    assert kind.source or kind.identifier() == "constant"
    formula = "".join(kind.entry()["mathml"])
    for described in (*kind.parameters(), *kind.lists()):
        assert f'data-parameter="{described["name"]}"' in formula
        assert ": " in described["meaning"]
    for described in kind.parameters():
        assert described["min"] <= described["default"] <= described["max"]
        kind.model_validate({described["name"]: described["min"]})
        kind.model_validate({described["name"]: described["max"]})


def compare(schedule: Schedule, steps: int = 250) -> Comparison:
    run = {"optimizer": "sgd", "lr": 0.03, "schedule": schedule.model_dump(mode="json")}
    return Comparison.model_validate({"problem": {"kind": "surface", "name": "booth"}, "steps": steps, "runs": [run]})


@every_schedule
def test_a_comparison_with_it_survives_its_address(kind: type[Schedule]) -> None:
    comparison = compare(at_defaults(kind))
    again = Comparison.from_text(comparison.to_text())
    assert again.runs[0].schedule == at_defaults(kind)
    assert again.hash() == comparison.hash()


@every_schedule
def test_a_run_takes_the_learning_rates_of_its_schedule(kind: type[Schedule]) -> None:
    run = join(list(simulate(compare(at_defaults(kind))))).runs[0].arrays
    expected = [0.03 * CLOSED_FORMS[kind.identifier()](t, 250, at_defaults(kind)) for t in range(250)]
    np.testing.assert_allclose(run["lr"], expected, rtol=1e-6, atol=1e-9)
    # SGD's step is its learning rate times the gradient: the schedule is what the run stepped with.
    np.testing.assert_allclose(run["step_norm"], run["lr"] * run["grad_norm"][:-1], rtol=1e-3, atol=1e-5)


@every_schedule
def test_moving_any_of_its_numbers_compiles_nothing(kind: type[Schedule], compilations: Any) -> None:
    list(simulate(compare(at_defaults(kind))))
    moved = [kind.model_validate({one["name"]: one[end]}) for one in kind.parameters() for end in ("min", "max")]
    moved += [kind.model_validate({one["name"]: [3]}) for one in kind.lists()]
    with compilations() as compiled:
        for schedule in moved:
            list(simulate(compare(schedule)))
        list(simulate(compare(at_defaults(kind), steps=240)))
    assert not compiled


def test_a_rate_beyond_what_32_bits_hold_is_the_largest_they_do():
    assert (rates(1e300, Constant(), 3) == np.finfo(np.float32).max).all()
