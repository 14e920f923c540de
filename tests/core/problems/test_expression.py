"""A formula's text: what it means, what it refuses, and how it is shown."""

import ast
import math
import time
import xml.etree.ElementTree as ElementTree

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.problems.expression import FUNCTIONS, MAX_LENGTH, MAX_NESTING, MAX_PARENTHESES, Expression, ExpressionError

X, Y = 0.7, -1.3

MEANINGS = [
    ("x + y", X + Y),
    ("x - y - 1", X - Y - 1),
    ("x - (y - 1)", X - (Y - 1)),
    ("2*x/y*3", 2 * X / Y * 3),
    ("x/2/2", X / 4),
    ("-x^2", -(X**2)),
    ("(-x)^2", X**2),
    ("2^-x", 2**-X),
    ("x^2^3", X**8),
    ("x**2", X**2),
    ("y^3", Y**3),
    ("y^-2", Y**-2),
    ("x^1.5", X**1.5),
    ("x^0.5", math.sqrt(X)),
    ("x^0.3", X**0.3),
    ("x^y", X**Y),
    ("+x - -y", X + Y),
    ("--x", X),
    ("pi*e", math.pi * math.e),
    ("1e-3 + .5 + 2. + 1.5E2", 152.501),
    ("3", 3.0),
    ("007 + 00", 7.0),
    ("sin(x)*cos(x) + tan(x)", math.sin(X) * math.cos(X) + math.tan(X)),
    ("arctan(y) + tanh(x)", math.atan(Y) + math.tanh(X)),
    ("sinh(x) - cosh(y)", math.sinh(X) - math.cosh(Y)),
    ("exp(log(x))", X),
    ("sqrt(abs(y))", math.sqrt(-Y)),
    ("min(x, y) + 10*max(x, 2*x)", Y + 20 * X),
    ("  x\t+ ( y )  ", X + Y),
]


@pytest.mark.parametrize(("text", "value"), MEANINGS)
def test_a_text_means_what_mathematics_says(text, value):
    assert float(Expression(text).evaluate(x=X, y=Y)) == pytest.approx(value, rel=2e-6)
    assert float(Expression(text).evaluate_numpy(x=X, y=Y)) == pytest.approx(value, rel=1e-14)


REFUSALS = [
    ("", 1, "empty"),
    ("   ", 1, "empty"),
    ("x +", 3, "missing after '+'"),
    ("* x", 1, "missing"),
    ("x * / y", 5, "missing"),
    ("x // y", 4, "missing"),
    ("x * * 2", 5, "missing before '*'"),
    ("2x", 2, "2*x"),
    ("x - )", 5, "missing before ')'"),
    ("x y", 3, "operator"),
    ("x(y)", 2, "operator"),
    ("x^2 (y)", 5, "operator"),
    ("sin x", 1, "sin(x)"),
    ("sin", 1, "sin(x)"),
    ("sin()", 5, "missing"),
    ("x + ()", 6, "missing"),
    ("sin(x, y)", 1, "takes 1 argument, not 2"),
    ("x + min(x)", 5, "takes 2 arguments, not 1"),
    ("(x + (y", 6, "never closed"),
    ("x + y)", 6, "never opened"),
    ("0,5*x", 1, "0.5"),
    ("x^2 + z", 7, "'z' is unknown; known are x, y, pi, e"),
    ("x^2 + X", 7, "'X' is unknown"),
    ("x = y", 3, "'=' is not allowed"),
    ("x % 2", 3, "'%' is not allowed"),
    ("1e999", 1, "too large"),
    ("x + 12e400", 5, "too large"),
]


@pytest.mark.parametrize(("text", "column", "words"), REFUSALS)
def test_a_refusal_says_where_and_what_is_allowed(text, column, words):
    with pytest.raises(ExpressionError) as caught:
        Expression(text)
    assert caught.value.column == column
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"column {column}: ")


