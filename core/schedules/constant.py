"""The learning rate stays as it is."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.schedules.base import Schedule


class Constant(Schedule):
    """The learning rate stays as it is."""

    title = "Constant"
    order = 10
    formula = (r"\alpha_t = \alpha",)

    kind: Literal["constant"] = "constant"

    def factors(self, steps: int) -> NDArray[np.float64]:
        """Return ones, shape (steps,)."""
        return np.ones(steps)
