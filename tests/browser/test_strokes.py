"""The lines of a drag are drawn without Plotly: they have to be what Plotly would have drawn."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator

from tests.browser.conftest import Ravine, Service, same, until
from tests.browser.pixels import Points, different, farthest, misplaced, on_map

THROUGH = """async lines => {
  const {lineThrough} = await import("/static/charts/strokes.js");
  return lines.map(([x, y]) => lineThrough(x.map(at => at ?? NaN), y.map(at => at ?? NaN)));
}"""
TOLERANCE = 0.2 + 0.1
"""Pixels: what is left out, and what is rounded."""
FAR = 1e4


def pieces(d: str) -> list[Points]:
    """Read the polylines of a path's `d`."""
    return [
        np.array([[float(number) for number in pair.split(",")] for pair in piece.split("L")])
        for piece in d.split("M")[1:]
    ]


def sampled(line: list[Points]) -> Points:
    share = np.linspace(0, 1, 9)[:, None]
    ways = [way for piece in line for way in itertools.pairwise(piece)]
    return np.concatenate(line + [start + share * (end - start) for start, end in ways])


def lines() -> dict[str, Points]:
    """Return lines of all kinds, in pixels."""
    draw = np.random.default_rng(7)
    turn = np.linspace(0, 40, 500)
    steps = np.arange(500) * 0.6
    return {
        "spiral": np.exp(-turn / 9)[:, None] * np.stack([300 * np.cos(turn), 200 * np.sin(turn)], 1),
        "decay": np.stack([steps, 150 - 140 * np.exp(-steps / 60)], 1),
        "noise": np.stack([steps, draw.uniform(0, 180, 500)], 1),
        "tremble": np.stack([steps, 90 + draw.uniform(-0.3, 0.3, 500)], 1),
        "walk": np.cumsum(draw.normal(0, 3, (500, 2)), 0),
        "crawl": np.cumsum(draw.normal(0, 0.05, (2000, 2)), 0),
        "to and fro": np.stack([np.where(np.arange(300) % 2, 10.0, 90.0), np.full(300, 5.0)], 1),
        "standstill": np.full((50, 2), 33.3),
        "one point": np.array([[1.0, 2.0]]),
        "nothing": np.empty((0, 2)),
    }


def test_a_line_leaves_out_only_what_cannot_be_seen(ravine: Ravine) -> None:
    ravine.expected_errors = ("favicon.ico",)
    ravine.page.goto(f"{ravine.service.address}/healthz")
    whole = lines()
    drawn = dict(zip(whole, ravine.page.evaluate(THROUGH, [line.T.tolist() for line in whole.values()]), strict=True))
    for name, line in whole.items():
        found = pieces(drawn[name])
        assert len(found) == min(1, len(line)), name
        if not len(line):
            continue
        assert farthest(line, found) <= TOLERANCE, name
        assert farthest(sampled(found), [line]) <= TOLERANCE, name
        for end in (0, -1):
            assert np.abs(found[0][end] - line[end]).max() <= TOLERANCE, name
    assert len(pieces(drawn["decay"])[0]) < 40
    assert len(pieces(drawn["to and fro"])[0]) == 300

    gap = whole["walk"].copy()
    gap[100:120] = np.nan
    far = np.array([[10, 10], [50, 3e30], [60, 20], [2e20, 20], [3e20, 1e20], [70, 1e12], [80, 30], [90, 40]], float)
    lists = [[[None if np.isnan(at) else at for at in side] for side in line.T.tolist()] for line in (gap, far)]
    broken, cut = (pieces(d) for d in ravine.page.evaluate(THROUGH, lists))
    assert [len(broken), round(float(broken[1][0, 0]), 1)] == [2, round(float(gap[120, 0]), 1)]
    assert farthest(gap[:100], broken[:1]) <= TOLERANCE
    assert max(np.abs(piece).max() for piece in cut) <= FAR
    # What is left of ways that lead out of sight lies on them.
    assert farthest(np.array([[10, 10], [60, 20], [80, 30], [90, 40]], float), cut) <= TOLERANCE
    assert farthest(np.array([[10, 500], [60, 500], [1000, 20], [80, 500]], float), cut) <= TOLERANCE


