"""Exponential decay: the learning rate loses the same share of itself at every step.

Senior et al., An Empirical Study of Learning Rates in Deep Neural Networks for Speech Recognition, 2013, who write it
with base 10: 10^(−t / n) is e^(−r t) at r = ln 10 / n. Step decay is the same curve in stairs.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.definition import parameter
from core.schedules.base import Schedule


class ExponentialDecay(Schedule):
    """The learning rate shrinks by the same share at every step: all the steps together lead only so far."""

    title = "Exponential decay"
    order = 40
    formula = (r"\alpha_t = \alpha \, e^{-r t}",)
    source = "Senior et al., An Empirical Study of Learning Rates in Deep Neural Networks for Speech Recognition, 2013"

    kind: Literal["exponential"] = "exponential"
    rate: float = parameter(
        0.01, "r", "Decay: after 1/r steps the learning rate is 37 %", slider=(1e-4, 0.1), scale="log", gt=0, le=1000
    )

    def factors(self, steps: int) -> NDArray[np.float64]:
        """Return e^(−r t), shape (steps,)."""
        return np.exp(-self.rate * np.arange(steps))
