"""The chart below the map: one quantity over the steps, a curve a run, its name at the curve's end."""

from typing import Any

import plotly.graph_objects as go

from core.figures.roles import Role, meta
from core.figures.theme import BARE, WIDTH, Theme


def curve_figure(theme: Theme) -> dict[str, Any]:
    """Return the chart without data, as Plotly's JSON: `data` with a trace a role, and `layout`."""
    curves = [
        go.Scatter(
            meta=meta(role),
            x=[],
            y=[],
            mode="lines",
            line={"color": theme.ink, "width": width, "simplify": True},
            opacity=opacity,
            hoverinfo="skip",
        )
        for role, width, opacity in ((Role.CURVE_THIN, 1.25, 0.7), (Role.CURVE, WIDTH, 1))
    ]
    forked = go.Scatter(
        meta=meta(Role.CURVE_FORKED),
        x=[],
        y=[],
        mode="lines",
        line={"color": theme.ink, "width": 1.5, "simplify": True},
        opacity=0.55,
        hoverinfo="skip",
    )
    predicted = go.Scatter(
        meta=meta(Role.PREDICTED),
        x=[],
        y=[],
        mode="lines",
        line={"color": theme.ink, "width": 2.5, "dash": "2px,4px"},
        hoverinfo="skip",
    )
    band = go.Scatter(
        meta=meta(Role.BAND),
        x=[],
        y=[],
        mode="lines",
        line={"color": theme.ink, "width": 0, "simplify": True},
        fill="toself",
        opacity=0.16,
        hoverinfo="skip",
    )
    mark = go.Scatter(
        meta=meta(Role.MARK),
        x=[],
        y=[],
        mode="lines",
        line={"color": theme.muted, "width": 1.5},
        hoverinfo="skip",
    )
    dot = go.Scatter(
        meta=meta(Role.DOT),
        x=[],
        y=[],
        mode="markers",
        marker={"symbol": "circle", "size": 8, "color": [], "line": {"color": theme.rim, "width": 1.5}},
        hoverinfo="skip",
    )
    leaving = go.Scatter(
        meta=meta(Role.LEAVING),
        x=[],
        y=[],
        mode="markers",
        marker={"symbol": "triangle-up", "size": 11, "color": [], "line": {"color": theme.rim, "width": 1.5}},
        cliponaxis=False,
        hoverinfo="skip",
    )
    label = go.Scatter(
        meta=meta(Role.LABEL),
        x=[],
        y=[],
        text=[],
        mode="text",
        textposition="middle right",
        textfont={"size": 12, "color": []},
        cliponaxis=False,
        hoverinfo="skip",
    )
    traces = [band, forked, *curves, predicted, leaving, mark, dot, label]
    return go.Figure(data=traces, layout=_layout(theme)).to_plotly_json()


def _layout(theme: Theme) -> dict[str, Any]:
    """Return fixed axes: steps below, the quantity on a log axis unless the page says otherwise."""
    tick = {"size": 12, "color": theme.muted}
    axis = {
        "fixedrange": True,
        "autorange": False,
        "automargin": False,
        "zeroline": False,
        "tickfont": tick | {"size": 11},
    }
    title = {"text": "", "font": {"size": 12, "color": theme.muted}, "standoff": 4}
    return {
        "xaxis": axis | {"range": [0, 1], "showgrid": False, "nticks": 8, "title": title},
        "yaxis": axis
        | {
            "range": [-8, 1],
            "type": "log",
            "gridcolor": theme.grid,
            "nticks": 6,
            "exponentformat": "power",
            "minexponent": 3,
            "title": title,
        },
        "margin": {"l": 52, "r": 92, "t": 8, "b": 28},
    } | BARE
