"""Inverse square root: the learning rate falls as 1/√t, slower than any other decay here.

Zinkevich, Online Convex Programming and Generalized Infinitesimal Gradient Ascent, 2003, who counts steps from 1. Not
to be confused with the schedule of Transformers, which has a warm-up before it.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.schedules.base import Schedule


class InverseSqrtDecay(Schedule):
    """The learning rate falls as 1/√t, which suffices for convex losses whose curvature nobody knows."""

    title = "Inverse square root"
    order = 60
    formula = (r"\alpha_t = \frac{\alpha}{\sqrt{t + 1}}",)
    source = "Zinkevich, Online Convex Programming and Generalized Infinitesimal Gradient Ascent, ICML 2003"

    kind: Literal["inverse_sqrt"] = "inverse_sqrt"

    def factors(self, steps: int) -> NDArray[np.float64]:
        """Return 1 / √(t + 1), shape (steps,)."""
        return 1 / np.sqrt(np.arange(steps) + 1)
