"""A loss written as a text in x and y: read once, evaluated in JAX and in NumPy, shown as a formula.

Formulas come from strangers' links, so the text passes three gates: a tokenizer that knows numbers, the allowed names
and ``+ - * / ^ ( ) ,`` and nothing else; Python's parser, which therefore sees arithmetic only; and a walk over its
tree that accepts the node types listed here. No text is ever compiled or executed, and length and nesting are bounded.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array

from core.formula import to_mathml

MAX_LENGTH = 1000
"""Characters in a text."""
MAX_NESTING = 100
"""Levels of the tree; a sum of n terms has n."""
MAX_PARENTHESES = 30
"""Parentheses within parentheses."""
MAX_INTEGER_POWER = 64
"""Up to here an integer exponent is a chain of products: exact for a negative base, with a finite derivative."""

Value = Any
"""An array of the namespace at hand, or a tracer."""
Namespace = Any
"""The module `jax.numpy` or `numpy`."""


class ExpressionError(ValueError):
    """A text that is no formula; the message says where and what is allowed."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(f"column {column}: {message}")
        self.column = column
        """Where, counted from 1."""


class Function(NamedTuple):
    """A function that a formula may call: what it is in either namespace, and how it is written."""

    jax: Callable[..., Value]
    numpy: Callable[..., Value]
    latex: str
    arguments: int = 1


def _root(namespace: Namespace, x: Value, exponent: float = 0.5) -> Value:
    """Return x to an exponent between 0 and 1, whose derivative at 0 is 0 here: the true one is infinite."""
    positive = x > 0
    power = namespace.sqrt if exponent == 0.5 else partial(_power_of, exponent=exponent)
    inside = namespace.where(positive, x, namespace.ones_like(x))
    return namespace.where(positive, power(inside), namespace.where(x == 0, 0 * inside, namespace.nan))


def _magnitude(x: Value) -> Value:
    """Return |x|, whose derivative at 0 is 0 here: JAX says 1."""
    return jnp.where(x == 0, jnp.zeros_like(x), jnp.abs(x))


def _power_of(x: Value, exponent: float) -> Value:
    return x**exponent


FUNCTIONS: dict[str, Function] = {
    "sin": Function(jnp.sin, np.sin, r"\sin"),
    "cos": Function(jnp.cos, np.cos, r"\cos"),
    "tan": Function(jnp.tan, np.tan, r"\tan"),
    "arctan": Function(jnp.arctan, np.arctan, r"\arctan"),
    "sinh": Function(jnp.sinh, np.sinh, r"\sinh"),
    "cosh": Function(jnp.cosh, np.cosh, r"\cosh"),
    "tanh": Function(jnp.tanh, np.tanh, r"\tanh"),
    "exp": Function(jnp.exp, np.exp, r"\exp"),
    "log": Function(jnp.log, np.log, r"\log"),
    "sqrt": Function(partial(_root, jnp), partial(_root, np), r"\sqrt"),
    "abs": Function(_magnitude, np.abs, r"\left|"),
    "min": Function(jnp.minimum, np.minimum, r"\min", 2),
    "max": Function(jnp.maximum, np.maximum, r"\max", 2),
}
"""What a formula may call. Steps (floor, sign) are left out: no optimizer can feel them."""

CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e}
VARIABLES = ("x", "y")

_OPERATORS: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)|(?P<operator>\*\*|[-+*/^])|(?P<bracket>[(),])|(?P<space>[ \t]+)"
)


class _Token(NamedTuple):
    kind: str
    text: str
    column: int


@dataclass(frozen=True)
class Expression:
    """A formula in x and y, and in the names of parameters.

    Raises:
        ExpressionError: the text is no formula.
    """

    text: str
    parameters: tuple[str, ...] = ()
    _tree: ast.expr = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        taken = {*VARIABLES, *CONSTANTS, *FUNCTIONS}
        for name in self.parameters:
            if name in taken:
                raise ValueError(f"a parameter cannot be called {name!r}: the name is taken")
        object.__setattr__(self, "_tree", _parse(self.text, (*VARIABLES, *CONSTANTS, *self.parameters)))

    def evaluate(self, **values: Value) -> Array:
        """Compute the value in JAX.

        Args:
            values: x, y and the parameters: numbers, arrays or tracers whose shapes broadcast.

        Returns:
            An array of JAX's floating type (float32 unless 64 bits are switched on) and of the values' joint shape.
        """
        dtype = jnp.result_type(float)
        known = {name: jnp.asarray(value, dtype) for name, value in (CONSTANTS | values).items()}
        shape = jnp.broadcast_shapes(*(value.shape for value in known.values()))
        with np.errstate(all="ignore"):  # 1/0 between two numbers of the text is infinite, as it is in JAX
            result = _Evaluation("jax", jnp, known, np.dtype(dtype)).value(self._tree)
        return jnp.broadcast_to(jnp.asarray(result, dtype), shape)

    def evaluate_numpy(self, **values: Value) -> Value:
        """Compute the value in NumPy with 64 bits: the same walk, for what needs more digits than a picture."""
        known = {name: np.asarray(value, np.float64) for name, value in (CONSTANTS | values).items()}
        shape = np.broadcast_shapes(*(value.shape for value in known.values()))
        with np.errstate(all="ignore"):
            result = _Evaluation("numpy", np, known, np.dtype(np.float64)).value(self._tree)
        return np.broadcast_to(result, shape)

    @property
    def tree(self) -> ast.expr:
        """The formula as Python's parser has it, every node accepted; to be read, not changed."""
        return self._tree

    @property
    def latex(self) -> str:
        """The formula as typed, in LaTeX."""
        return _latex(self._tree)

    @property
    def mathml(self) -> str:
        """The formula as typed, as a `<math>` element."""
        return to_mathml(self.latex)


