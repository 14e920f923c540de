"""Side by side: a map a run, with one window, one start and one playhead."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.browser.conftest import Ravine, Service, same, until

PANELS = """() => {
  const figure = document.querySelector("[data-part=map] .panels > .plot");
  return [...document.querySelectorAll("[data-part=map] .cell")].map((cell, place) => {
    const axis = name => figure.layout[name + (place ? place + 1 : "")];
    const image = cell.querySelector(".plot image");
    return {
      run: Number(cell.dataset.run),
      title: cell.querySelector("b").textContent,
      x: axis("xaxis").range,
      y: axis("yaxis").range,
      ground: image?.getAttribute("href") ?? image?.getAttribute("xlink:href"),
      box: cell.querySelector(".stage").getBoundingClientRect().toJSON(),
    };
  });
}"""


def panels(ravine: Ravine) -> list[dict[str, Any]]:
    return ravine.page.evaluate(PANELS)


def settled(ravine: Ravine, true: Callable[[list[dict[str, Any]]], bool], what: str) -> list[dict[str, Any]]:
    """Wait until something is true of the panels and all show the same window, and the same heights; return them."""

    def agreed() -> list[dict[str, Any]] | None:
        found = panels(ravine)
        alike = all(one[key] == found[0][key] for one in found for key in ("x", "y", "ground"))
        return found if found and found[0]["ground"] and alike and true(found) else None

    return until(agreed, what)


def test_every_run_has_a_panel_with_its_own_path(ravine: Ravine) -> None:
    paths = ravine.open(view="panels")
    found = settled(ravine, lambda found: len(found) == len(paths), "a panel for each run, all with the same heights")
    assert [panel["title"] for panel in found] == [
        entry["title"]
        for run in ravine.comparison["runs"]
        for entry in ravine.service.catalog["optimizers"]
        if entry["name"] == run["optimizer"]
    ]
    ravine.drag(ravine.slider("rho", 1), 0.8, 0.4)
    assert not same(ravine.settled(), paths)
    ravine.page.locator("body").press("3")
    settled(ravine, lambda found: [panel["run"] for panel in found] == [0, 1, 3, 4, 5], "no panel for a hidden run")


def test_a_zoom_in_one_panel_is_a_zoom_in_all(ravine: Ravine) -> None:
    before = ravine.open(view="panels")
    whole = settled(ravine, lambda found: len(found) == len(before), "panels")[0]
    box = panels(ravine)[4]["box"]
    ravine.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    ravine.page.mouse.wheel(0, -400)
    near = settled(ravine, lambda found: found[0]["ground"] != whole["ground"], "new heights in every panel")[0]
    for axis in "xy":
        assert np.diff(near[axis]) / np.diff(whole[axis]) == pytest.approx(np.exp(-0.6), rel=1e-2)
        assert np.mean(near[axis]) == pytest.approx(np.mean(whole[axis]), abs=0.02 * np.diff(whole[axis])[0])
    assert same(ravine.paths(), before)


def test_the_start_can_be_dragged_in_any_panel_and_one_playhead_is_in_all(ravine: Ravine) -> None:
    before = ravine.open(view="panels")
    panel = settled(ravine, lambda found: len(found) == len(before), "panels")[2]
    box = panel["box"]
    ravine.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    ravine.page.mouse.down()
    ravine.page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"], steps=4)
    ravine.page.mouse.up()
    paths = until(lambda: not same(found := ravine.settled(), before) and found, "other paths")
    for axis, (range_, share) in enumerate(((panel["x"], 0.75), (panel["y"], 0.75))):
        wanted = range_[0] + share * (range_[1] - range_[0])
        assert ravine.comparison["start"][axis] == pytest.approx(wanted, abs=0.02 * (range_[1] - range_[0]))
    assert len(ravine.marks("start")) == len(paths)
    ravine.page.locator("body").press("Home")
    until(
        lambda: all(np.allclose(dot[0], path[0]) for dot, path in zip(ravine.marks("playhead"), paths, strict=True)),
        "every dot at the start",
    )


def test_the_view_is_kept_in_the_address_beside_the_comparison(ravine: Ravine) -> None:
    ravine.open()
    first = ravine.comparison
    assert "view=" not in ravine.address
    ravine.page.locator("input[name=layout]:checked").press("ArrowRight")
    until(lambda: "view=panels" in ravine.address, "the view in the address")
    ravine.page.reload()
    ravine.settled()
    assert len(panels(ravine)) == len(first["runs"])
    assert ravine.comparison == first
    ravine.page.locator("body").press("v")
    until(lambda: "view=panels" not in ravine.address and not panels(ravine), "another view")
    ravine.page.locator("input[name=layout][value=overlay]").check()
    until(lambda: "view=" not in ravine.address, "no view in the address")
    assert same(ravine.settled(), ravine.service.paths(first))


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_panels_of_six_fit_and_more_are_scrolled_to(
    visit: Callable[..., Ravine], service: Service, size: tuple[int, int]
) -> None:
    ravine = visit(service, viewport={"width": size[0], "height": size[1]})
    ravine.open(view="panels")
    scroll = "((all) => all.scrollHeight - all.clientHeight)(document.querySelector('.panels'))"
    assert ravine.page.evaluate(scroll) <= 0
    assert all(panel["box"]["width"] >= 120 and panel["box"]["height"] >= 90 for panel in panels(ravine))
    nine = {**ravine.comparison, "runs": ravine.comparison["runs"] + ravine.comparison["runs"][:3]}
    ravine.open(nine, view="panels")
    assert len(settled(ravine, lambda found: len(found) == 9, "nine panels")) == 9
    assert ravine.page.evaluate(scroll) > 50


def test_runs_with_numbers_of_their_own_are_seen_on_their_own_ground(ravine: Ravine) -> None:
    runs = [{"optimizer": "sgd", "lr": 0.1}, {"optimizer": "momentum", "lr": 0.1}, {"optimizer": "adam", "lr": 0.1}]
    ravine_of = {"kind": "surface", "name": "ravine"}
    race = {"problem": {**ravine_of, "parameters": {"condition": 50, "angle": 20}}, "steps": 30}
    own = {"condition": 3, "angle": 70}

    def grounds(expected: int) -> list[str]:
        def drawn() -> list[str] | None:
            found = [panel["ground"] for panel in panels(ravine)]
            return found if len(found) == 3 and all(found) and len(set(found)) == expected else None

        return until(drawn, f"{expected} surfaces")

    ravine.open({**race, "runs": [runs[0], *({**run, "problem": own} for run in runs[1:])]}, view="panels")
    shared, *others = grounds(2)
    assert others[0] == others[1] != shared
    note = ravine.page.locator(".map-note.own")
    assert note.is_hidden()
    ravine.page.locator("input[name=layout][value=overlay]").check()
    until(note.is_visible, "a word about it on one map")
    assert (note.text_content() or "").startswith("Momentum, Adam: on a surface with other numbers")
    ravine.page.locator("body").press("2")
    until(lambda: (note.text_content() or "").startswith("Adam:"), "hidden runs are not spoken of")

    ravine.open({**race, "problem": {**ravine_of, "parameters": own}, "runs": runs}, view="panels")
    assert grounds(1)[0] == others[0], "what all runs see where all have these numbers"
    assert note.is_hidden()
