"""Cosine annealing: the learning rate falls from α to 0 along half a cosine.

Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017, Equation 5 with a single period and
the lower bound 0. The 0 belongs to the step after the last one, so that no step is taken in vain.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.schedules.base import Schedule


class Cosine(Schedule):
    """The learning rate stays high for long, falls in the middle of the run, and ends gently at 0."""

    title = "Cosine annealing"
    order = 80
    formula = (r"\alpha_t = \frac{\alpha}{2} \left( 1 + \cos \frac{\pi t}{T} \right)",)
    source = "Loshchilov & Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR 2017"

    kind: Literal["cosine"] = "cosine"

    def factors(self, steps: int) -> NDArray[np.float64]:
        """Return half a cosine from 1 towards 0, shape (steps,)."""
        return (1 + np.cos(np.pi * np.arange(steps) / steps)) / 2
