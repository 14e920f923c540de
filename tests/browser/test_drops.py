"""The pointer on the loss chart, and drops of the learning rate: placed, dragged, moved, taken away and taken back."""

from typing import Any

import numpy as np
import pytest

from tests.browser.conftest import Ravine, same, until

START = {
    "problem": {"kind": "surface", "name": "booth"},
    "steps": 100,
    "runs": [{"optimizer": "sgd", "lr": 0.02}, {"optimizer": "momentum", "lr": 0.01, "rho": 0.8}],
}


def schedules(ravine: Ravine) -> list[Any]:
    """Read the schedules of the address, once what they say is drawn, to the end."""
    ravine.page.keyboard.press("End")
    ravine.settled()
    return [run.get("schedule") for run in ravine.comparison["runs"]]


def place_of(ravine: Ravine, step: float) -> tuple[float, float]:
    box = ravine.page.locator(".drops").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * step / 100, box["y"] + 40


def playhead(ravine: Ravine) -> str:
    return ravine.page.locator("output.step").inner_text()


def place_drop(ravine: Ravine, step: int) -> None:
    """Click on the chart, drop the rate there, and look at the whole race again."""
    ravine.page.mouse.click(*place_of(ravine, step))
    until(lambda: playhead(ravine) == f"step {step} / 100", "the playhead")
    ravine.page.keyboard.press("d")
    ravine.page.keyboard.press("End")


def test_the_pointer_on_a_chart_tells_numbers_and_moves_the_playhead_and_nothing_else(ravine: Ravine) -> None:
    ravine.open(START)
    losses = [run["loss"] for run in ravine.service.run(START)["runs"]]
    before = ravine.address
    ravine.page.mouse.move(*place_of(ravine, 30))
    told = ravine.page.locator(".readout-box")
    until(lambda: "step 30" in told.inner_text(), "the step at the pointer")
    shown = [float(text) for text in told.locator("p span:last-child").all_inner_texts()]
    assert shown == pytest.approx([loss[30] for loss in losses], rel=0.01)
    assert playhead(ravine) == "step 100 / 100", "a look moves nothing"
    ravine.page.mouse.click(*place_of(ravine, 30))
    until(lambda: playhead(ravine) == "step 30 / 100", "a click moves the playhead")
    ravine.page.mouse.down()
    ravine.page.mouse.move(*place_of(ravine, 45), steps=3)
    until(lambda: playhead(ravine) == "step 45 / 100", "so does a hand that drags")
    ravine.page.mouse.move(place_of(ravine, 100)[0] + 40, place_of(ravine, 0)[1])
    until(lambda: playhead(ravine) == "step 100 / 100", "as far as the end")
    ravine.page.mouse.up()
    ravine.page.mouse.move(5, 5)
    until(lambda: not told.is_visible(), "no numbers")
    assert ravine.address == before
    assert not ravine.page.locator(".drop").count()


def test_a_drop_is_announced_where_it_would_come_and_can_be_taken_back(ravine: Ravine) -> None:
    cosine = {**START["runs"][1], "schedule": {"kind": "cosine"}}
    before = ravine.open({**START, "runs": [START["runs"][0], cosine]})
    was = schedules(ravine)
    button = ravine.page.get_by_role("button", name="Drop the rate at the playhead")
    assert button.is_disabled()
    assert "click on the chart" in (button.get_attribute("title") or "")
    ravine.page.mouse.click(*place_of(ravine, 30))
    button.hover()
    until(lambda: ravine.page.locator(".readout-box").inner_text() == "rate ÷10 from step 30", "where it would come")
    assert ravine.page.locator(".readout-line.ghost").is_visible()
    button.click()
    notice = ravine.page.locator("[data-part=notice]")
    until(lambda: "Rate of every run ÷10 from step 30" in notice.inner_text(), "what was done")
    until(lambda: [one["kind"] for one in schedules(ravine)] == ["milestones"] * 2, "the drop")
    notice.get_by_role("button", name="Undo").click()
    until(lambda: not notice.is_visible(), "no more to say")
    assert same(ravine.settled(), before)
    assert [one or {"kind": "constant"} for one in schedules(ravine)] == [one or {"kind": "constant"} for one in was]


