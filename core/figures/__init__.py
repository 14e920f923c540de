"""Figures, each defined once: axes, colours and traces by role. The page, exports and pictures move data into them."""

import json
from functools import cache
from typing import Any, cast

from plotly.offline import get_plotlyjs_version
from plotly.utils import PlotlyJSONEncoder

from core.figures.curves import curve_figure
from core.figures.map import map_figure
from core.figures.profile import profile_figure
from core.figures.relief import relief_figure
from core.figures.scatter import scatter_figure
from core.figures.theme import THEMES

VIEWS = ("overlay", "panels", "3d", "slice")
"""Ways to look at a landscape: all runs on one map, a map for each, a surface in space, a line through it."""


@cache
def _document() -> str:
    """Return the skeletons as JSON text."""
    themes = {
        name: {
            "palette": theme.palette(),
            "map": map_figure(theme),
            "curve": curve_figure(theme),
            "relief": relief_figure(theme),
            "profile": profile_figure(theme),
            "scatter": scatter_figure(theme),
        }
        for name, theme in THEMES.items()
    }
    return json.dumps({"plotly": get_plotlyjs_version(), "views": VIEWS, "themes": themes}, cls=PlotlyJSONEncoder)


def skeletons() -> dict[str, Any]:
    """Return all figures without data, per theme, the names of the views, and the version of plotly.js that draws them.

    Returns:
        JSON-able: ``{"plotly": "4.1.0", "views": ["overlay", …], "themes": {"light": {"map": …, …}, …}}``.
    """
    return cast("dict[str, Any]", json.loads(_document()))
