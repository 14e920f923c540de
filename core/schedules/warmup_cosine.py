"""Warm-up and cosine: the learning rate climbs along a straight line to α, then falls to 0 along half a cosine.

The gradual warm-up is that of Goyal et al., Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour, 2017, Section
2.2; there drops at milestones follow it, here the cosine of Loshchilov and Hutter. Step w, the last of the warm-up, is
the first with all of α; without a warm-up this is cosine annealing.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.definition import parameter
from core.schedules.base import Schedule


class WarmupCosine(Schedule):
    """Small steps while everything is still far off, then large ones that calm down: how large networks are trained."""

    title = "Warm-up and cosine"
    order = 90
    formula = (
        r"\alpha_t = \alpha \min \left( 1, \frac{t + 1}{w} \right), \quad t < w",
        r"\alpha_t = \frac{\alpha}{2} \left( 1 + \cos \frac{\pi (t - w)}{T - w} \right), \quad t \ge w",
    )
    source = "Goyal et al., Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour, 2017"

    kind: Literal["warmup_cosine"] = "warmup_cosine"
    warmup: float = parameter(50, "w", "Warm-up: steps until the learning rate is whole", slider=(0, 500), ge=0)

    def factors(self, steps: int) -> NDArray[np.float64]:
        """Return a line up to 1, then half a cosine towards 0, shape (steps,)."""
        t = np.arange(steps)
        rising = np.minimum(1, (t + 1) / max(self.warmup, 1))
        turned = np.maximum(t - self.warmup, 0) / max(steps - self.warmup, 1)
        return np.where(t < self.warmup, rising, (1 + np.cos(np.pi * turned)) / 2)
