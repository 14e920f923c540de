"""A formula that somebody typed is a surface like any other, and never compiles for a number."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from pydantic import ValidationError

from core.frames import join
from core.landscape.heights import HOLE, heights
from core.problems import formula as module
from core.problems.expression import MAX_OPERATIONS
from core.problems.formula import EXAMPLES, Formula, Undefined
from core.problems.surfaces import SURFACES
from core.simulate import simulate
from core.spec import Comparison


def race(expression: str, *, domain: Any = None, **changes: Any) -> Comparison:
    problem = {"kind": "formula", "expression": expression} | ({"domain": domain} if domain else {})
    return Comparison.model_validate({"problem": problem, "steps": 60, "runs": [{"optimizer": "sgd"}]} | changes)


def run(comparison: Comparison) -> Any:
    return join(list(simulate(comparison))).runs[0]


# What compiles


def test_other_numbers_and_blanks_compile_nothing_and_arrive(compilations):
    for text in ("x^2 + 10*sin(y)", "x^2 + 11*sin(y)"):  # the second begins at other numbers, of other types
        run(race(text))
        heights(Formula(expression=text), (-1.0, 1.0), (-1.0, 1.0), 20, 10)
    with compilations() as compiled:
        for factor in (3, 7.5, 1e-3, 250):
            text = f" x^2+{factor} * sin( y )"
            found = run(race(text, start=[1, 0.5], runs=[{"optimizer": "sgd", "lr": 0.002}]))
            grid = heights(Formula(expression=text), (-1.0, 1.0), (0.5, 0.6), 20, 10)
            y = 0.5
            for _ in range(60):
                y -= 0.002 * factor * np.cos(y)
            np.testing.assert_allclose(found.arrays["path"][-1], (0.996**60, y), rtol=2e-5)
            assert grid.loss[0, -1] == pytest.approx(1 + factor * np.sin(0.5), rel=1e-5)
    assert not compiled


def test_what_is_compiled_is_the_formula_with_ones_but_for_exponents():
    same = [Formula(expression=text).structure() for text in ("2*x^2 + 3", "-x^2*0 + 1e-9"[1:], "7 *x** 2+4")]
    assert same[0] == same[2]
    assert hash(same[0]) == hash(same[2])
    assert same[0].expression == "1*x**2+1"
    assert Formula(expression="2*x^3 + 3").structure() != same[0]
    assert Formula(expression="2*x^-0.5").structure().expression == "1*x**-0.5"
    assert Formula(expression="2*x + 3").numbers() == {"number0": 2.0, "number1": 3.0}
    assert Formula(expression="1e300*x").numbers() == {"number0": np.inf}
    assert same[0].structure() == same[0]


def test_more_than_ten_numbers_stay_in_their_order():
    text = " + ".join(f"{10 + n}*x^{n}" for n in range(13))
    problem = Formula(expression=text)
    traced = jax.jit(lambda numbers: problem.structure().with_numbers(numbers).height(jnp.float32(0.7), jnp.float32(0)))
    assert traced(problem.numbers()) == pytest.approx(sum((10 + n) * 0.7**n for n in range(13)), rel=1e-6)


NAMED = [cls for cls in SURFACES if not cls.expression.parameters]


def test_every_named_surface_typed_walks_the_same_path():
    """All in one program: paths of gradient descent, in 64 bits, so that bends do not pull roundings apart."""

    def walk(problem: Any, start: Any, lr: Any) -> Any:
        def step(point: Any, _: None) -> Any:
            return point - lr * problem.gradient(point, None)[1], point

        return jax.lax.scan(step, jnp.asarray(start, float), None, length=20)[1]

    def both(numbers: list[dict[str, Any]], lr: list[float]) -> Any:
        typed = [Formula(expression=cls.expression.text).structure() for cls in NAMED]
        return [
            (walk(cls(), cls.start, rate), walk(one.with_numbers(values), cls.start, rate))
            for cls, one, values, rate in zip(NAMED, typed, numbers, lr, strict=True)
        ]

    with jax.enable_x64(True):
        numbers = [{f"number{place}": value for place, value in enumerate(cls.expression.numbers)} for cls in NAMED]
        found = jax.jit(both)(numbers, [cls.rates["sgd"] for cls in NAMED])
    for cls, (named, typed) in zip(NAMED, found, strict=True):
        assert np.ptp(named, axis=0).max() > 0
        np.testing.assert_allclose(typed, named, rtol=1e-6, atol=1e-8, err_msg=cls.identifier())


# What is proposed

TEXTS = (
    *EXAMPLES, "x^2 + y^2", "x + y", "3", "1/x + y^2", "sqrt(x*y)", "log(x)", "exp(-x^2 - y^2)", "exp(x^4 + y^4)",
    "(x - 100)^2 + (y - 50)^2", "x^60 + y^60", "sin(50*x) + y^2", "x^2 + 10000*y^2", "exp(exp(x)) + y^2", "x*y/1000",
    "log(abs(x)) + y^2", "-x^2 - y^2", "sqrt(x - 40) + y^2",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_start_is_proposed_within_the_window_and_where_there_is_a_value(text):
    problem = Formula(expression=text)
    (left, right), (bottom, top) = problem.window()
    x, y = problem.origin()
    assert left <= x <= right
    assert bottom <= y <= top
    assert problem.defined(x, y)
    spans = np.array([right - left, top - bottom])
    if np.isfinite(spans).all() and problem.minima() and len(problem.minima()) <= 4:
        apart = [np.linalg.norm((np.array(minimum[:2]) - (x, y)) / spans) for minimum in problem.minima()]
        assert min(apart) > 0.08


@pytest.mark.parametrize("text", TEXTS)
def test_at_the_proposed_rate_gradient_descent_stays_and_does_not_climb(text):
    problem = Formula(expression=text)
    spans = np.ptp(problem.window(), axis=1)
    point = np.array(problem.origin())
    first = problem.exact(point[0], point[1])
    reach = 1e-6 * spans
    for _ in range(60):
        slope = [
            (problem.exact(*(point + turn)) - problem.exact(*(point - turn))) / (2 * turn.sum())
            for turn in np.diag(reach)
        ]
        point = point - problem.rates()["sgd"] * np.array(slope)
    assert np.isfinite(point).all()
    assert (np.abs(point - np.mean(problem.window(), axis=1)) <= 0.7 * spans).all()
    assert problem.exact(*point) <= first


@pytest.mark.parametrize("text", TEXTS)
def test_the_same_formula_is_proposed_the_same(text):
    before = Formula(expression=text).described(), race(text).to_text()
    for cached in (module._domain, module._start, module._stationary, module._rates):
        cached.cache_clear()
    assert (Formula(expression=text).described(), race(text).to_text()) == before


def test_a_given_domain_is_kept_and_the_start_lies_in_it():
    problem = Formula(expression="x^2 + y^2", domain=((5.0, 6.0), (-40.0, 90.0)))
    assert problem.window() == ((5.0, 6.0), (-40.0, 90.0))
    assert 5 <= problem.origin()[0] <= 6
    assert race("x^2", domain=[[0, 1], [2, 3]]).canonical()["problem"]["domain"] == [[0, 1], [2, 3]]
    assert "domain" not in race("x^2").canonical()["problem"]


def test_the_largest_formula_is_described_in_a_moment():
    text = "+".join(["sin(x*y)"] * (MAX_OPERATIONS // 4))
    with pytest.raises(ValidationError, match="too large"):
        Formula(expression=text + "+x" * 9)
    described = Formula(expression=text).described()
    assert {point["kind"] for point in described["stationary"]} <= {"minimum", "maximum", "saddle", "degenerate"}


# Holes


def test_heights_have_holes_where_there_is_no_value():
    grid = heights(Formula(expression="log(x) + y"), (-1.0, 1.0), (-1.0, 1.0), 21, 11)
    assert (grid.shade[:, grid.x <= 0] == HOLE).all()
    assert (grid.shade[:, grid.x > 0] >= 0).all()
    assert Formula(expression="log(x) + y").has_holes()
    assert not Formula(expression="x + y").has_holes()


def test_a_run_that_steps_into_a_hole_has_diverged_there():
    found = run(race("log(x) + y^2", start=[0.5, 1], runs=[{"optimizer": "sgd", "lr": 0.6}]))
    assert found.status == "diverged"
    assert len(found.arrays["path"]) == 1
    assert np.isfinite(found.arrays["path"]).all()
    assert np.isfinite(found.arrays["loss"]).all()


@pytest.mark.parametrize(
    ("text", "changes", "loc"),
    [
        ("log(-1 - x^2)", {}, ("problem", "formula", "expression")),
        ("1/0", {}, ("problem", "formula", "expression")),
        ("log(x)", {"domain": [[-2, -1], [0, 1]]}, ("problem", "formula", "domain")),
        ("log(x)", {"start": [-1, 0]}, ("start",)),
        ("1e300*x", {"start": [1, 0]}, ("start",)),
        ("log(x)", {"runs": [{"optimizer": "sgd"}, {"optimizer": "adam", "start": [0, 0]}]}, ("runs", 1, "start")),
        ("x^2", {"domain": [[1, 1], [0, 1]]}, ("problem", "formula", "domain", 0)),
        ("x^2", {"runs": [{"optimizer": "sgd", "problem": {"number0": 2}}]}, ("runs", 0, "problem", "number0")),
    ],
)
def test_what_has_no_value_is_refused_by_its_place(text, changes, loc):
    with pytest.raises(ValidationError) as caught:
        race(text, **changes)
    assert [error["loc"] for error in caught.value.errors()] == [loc]


def test_a_start_of_one_s_own_does_without_a_proposal():
    with pytest.raises(Undefined):
        Formula(expression="sqrt(x - 5000)").origin()
    assert race("sqrt(x - 5000)", start=[6000, 0]).origin() == (6000, 0)
    assert Formula(expression="sqrt(x - 5000)").window() == ((-3, 3), (-3, 3))
