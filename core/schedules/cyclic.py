"""Cyclical learning rate: up and down between two bounds, again and again.

Smith, Cyclical Learning Rates for Training Neural Networks, 2017, the policy *triangular*. The upper bound is α, the
lower a share of it; the paper advises a third or a quarter, and a cycle is two of its step sizes.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.definition import parameter
from core.schedules.base import Schedule


class Cyclic(Schedule):
    """The learning rate climbs to α and comes back in every cycle: large steps leave poor places, small ones settle."""

    title = "Triangular cycles"
    order = 100
    formula = (
        r"u = t / n - \lfloor t / n \rfloor",
        r"\alpha_t = \alpha \, (1 - (1 - b) \, \lvert 1 - 2 u \rvert)",
    )
    source = "Smith, Cyclical Learning Rates for Training Neural Networks, WACV 2017"

    kind: Literal["cyclic"] = "cyclic"
    cycle: float = parameter(100, "n", "Cycle: steps up and down again", slider=(10, 500), ge=2)
    low: float = parameter(
        0.25, "b", "Lower bound: share of the learning rate where a cycle begins", slider=(0.0, 1.0), ge=0, le=1
    )

    def factors(self, steps: int) -> NDArray[np.float64]:
        """Return triangles between b and 1, shape (steps,)."""
        done = np.mod(np.arange(steps), self.cycle) / self.cycle
        return 1 - (1 - self.low) * np.abs(1 - 2 * done)
