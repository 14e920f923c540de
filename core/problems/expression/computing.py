"""From tree to value: one walk, in JAX or in NumPy."""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.problems.expression.functions import FUNCTIONS, Namespace, Value, root
from core.problems.expression.reading import number

MAX_INTEGER_POWER = 64
"""Up to here an integer exponent is a chain of products: exact for a negative base, with a finite derivative."""

_OPERATORS: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


@dataclass(frozen=True)
class Evaluation:
    """One walk over a tree, in one namespace."""

    flavour: str
    namespace: Namespace
    known: Mapping[str, Value]
    dtype: np.dtype[Any]
    numbers: Mapping[int, Value] = field(default_factory=dict[int, Value])
    """What stands in the place of literals, by their column in the source."""

    def value(self, node: ast.expr) -> Value:
        """Return the value of an accepted node."""
        match node:
            case ast.Constant(value=literal, col_offset=column):
                return self.numbers.get(column, self.dtype.type(literal))
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
        fixed = number(exponent)
        if fixed is None:
            return base ** self.value(exponent)
        if fixed.is_integer() and abs(fixed) <= MAX_INTEGER_POWER:
            return base ** int(fixed)
        if 0 < fixed < 1:
            return root(self.namespace, base, fixed)
        return base ** self.dtype.type(fixed)
