"""Colours and dashes: one set for light, one for dark, each measured for contrast against what it is drawn on."""

from dataclasses import dataclass
from typing import Any, Literal

Name = Literal["light", "dark"]

SANS = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Apple SD Gothic Neo', "
    "'Malgun Gothic', 'Noto Sans KR', sans-serif"
)

DASHES: dict[str, str] = {
    "sgd": "solid",
    "momentum": "solid",
    "nesterov": "dash",
    "adagrad": "dot",
    "rmsprop": "dashdot",
    "adam": "solid",
}
"""The second code beside colour, for eyes and printers that lack the first."""

SPARE_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


WIDTH = 2.25
"""Of a run's line."""
SELECTED_WIDTH = 4.0
"""Of the line of the run that is selected."""


@dataclass(frozen=True)
class Theme:
    """Everything that a figure takes from the look of the page."""

    name: Name
    runs: dict[str, str]
    """Optimizer to colour."""
    spare: tuple[str, ...]
    """Colours of further runs, in this order."""
    heights: tuple[str, ...]
    """The map from low to high."""
    contour: str
    ink: str
    muted: str
    grid: str
    rim: str
    """Rim around dots on the map, so that they stand off the path below them."""
    gradient: str
    """What pulls: arrows against the gradient."""
    memory: str
    """What is remembered of past gradients: arrows along the velocity or the first moment."""

    def colorscale(self) -> list[list[Any]]:
        """Return the map's colours as Plotly has them: position 0 … 1 and colour."""
        last = len(self.heights) - 1
        return [[place / last, colour] for place, colour in enumerate(self.heights)]

    def palette(self) -> dict[str, Any]:
        """Return the colours and dashes of runs, for the page."""
        return {
            "runs": self.runs,
            "spare": list(self.spare),
            "dashes": DASHES,
            "spare_dashes": list(SPARE_DASHES),
            "ink": self.ink,
            "rim": self.rim,
            "gradient": self.gradient,
            "memory": self.memory,
            "selected_width": SELECTED_WIDTH,
        }


LIGHT = Theme(
    name="light",
    runs={
        "sgd": "#BC4B00",
        "momentum": "#0064A6",
        "nesterov": "#007D5B",
        "adagrad": "#8F6400",
        "rmsprop": "#A03C8C",
        "adam": "#16181D",
    },
    spare=("#5B4BC4", "#B3261E", "#4A6B00", "#00738A", "#7A4B2A", "#AD2D63"),
    heights=("#6f9fb3", "#a3c2cc", "#d3dfe0", "#f6f4ec"),
    contour="rgba(29, 53, 66, 0.30)",
    ink="#16181D",
    muted="#5D636E",
    grid="#E6E6E1",
    rim="#FFFFFF",
    gradient="#C62828",
    memory="#0B6B2E",
)

DARK = Theme(
    name="dark",
    runs={
        "sgd": "#FF9B52",
        "momentum": "#7FC4FF",
        "nesterov": "#4FE0B0",
        "adagrad": "#FFD257",
        "rmsprop": "#F3A6E2",
        "adam": "#FFFFFF",
    },
    spare=("#C3B8FF", "#FF9C94", "#C5E86C", "#74E5F7", "#E8BE9C", "#FFA3C7"),
    heights=("#5f97ad", "#3f6c80", "#2b4654", "#1d2830"),
    contour="rgba(226, 240, 246, 0.20)",
    ink="#F2F3F5",
    muted="#A2A8B4",
    grid="#2C3138",
    rim="#14171C",
    gradient="#FF9E96",
    memory="#6EDC8C",
)

THEMES: dict[Name, Theme] = {"light": LIGHT, "dark": DARK}

BARE: dict[str, Any] = {
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "font": {"family": SANS},
    "showlegend": False,
    "template": {},
    "dragmode": False,
    "hovermode": False,
}
"""What every chart's layout leaves to the page: background, dragging and pointing; no template, which moves axes."""
