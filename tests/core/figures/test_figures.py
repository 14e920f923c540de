"""The skeletons are complete, plain JSON, and legible."""

import json

import pytest

from core.figures import skeletons
from core.figures.roles import Role
from core.figures.theme import DASHES, THEMES, Theme
from core.optimizers import OPTIMIZERS


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_skeletons_are_plain_json_without_nan():
    json.dumps(skeletons(), allow_nan=False)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_role_has_its_trace(name: str):
    theme = skeletons()["themes"][name]
    roles = {trace["meta"]["role"] for name, figure in theme.items() if name != "palette" for trace in figure["data"]}
    assert roles == {str(role) for role in Role}


def test_asking_twice_gives_documents_that_do_not_share_parts():
    first = skeletons()
    first["themes"]["light"]["map"]["data"].clear()
    assert skeletons()["themes"]["light"]["map"]["data"]


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_every_optimizer_of_the_lecture_has_its_own_colour(theme: Theme):
    lecture = {optimizer.identifier() for optimizer in OPTIMIZERS if optimizer.order <= 60}
    assert lecture <= set(theme.runs)
    assert lecture <= set(DASHES)
    assert len({*theme.runs.values(), *theme.spare}) == len(theme.runs) + len(theme.spare)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_paths_stand_out_from_the_map(theme: Theme):
    for colour in (*theme.runs.values(), *theme.spare, theme.gradient, theme.memory):
        for ground in theme.heights[1:]:
            assert contrast(colour, ground) >= 2.5, (colour, ground)


@pytest.mark.parametrize(("theme", "panel"), [(THEMES["light"], "#ffffff"), (THEMES["dark"], "#1b1e23")])
def test_names_in_run_colours_are_legible_on_a_panel(theme: Theme, panel: str):
    for colour in (*theme.runs.values(), *theme.spare, theme.muted):
        assert contrast(colour, panel) >= 4.5, colour


@pytest.mark.parametrize("figure", ["map", "curve"])
def test_axes_and_margins_stay_where_they_are_put(figure: str):
    layout = skeletons()["themes"]["light"][figure]["layout"]
    assert "layout" not in layout["template"], "a template would bring margins of its own"
    for axis in ("xaxis", "yaxis"):
        assert layout[axis]["automargin"] is False
        assert layout[axis]["autorange"] is False
