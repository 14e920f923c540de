"""Linear decay: the learning rate falls along a straight line that reaches 0 where the run ends.

Defazio et al., Optimal Linear Decay Learning Rate Schedules and Further Refinements, 2023. The 0 belongs to the step
after the last one, so that no step is taken in vain.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.schedules.base import Schedule


class LinearDecay(Schedule):
    """The learning rate falls to 0 along a straight line, however long the run is."""

    title = "Linear decay"
    order = 70
    formula = (r"\alpha_t = \alpha \, (1 - t / T)",)
    source = "Defazio et al., Optimal Linear Decay Learning Rate Schedules and Further Refinements, 2023"

    kind: Literal["linear"] = "linear"

    def factors(self, steps: int) -> NDArray[np.float64]:
        """Return 1 − t / T, shape (steps,)."""
        return 1 - np.arange(steps) / steps