GEOMETRY = """() => [...document.querySelectorAll("[data-part=map] .plot, [data-part=curves] .plot")]
  .filter(plot => plot.querySelector(".scatterlayer")).map(plot => plot._fullData.map(({uid, mode}) => {
    const group = plot.querySelector(`.trace${uid}`);
    const shift = element => (element.getAttribute("transform") ?? "").match(/-?\\d[\\d.]*/g).map(Number);
    if (!group) return [];
    if (mode === "lines") return [...group.querySelectorAll(".js-line")].map(path => path.getAttribute("d"));
    if (mode === "markers") return [...group.querySelectorAll(".point")].map(shift);
    return [...group.querySelectorAll(".textpoint")].map(group => {
      const [text, [x, y]] = [group.querySelector("text"), shift(group)];
      return [x + Number(text.getAttribute("x")), y + Number(text.getAttribute("y"))];
    });
  }))"""
ANEW = """async () => {
  const whole = trace => trace.mode === "lines" ? {...trace, line: {...trace.line, simplify: false}} : trace;
  for (const plot of document.querySelectorAll("[data-part=map] .plot, [data-part=curves] .plot"))
    if (plot.querySelector(".scatterlayer .trace"))
      await Plotly.newPlot(plot, plot.data.map(whole), plot.layout, {staticPlot: true});
}"""


def geometry(ravine: Ravine) -> list[list[list[Any]]]:
    return ravine.page.evaluate(GEOMETRY)


@pytest.fixture
def counted(ravine: Ravine) -> Ravine:
    """The page with two charts, where calls of Plotly are counted."""
    ravine.open()
    ravine.page.get_by_role("button", name="A second chart beside this one").click()
    ravine.page.wait_for_timeout(300)
    ravine.page.evaluate("""() => {
      window.calls = [];
      for (const name of ["animate", "newPlot", "react", "relayout", "restyle"]) {
        const call = Plotly[name];
        Plotly[name] = (...given) => (window.calls.push(name), call(...given));
      }
    }""")
    return ravine


def move_then_zoom(ravine: Ravine, slider: Locator) -> None:
    """Have lines moved, and leave the map with other axes than they were moved on."""
    before = geometry(ravine)
    slider.press("ArrowLeft")
    until(lambda: geometry(ravine) != before, "lines have moved")
    ravine.page.get_by_role("button", name="Zoom in").click()
    until(lambda: "relayout" in ravine.page.evaluate("calls"), "the map is zoomed")
    ravine.page.wait_for_timeout(500)


def test_what_a_drag_leaves_is_what_plotly_would_draw_and_plotly_is_not_asked(counted: Ravine) -> None:
    ravine = counted
    ravine.page.locator("input.scrub").fill("150")
    until(lambda: ravine.page.evaluate("calls.length"), "the playhead's marks")
    ravine.page.wait_for_timeout(200)
    slider = ravine.slider("rho", run=1)
    slider.scroll_into_view_if_needed()
    move_then_zoom(ravine, slider)
    ravine.page.evaluate("calls.length = 0")
    before = geometry(ravine)
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    ravine.page.mouse.move(box["x"] + 0.8 * box["width"], middle)
    ravine.page.mouse.down()
    for share in np.linspace(0.79, 0.7, 10):
        ravine.page.mouse.move(box["x"] + share * box["width"], middle)
        ravine.page.wait_for_timeout(40)
    until(lambda: geometry(ravine) != before, "the lines have moved")
    assert ravine.page.evaluate("calls") == []
    ravine.page.mouse.up()
    ravine.page.wait_for_timeout(700)
    expected = [path[:151] for path in ravine.service.paths(ravine.comparison)]
    until(lambda: same(ravine.paths(), expected), "the paths up to the playhead are what the API answers")
    ours = geometry(ravine)
    ravine.page.evaluate(ANEW)
    theirs = geometry(ravine)
    assert len(ours) == len(theirs) == 3
    moved = 0
    for old, mine, other in zip(*map(itertools.chain.from_iterable, (before, ours, theirs)), strict=True):
        assert len(old) == len(mine) == len(other)
        for was, one, two in zip(old, mine, other, strict=True):
            moved += one != was
            if isinstance(one, str) and one != was:
                a, b = pieces(one), pieces(two)
                assert [len(a), len(b)] == [1, 1]
                assert farthest(a[0], b) <= TOLERANCE
                assert farthest(b[0], a) <= TOLERANCE
            elif not isinstance(one, str):
                np.testing.assert_allclose(one, two, atol=0.06)
    assert moved >= 8  # its path, its ghost and its dot, and a curve, a dot and a name in each chart


