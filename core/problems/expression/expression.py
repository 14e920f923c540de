"""A formula as a value."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

import jax.numpy as jnp
import numpy as np
from jax import Array

from core.formula import to_mathml
from core.problems.expression.computing import Evaluation
from core.problems.expression.functions import CONSTANTS, FUNCTIONS, VARIABLES, Value
from core.problems.expression.reading import Text, read
from core.problems.expression.showing import latex


@dataclass(frozen=True)
class Expression:
    """A formula in x and y, and in the names of parameters.

    Raises:
        ExpressionError: the text is no formula.
    """

    text: str
    parameters: tuple[str, ...] = ()
    _read: Text = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        taken = {*VARIABLES, *CONSTANTS, *FUNCTIONS}
        for name in self.parameters:
            if name in taken:
                raise ValueError(f"a parameter cannot be called {name!r}: the name is taken")
        object.__setattr__(self, "_read", read(self.text, (*VARIABLES, *CONSTANTS, *self.parameters)))

    @property
    def numbers(self) -> tuple[float, ...]:
        """The literals of the text that may be traced, in order: all but exponents, which decide how it is computed."""
        return self._read.numbers

    @property
    def shape(self) -> str:
        """The text with 1 in the place of each of `numbers`, and without blanks: what compilation depends on."""
        return self._read.shape

    def evaluate(self, numbers: Sequence[Value] | None = None, /, **values: Value) -> Array:
        """Compute the value in JAX.

        Args:
            numbers: what stands in the place of the text's own `numbers`, each of shape (): numbers or tracers.
            values: x, y and the parameters: numbers, arrays or tracers whose shapes broadcast.

        Returns:
            An array of JAX's floating type (float32 unless 64 bits are switched on) and of the values' joint shape.
        """
        dtype = jnp.result_type(float)
        known = {name: jnp.asarray(value, dtype) for name, value in (CONSTANTS | values).items()}
        shape = jnp.broadcast_shapes(*(value.shape for value in known.values()))
        own = [] if numbers is None else [jnp.asarray(value, dtype) for value in numbers]
        columns = [node.col_offset for node in self._read.free[: len(own)]]
        with np.errstate(all="ignore"):  # 1/0 between two numbers of the text is infinite, as it is in JAX
            walk = Evaluation("jax", jnp, known, np.dtype(dtype), dict(zip(columns, own, strict=True)))
            result = walk.value(self._read.tree)
        return jnp.broadcast_to(jnp.asarray(result, dtype), shape)

    def evaluate_numpy(self, **values: Value) -> Value:
        """Compute the value in NumPy with 64 bits: the same walk, for what needs more digits than a picture."""
        known = {name: np.asarray(value, np.float64) for name, value in (CONSTANTS | values).items()}
        shape = np.broadcast_shapes(*(value.shape for value in known.values()))
        with np.errstate(all="ignore"):
            result = Evaluation("numpy", np, known, np.dtype(np.float64)).value(self._read.tree)
        return np.broadcast_to(result, shape)

    @property
    def tree(self) -> ast.expr:
        """The formula as Python's parser has it, every node accepted; to be read, not changed."""
        return self._read.tree

    @property
    def latex(self) -> str:
        """The formula as typed, in LaTeX."""
        return latex(self._read.tree)

    @property
    def mathml(self) -> str:
        """The formula as typed, as a `<math>` element."""
        return to_mathml(self.latex)
