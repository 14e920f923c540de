"""Any tree of arrays as one vector: a handful of numbers in one kernel, fifty arrays in one answer of the program."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from math import prod
from operator import add
from typing import Any, Self

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Packed:
    """The leaves of a tree, end to end; integers must be small enough for float32 to count them.

    Attributes:
        flat: all numbers, shape (N,), float32: traced, on the device, or NumPy.
        shape: the tree without its leaves, and (shape, type) of each leaf.
    """

    flat: Array
    shape: Any = field(metadata={"static": True})

    @classmethod
    def of(cls, tree: Any, join: Callable[[list[Array]], Array] = jnp.concatenate) -> Self:
        """Pack a tree of at least one leaf.

        Args:
            tree: any.
            join: how the vectors become one.
        """
        leaves, structure = jax.tree.flatten(tree)
        shape = (structure, tuple((leaf.shape, np.dtype(leaf.dtype)) for leaf in leaves))
        return cls(join([jnp.ravel(leaf).astype(jnp.float32) for leaf in leaves]), shape)

    def tree(self) -> Any:
        """Return the tree; of NumPy's numbers its leaves are views where they are float32."""
        structure, leaves = self.shape
        ends = np.cumsum([prod(shape) for shape, _ in leaves]).tolist()
        parts: list[Any] = []
        for end, (shape, kind) in zip(ends, leaves, strict=True):
            part = self.flat[end - prod(shape) : end].reshape(shape)
            parts.append(part if part.dtype == kind else part.astype(kind))
        return jax.tree.unflatten(structure, parts)


def as_sum(leaves: list[Array]) -> Array:
    """Join vectors as a sum of padded ones: unlike a concatenation, XLA fuses that into one kernel; for few numbers."""
    ends = np.cumsum([leaf.size for leaf in leaves]).tolist()
    return reduce(
        add, (jnp.pad(leaf, (end - leaf.size, ends[-1] - end)) for leaf, end in zip(leaves, ends, strict=True))
    )


def turned(tree: Any) -> Any:
    """Exchange the first two axes of every leaf."""
    return jax.tree.map(lambda leaf: leaf.swapaxes(0, 1), tree)
