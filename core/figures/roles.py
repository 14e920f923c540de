"""What the traces of a figure are for. The page finds a trace by its role and moves data into it."""

from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """The part a trace plays; `meta["role"]` of the trace."""

    HEAT = "heat"
    """The height as colour, drawn from `shade` (0 … 1)."""
    CONTOUR = "contour"
    """Hairlines of equal height."""
    GHOST = "ghost"
    """What of a run lies beyond the playhead. A template: one copy a run."""
    PATH = "path"
    """A run up to the playhead. A template: one copy a run."""
    FORKED = "forked"
    """Where a run would have gone had it not forked. A template: one copy a run."""
    CLOUD = "cloud"
    """Where the seeds of a run are at the playhead. A template: one copy a run."""
    MINIMA = "minima"
    """The known minima, of those the lowest."""
    LOCAL = "local"
    """The other known minima."""
    START = "start"
    """Where the runs start; the handle that is dragged."""
    PLAYHEAD = "playhead"
    """Where each run is at the playhead, a point a run."""
    GRADIENT = "gradient"
    """Arrows against the gradient that a step saw: shaft and head, one after the other, with gaps."""
    MEMORY = "memory"
    """Arrows along what the optimizer remembers of past gradients, drawn likewise."""
    STEP = "step"
    """Arrows from an iterate to the next, true to scale."""
    ARROW_LABEL = "arrow-label"
    """What the arrows are, at their tips."""
    CURVE = "curve"
    """A quantity over the steps. A template: one copy a run."""
    CURVE_THIN = "curve-thin"
    """Its companion, such as training beside test. A template: one copy a run."""
    CURVE_FORKED = "curve-forked"
    """What it would have been had the run not forked. A template: one copy a run."""
    BAND = "band"
    """Where eight of ten seeds lie: there along the upper end, back along the lower. A template: one copy a run."""
    MARK = "mark"
    """The playhead's line across a chart."""
    DOT = "dot"
    """Where each curve is at the playhead, a point a curve."""
    LABEL = "label"
    """Names at the curves' ends, pushed apart, a point a run."""


def meta(role: Role) -> dict[str, Any]:
    """Return the `meta` of a trace with this role."""
    return {"role": str(role)}
