"""The rows: faint dots, and above them what each run makes of them."""

from typing import Any

import plotly.graph_objects as go

from core.figures.roles import Role, meta
from core.figures.theme import BARE, WIDTH, Theme


def scatter_figure(theme: Theme) -> dict[str, Any]:
    """Return the chart without data, as Plotly's JSON: `data` with a trace a role, and `layout`."""
    dots = (
        (Role.ROWS, {"symbol": "circle-open", "size": 5, "color": theme.muted, "line": {"width": 1}}, 0.6),
        (Role.ROWS_POSITIVE, {"symbol": "circle", "size": 5, "color": theme.muted}, 0.6),
    )
    lines = (
        (Role.SURE, {"color": theme.ink, "width": 1.5, "dash": "2px,4px"}),
        (Role.FIT, {"color": theme.ink, "width": WIDTH}),
    )
    data = [
        *(
            go.Scatter(meta=meta(role), x=[], y=[], mode="markers", marker=marker, opacity=opacity, hoverinfo="skip")
            for role, marker, opacity in dots
        ),
        *(go.Scatter(meta=meta(role), x=[], y=[], mode="lines", line=line, hoverinfo="skip") for role, line in lines),
    ]
    return go.Figure(data=data, layout=_layout(theme)).to_plotly_json()


def _layout(theme: Theme) -> dict[str, Any]:
    """Return fixed axes, each with a title: columns have names."""
    axis: dict[str, Any] = {
        "fixedrange": True,
        "autorange": False,
        "automargin": False,
        "zeroline": False,
        "range": [-1, 1],
        "gridcolor": theme.grid,
        "tickfont": {"size": 11, "color": theme.muted},
        "title": {"text": "", "font": {"size": 12, "color": theme.muted}, "standoff": 4},
        "nticks": 6,
    }
    return {"xaxis": axis, "yaxis": axis, "margin": {"l": 52, "r": 12, "t": 26, "b": 40}} | BARE
