"""A problem is a loss to minimize; a surface and a network differ in nothing that the loop can see."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Literal, Self

import jax
from jax import Array

from core.definition import Definition


class Problem(Definition):
    """Initial parameters (any pytree of float32), and a loss of (parameters, batch).

    All methods are pure JAX and run inside jitted code on an instance whose numbers may be traced. What compilation
    depends on is `structure()`.
    """

    kind: str

    records: ClassVar[Literal["path", "snapshots"]]
    """What the loop keeps: every iterate of two numbers with its true loss, or one snapshot per chunk, evaluated."""
    chunk_steps: ClassVar[tuple[int, ...]]
    """Lengths that chunks may have, rising: the smallest that holds what is left is taken, else the longest."""
    together: ClassVar[int] = 2**20
    """Steps × rows of a chunk, where rows are many seeds: what it reads and records of each is in memory at once."""
    max_steps: ClassVar[int]
    in_haste: ClassVar[bool] = False
    """Whether its programs are compiled quickly rather than well, because each is new and somebody waits for it."""
    weight: ClassVar[int] = 1
    """How many surfaces' programs take as much memory as its own."""
    drawn_by: ClassVar[tuple[str, ...]] = ()
    """Numbers that mini-batches depend on beside the seed: runs that have none of them of their own share batches."""

    @abstractmethod
    def initial(self, key: Array, start: Array) -> Any:
        """Return the parameters at step 0.

        Args:
            key: the run's key for initial weights.
            start: shape (2,), the start on a surface; a network ignores it.
        """

    def held(self) -> Any:
        """Return the arrays that jitted code gets as arguments instead of holding them as constants, or None."""
        return None

    def holding(self, held: Any) -> Self:
        """Return a copy that reads these arrays, traced ones too."""
        del held
        return self

    def affordable(self, numbers: dict[str, Any]) -> int:
        """Return how many steps a chunk may take at most, for the runs' numbers by name, each of shape (runs,)."""
        del numbers
        return self.chunk_steps[-1]

    def batches(self, key: Array, first: Array, steps: int) -> Any:
        """Return the mini-batches of steps first … first + steps − 1, stacked along a leading axis, or None."""
        del key, first, steps
        return None

    def either(self, run: Callable[[Any], Any], drawn: Any, counts: Array) -> Any:
        """Run the steps of a chunk on their batches, in whichever way suits these, where every iterate is kept.

        Args:
            run: takes the batches of all steps and runs, or of all steps and seeds.
            drawn: they.
            counts: which steps count, shape (steps,).
        """
        del counts
        return run(drawn)

    @abstractmethod
    def loss(self, params: Any, batch: Any) -> Array:
        """Return the loss, shape (), of one parameter pytree on one mini-batch (None: the full loss)."""

    def gradient(self, params: Any, batch: Any) -> tuple[Array, Any]:
        """Return the loss, shape (), and its gradient, a pytree like the parameters; may be differentiated forwards."""
        return jax.value_and_grad(self.loss)(params, batch)

    def evaluate(self, params: Any) -> dict[str, Array]:
        """Return what is measured once per chunk, each of shape (): nothing on a surface."""
        del params
        return {}