ATTACKS = [
    "__import__('os').system('id')",
    "().__class__.__bases__[0]",
    "x.__class__",
    "sin.__globals__",
    "sin.__globals__(x)",
    "lambda: 0",
    "(lambda x: x)(1)",
    "[x for x in y]",
    "x if x else y",
    "x and y",
    "not x",
    "x < y",
    "x := 1",
    "x; y",
    "x\ny",
    "x\\\n+y",
    "x # y",
    "f'{x}'",
    '"x"',
    "b''",
    "x\0",
    "{x}",
    "x[0]",
    "sin(*x)",
    "sin(**x)",
    "min(*x, y)",
    "min(x, key=y)",
    "sin(x)(y)",
    "(sin)(x)",
    "exec(x)",
    "eval(x)",
    "open(x)",
    "getattr(x, y)",
    "await x",
    "yield",
    "None",
    "True",
    "1j",
    "0x10",
    "1_000",
    "...",
    "x @ y",
    "x & y",
    "~x",
    "ｘ",  # a name that Python would read as x
    "x²",
    "<script>",
    "</math>",
    "x" * (MAX_LENGTH + 1),
    " " * MAX_LENGTH + "x",
    "(" * 500 + "x" + ")" * 400,
    "-" * (MAX_NESTING + 1) + "x",
    "x^" * MAX_NESTING + "x",
    "x" + "+x" * MAX_NESTING,
    "sin(" * (MAX_PARENTHESES + 1) + "x" + ")" * (MAX_PARENTHESES + 1),
    "9" * 400,
]


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_nothing_but_arithmetic_is_read(text):
    begun = time.perf_counter()
    with pytest.raises(ExpressionError) as caught:
        Expression(text)
    assert time.perf_counter() - begun < 0.5
    assert len(str(caught.value)) < 1500


def read(text):
    """Return the expression, or the error that refuses it: nothing else may come of a text."""
    try:
        return Expression(text)
    except ExpressionError as error:
        return error


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    outcome = read(text)
    assert isinstance(outcome, Expression) or 1 <= outcome.column <= len(text) + 1


@given(st.text("xye0123456789.+-*/^(), \tsincoaepx", max_size=40))
def test_any_soup_of_allowed_characters_is_read_or_refused(text):
    outcome = read(text)
    if isinstance(outcome, Expression):
        ElementTree.fromstring(outcome.mathml)
        outcome.evaluate_numpy(x=X, y=Y)
    else:
        assert 1 <= outcome.column <= len(text) + 1


@given(st.lists(st.sampled_from(["x", "y", "2", "+", "-", "*", "^", "(", ")", ",", "sin(", "min("]), max_size=12))
def test_the_parser_is_never_handed_what_it_would_refuse(pieces):
    assert "no formula" not in str(read("".join(pieces)))


def test_the_largest_texts_allowed_are_computed_and_shown():
    for text in (
        "x" + "+x" * (MAX_NESTING - 1),
        "(" * MAX_PARENTHESES + "x" + ")" * MAX_PARENTHESES,
        "sin(" * MAX_PARENTHESES + "x" + ")" * MAX_PARENTHESES,
        "-" * (MAX_NESTING - 1) + "x",
        "9^9^9^9^9^9",
        "1/0 + 0*(1/0)",
    ):
        expression = Expression(text)
        assert expression.evaluate(x=X, y=Y).shape == ()
        ElementTree.fromstring(expression.mathml)


NUMBERS = st.sampled_from(["0", "1", "2", "3.5", ".25", "1e-1"])
BINARY = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}
UNARY = {"sin": np.sin, "cos": np.cos, "tanh": np.tanh, "arctan": np.arctan, "abs": np.abs, "exp": np.exp}


def _leaf(x, y):
    return st.one_of(
        NUMBERS.map(lambda text: (text, float(text))), st.just(("x", x)), st.just(("y", y)), st.just(("pi", math.pi))
    )


def _grown(inner):
    """Build a text and, beside it, its value by NumPy on plain numbers: no tree, no parser."""

    def binary(op, left, right):
        with np.errstate(all="ignore"):
            return f"({left[0]} {op} {right[0]})", BINARY[op](np.float64(left[1]), np.float64(right[1]))

    def power(base, exponent):
        with np.errstate(all="ignore"):
            return f"({base[0]})^{exponent}", np.float64(base[1]) ** exponent

    def call(name, argument):
        with np.errstate(all="ignore"):
            return f"{name}({argument[0]})", UNARY[name](argument[1])

    return st.one_of(
        st.builds(binary, st.sampled_from(sorted(BINARY)), inner, inner),
        st.builds(call, st.sampled_from(sorted(UNARY)), inner),
        st.builds(lambda a: (f"(-{a[0]})", -a[1]), inner),
        st.builds(power, inner, st.integers(0, 4)),
        st.builds(lambda a, b: (f"max({a[0]}, {b[0]})", np.maximum(a[1], b[1])), inner, inner),
    )


@settings(deadline=None)
@given(st.recursive(_leaf(X, Y), _grown, max_leaves=12))
def test_random_formulas_equal_an_independent_evaluation(pair):
    text, value = pair
    expression = read(text)
    if isinstance(expression, ExpressionError):
        assert "too deep" in str(expression) or "too long" in str(expression)
        return
    np.testing.assert_allclose(expression.evaluate_numpy(x=X, y=Y), value, rtol=1e-12)
    if np.isfinite(value) and 1e-3 < abs(value) < 1e3:
        with jax.enable_x64(True):
            np.testing.assert_allclose(expression.evaluate(x=X, y=Y), value, rtol=1e-9)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(["x", "-y", "2", "+x", "3.5"]), min_size=2, max_size=7), st.data())
