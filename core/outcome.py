"""How a run ends. Divergence is a result, not an error."""

from enum import StrEnum

DIVERGED_BEYOND = 1e6
"""A run on a surface counts as diverged once a coordinate passes this: far outside every domain (Eggholder's is ±512),
and far inside float32, so that squares of what is drawn stay finite."""


class Outcome(StrEnum):
    """The status of a run."""

    OK = "ok"
    DIVERGED = "diverged"
