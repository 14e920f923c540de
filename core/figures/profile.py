"""The slice: the loss along a line, where it is level, and the runs beside it."""

from typing import Any

import plotly.graph_objects as go

from core.figures.plain import axis, lines, marks
from core.figures.roles import Role
from core.figures.theme import BARE, Theme


def profile_figure(theme: Theme) -> dict[str, Any]:
    """Return the chart without data, as Plotly's JSON: `data` with a trace a role, and `layout`."""
    levels = (
        (Role.PROFILE, {"color": theme.ink, "width": 2.5, "simplify": False}),
        (Role.LEVEL, {"color": theme.muted, "width": 2, "dash": "dot"}),
    )
    star = {"symbol": "star", "size": 14, "color": theme.rim, "line": {"color": theme.ink, "width": 1.5}}
    trail = {"symbol": "circle", "size": 5, "color": theme.ink}
    playhead = {"symbol": "circle", "size": 11, "color": [], "line": {"color": theme.rim, "width": 2}}
    points = (
        (Role.TRAIL_FAR, trail, 0.12),
        (Role.TRAIL, trail, 0.85),
        (Role.PLAYHEAD, playhead, 1),
        (Role.MINIMA, star, 1),
    )
    data = [*lines(levels), *marks(points)]
    return go.Figure(data=data, layout=_layout(theme)).to_plotly_json()


def _layout(theme: Theme) -> dict[str, Any]:
    """Return fixed axes: the way along the line below, the loss on a linear axis, for there level ground is level."""
    plain = axis(theme, 0)
    return {
        "xaxis": plain | {"showgrid": False},
        "yaxis": plain,
        "margin": {"l": 56, "r": 12, "t": 12, "b": 40},
    } | BARE