# Reading


def _parse(text: str, names: tuple[str, ...]) -> ast.expr:
    """Turn a text into a tree of which every node has been accepted."""
    if not text.strip():
        raise ExpressionError(1, "the formula is empty; write something like x^2 + y^2")
    if len(text) > MAX_LENGTH:
        raise ExpressionError(MAX_LENGTH + 1, f"the formula is too long; at most {MAX_LENGTH} characters are allowed")
    tokens = list(_tokens(text, names))
    _check_order(tokens)
    _check_parentheses(tokens)
    # One space between tokens, ^ as Python's **; `columns` leads from there back to the text as typed.
    source, columns = "", dict[int, int]()
    for token in tokens:
        columns[len(source)] = token.column
        source += _python(token) + " "
    try:
        tree = ast.parse(source.rstrip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(1, "this is no formula") from None  # unreachable, as far as is known
    _check(tree, columns)
    return tree


def _python(token: _Token) -> str:
    """Write a token as Python has it: ``**`` for ``^``, no zeros in front of an integer."""
    if token.text.isdigit():
        return token.text.lstrip("0") or "0"
    return "**" if token.text == "^" else token.text


def _tokens(text: str, names: tuple[str, ...]) -> Iterator[_Token]:
    """Split a text; refuse every character and every name that is not known."""
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(
                position + 1,
                f"{text[position]!r} is not allowed; a formula has numbers, names, + - * / ^ and parentheses",
            )
        token = _Token(str(match.lastgroup), match.group(), position + 1)
        if token.kind == "name" and token.text not in names and token.text not in FUNCTIONS:
            raise ExpressionError(
                token.column,
                f"{token.text!r} is unknown; known are {', '.join(names)} and the functions {', '.join(FUNCTIONS)}",
            )
        if token.kind == "number" and not math.isfinite(float(token.text)):
            raise ExpressionError(token.column, f"{token.text} is too large a number")
        if token.kind != "space":
            yield token
        position = match.end()


def _check_order(tokens: list[_Token]) -> None:
    """Refuse operands without an operator between them, and operators without their operands."""
    before = _Token("start", "", 1)
    for token in [*tokens, _Token("end", "the end", tokens[-1].column)]:
        operand = token.kind in ("number", "name") or token.text == "("
        called = before.text in FUNCTIONS
        if called and token.text != "(":
            raise ExpressionError(before.column, f"{before.text} needs parentheses, as in {before.text}(x)")
        complete = before.kind in ("number", "name") or before.text == ")"
        if complete and operand and not called:
            raise ExpressionError(
                token.column, f"an operator is missing before {token.text!r}; a product is written 2*x"
            )
        if not complete and not operand and token.text not in ("+", "-"):
            where = f"before {token.text!r}" if token.kind != "end" else f"after {before.text!r}"
            raise ExpressionError(token.column, f"a number, a name or a parenthesis is missing {where}")
        before = token


def _check_parentheses(tokens: list[_Token]) -> None:
    """Refuse parentheses that do not match or go too deep."""
    opened: list[_Token] = []
    for token in tokens:
        if token.text == "(":
            opened.append(token)
            if len(opened) > MAX_PARENTHESES:
                raise ExpressionError(token.column, f"parentheses go too deep; at most {MAX_PARENTHESES} are allowed")
        elif token.text == ")":
            if not opened:
                raise ExpressionError(token.column, "this parenthesis was never opened")
            opened.pop()
    if opened:
        raise ExpressionError(opened[-1].column, "this parenthesis is never closed")


def _check(tree: ast.expr, columns: Mapping[int, int]) -> None:
    """Accept a tree of the known nodes, of bounded depth; no recursion, whatever its depth."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        column = columns.get(node.col_offset, 1)
        if depth > MAX_NESTING:
            raise ExpressionError(column, f"the formula is nested too deeply; at most {MAX_NESTING} levels are allowed")
        waiting += [(child, depth + 1) for child in _children(node, column)]


def _children(node: ast.expr, column: int) -> list[ast.expr]:
    """Return the operands of a node of an accepted type; refuse any other."""
    match node:
        case ast.Constant(value=int() | float()) | ast.Name():
            return []
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return [left, right]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return [operand]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            wanted = FUNCTIONS[name].arguments
            if len(arguments) != wanted:
                noun = "argument" if wanted == 1 else "arguments"
                raise ExpressionError(column, f"{name} takes {wanted} {noun}, not {len(arguments)}")
            return arguments
        case ast.Tuple():
            raise ExpressionError(column, "a comma stands only between arguments, as in min(x, y); write 0.5, not 0,5")
        case _:
            raise ExpressionError(column, "only numbers, names, + - * / ^, parentheses and functions are allowed")


# Computing


@dataclass(frozen=True)
class _Evaluation:
    """One walk over a tree, in one namespace."""

    flavour: str
    namespace: Namespace
    known: Mapping[str, Value]
    dtype: np.dtype[Any]

    def value(self, node: ast.expr) -> Value:
        """Return the value of an accepted node."""
        match node:
            case ast.Constant(value=number):
                return self.dtype.type(number)
            case ast.Name(id=name):
                if name not in self.known:
                    raise TypeError(f"the formula needs a value for {name!r}")
                return self.known[name]
            case ast.UnaryOp(op=op, operand=operand):
                return -self.value(operand) if isinstance(op, ast.USub) else self.value(operand)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(self.value(left), right)
            case ast.BinOp(left=left, op=op, right=right):
                return _OPERATORS[type(op)](self.value(left), self.value(right))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                function = FUNCTIONS[name].jax if self.flavour == "jax" else FUNCTIONS[name].numpy
                return function(*(self.value(argument) for argument in arguments))
            case _:
                raise TypeError("a node that was never accepted")

    def _power(self, base: Value, exponent: ast.expr) -> Value:
        """Return a power; where the exponent is a number, in the form whose derivative is finite."""
        number = _number(exponent)
        if number is None:
            return base ** self.value(exponent)
        if number.is_integer() and abs(number) <= MAX_INTEGER_POWER:
            return base ** int(number)
        if 0 < number < 1:
            return _root(self.namespace, base, number)
        return base ** self.dtype.type(number)


def _number(node: ast.expr) -> float | None:
    """Return the number that a node is, with its sign, if it is one."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            number = _number(operand)
            return None if number is None else -number
        case _:
            return None


# Showing

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)


