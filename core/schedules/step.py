"""Step decay: the learning rate drops by a factor at regular intervals."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.definition import parameter
from core.schedules.base import Schedule


class StepDecay(Schedule):
    """The learning rate is multiplied by a factor every so many steps, as in the training of ResNets."""

    title = "Step decay"
    order = 20
    formula = (r"\alpha_t = \alpha \, \gamma^{\lfloor t / n \rfloor}",)
    source = "He et al., Deep Residual Learning for Image Recognition, 2016"

    kind: Literal["step"] = "step"
    factor: float = parameter(
        0.1, r"\gamma", "Factor: what the learning rate is multiplied by at each drop", slider=(0.05, 1.0), gt=0, le=1
    )
    every: float = parameter(100, "n", "Period: steps between two drops", slider=(10, 500), ge=1)

    def factors(self, steps: int) -> NDArray[np.float64]:
        """Return γ to the number of drops so far, shape (steps,)."""
        return self.factor ** np.floor(np.arange(steps) / self.every)
