"""A schedule is the array of its learning rates, one per step: no slider of it can compile anything."""

from abc import abstractmethod

import numpy as np
from numpy.typing import NDArray

from core.definition import Definition


class Schedule(Definition):
    """How the learning rate changes over the steps of a run."""

    kind: str

    @abstractmethod
    def factors(self, steps: int) -> NDArray[np.float64]:
        """Return what the learning rate is multiplied by at each step.

        Args:
            steps: number of steps, T.

        Returns:
            Array of shape (T,); entry t belongs to the step from iterate t to iterate t + 1.
        """


def rates(lr: float, schedule: Schedule, steps: int) -> NDArray[np.float32]:
    """Return the learning rate of each step, shape (steps,); none is beyond the largest float."""
    return np.minimum(lr * schedule.factors(steps), np.finfo(np.float32).max).astype(np.float32)