def test_a_playhead_moves_marks_and_no_curve_is_read_or_drawn_again(counted: Ravine) -> None:
    ravine = counted
    ravine.page.locator("input.scrub").fill("150")
    until(lambda: ravine.page.evaluate("calls.length"), "the playhead's marks")
    ravine.page.wait_for_timeout(200)
    watch = """() => {
      calls.length = 0;
      window.drawn = new Set();
      new MutationObserver(records => records.forEach(({target}) => drawn.add(target)))
        .observe(document.querySelector("[data-part=curves]"),
          {subtree: true, attributes: true, attributeFilter: ["d", "transform"]});
      const [all, walk] = [Object.getPrototypeOf(Float32Array.prototype), Float32Array.prototype[Symbol.iterator]];
      window.walks = 0;
      all[Symbol.iterator] = function () {
        window.walks += this instanceof Float32Array;
        return walk.call(this);
      };
    }"""
    ravine.page.evaluate(watch)
    for step in (151, 160, 100):
        ravine.page.locator("input.scrub").fill(str(step))
    until(lambda: ravine.page.evaluate("drawn.size"), "marks have moved")
    ravine.page.wait_for_timeout(100)
    moved = ravine.page.evaluate("[...drawn].map(one => one.getAttribute('class'))")
    assert sorted(moved) == ["js-line"] * 2 + ["point"] * 12  # in each chart the playhead's line, and a dot a run
    assert ravine.page.evaluate("[calls.length, walks]") == [0, 0]


def choose(ravine: Ravine, surface: str) -> None:
    ravine.page.locator("select[name=surface]").select_option(surface)
    ravine.settled()


def pull(ravine: Ravine, number: str = "rho") -> None:
    """Drag a number of the second run to another value, so that lines are moved."""
    slider = ravine.slider(number, run=1)
    share = float(slider.evaluate("({ value, min, max }) => (value - min) / (max - min)"))
    ravine.drag(slider, share, share + (0.06 if share < 0.7 else -0.06), moves=5)
    ravine.page.wait_for_timeout(100)


def another_surface_and_back(ravine: Ravine) -> None:
    choose(ravine, "rosenbrock")
    choose(ravine, "ravine")


def two_surfaces(ravine: Ravine) -> None:
    choose(ravine, "himmelblau")
    pull(ravine)
    choose(ravine, "rosenbrock")


def own_formula(ravine: Ravine) -> None:
    choose(ravine, "formula")
    pull(ravine)
    choose(ravine, "rosenbrock")
    choose(ravine, "formula")


def rows_of_data(ravine: Ravine) -> None:
    ravine.page.click("a[data-kind=data]")
    ravine.settled()
    pull(ravine, "lr")
    choose(ravine, "linear_regression")


