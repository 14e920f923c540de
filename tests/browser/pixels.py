"""Where a page has drawn what, in pixels of the window, and where that belongs by the numbers at its axes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

Points = NDArray[Any]

DRAWN = r"""() => [...document.querySelectorAll("[data-part=map] .plot, [data-part=curves] .plot")]
  .filter(plot => plot.getClientRects().length && plot.querySelector(".scatterlayer .trace"))
  .map(plot => {
    const ticks = {};
    for (const text of plot.querySelectorAll("[class*=tick] > text")) {
      const axis = text.parentNode.getAttribute("class").replace("tick", "");
      const value = Number(text.textContent.replaceAll("\u2212", "-"));
      const { left, top, width, height } = text.getBoundingClientRect();
      const plain = text.textContent && !text.querySelector("tspan") && !Number.isNaN(value);
      if (plain && width) (ticks[axis] ??= []).push([value, axis[0] === "x" ? left + width / 2 : top + height / 2]);
    }
    const client = (element, x, y) => {
      const { a, b, c, d, e, f } = element.getScreenCTM();
      return [a * x + c * y + e, b * x + d * y + f];
    };
    const points = path => [...(path.getAttribute("d") ?? "").matchAll(/(-?[\d.]+),(-?[\d.]+)/g)]
      .map(([, x, y]) => client(path, Number(x), Number(y)));
    const drawn = (group, mode) => {
      if (mode === "lines") return [...group.querySelectorAll(".js-line")].flatMap(points);
      if (mode === "markers") return [...group.querySelectorAll(".point")].map(point => client(point, 0, 0));
      return [...group.querySelectorAll(".textpoint text")]
        .map(text => client(text, Number(text.getAttribute("x")), Number(text.getAttribute("y"))));
    };
    const { left, right, top, bottom } = plot.getBoundingClientRect();
    const traces = plot._fullData.filter(({ fill }) => (fill ?? "none") === "none")
      .map(({ uid, mode, meta, index, xaxis, yaxis }) => {
        const [group, { x, y }] = [plot.querySelector(`.trace${uid}`), plot.data[index]];
        const data = Array.from(x ?? [], (at, place) => [at, y[place]]);
        return { role: meta.role, mode, xaxis, yaxis, data, drawn: group ? drawn(group, mode) : [] };
      });
    const { part } = plot.closest("[data-part]").dataset;
    return { part, ticks, traces, log: plot._fullLayout.yaxis.type === "log", box: [left, top, right, bottom] };
  })"""

NEAR = 2.0
"""Pixels that a tick's text, whose middle is taken for the tick, may lead astray."""


def points(pairs: list[list[float | None]]) -> Points:
    return np.array([[np.nan if at is None else at for at in pair] for pair in pairs], float).reshape(-1, 2)


def farthest(points: Points, line: list[Points]) -> float:
    """Return how far the farthest of some points lies from a line of several pieces."""
    far = np.full(len(points), np.inf)
    for piece in line:
        starts, along = (piece[:-1], np.diff(piece, axis=0)) if len(piece) > 1 else (piece, np.zeros_like(piece))
        size = np.maximum((along**2).sum(-1), 1e-30)
        share = np.clip(((points[:, None] - starts) * along).sum(-1) / size, 0, 1)
        far = np.minimum(far, np.linalg.norm(points[:, None] - starts - share[..., None] * along, axis=-1).min(1))
    return float(far.max(initial=0))


def some(points: Points) -> Points:
    """Return about a hundred of many points, with both ends."""
    return points[np.unique(np.linspace(0, len(points) - 1, 100).astype(int))] if len(points) else points


def apart(mode: str, one: Points, other: Points, box: list[float]) -> float:
    """Return how far apart two drawings of a trace are, where they are seen."""

    def seen(all_: Points) -> Points:
        return all_[((all_ >= np.array(box[:2])) & (all_ <= np.array(box[2:]))).all(1)]

    if mode != "lines":
        same = len(one) == len(other)
        return float(np.abs(one - other)[np.abs(other - box[:2]).max(1) < 1e4].max(initial=0)) if same else np.inf
    if not len(one) or not len(other):
        return np.inf if len(seen(one)) + len(seen(other)) else 0.0
    return max(farthest(some(seen(one)), [other]), farthest(some(seen(other)), [one]))


def misplaced(page: Page) -> list[str]:
    """Compare what is drawn with where its data belong by the ticks of the axes that are there; name what is off."""
    found = []
    plots = page.evaluate(DRAWN)
    assert plots
    for number, plot in enumerate(plots):
        scale = {}
        for axis, ticks in plot["ticks"].items():
            values, at = np.array(ticks).T
            if len(ticks) > 1:
                scale[axis] = np.polyfit(np.log10(values) if plot["log"] and axis[0] == "y" else values, at, 1)
        for place, trace in enumerate(plot["traces"]):
            axes = [trace["xaxis"], trace["yaxis"]]
            if trace["mode"] == "text" or any(axis not in scale for axis in axes):
                continue
            data = points(trace["data"])
            if plot["log"]:
                data[:, 1] = np.log10(data[:, 1])
            wanted = np.stack([np.polyval(scale[axis], values) for axis, values in zip(axes, data.T, strict=True)], 1)
            wanted = wanted[np.isfinite(wanted).all(1)]
            far = apart(trace["mode"], points(trace["drawn"]), wanted, plot["box"])
            if far > NEAR:
                found.append(f"plot {number}, {trace['role']} {place}: {far:.1f} px")
        assert len(scale) >= 2 or plot["part"] != "map", "the map has no ticks to go by"
    return found


def on_map(page: Page) -> list[dict[str, Any]]:
    """Return what is drawn on the map."""
    return [plot for plot in page.evaluate(DRAWN) if plot["part"] == "map"]


def different(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[str]:
    """Compare what is drawn on two maps; name what is elsewhere."""
    roles = [[[trace["role"] for trace in plot["traces"]] for plot in plots] for plots in (ours, theirs)]
    assert roles[0] == roles[1]
    found = []
    for number, (plot, other) in enumerate(zip(ours, theirs, strict=True)):
        for place, (trace, twin) in enumerate(zip(plot["traces"], other["traces"], strict=True)):
            far = apart(trace["mode"], points(trace["drawn"]), points(twin["drawn"]), plot["box"])
            if far > NEAR / 2:
                found.append(f"plot {number}, {trace['role']} {place}: {far:.1f} px")
    return found
