"""The relief: the same heights as a surface in space, rotated by hand, with the paths on it.

Its third axis is the map's shade, not the loss: over a plain loss axis a valley as deep as the lecture's is a wall with
a flat floor. The page writes losses beside the ticks, so that the spacing is seen.
"""

from typing import Any

import plotly.graph_objects as go

from core.figures.map import LEVELS
from core.figures.roles import Role, meta
from core.figures.theme import BARE, Theme

_EYE = {"x": -0.75, "y": -1.15, "z": 0.9}
_LIGHT = {"ambient": 0.78, "diffuse": 0.4, "specular": 0.04, "roughness": 0.9, "fresnel": 0.05}


def relief_figure(theme: Theme) -> dict[str, Any]:
    """Return the relief without data, as Plotly's JSON: `data` with a trace a role, and `layout`."""
    figure = go.Figure(data=[_surface(theme), *_lines(theme), *_marks(theme)], layout=_layout(theme))
    return figure.to_plotly_json()


def _surface(theme: Theme) -> Any:
    """Return the ground, with contours at the map's levels."""
    start, end, size = LEVELS
    contours = {"show": True, "usecolormap": False, "color": theme.muted, "width": 1}
    return go.Surface(
        meta=meta(Role.SURFACE),
        x=[],
        y=[],
        z=[],
        cmin=0,
        cmax=1,
        colorscale=theme.colorscale(),
        showscale=False,
        lighting=_LIGHT,
        contours={"z": contours | {"start": start, "end": end, "size": size, "highlight": False}},
        hoverinfo="skip",
    )


def _lines(theme: Theme) -> list[Any]:
    """Return the templates of which the page makes a copy a run."""
    return [
        go.Scatter3d(
            meta=meta(role),
            x=[],
            y=[],
            z=[],
            mode="lines",
            line={"color": theme.ink, "width": 5},
            opacity=opacity,
            hoverinfo="skip",
        )
        for role, opacity in ((Role.FORKED, 0.5), (Role.GHOST, 0.35), (Role.PATH, 1))
    ]


def _marks(theme: Theme) -> list[Any]:
    """Return minima, saddles, maxima, start and playhead; space has no stars, so that minima are diamonds."""
    rim = {"color": theme.ink, "width": 1}
    markers = (
        (Role.SADDLE, {"symbol": "x", "size": 3.5, "color": theme.ink}),
        (Role.MAXIMUM, {"symbol": "square", "size": 4, "color": theme.rim, "line": rim}),
        (Role.LOCAL, {"symbol": "diamond", "size": 3.5, "color": theme.rim, "line": rim}),
        (Role.MINIMA, {"symbol": "diamond", "size": 6, "color": theme.rim, "line": rim}),
        (Role.START, {"symbol": "circle-open", "size": 8, "color": theme.ink}),
        (Role.PLAYHEAD, {"symbol": "circle", "size": 6, "color": [], "line": {"color": theme.rim, "width": 2}}),
    )
    return [
        go.Scatter3d(meta=meta(role), x=[], y=[], z=[], mode="markers", marker=marker, hoverinfo="skip")
        for role, marker in markers
    ]


def _layout(theme: Theme) -> dict[str, Any]:
    """Return the scene: bare axes, a camera that stays where a hand has left it."""
    title: dict[str, Any] = {"text": "", "font": {"size": 12, "color": theme.muted}}
    axis: dict[str, Any] = {
        "autorange": False,
        "range": [-1, 1],
        "showbackground": False,
        "showspikes": False,
        "gridcolor": theme.grid,
        "zerolinecolor": theme.grid,
        "tickfont": {"size": 11, "color": theme.muted},
        "title": title,
        "nticks": 6,
    }
    scene = {
        "xaxis": axis | {"title": title | {"text": "x"}},
        "yaxis": axis | {"title": title | {"text": "y"}},
        # None at the foot, where the ticks of another axis begin.
        "zaxis": axis | {"range": [0, 1.04], "tickmode": "array", "tickvals": [0.25, 0.5, 0.75, 1]},
        "aspectmode": "manual",
        "aspectratio": {"x": 1.15, "y": 1.15, "z": 0.6},
        "camera": {"eye": _EYE, "center": {"x": 0, "y": 0, "z": -0.2}},
        "dragmode": "turntable",
        "bgcolor": "rgba(0,0,0,0)",
    }
    return {"scene": scene, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}} | BARE
