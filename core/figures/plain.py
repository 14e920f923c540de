"""What plain charts of lines and marks share: traces without data, and axes that no hand moves."""

from collections.abc import Iterable
from typing import Any

import plotly.graph_objects as go

from core.figures.roles import Role, meta
from core.figures.theme import Theme


def lines(looks: Iterable[tuple[Role, dict[str, Any]]]) -> list[Any]:
    """Return a trace for each (role, line)."""
    return [go.Scatter(meta=meta(role), x=[], y=[], mode="lines", line=line, hoverinfo="skip") for role, line in looks]


def marks(looks: Iterable[tuple[Role, dict[str, Any], float]]) -> list[Any]:
    """Return a trace for each (role, marker, opacity)."""
    return [
        go.Scatter(meta=meta(role), x=[], y=[], mode="markers", marker=marker, opacity=opacity, hoverinfo="skip")
        for role, marker, opacity in looks
    ]


def axis(theme: Theme, low: float) -> dict[str, Any]:
    """Return an axis from `low` to 1, until the page gives it a range and a title."""
    return {
        "fixedrange": True,
        "autorange": False,
        "automargin": False,
        "zeroline": False,
        "range": [low, 1],
        "gridcolor": theme.grid,
        "tickfont": {"size": 11, "color": theme.muted},
        "title": {"text": "", "font": {"size": 12, "color": theme.muted}, "standoff": 4},
        "nticks": 6,
    }