def test_precedence_is_python_s(operands, data):
    text = operands[0]
    for operand in operands[1:]:
        text += data.draw(st.sampled_from(["+", "-", "*", "/", " - ", " * "])) + operand
    expected = eval(compile(ast.parse(text, mode="eval"), "oracle", "eval"), {"x": X, "y": Y})
    assert float(Expression(text).evaluate_numpy(x=X, y=Y)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("text", ["sqrt(x^2 + y^2)", "(x^2 + y^2)^0.5", "abs(x)", "abs(x)^0.3", "sqrt(abs(x))", "x^2"])
def test_a_kink_has_derivative_0_where_it_has_none(text):
    expression = Expression(text)
    gradient = jax.grad(lambda x: expression.evaluate(x=x, y=0.0))
    assert float(gradient(0.0)) == 0.0
    assert np.isfinite(jax.grad(gradient)(0.0))
    assert float(gradient(2.0)) == pytest.approx(
        float(expression.evaluate_numpy(x=2 + 1e-6, y=0) - expression.evaluate_numpy(x=2 - 1e-6, y=0)) / 2e-6, rel=1e-5
    )


def test_a_root_of_a_negative_number_is_not_a_number():
    assert np.isnan(Expression("sqrt(x)").evaluate(x=-1.0, y=0.0))
    assert np.isnan(Expression("sqrt(x)").evaluate(x=jnp.nan, y=0.0))
    assert np.isnan(Expression("sqrt(x)").evaluate_numpy(x=-1.0, y=0.0))


@pytest.mark.parametrize("text", ["x + y", "x*2", "3", "pi"])
def test_shapes_broadcast_even_where_a_coordinate_is_not_mentioned(text):
    x, y = jnp.zeros((1, 4)), jnp.zeros((3, 1))
    value = jax.jit(lambda x, y: Expression(text).evaluate(x=x, y=y))(x, y)
    assert value.shape == (3, 4)
    assert value.dtype == jnp.float32
    assert Expression(text).evaluate_numpy(x=np.zeros((1, 4)), y=np.zeros((3, 1))).shape == (3, 4)


def test_parameters_are_names_of_one_s_own():
    expression = Expression("depth*x^2 + y", ("depth",))
    assert float(expression.evaluate(x=2.0, y=1.0, depth=3.0)) == 13.0
    with pytest.raises(ExpressionError, match="unknown"):
        Expression("depth*x^2")
    with pytest.raises(ValueError, match="taken"):
        Expression("x", ("sin",))
    with pytest.raises(TypeError, match="depth"):
        expression.evaluate(x=2.0, y=1.0)


def test_it_is_a_value():
    assert Expression("x + y") == Expression("x + y")
    assert hash(Expression("x + y")) == hash(Expression("x + y"))
    assert Expression("x + y") != Expression("y + x")
    with pytest.raises(AttributeError):
        Expression("x").text = "y"


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("x^2 + y^2", "x^{2} + y^{2}"),
        ("2*x*y", r"2 \, x \, y"),
        ("2*3", r"2 \cdot 3"),
        ("(x + 1)*y", r"\left(x + 1\right) \, y"),
        ("x - (y - 1)", r"x - \left(y - 1\right)"),
        ("x - y*2", r"x - y \cdot 2"),
        ("(x + y)/(x - y)", r"\frac{x + y}{x - y}"),
        ("(-x)^2", r"\left(-x\right)^{2}"),
        ("-x^2", "-x^{2}"),
        ("(x/y)^2", r"\left(\frac{x}{y}\right)^{2}"),
        ("sqrt(abs(x))", r"\sqrt{\left|x\right|}"),
        ("exp(-x)", "e^{-x}"),
        ("sin(pi*x)^2", r"\left(\sin\left(\pi \, x\right)\right)^{2}"),
        ("1e-5*x", r"1 \cdot 10^{-5} \, x"),
        ("big_depth", r"\mathrm{big depth}"),
    ],
)
def test_the_formula_is_shown_as_typed(text, latex):
    expression = Expression(text, ("big_depth",))
    assert expression.latex == latex
    assert ElementTree.fromstring(expression.mathml).tag.endswith("math")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_shown_and_has_a_finite_derivative(name):
    text = f"{name}({', '.join('xy'[: FUNCTIONS[name].arguments])})"
    ElementTree.fromstring(Expression(text).mathml)
    slope = jax.grad(lambda x: Expression(text).evaluate(x=x, y=0.2))(0.5)
    assert np.isfinite(slope)
