"""Inverse-time decay: the learning rate falls as 1/t, the schedule of stochastic approximation.

Bottou, Stochastic Gradient Descent Tricks, 2012, Section 5.2, with r for its λ γ₀. The steps add up to infinity while
their squares do not, which is what Robbins and Monro, A Stochastic Approximation Method, 1951, ask for.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.definition import parameter
from core.schedules.base import Schedule


class InverseTimeDecay(Schedule):
    """The learning rate falls as 1/t: fast at first, then ever slower, and the noise of the gradients averages out."""

    title = "Inverse-time decay"
    order = 50
    formula = (r"\alpha_t = \frac{\alpha}{1 + r t}",)
    source = "Bottou, Stochastic Gradient Descent Tricks, 2012"

    kind: Literal["inverse_time"] = "inverse_time"
    rate: float = parameter(
        0.01, "r", "Decay: after 1/r steps the learning rate is half", slider=(1e-4, 1.0), scale="log", gt=0, le=1000
    )

    def factors(self, steps: int) -> NDArray[np.float64]:
        """Return 1 / (1 + r t), shape (steps,)."""
        return 1 / (1 + self.rate * np.arange(steps))
