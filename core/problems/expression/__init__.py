"""A loss written as a text in x and y: read once, evaluated in JAX and in NumPy, shown as a formula."""

from core.problems.expression.expression import Expression
from core.problems.expression.functions import CONSTANTS, FUNCTIONS, VARIABLES
from core.problems.expression.reading import (
    MAX_LENGTH,
    MAX_NESTING,
    MAX_OPERATIONS,
    MAX_PARENTHESES,
    ExpressionError,
)

__all__ = [
    "CONSTANTS",
    "FUNCTIONS",
    "MAX_LENGTH",
    "MAX_NESTING",
    "MAX_OPERATIONS",
    "MAX_PARENTHESES",
    "VARIABLES",
    "Expression",
    "ExpressionError",
]
