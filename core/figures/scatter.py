"""The rows: faint dots, and above them what each run makes of them."""

from typing import Any

import plotly.graph_objects as go

from core.figures.plain import axis, lines, marks
from core.figures.roles import Role
from core.figures.theme import BARE, WIDTH, Theme


def scatter_figure(theme: Theme) -> dict[str, Any]:
    """Return the chart without data, as Plotly's JSON: `data` with a trace a role, and `layout`."""
    dots = (
        (Role.ROWS, {"symbol": "circle-open", "size": 5, "color": theme.muted, "line": {"width": 1}}, 0.6),
        (Role.ROWS_POSITIVE, {"symbol": "circle", "size": 5, "color": theme.muted}, 0.6),
    )
    fits = (
        (Role.SURE, {"color": theme.ink, "width": 1.5, "dash": "2px,4px"}),
        (Role.FIT, {"color": theme.ink, "width": WIDTH}),
    )
    data = [*marks(dots), *lines(fits)]
    return go.Figure(data=data, layout=_layout(theme)).to_plotly_json()


def _layout(theme: Theme) -> dict[str, Any]:
    """Return fixed axes, each with a title: columns have names."""
    plain = axis(theme, -1)
    return {"xaxis": plain, "yaxis": plain, "margin": {"l": 52, "r": 12, "t": 26, "b": 40}} | BARE
