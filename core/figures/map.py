"""The map: heights as pale colour under hairline contours, so that the paths are what stands out.

The cheap pair of traces: a heat map for colour (`zsmooth="fast"`) and contours drawn as lines only, at fixed levels;
redrawing both costs a third of a filled contour plot. Nothing about the axes is left to Plotly to find out, for only
then may the page animate without a redraw.
"""

from typing import Any

import plotly.graph_objects as go

from core.figures.roles import Role, meta
from core.figures.theme import BARE, WIDTH, Theme

LEVELS = (0.04, 0.96, 0.08)
"""Contours of `shade`: from, to, step."""


def map_figure(theme: Theme) -> dict[str, Any]:
    """Return the map without data, as Plotly's JSON: `data` with a trace a role, and `layout`."""
    figure = go.Figure(data=[*_ground(theme), *_runs(theme), *_marks(theme), *_arrows(theme)], layout=_layout(theme))
    return figure.to_plotly_json()


def _ground(theme: Theme) -> list[Any]:
    """Return heat and contours."""
    heat = go.Heatmap(
        meta=meta(Role.HEAT),
        x=[],
        y=[],
        z=[],
        zmin=0,
        zmax=1,
        zsmooth="fast",
        colorscale=theme.colorscale(),
        showscale=False,
        hoverinfo="skip",
    )
    start, end, size = LEVELS
    contour = go.Contour(
        meta=meta(Role.CONTOUR),
        x=[],
        y=[],
        z=[],
        autocontour=False,
        contours={"coloring": "none", "start": start, "end": end, "size": size},
        line={"color": theme.contour, "width": 1, "smoothing": 0},
        showscale=False,
        hoverinfo="skip",
    )
    return [heat, contour]


def _runs(theme: Theme) -> list[Any]:
    """Return the templates of which the page makes a copy a run."""
    lines = [
        go.Scatter(
            meta=meta(role),
            x=[],
            y=[],
            mode="lines",
            line={"color": theme.ink, "width": width, "shape": "linear", "simplify": True},
            opacity=opacity,
            hoverinfo="skip",
        )
        for role, width, opacity in ((Role.GHOST, WIDTH, 0.25), (Role.FORKED, 1.5, 0.55), (Role.PATH, WIDTH, 1))
    ]
    dot = {"size": 5, "color": theme.ink, "line": {"color": theme.rim, "width": 0.75}}
    cloud = go.Scatter(meta=meta(Role.CLOUD), x=[], y=[], mode="markers", marker=dot, opacity=0.7, hoverinfo="skip")
    return [cloud, *lines]


def _marks(theme: Theme) -> list[Any]:
    """Return minima, saddles, maxima, start and playhead."""
    local = {"symbol": "star", "size": 8, "color": theme.rim, "line": {"color": theme.ink, "width": 1}}
    minima = {"symbol": "star", "size": 15, "color": theme.rim, "line": {"color": theme.ink, "width": 1.5}}
    saddle = {"symbol": "x-thin", "size": 7, "line": {"color": theme.ink, "width": 1.5}}
    maximum = {"symbol": "triangle-up", "size": 8, "color": theme.rim, "line": {"color": theme.ink, "width": 1}}
    start = {"symbol": "circle-open", "size": 15, "color": theme.ink, "line": {"color": theme.ink, "width": 2.5}}
    playhead = {"symbol": "circle", "size": 11, "color": [], "line": {"color": theme.rim, "width": 2}}
    return [
        go.Scatter(meta=meta(role), x=[], y=[], mode="markers", marker=marker, hoverinfo="skip")
        for role, marker in (
            (Role.SADDLE, saddle),
            (Role.MAXIMUM, maximum),
            (Role.LOCAL, local),
            (Role.MINIMA, minima),
            (Role.START, start),
            (Role.PLAYHEAD, playhead),
        )
    ]


def _arrows(theme: Theme) -> list[Any]:
    """Return the anatomy of a step: what pulls, what is remembered, the step itself above both, and their names."""
    arrows = [
        go.Scatter(
            meta=meta(role),
            x=[],
            y=[],
            mode="lines",
            line={"color": colour, "width": width, "simplify": False},
            connectgaps=False,
            hoverinfo="skip",
        )
        for role, colour, width in (
            (Role.GRADIENT, theme.gradient, 2.5),
            (Role.MEMORY, theme.memory, 2.5),
            (Role.STEP, theme.ink, 3),
        )
    ]
    label = go.Scatter(
        meta=meta(Role.ARROW_LABEL),
        x=[],
        y=[],
        text=[],
        mode="text",
        textposition="middle center",
        textfont={"size": 12, "color": []},
        hoverinfo="skip",
    )
    return [*arrows, label]


def _layout(theme: Theme) -> dict[str, Any]:
    """Return axes that stay where they are put, and nothing else around the picture."""
    axis = {
        "fixedrange": True,
        "autorange": False,
        "automargin": False,
        "range": [-1, 1],
        "showgrid": False,
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": theme.muted,
        "tickfont": {"size": 12, "color": theme.muted},
        "title": {"text": "", "font": {"size": 12, "color": theme.muted}, "standoff": 11},
    }
    return {
        "xaxis": axis,
        "yaxis": axis,
        "margin": {"l": 44, "r": 8, "t": 8, "b": 28},
    } | BARE