def _latex(node: ast.expr, outside: int = _SUM) -> str:
    """Write a node; in parentheses if it binds more loosely than what stands around it."""
    text, own = _written(node)
    return text if own >= outside else rf"\left({text}\right)"


def _written(node: ast.expr) -> tuple[str, int]:
    """Return a node's LaTeX and how tightly it binds."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return _written_number(number)
        case ast.Name(id=name):
            return _written_name(name), _ATOM
        case ast.UnaryOp(op=op, operand=operand):
            return ("-" if isinstance(op, ast.USub) else "+") + _latex(operand, _SIGN), _SIGN
        case ast.BinOp(left=left, op=op, right=right):
            return _written_operation(left, op, right)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _written_call(name, [_latex(argument) for argument in arguments])
        case _:
            raise TypeError("a node that was never accepted")


def _written_number(number: float) -> tuple[str, int]:
    digits, _, exponent = (str(number) if isinstance(number, int) else f"{number:.12g}").partition("e")
    return (rf"{digits} \cdot 10^{{{int(exponent)}}}", _PRODUCT) if exponent else (digits, _ATOM)


def _written_name(name: str) -> str:
    if name == "pi":
        return r"\pi"
    return name if len(name) == 1 else rf"\mathrm{{{name.replace('_', ' ')}}}"


def _written_operation(left: ast.expr, op: ast.operator, right: ast.expr) -> tuple[str, int]:
    match op:
        case ast.Add():
            return f"{_latex(left)} + {_latex(right, _PRODUCT)}", _SUM
        case ast.Sub():
            return f"{_latex(left)} - {_latex(right, _PRODUCT)}", _SUM
        case ast.Mult():
            first, second = _latex(left, _PRODUCT), _latex(right, _POWER)
            dot = r"\cdot" if second[0].isdigit() else r"\,"
            return f"{first} {dot} {second}", _PRODUCT
        case ast.Div():
            return rf"\frac{{{_latex(left)}}}{{{_latex(right)}}}", _PRODUCT
        case _:
            return rf"{_latex(left, _ATOM)}^{{{_latex(right)}}}", _POWER


def _written_call(name: str, arguments: list[str]) -> tuple[str, int]:
    inside = ", ".join(arguments)
    if name == "sqrt":
        return rf"\sqrt{{{inside}}}", _ATOM
    if name == "abs":
        return rf"\left|{inside}\right|", _ATOM
    if name == "exp":
        return rf"e^{{{inside}}}", _POWER
    return rf"{FUNCTIONS[name].latex}\left({inside}\right)", _POWER