def wheel(ravine: Ravine) -> None:
    pull(ravine)
    box = ravine.page.locator("[data-part=map] .stage").first.bounding_box()
    assert box is not None
    ravine.page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.5 * box["height"])
    for _ in range(3):
        ravine.page.mouse.wheel(0, -120)
        ravine.page.wait_for_timeout(50)
    in_place(ravine)  # what was pulled before lies on the new axes
    pull(ravine)
    in_place(ravine)
    ravine.page.keyboard.press("+")
    ravine.page.locator("[data-part=map] .stage").first.dblclick(position={"x": 300, "y": 120})
    pull(ravine)
    in_place(ravine)
    ravine.page.locator("[data-zoom=fit]").click()


def narrower_window(ravine: Ravine) -> None:
    pull(ravine)
    ravine.page.set_viewport_size({"width": 1100, "height": 700})
    ravine.page.wait_for_timeout(200)
    in_place(ravine)
    pull(ravine)


def charts_of_other_sizes_and_scales(ravine: Ravine) -> None:
    head = ravine.page.locator("[data-part=curves]")
    split = ravine.page.locator("button.split")
    split.click()
    pull(ravine)
    for _ in range(2):
        head.get_by_role("button", name="log", exact=True).first.click()
        pull(ravine)
        in_place(ravine)
    split.click()
    head.get_by_role("tab", name="Table").click()
    pull(ravine)
    head.get_by_role("tab", name="Gradient").click()
    pull(ravine)


def dark_and_large_letters(ravine: Ravine) -> None:
    pull(ravine)
    ravine.page.locator("[data-act=theme]").click()
    pull(ravine)
    ravine.page.evaluate("document.documentElement.style.fontSize = '22px'")
    ravine.page.wait_for_timeout(200)
    pull(ravine)
    in_place(ravine)
    ravine.page.evaluate("document.documentElement.style.fontSize = ''")
    ravine.page.wait_for_timeout(200)


def side_by_side(ravine: Ravine) -> None:
    pull(ravine)
    view(ravine, "panels")
    pull(ravine)
    choose(ravine, "himmelblau")
    pull(ravine)


def slice_and_overlay(ravine: Ravine) -> None:
    pull(ravine)
    view(ravine, "slice")
    pull(ravine)
    choose(ravine, "rosenbrock")
    in_place(ravine)
    view(ravine, "overlay")


def view(ravine: Ravine, name: str) -> None:
    ravine.page.locator(f"label:has(input[name=layout][value='{name}'])").click()
    ravine.settled()


def in_place(ravine: Ravine) -> None:
    """Everything lies where it belongs once the page has had the time to draw."""
    ravine.settled()
    for wait in (50, 200, 500, 1000):  # heights of a new window take a moment, and bring its axes
        ravine.page.wait_for_timeout(wait)
        if not (found := misplaced(ravine.page)):
            return
    pytest.fail(f"not where the axes that are drawn put it: {found}")


@pytest.fixture(scope="module")
def window(browser: Browser, service: Service) -> Iterator[Ravine]:
    context = browser.new_context(color_scheme="light")
    ravine = Ravine(context.new_page(), service)
    ravine.open()
    yield ravine
    context.close()
    assert not ravine.unexpected


@pytest.fixture
def kept(window: Ravine) -> Ravine:
    """One page for many tests, with the ravine from above; the others' numbers stay."""
    window.page.set_viewport_size({"width": 1440, "height": 900})
    window.page.click("a[data-kind=surface]")
    view(window, "overlay")
    choose(window, "ravine")
    return window


@pytest.mark.parametrize(
    "change",
    [
        another_surface_and_back,
        two_surfaces,
        own_formula,
        rows_of_data,
        wheel,
        narrower_window,
        charts_of_other_sizes_and_scales,
        dark_and_large_letters,
        side_by_side,
        slice_and_overlay,
    ],
    ids=lambda change: change.__name__,
)
def test_all_lies_where_the_axes_put_it_after_any_change_of_these(
    change: Callable[[Ravine], None], kept: Ravine
) -> None:
    change(kept)
    in_place(kept)
    left = on_map(kept.page)
    kept.page.reload()
    in_place(kept)
    assert different(left, on_map(kept.page)) == []