def test_a_click_and_a_key_drop_the_rate_of_the_selected_run_there(ravine: Ravine) -> None:
    before = ravine.open(START)
    ravine.page.keyboard.press("Shift+Digit2")
    place_drop(ravine, 30)
    until(lambda: ravine.page.locator(".drop").count() == 1, "a tick")
    until(lambda: "milestones" in ravine.address, "the address")
    after = ravine.settled()
    asked = {**START, "runs": [START["runs"][0], {**START["runs"][1], "schedule": {"kind": "milestones", "at": [30]}}]}
    assert same(after, ravine.service.paths(asked))
    assert same(after[:1], before[:1])
    assert np.array_equal(after[1][:31], before[1][:31])
    assert not np.array_equal(after[1][32:], before[1][32:])
    place_drop(ravine, 60)
    until(lambda: ravine.page.locator(".drop").count() == 2, "another tick")
    assert until(lambda: (found := schedules(ravine)[1])["at"] == [30, 60] and found, "both")["kind"] == "milestones"


@pytest.mark.parametrize("way", ["key", "button"])
def test_the_playhead_drops_the_rate_of_all_runs_that_are_shown(ravine: Ravine, way: str) -> None:
    ravine.open(START)
    ravine.page.locator("input.scrub").fill("40")
    if way == "key":
        ravine.page.keyboard.press("d")
    else:
        ravine.page.get_by_role("button", name="Drop the rate at the playhead").click()
    until(lambda: ravine.address.count("milestones") == 2, "both runs")
    assert [schedule["at"] for schedule in schedules(ravine)] == [[40], [40]]
    assert ravine.page.locator(".drop").count() == 1


def test_a_drop_is_dragged_while_the_paths_follow_and_a_click_takes_it_away(ravine: Ravine) -> None:
    before = ravine.open(START)
    place_drop(ravine, 30)
    tick = ravine.page.locator(".drop")
    until(lambda: tick.count() == 1, "a tick")
    x, y = place_of(ravine, 30)
    ravine.page.mouse.move(x, y)
    ravine.page.mouse.down()
    for step in range(31, 51):
        ravine.page.mouse.move(place_of(ravine, step)[0], y)
        ravine.page.wait_for_timeout(10)
    ravine.page.mouse.up()
    until(lambda: "50]" in ravine.address.replace("%5D", "]"), "the address")
    assert [schedule["at"] for schedule in schedules(ravine)] == [[50], [50]]
    assert tick.get_attribute("aria-valuenow") == "50"
    assert len(ravine.measures()) > 3, "it moved live"
    ravine.page.mouse.click(*place_of(ravine, 50))
    until(lambda: tick.count() == 0, "no tick")
    assert same(ravine.settled(), before)


def test_keys_move_a_drop_and_delete_it(ravine: Ravine) -> None:
    ravine.open(START)
    ravine.page.locator("input.scrub").fill("40")
    ravine.page.keyboard.press("d")
    tick = ravine.page.locator(".drop")
    until(lambda: tick.count() == 1, "a tick")
    tick.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "Shift+ArrowRight"):
        ravine.page.keyboard.press(key)
        ravine.page.wait_for_timeout(60)
    until(lambda: tick.get_attribute("aria-valuenow") == "51", "it moved")
    assert [schedule["at"] for schedule in schedules(ravine)] == [[51], [51]]
    ravine.page.keyboard.press("Delete")
    until(lambda: tick.count() == 0, "no tick")
    assert ravine.page.evaluate("document.activeElement.dataset.chart") == "loss"
    assert all(schedule is None or schedule["kind"] == "constant" for schedule in schedules(ravine))
