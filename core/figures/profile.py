"""The slice: the loss along a line, where it is level, and the runs beside it."""

from typing import Any

import plotly.graph_objects as go

from core.figures.roles import Role, meta
from core.figures.theme import BARE, Theme


def profile_figure(theme: Theme) -> dict[str, Any]:
    """Return the chart without data, as Plotly's JSON: `data` with a trace a role, and `layout`."""
    lines = (
        (Role.PROFILE, {"color": theme.ink, "width": 2.5, "simplify": False}),
        (Role.LEVEL, {"color": theme.muted, "width": 2, "dash": "dot"}),
    )
    star = {"symbol": "star", "size": 14, "color": theme.rim, "line": {"color": theme.ink, "width": 1.5}}
    trail = {"symbol": "circle", "size": 5, "color": theme.ink}
    playhead = {"symbol": "circle", "size": 11, "color": [], "line": {"color": theme.rim, "width": 2}}
    marks = (
        (Role.TRAIL_FAR, trail, 0.12),
        (Role.TRAIL, trail, 0.85),
        (Role.PLAYHEAD, playhead, 1),
        (Role.MINIMA, star, 1),
    )
    data = [
        *(go.Scatter(meta=meta(role), x=[], y=[], mode="lines", line=line, hoverinfo="skip") for role, line in lines),
        *(
            go.Scatter(meta=meta(role), x=[], y=[], mode="markers", marker=marker, opacity=opacity, hoverinfo="skip")
            for role, marker, opacity in marks
        ),
    ]
    return go.Figure(data=data, layout=_layout(theme)).to_plotly_json()


def _layout(theme: Theme) -> dict[str, Any]:
    """Return fixed axes: the way along the line below, the loss on a linear axis, for there level ground is level."""
    axis: dict[str, Any] = {
        "fixedrange": True,
        "autorange": False,
        "automargin": False,
        "zeroline": False,
        "range": [0, 1],
        "gridcolor": theme.grid,
        "tickfont": {"size": 11, "color": theme.muted},
        "title": {"text": "", "font": {"size": 12, "color": theme.muted}, "standoff": 4},
        "nticks": 6,
    }
    return {
        "xaxis": axis | {"showgrid": False},
        "yaxis": axis,
        "margin": {"l": 56, "r": 12, "t": 12, "b": 40},
    } | BARE
