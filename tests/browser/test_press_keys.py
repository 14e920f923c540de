"""Moving a slider with the keyboard: how far, how much work, and in which order."""

import json
from typing import Any

import numpy as np
import pytest

from tests.browser.conftest import Ravine

RUN = 1
COUNT_CALLS = """() => {
  window.calls = {};
  for (const name of ["animate", "react", "newPlot"]) {
    const real = window.Plotly[name];
    window.calls[name] = [];
    window.Plotly[name] = (element, data, ...rest) => {
      window.calls[name].push(data?.traces?.length ?? data.length);
      return real(element, data, ...rest);
    };
  }
}"""

WATCH_LINES = """run => {
  const probe = document.createElement("i");
  probe.style.color = document.querySelector(`.run[data-run="${run}"]`).style.getPropertyValue("--run");
  window.color = probe.style.color;
  const changed = new Set();
  window.lines = [];
  const watch = new MutationObserver(records => {
    for (const { target } of records) if (target.matches(".plot path.js-line")) changed.add(target);
    window.lines = [...changed];
  });
  watch.observe(document.body, { subtree: true, attributeFilter: ["d"] });
}"""


def press(ravine: Ravine, key: str) -> None:
    ravine.page.keyboard.press(key)
    ravine.settled()


@pytest.mark.parametrize(
    ("key", "step"),
    [
        ("ArrowRight", 0.01),
        ("ArrowDown", -0.01),
        ("Shift+ArrowLeft", -0.001),
        ("PageUp", 0.1),
        ("PageDown", -0.1),
        ("Home", -1),
        ("End", 1),
    ],
)
def test_a_key_goes_a_share_of_the_way_and_stops_at_the_ends(ravine: Ravine, key: str, step: float) -> None:
    ravine.open()
    slider = ravine.slider("rho", run=RUN)
    low, high = (float(slider.get_attribute(end) or "") for end in ("min", "max"))
    before = float(slider.input_value())
    slider.focus()
    press(ravine, key)
    wanted = min(high, max(low, before + step * (high - low)))
    # A value is rounded to a four-hundredth of the way at the most.
    assert ravine.comparison["runs"][RUN]["rho"] == pytest.approx(wanted, abs=(high - low) / 2000)
    assert float(slider.input_value()) == pytest.approx(wanted)
    assert float(ravine.field(slider).input_value()) == ravine.comparison["runs"][RUN]["rho"]


def test_keys_pressed_quickly_all_count(ravine: Ravine) -> None:
    ravine.open()
    slider = ravine.slider("rho", run=RUN)
    before = float(slider.input_value())
    slider.focus()
    for _ in range(8):
        ravine.page.keyboard.press("ArrowLeft")
    ravine.settled()
    width = float(slider.get_attribute("max") or "") - float(slider.get_attribute("min") or "")
    assert float(slider.input_value()) == pytest.approx(before - 0.08 * width)


def test_a_step_finer_than_what_is_shown_leaves_the_hand_at_rest(ravine: Ravine) -> None:
    """The page would else wait for ever for an end of the move, and a network would get no landscape."""
    ravine.open()
    ravine.page.locator("select[name=noise]").select_option("gaussian")
    ravine.settled()
    ravine.slider("scale").focus()
    for _ in range(6):
        ravine.page.keyboard.press("Shift+ArrowRight")
        ravine.page.wait_for_timeout(100)
    ravine.page.wait_for_timeout(800)
    position = float(ravine.slider("scale").input_value())
    assert ravine.comparison["noise"]["scale"] == pytest.approx(position, abs=0.01)
    ravine.page.evaluate(COUNT_CALLS)
    ravine.page.locator("[data-act=theme]").click()
    ravine.page.wait_for_timeout(300)
    # At rest the hairlines are drawn from all heights: as many rows as the colours have.
    rows = "[...document.querySelectorAll('[data-part=map] .plot')][0].data.map(trace => trace.z.length)"
    heat, contour = ravine.page.evaluate(rows)
    assert heat == contour


def test_other_keys_are_left_to_the_browser(ravine: Ravine) -> None:
    before = ravine.open()
    slider = ravine.slider("rho", run=RUN)
    slider.focus()
    press(ravine, "q")
    press(ravine, "Tab")
    assert all(map(np.array_equal, before, ravine.paths()))
    assert not slider.evaluate("slider => slider === document.activeElement")


def test_a_key_moves_only_what_is_other_than_before(ravine: Ravine) -> None:
    """Plotly is not asked, and of all lines only those of the run that moved are written anew."""
    ravine.open()
    ravine.slider("rho", run=RUN).focus()
    press(ravine, "ArrowLeft")
    ravine.page.wait_for_timeout(700)  # until the hand is at rest, and the axis fits again
    ravine.page.evaluate(COUNT_CALLS)
    ravine.page.evaluate(WATCH_LINES, RUN)
    ravine.page.keyboard.press("ArrowLeft")
    ravine.page.wait_for_timeout(300)
    assert ravine.page.evaluate("window.calls") == {"react": [], "newPlot": [], "animate": []}
    lines, color = ravine.page.evaluate("[window.lines.map(line => line.style.stroke), window.color]")
    assert lines == [color] * 2, "one on the map, one in the chart"


def test_a_key_asks_before_it_changes_the_page(ravine: Ravine) -> None:
    """Chromium holds back messages where a key's handling calls for a new frame: the answer would come one later."""
    ravine.open()
    ravine.slider("rho", run=RUN).focus()
    press(ravine, "ArrowLeft")
    browser = ravine.page.context.browser
    assert browser is not None
    browser.start_tracing(
        page=ravine.page,
        categories=["devtools.timeline", "disabled-by-default-devtools.timeline.invalidationTracking"],
    )
    press(ravine, "ArrowLeft")
    events: list[dict[str, Any]] = json.loads(browser.stop_tracing())["traceEvents"]
    keys = [event for event in events if kind(event) == "keydown"]
    changes = [event for event in events if "InvalidationTracking" in event["name"]]
    assert len(keys) == 1
    assert changes, "the slider follows, and that is a change"
    begin, end = keys[0]["ts"], keys[0]["ts"] + keys[0]["dur"]
    assert [event["args"]["data"] for event in changes if begin <= event["ts"] <= end] == []


def kind(event: dict[str, Any]) -> str:
    return event["args"].get("data", {}).get("type", "") if event["name"] == "EventDispatch" else ""
