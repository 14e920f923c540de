"""A formula as Python: the accepted tree with the library's names in it."""

import ast
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.code.form import Sheet, Unwritten
from core.problems.expression import CONSTANTS, VARIABLES, Expression

LONGEST = 88
"""Characters in a line, where the formula can be broken."""
MOST_INTEGER = 2**31 - 1
"""JAX takes Python's integers for 32 bits."""

_ROOT = '''\
def root(u, power=0.5):
    """Return a root whose slope at 0 is 0: the true one is infinite."""
    above = {np}.where(u == 0, 1.0, u)
    return {np}.where(u == 0, 0.0, above**power)
'''
_MAGNITUDE = '''\
def magnitude(u):
    """Return |u| with slope 0 at 0, where jnp.abs has slope 1."""
    return u * jnp.sign(u)
'''


def write(expression: Expression, values: Iterable[Mapping[str, float]], namespace: str, sheet: Sheet) -> str:
    """Write a formula as the body of a function of `x` and `y`, indented by four.

    Args:
        expression: the formula; its parameters are names in the script too.
        values: the values that the parameters take in the script.
        namespace: where the functions are, `jnp` or `torch`.
        sheet: gets what it needs.

    Raises:
        Unwritten: a part that does not depend on x and y is infinite or no number, at which Python would stop.
    """
    tree = expression.tree
    for numbers in {tuple(one.items()): one for one in values}.values():
        _check(expression, tree, numbers)
    writer = _Writer(namespace, sheet)
    return _broken(writer.node(tree))


def _check(expression: Expression, node: ast.expr, numbers: Mapping[str, float]) -> None:
    """Refuse constant parts that are no finite number: arrays bear them, Python's own numbers do not."""
    for part in ast.walk(node):
        if not isinstance(part, ast.BinOp | ast.Call) or _varies(part):
            continue
        text = ast.unparse(part)
        value = Expression(text, expression.parameters).evaluate_numpy(x=0.0, y=0.0, **numbers)
        if not math.isfinite(float(value)):
            raise Unwritten("problem.expression", f"{text} is no finite number, so no script can compute it")


def _varies(node: ast.AST) -> bool:
    """Say whether a part depends on x or y."""
    return any(isinstance(part, ast.Name) and part.id in VARIABLES for part in ast.walk(node))


@dataclass(frozen=True)
class _Writer:
    """One walk over a tree, in the names of one library."""

    namespace: str
    sheet: Sheet

    def node(self, node: ast.expr) -> ast.expr:
        """Return a node in the script's names."""
        match node:
            case ast.Constant(value=int() as value) if abs(value) > MOST_INTEGER:
                return ast.Constant(float(value))
            case ast.Name(id=name) if name in CONSTANTS:
                return ast.Name(self._plain(name))
            case ast.UnaryOp(op=op, operand=operand):
                return ast.UnaryOp(op, self.node(operand))
            case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=float() as power)) if (
                0 < power < 1 and _varies(left)
            ):
                return self._root(left, None if power == 0.5 else power)
            case ast.BinOp(left=left, op=op, right=right):
                return self._operation(node, left, op, right)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(name, arguments)
            case _:
                return node

    def _plain(self, name: str) -> str:
        """Return a name for numbers that are no tensors: jnp takes them too, torch does not."""
        if self.namespace == "jnp":
            return f"jnp.{name}"
        self.sheet.imports.add("math")
        return f"math.{_MATH.get(name, name)}"

    def _operation(self, node: ast.expr, left: ast.expr, op: ast.operator, right: ast.expr) -> ast.expr:
        if not _varies(node) and _whole(node) and abs(_whole_value(node)) > MOST_INTEGER:
            left, right = _with_floats(left), _with_floats(right)
        return ast.BinOp(self.node(left), op, self.node(right))

    def _root(self, inside: ast.expr, power: float | None = None) -> ast.expr:
        self.sheet.need("root", _ROOT.replace("{np}", self.namespace))
        return _called("root", self.node(inside), *([] if power is None else [ast.Constant(power)]))

    def _call(self, name: str, arguments: list[ast.expr]) -> ast.expr:
        varies = any(map(_varies, arguments))
        if name == "sqrt" and varies:
            return self._root(arguments[0])
        if name == "abs" and varies and self.namespace == "jnp":
            self.sheet.need("magnitude", _MAGNITUDE)
            return _called("magnitude", self.node(arguments[0]))
        inside = [self.node(argument) for argument in arguments]
        if self.namespace == "jnp":
            return _called(f"jnp.{_LARGER.get(name, name)}", *inside)
        if not varies:
            return _called(_BUILT_IN.get(name) or self._plain(name), *inside)
        if len(arguments) > 1:  # both must be tensors
            inside = [
                made if _varies(given) else _called("torch.tensor", _Floats().visit(made))
                for made, given in zip(inside, arguments, strict=True)
            ]
        return _called(f"torch.{_LARGER.get(name, name)}", *inside)


_LARGER = {"min": "minimum", "max": "maximum"}
_BUILT_IN = {"min": "min", "max": "max", "abs": "abs"}
_MATH = {"arctan": "atan"}


def _called(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name), list(arguments), [])


def _whole(node: ast.expr) -> bool:
    """Say whether Python computes a constant part in integers."""
    inside = all(
        isinstance(part, ast.BinOp | ast.UnaryOp | ast.operator | ast.unaryop)
        or (isinstance(part, ast.Constant) and isinstance(part.value, int))
        for part in ast.walk(node)
    )
    return inside and not any(isinstance(part, ast.Div) for part in ast.walk(node))


def _whole_value(node: ast.expr) -> float:
    return float(Expression(ast.unparse(node)).evaluate_numpy(x=0.0, y=0.0))


class _Floats(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant(float(node.value)) if isinstance(node.value, int) else node


def _with_floats(node: ast.expr) -> ast.expr:
    return _Floats().visit(ast.parse(ast.unparse(node), mode="eval").body)


def _broken(tree: ast.expr) -> str:
    """Write `return …`, a term a line where it is long."""
    whole = f"    return {_tight(tree)}"
    terms = _terms(tree)
    if len(whole) <= LONGEST or len(terms) < 2:
        return whole
    return "\n".join(["    return (", *(f"        {term}" for term in terms), "    )"])


def _terms(tree: ast.expr) -> list[str]:
    """Return the terms of a sum, each but the first with its sign."""
    if not (isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add | ast.Sub)):
        return [_tight(tree)]
    last = _tight(ast.BinOp(ast.Name("_"), tree.op, tree.right)).removeprefix("_ ")
    return [*_terms(tree.left), last]


def _tight(tree: ast.expr) -> str:
    return re.sub(r"(?<=\w) \*\* (?=[\w.])", "**", ast.unparse(tree))
