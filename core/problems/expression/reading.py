"""From text to tree.

Formulas come from strangers' links, so a text passes three gates: a tokenizer that knows numbers, the allowed names and
``+ - * / ^ ( ) ,`` and nothing else; Python's parser, which therefore sees arithmetic only; and a walk over its tree
that accepts the node types listed here. No text is ever compiled or executed, and length, nesting and the number of
operations are bounded.
"""

import ast
import math
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from core.problems.expression.functions import FUNCTIONS

MAX_LENGTH = 1000
"""Characters in a text."""
MAX_NESTING = 100
"""Levels of the tree; a sum of n terms has n."""
MAX_PARENTHESES = 30
"""Parentheses within parentheses."""

MAX_OPERATIONS = 150
"""Operators and calls, each counted by `_weight`: what the time of compiling grows with."""

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)|(?P<operator>\*\*|[-+*/^])|(?P<bracket>[(),])|(?P<space>[ \t]+)"
)


class ExpressionError(ValueError):
    """A text that is no formula; the message says where and what is allowed."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(f"column {column}: {message}")
        self.column = column
        """Where, counted from 1."""


class _Token(NamedTuple):
    kind: str
    text: str
    column: int


class Text(NamedTuple):
    """A text that was read.

    Attributes:
        tree: every node has been accepted.
        source: the text in Python's words, one space between tokens.
        free: the literals that could be other numbers without the formula being computed in another way, in order.
    """

    tree: ast.expr
    source: str
    free: tuple[ast.Constant, ...]

    @property
    def numbers(self) -> tuple[float, ...]:
        """Return the values of the free literals."""
        return tuple(float(node.value) for node in self.free)  # pyright: ignore[reportArgumentType]  (none but numbers)

    @property
    def shape(self) -> str:
        """Return a text with 1 in the place of every free literal: equal for texts that differ in these alone."""
        text, last = "", 0
        for node in self.free:
            text += self.source[last : node.col_offset] + "1"
            last = node.end_col_offset or 0
        return (text + self.source[last:]).replace(" ", "")


def read(text: str, names: tuple[str, ...]) -> Text:
    """Read a text.

    Args:
        text: the formula.
        names: what it may speak of beside the functions.

    Raises:
        ExpressionError: it is no formula.
    """
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
    source = source.rstrip()
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(1, "this is no formula") from None  # unreachable, as far as is known
    _check(tree, columns)
    return Text(tree, source, tuple(sorted(_free(tree), key=lambda node: node.col_offset)))


def number(node: ast.expr) -> float | None:
    """Return the number that a node is, with its sign, if it is one."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=op, operand=operand):
            value = number(operand)
            return -value if value is not None and isinstance(op, ast.USub) else value
        case _:
            return None


def _free(tree: ast.expr) -> Iterator[ast.Constant]:
    """Yield the literals but for exponents: a square is a product, and compiled as one."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant):
            yield node
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and number(node.right) is not None:
            waiting.append(node.left)
        else:
            waiting += _children(node, 1)


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
    """Accept a tree of the known nodes, of bounded depth and size; no recursion, whatever its depth."""
    waiting, operations = [(tree, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        column = columns.get(node.col_offset, 1)
        operations += _weight(node)
        if operations > MAX_OPERATIONS:
            allowed = (
                f"at most {MAX_OPERATIONS} operations are allowed, most powers and functions counted several times"
            )
            raise ExpressionError(1, f"the formula is too large; {allowed}")
        if depth > MAX_NESTING:
            raise ExpressionError(column, f"the formula is nested too deeply; at most {MAX_NESTING} levels are allowed")
        waiting += [(child, depth + 1) for child in _children(node, column)]


def _weight(node: ast.expr) -> int:
    """Return how many products take as long to compile as this operation does, in round numbers."""
    match node:
        case ast.BinOp(op=ast.Pow(), right=right):
            exponent = number(right)
            return 1 if exponent in (1, 2, 3, 4) else 4
        case ast.BinOp():
            return 1
        case ast.Call(func=ast.Name(id=name)):
            return {"tan": 10, "sqrt": 4, "sinh": 4, "cosh": 4, "arctan": 4, "tanh": 4}.get(name, 2)
        case _:
            return 0


def _children(node: ast.expr, column: int) -> list[ast.expr]:
    """Return the operands of a node of an accepted type; refuse any other."""
    match node:
        case ast.Constant(value=int() | float()) | ast.Name():
            return []
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
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
