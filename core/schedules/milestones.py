"""Milestones: the learning rate drops by a factor at steps named beforehand.

He et al., Deep Residual Learning for Image Recognition, 2016, Section 4.2: by 0.1 after 32,000 and after 48,000 steps.
A step beyond the run never comes; one named twice drops twice.
"""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.definition import parameter, sequence
from core.schedules.base import Schedule


class Milestones(Schedule):
    """The learning rate is multiplied by a factor at each of the named steps: whoever watches the loss names them."""

    title = "Milestones"
    order = 30
    formula = (r"\alpha_t = \alpha \, \gamma^{k}, \quad k = \lvert \{ i : m_i \le t \} \rvert",)
    source = "He et al., Deep Residual Learning for Image Recognition, 2016"

    kind: Literal["milestones"] = "milestones"
    factor: float = parameter(
        0.1, r"\gamma", "Factor: what the learning rate is multiplied by at each drop", slider=(0.05, 1.0), gt=0, le=1
    )
    at: tuple[Annotated[int, Field(ge=1)], ...] = sequence(
        (100, 200), "m_i", "Milestones: the steps at which the learning rate drops", most=10
    )

    def factors(self, steps: int) -> NDArray[np.float64]:
        """Return γ to the number of milestones so far, shape (steps,)."""
        t = np.arange(steps)
        drops = np.zeros(steps)
        for milestone in self.at:
            drops += t >= milestone
        return self.factor**drops
