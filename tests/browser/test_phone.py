"""A phone: a narrow screen and a finger."""

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Ravine, Service, same

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


@pytest.fixture
def phone(visit: Callable[..., Ravine], service: Service) -> Ravine:
    return visit(service, **PHONE)


def swipe(ravine: Ravine, points: list[tuple[float, float]]) -> None:
    finger = ravine.page.context.new_cdp_session(ravine.page)
    for kind, (x, y) in zip(["touchStart"] + ["touchMove"] * (len(points) - 1), points, strict=True):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        ravine.page.wait_for_timeout(20)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_nothing_sticks_out_sideways(phone: Ravine) -> None:
    phone.open()
    width = "[document.documentElement.scrollWidth, innerWidth, visualViewport.width]"
    assert phone.page.evaluate(width) == [390, 390, 390]
    phone.page.locator("article.run").last.scroll_into_view_if_needed()
    assert phone.page.evaluate(width) == [390, 390, 390]


def test_a_finger_moves_a_slider(phone: Ravine) -> None:
    before = phone.open()
    slider = phone.slider("rho", run=1)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    assert box["height"] >= 20
    assert box["width"] >= 100
    height = box["y"] + box["height"] / 2
    swipe(phone, [(box["x"] + share * box["width"], height) for share in (0.5, 0.55, 0.6, 0.65, 0.7)])
    after = phone.settled()
    assert not same(after[1:2], before[1:2])
    assert same(after[2:], before[2:])


def test_a_tap_on_the_map_moves_the_start(phone: Ravine) -> None:
    phone.open()
    start = phone.comparison["start"]
    stage = phone.page.locator("[data-part=map] .stage")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box is not None
    phone.page.touchscreen.tap(box["x"] + 0.6 * box["width"], box["y"] + 0.4 * box["height"])
    phone.settled()
    assert phone.comparison["start"] != start


def test_undo_redo_and_all_else_of_the_header_are_there(phone: Ravine) -> None:
    phone.open()
    assert phone.page.locator("[data-act=back]").is_visible()
    assert phone.page.locator("[data-act=forth]").is_visible()
    assert phone.page.locator("button.anatomy").inner_text() == "Anatomy"
    share = phone.page.locator("[data-act=share]")
    assert share.is_hidden()
    phone.page.get_by_role("button", name="More", exact=True).click()
    buttons = phone.page.locator(".top button:visible")
    assert buttons.count() == 7
    for button in buttons.all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390
        assert box["y"] >= 0
    width = share.evaluate("button => button.offsetWidth")
    share.click()
    phone.page.get_by_text(re.compile("Address copied|address bar")).wait_for()
    assert share.evaluate("button => button.offsetWidth") == width
    phone.page.touchscreen.tap(200, 500)
    share.wait_for(state="hidden")
